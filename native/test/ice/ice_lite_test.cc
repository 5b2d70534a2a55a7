// Shows RFC 8445, 8489.

#include "dashvoip/ice/ice_lite.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "crypto/test_libcrypto.h"
#include "dashvoip/base/byte_order.h"

namespace dashvoip {
namespace test {
namespace {

const std::string kFragment = "cAm1";
const std::string kPassword = "0123456789abcdefghijklmn";

/** What a browser asks, and may get wrong. */
struct Check {
  std::string username = kFragment + ":bRoW";
  std::string password = kPassword;
  bool use_candidate = false;
  StunAttribute role = StunAttribute::kIceControlling;
  std::uint16_t unknown = 0;
  bool fingerprint = true;
  StunType type = StunType::kBindingRequest;

  Octets Make() const {
    Octets octets(512);
    StunWriter writer(octets.data(), octets.size(), type, {{1, 2, 3}});
    const std::array<std::uint8_t, 8> number{};
    writer.Add(StunAttribute::kUsername, reinterpret_cast<const std::uint8_t*>(username.data()),
               username.size());
    writer.Add(StunAttribute::kPriority, number.data(), 4);
    writer.Add(role, number.data(), 8);
    if (use_candidate) writer.Add(StunAttribute::kUseCandidate, nullptr, 0);
    if (unknown != 0) writer.Add(static_cast<StunAttribute>(unknown), number.data(), 4);
    if (!password.empty()) {
      HmacSha1 key(TestLibcrypto(), reinterpret_cast<const std::uint8_t*>(password.data()),
                   password.size());
      writer.AddIntegrity(&key);
    }
    if (fingerprint) writer.AddFingerprint();
    octets.resize(writer.size());
    return octets;
  }
};

TransportAddress From(std::uint16_t port) {
  IpAddress address;
  REQUIRE(IpAddress::Parse("192.0.2.7", &address));
  return address.WithPort(port);
}

struct Camera {
  IceLite ice{TestLibcrypto(), kFragment, kPassword};
  Octets answer;

  IceLite::Outcome Ask(const Check& check, std::uint16_t port = 4000) {
    const Octets octets = check.Make();
    answer.assign(IceLite::kMaxAnswer, 0);
    const IceLite::Outcome outcome =
        ice.OnDatagram(octets.data(), octets.size(), From(port), answer.data());
    answer.resize(outcome.answer);
    return outcome;
  }

  bool IsAnswerGenuine() {
    StunMessage message;
    HmacSha1 key(TestLibcrypto(), reinterpret_cast<const std::uint8_t*>(kPassword.data()),
                 kPassword.size());
    return ParseStun(answer.data(), answer.size(), &message) && message.has_fingerprint &&
           HasIntegrity(TestLibcrypto(), &key, answer.data(), message);
  }

  unsigned ErrorCode() const {
    REQUIRE(answer.size() > 28);
    REQUIRE(ReadU16(answer.data()) == 0x0111);
    REQUIRE(ReadU16(answer.data() + 20) == 0x0009);
    return answer[26] * 100u + answer[27];
  }
};

}  // namespace

TEST_CASE("ICE-lite: a check is answered with where it came from") {
  Camera camera;
  const IceLite::Outcome outcome = camera.Ask(Check());
  CHECK(outcome.genuine);
  CHECK_FALSE(outcome.nominated);
  StunMessage message;
  REQUIRE(ParseStun(camera.answer.data(), camera.answer.size(), &message));
  CHECK(message.type == StunType::kBindingSuccess);
  CHECK(message.transaction == StunTransactionId{{1, 2, 3}});
  TransportAddress mapped;
  REQUIRE(MappedAddressOf(message, &mapped));
  CHECK(mapped == From(4000));
  CHECK(camera.IsAnswerGenuine());
  CHECK(camera.ice.selected().port == 0);
  CHECK(camera.ice.counters().checks == 1);
}

TEST_CASE("ICE-lite: media go to what was nominated last") {
  Camera camera;
  Check nominates;
  nominates.use_candidate = true;
  CHECK(camera.Ask(nominates, 4000).nominated);
  CHECK(camera.ice.selected() == From(4000));
  CHECK_FALSE(camera.Ask(nominates, 4000).nominated);
  CHECK(camera.ice.counters().moves == 0);
  camera.Ask(Check(), 5000);
  CHECK(camera.ice.selected() == From(4000));
  CHECK(camera.Ask(nominates, 5000).nominated);
  CHECK(camera.ice.selected() == From(5000));
  CHECK(camera.ice.counters().moves == 1);
}

TEST_CASE("ICE-lite: who has not our password nominates nobody") {
  Camera camera;
  Check wrong;
  wrong.use_candidate = true;
  SUBCASE("another password") {
    wrong.password = "0123456789abcdefghijklmN";
    CHECK_FALSE(camera.Ask(wrong).genuine);
    CHECK(camera.ErrorCode() == 401);
  }
  SUBCASE("another fragment") {
    wrong.username = "cAm2:bRoW";
    CHECK_FALSE(camera.Ask(wrong).genuine);
    CHECK(camera.ErrorCode() == 401);
  }
  SUBCASE("a fragment that only begins like ours") {
    wrong.username = "cAm1x:bRoW";
    camera.Ask(wrong);
    CHECK(camera.ErrorCode() == 401);
  }
  SUBCASE("no password") {
    wrong.password.clear();
    CHECK_FALSE(camera.Ask(wrong).genuine);
    CHECK(camera.ErrorCode() == 400);
  }
  CHECK_FALSE(camera.IsAnswerGenuine());
  CHECK(camera.ice.selected().port == 0);
  CHECK(camera.ice.counters().refused == 1);
}

TEST_CASE("ICE-lite: an attribute that may not be passed over is named") {
  Camera camera;
  Check check;
  check.unknown = 0x0042;
  camera.Ask(check);
  CHECK(camera.ErrorCode() == 420);
  CHECK(camera.IsAnswerGenuine());
  StunMessage message;
  REQUIRE(ParseStun(camera.answer.data(), camera.answer.size(), &message));
  // After the reason, padded.
  const std::size_t at = 20 + 4 + 24;
  CHECK(ReadU16(camera.answer.data() + at) == 0x000a);
  CHECK(ReadU16(camera.answer.data() + at + 4) == 0x0042);
  check.unknown = 0xc057;
  camera.Ask(check);
  CHECK(camera.IsAnswerGenuine());
  CHECK(camera.ice.counters().checks == 1);
}

TEST_CASE("ICE-lite: the other end controls") {
  Camera camera;
  Check check;
  check.role = StunAttribute::kIceControlled;
  camera.Ask(check);
  CHECK(camera.ErrorCode() == 487);
}

TEST_CASE("ICE-lite: indications, answers and what has no fingerprint are not answered") {
  Camera camera;
  Check check;
  SUBCASE("indication") { check.type = StunType::kBindingIndication; }
  SUBCASE("answer") { check.type = StunType::kBindingSuccess; }
  SUBCASE("no fingerprint") { check.fingerprint = false; }
  CHECK(camera.Ask(check).answer == 0);
  CHECK(camera.ice.counters().checks == 0);
}

}  // namespace test
}  // namespace dashvoip
