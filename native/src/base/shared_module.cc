#include "dashvoip/base/shared_module.h"

namespace dashvoip {

SharedModule::SharedModule(const std::string& folder, const std::string& file)
    : path_(folder.empty() ? file : folder + "/" + file),
      handle_(dlopen(path_.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) {
  if (is_loaded()) return;
  const char* const words = dlerror();
  error_ = words != nullptr ? words : "unknown error of the dynamic linker";
}

SharedModule::~SharedModule() {
  if (is_loaded()) dlclose(handle_);
}

std::string SharedModule::WrongInterface(int expected, const int* found) const {
  return path_ + ": expected interface " + std::to_string(expected) + ", found " +
         (found != nullptr ? std::to_string(*found) : std::string("none")) +
         "; install module and agent from the same build";
}

}  // namespace dashvoip
