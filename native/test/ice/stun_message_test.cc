// Shows RFC 5769, 8489.

#include "dashvoip/ice/stun_message.h"

#include <doctest/doctest.h>

#include <string>

#include "crypto/test_libcrypto.h"

namespace dashvoip {
namespace test {
namespace {

// RFC 5769 §2.
const char* const kPassword = "VOkJxbRl1RmTxUk/WvJxBt";
const char* const kRequest =
    "00010058 2112a442 b7e7a701bc34d686fa87dfae"
    "80220010 5354554e207465737420636c69656e74"
    "00240004 6e0001ff"
    "80290008 932ff9b151263b36"
    "00060009 6576746a3a68367659202020"
    "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004 e57a3bcf";
const char* const kResponse4 =
    "0101003c 2112a442 b7e7a701bc34d686fa87dfae"
    "8022000b 7465737420766563746f7220"
    "00200008 0001a147e112a643"
    "00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004 c07d4c96";
const char* const kResponse6 =
    "01010048 2112a442 b7e7a701bc34d686fa87dfae"
    "8022000b 7465737420766563746f7220"
    "00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004 c8fb0b4c";

bool IsGenuine(const Octets& octets, const std::string& password) {
  StunMessage message;
  HmacSha1 key(TestLibcrypto(), reinterpret_cast<const std::uint8_t*>(password.data()),
               password.size());
  return ParseStun(octets.data(), octets.size(), &message) && message.has_fingerprint &&
         HasIntegrity(TestLibcrypto(), &key, octets.data(), message);
}

TransportAddress AddressOf(const std::string& ip, std::uint16_t port) {
  IpAddress address;
  REQUIRE(IpAddress::Parse(ip, &address));
  return address.WithPort(port);
}

}  // namespace

TEST_CASE("STUN: the request of RFC 5769 §2.1") {
  const Octets octets = FromHex(kRequest);
  StunMessage message;
  REQUIRE(ParseStun(octets.data(), octets.size(), &message));
  CHECK(message.type == StunType::kBindingRequest);
  CHECK(std::string(message.username, message.username + message.username_size) == "evtj:h6vY");
  CHECK(message.controlled);
  CHECK_FALSE(message.controlling);
  CHECK_FALSE(message.use_candidate);
  CHECK(message.has_fingerprint);
  CHECK(message.unknown_count == 0);
  CHECK(IsGenuine(octets, kPassword));
  CHECK_FALSE(IsGenuine(octets, "VOkJxbRl1RmTxUk/WvJxBT"));
}

TEST_CASE("STUN: the responses of RFC 5769 §2.2 and §2.3, read and written") {
  struct Vector {
    const char* hex;
    const char* ip;
  };
  for (const Vector& vector : {Vector{kResponse4, "192.0.2.1"},
                               Vector{kResponse6, "2001:db8:1234:5678:11:2233:4455:6677"}}) {
    CAPTURE(vector.ip);
    const Octets octets = FromHex(vector.hex);
    StunMessage message;
    REQUIRE(ParseStun(octets.data(), octets.size(), &message));
    CHECK(message.type == StunType::kBindingSuccess);
    CHECK(IsGenuine(octets, kPassword));
    TransportAddress mapped;
    REQUIRE(MappedAddressOf(message, &mapped));
    const TransportAddress expected = AddressOf(vector.ip, 32853);
    CHECK(mapped == expected);

    Octets written(512);
    StunWriter writer(written.data(), written.size(), message.type, message.transaction);
    // Padded with a space there.
    writer.Add(static_cast<StunAttribute>(0x8022),
               reinterpret_cast<const std::uint8_t*>("test vector "), 12);
    written[23] = 11;
    writer.AddMappedAddress(expected);
    HmacSha1 key(TestLibcrypto(), reinterpret_cast<const std::uint8_t*>(kPassword), 22);
    writer.AddIntegrity(&key);
    writer.AddFingerprint();
    written.resize(writer.size());
    CHECK(written == octets);
  }
}

TEST_CASE("STUN: one octet changed anywhere is found out") {
  const Octets octets = FromHex(kRequest);
  for (std::size_t i = 0; i < octets.size(); ++i) {
    CAPTURE(i);
    Octets changed = octets;
    changed[i] ^= 0x10;
    CHECK_FALSE(IsGenuine(changed, kPassword));
  }
}

TEST_CASE("STUN: cut short, or with more behind it, it is none") {
  const Octets octets = FromHex(kRequest);
  StunMessage message;
  for (std::size_t size = 0; size < octets.size(); ++size) {
    const Octets cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_FALSE(ParseStun(cut.data(), cut.size(), &message));
  }
  Octets longer = octets;
  longer.resize(longer.size() + 4);
  CHECK_FALSE(ParseStun(longer.data(), longer.size(), &message));
}

TEST_CASE("STUN: what stands behind MESSAGE-INTEGRITY counts for nothing") {
  Octets octets(256);
  StunWriter writer(octets.data(), octets.size(), StunType::kBindingRequest, {});
  HmacSha1 key(TestLibcrypto(), reinterpret_cast<const std::uint8_t*>(kPassword), 22);
  writer.AddIntegrity(&key);
  writer.Add(StunAttribute::kUseCandidate, nullptr, 0);
  writer.AddFingerprint();
  octets.resize(writer.size());
  StunMessage message;
  REQUIRE(ParseStun(octets.data(), octets.size(), &message));
  CHECK_FALSE(message.use_candidate);
  CHECK(IsGenuine(octets, kPassword));
}

TEST_CASE("STUN: a message that does not fit is not written") {
  Octets octets(27);
  StunWriter writer(octets.data(), octets.size(), StunType::kBindingSuccess, {});
  writer.AddFingerprint();
  CHECK(writer.size() == 0);
}

}  // namespace test
}  // namespace dashvoip
