#ifndef DASHVOIP_BASE_SHARED_MODULE_H_
#define DASHVOIP_BASE_SHARED_MODULE_H_

#include <dlfcn.h>

#include <string>

namespace dashvoip {

/**
 * A library of ours that is loaded where its work is wanted. It stays in the process once loaded:
 * some of the libraries behind it leak when unloaded.
 */
class SharedModule {
 public:
  /** @param folder where `file` lies; empty searches as dlopen does. */
  SharedModule(const std::string& folder, const std::string& file);
  ~SharedModule();
  SharedModule(const SharedModule&) = delete;
  SharedModule& operator=(const SharedModule&) = delete;

  bool is_loaded() const noexcept { return handle_ != nullptr; }
  /** Why it is not loaded, in the words of the dynamic linker. */
  const std::string& error() const noexcept { return error_; }

  /** @return false: the module has no such function. */
  template <typename Function>
  bool Find(const char* name, Function* out) const {
    *out = reinterpret_cast<Function>(dlsym(handle_, name));
    return *out != nullptr;
  }
  /** Words for a module of another build. @param found its version; null when it is incomplete. */
  std::string WrongInterface(int expected, const int* found) const;

 private:
  const std::string path_;
  void* handle_;  // owned
  std::string error_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_SHARED_MODULE_H_
