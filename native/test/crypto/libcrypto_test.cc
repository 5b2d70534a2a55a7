#include "dashvoip/crypto/libcrypto.h"

#include <doctest/doctest.h>

#include <string>

#include "crypto/test_libcrypto.h"

namespace dashvoip {
namespace {

TEST_CASE("Libcrypto: is found where the process has it, and says which it is") {
  const Libcrypto& crypto = test::TestLibcrypto();
  CHECK(std::string(crypto.version(0)).find("OpenSSL ") == 0);
  CHECK(crypto.compare("one", "one", 3) == 0);
  CHECK(crypto.compare("one", "two", 3) != 0);
}

}  // namespace
}  // namespace dashvoip
