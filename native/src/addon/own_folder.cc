#include "own_folder.h"

#include <dlfcn.h>

namespace dashvoip {
namespace addon {

std::string OwnFolder() {
  Dl_info found;
  if (dladdr(reinterpret_cast<void*>(&OwnFolder), &found) == 0) return ".";
  const std::string path = found.dli_fname;
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

}  // namespace addon
}  // namespace dashvoip
