#include "dashvoip/crypto/hmac_sha1.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "crypto/test_libcrypto.h"

namespace dashvoip {
namespace {

using test::FromHex;
using test::Octets;

Octets Of(const Octets& key, const std::string& data) {
  HmacSha1 mac(test::TestLibcrypto(), key.data(), key.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(data.data());
  const HmacSha1::Digest digest = mac.Of(bytes, data.size());
  // A second message finds the key as the first one did.
  CHECK(mac.Of(bytes, data.size()) == digest);
  return Octets(digest.begin(), digest.end());
}

TEST_CASE("HmacSha1: RFC 2202") {
  CHECK(Of(Octets(20, 0x0b), "Hi There") == FromHex("b617318655057264e28bc0b6fb378c8ef146be00"));
  CHECK(Of({'J', 'e', 'f', 'e'}, "what do ya want for nothing?") ==
        FromHex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
  CHECK(Of(Octets(20, 0xaa), std::string(50, '\xdd')) ==
        FromHex("125d7342b9ac11cd91a39af48aa17b4f63f175d3"));
}

TEST_CASE("HmacSha1: a suffix is the four bytes behind the message") {
  const Octets key(20, 0x0b);
  HmacSha1 mac(test::TestLibcrypto(), key.data(), key.size());
  const Octets whole = FromHex("0102030405 80000001");
  CHECK(mac.Of(whole.data(), 5, 0x80000001) == mac.Of(whole.data(), whole.size()));
}

TEST_CASE("HmacSha1: a key longer than a block is refused") {
  const Octets key(65);
  CHECK_THROWS_AS(HmacSha1(test::TestLibcrypto(), key.data(), key.size()), std::length_error);
}

}  // namespace
}  // namespace dashvoip
