#ifndef DASHVOIP_TEST_CRYPTO_SYSTEM_OPENSSL_H_
#define DASHVOIP_TEST_CRYPTO_SYSTEM_OPENSSL_H_

#include <dlfcn.h>

#include <initializer_list>
#include <string>

namespace dashvoip {
namespace test {

/**
 * Outside Node: the system's, for the whole process to see. What looks for it looks once, so that
 * it has to be there before any test.
 */
inline void LoadSystemOpenSsl() {
  for (const char* library : {"libcrypto", "libssl"}) {
    for (const char* version : {".so.3", ".so.1.1"}) {
      if (dlopen((std::string(library) + version).c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr)
        break;
    }
  }
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_CRYPTO_SYSTEM_OPENSSL_H_
