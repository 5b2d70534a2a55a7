#ifndef DASHVOIP_TEST_CRYPTO_TEST_LIBCRYPTO_H_
#define DASHVOIP_TEST_CRYPTO_TEST_LIBCRYPTO_H_

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "dashvoip/crypto/libcrypto.h"
#include "system_openssl.h"

namespace dashvoip {
namespace test {

using Octets = std::vector<std::uint8_t>;

/** The system's. */
inline const Libcrypto& TestLibcrypto() {
  LoadSystemOpenSsl();
  const Libcrypto* const table = Libcrypto::Find();
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
