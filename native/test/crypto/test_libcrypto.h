#ifndef DASHVOIP_TEST_CRYPTO_TEST_LIBCRYPTO_H_
#define DASHVOIP_TEST_CRYPTO_TEST_LIBCRYPTO_H_

#include <dlfcn.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "dashvoip/crypto/libcrypto.h"

namespace dashvoip {
namespace test {

using Octets = std::vector<std::uint8_t>;

/** Outside Node: the system's, for the whole process to see. */
inline const Libcrypto& TestLibcrypto() {
  static void* const loaded = [] {
    for (const char* name : {"libcrypto.so.3", "libcrypto.so.1.1"}) {
      if (void* const handle = dlopen(name, RTLD_NOW | RTLD_GLOBAL)) return handle;
    }
    return static_cast<void*>(nullptr);
  }();
  const Libcrypto* const table = loaded != nullptr ? Libcrypto::Find() : nullptr;
  if (table == nullptr) throw std::runtime_error("no libcrypto on this machine");
  return *table;
}

/** @param hex digits, with spaces anywhere. */
inline Octets FromHex(const std::string& hex) {
  std::string digits;
  for (const char c : hex) {
    if (c != ' ') digits += c;
  }
  Octets out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
  }
  return out;
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_CRYPTO_TEST_LIBCRYPTO_H_
