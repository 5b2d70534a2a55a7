// Shows RFC 3711.

#include "dashvoip/srtp/srtp_keyring.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "srtp/srtp_fixture.h"

namespace dashvoip {
namespace {

using test::KeyOf;
using test::Octets;
using test::RtpOf;

constexpr SrtpSuite kSuite = SrtpSuite::kAes128Sha1Tag80;

SrtpSettings With(std::uint8_t send, std::uint8_t receive, SrtpSuite suite = kSuite) {
  SrtpSettings settings;
  settings.suite = suite;
  settings.send = KeyOf(suite, send);
  settings.receive = KeyOf(suite, receive);
  return settings;
}

struct Fixture {
  Fixture() { test::TestLibcrypto(); }

  /** As the engine does, with a media thread that is `behind` so many orders. */
  SrtpLane Use(const Optional<SrtpSettings>& settings, std::uint64_t behind = 0) {
    const SrtpLane lane = keyring.Prepare(settings);
    keyring.Commit(++order);
    keyring.Sweep(order - behind);
    return lane;
  }

  SrtpKeyring keyring;
  std::uint64_t order = 0;
};

TEST_CASE_FIXTURE(Fixture, "SrtpKeyring: the same keys keep their contexts") {
  const SrtpLane first = Use(With(1, 2));
  REQUIRE(first);
  CHECK(Use(With(1, 2)).sender == first.sender);
  CHECK_FALSE(Use({}));  // laid aside
  const SrtpLane again = Use(With(1, 2));
  CHECK(again.sender == first.sender);
  CHECK(again.receiver == first.receiver);
  CHECK(keyring.retired() == 0);
}

TEST_CASE_FIXTURE(Fixture, "SrtpKeyring: each direction changes by itself") {
  const SrtpLane first = Use(With(1, 2));
  const SrtpLane second = Use(With(1, 3));
  CHECK(second.sender == first.sender);
  CHECK(second.receiver != first.receiver);
  const SrtpLane third = Use(With(4, 3));
  CHECK(third.sender != first.sender);
  CHECK(third.receiver == second.receiver);
  const SrtpLane other = Use(With(4, 3, SrtpSuite::kAes128Sha1Tag32));
  CHECK(other.sender != third.sender);
  SrtpSettings with_mki = With(4, 3, SrtpSuite::kAes128Sha1Tag32);
  with_mki.receive = KeyOf(SrtpSuite::kAes128Sha1Tag32, 3, {1});
  CHECK(Use(with_mki).receiver != other.receiver);
}

TEST_CASE_FIXTURE(Fixture, "SrtpKeyring: a context is freed one order after it was replaced") {
  Use(With(1, 2));
  Use(With(1, 3));
  CHECK(keyring.retired() == 1);  // still heard as the former one
  Use(With(1, 3));
  CHECK(keyring.retired() == 0);
  for (std::uint8_t key = 10; key < 20; ++key) Use(With(1, key), 3);
  CHECK(keyring.retired() ==
        4);  // of three orders that are not carried out yet, and the former one
}

TEST_CASE_FIXTURE(Fixture, "SrtpKeyring: what was prepared and not committed changes nothing") {
  const SrtpLane first = Use(With(1, 2));
  CHECK(keyring.Prepare(With(5, 6)).sender != first.sender);
  CHECK(Use(With(1, 2)).sender == first.sender);
  CHECK(keyring.retired() == 0);
  SrtpSettings wrong = With(1, 2);
  wrong.suite = SrtpSuite::kAes256Gcm;
  CHECK_THROWS_AS(keyring.Prepare(wrong), std::runtime_error);
  CHECK(Use(With(1, 2)).sender == first.sender);
}

/** A stream under test and a far end with keys of its own choice. */
struct Transform : Fixture {
  Octets Sent(const SrtpLane& by, std::uint16_t number) {
    return test::Protected(by.sender, &SrtpSender::ProtectRtp, RtpOf(number));
  }
  bool Hears(Octets packet) {
    std::size_t size = packet.size();
    return transform.UnprotectRtp(packet.data(), &size);
  }

  Fixture far;
  SrtpTransform transform;
};

TEST_CASE_FIXTURE(Transform, "SrtpTransform: what comes is judged and counted") {
  CHECK_FALSE(transform.Snapshot());
  transform.SetKeys(Use(With(1, 2)));
  const SrtpLane peer = far.Use(With(2, 1));
  const Octets packet = Sent(peer, 1);
  CHECK(Hears(packet));
  CHECK_FALSE(Hears(packet));
  CHECK_FALSE(Hears(RtpOf(2)));
  CHECK_FALSE(Hears(Octets(3)));  // no RTP: noise
  CHECK_FALSE(Hears(Octets(3, 0x80)));
  REQUIRE(transform.Snapshot());
  CHECK(transform.Snapshot()->suite == kSuite);
  CHECK(transform.Snapshot()->replayed == 1);
  CHECK(transform.Snapshot()->forged == 2);
}

TEST_CASE_FIXTURE(Transform, "SrtpTransform: the former key is heard until the new one is") {
  transform.SetKeys(Use(With(1, 2)));
  const SrtpLane before = far.Use(With(2, 1));
  CHECK(Hears(Sent(before, 1)));
  transform.SetKeys(Use(With(1, 3)));
  CHECK(Hears(Sent(before, 2)));  // it does not know yet
  Fixture changed;
  const SrtpLane after = changed.Use(With(3, 1));
  CHECK(Hears(Sent(after, 3)));
  CHECK_FALSE(Hears(Sent(before, 4)));
  CHECK(transform.Snapshot()->forged == 1);
}

TEST_CASE_FIXTURE(Transform, "SrtpTransform: the next order ends the former key, too") {
  transform.SetKeys(Use(With(1, 2)));
  const SrtpLane before = far.Use(With(2, 1));
  transform.SetKeys(Use(With(1, 3)));
  transform.SetKeys(Use(With(1, 3)));
  CHECK_FALSE(Hears(Sent(before, 1)));
}

TEST_CASE_FIXTURE(Transform, "SrtpTransform: a new key begins a new stream, the same key goes on") {
  transform.SetKeys(Use(With(1, 2)));
  const SrtpLane peer = far.Use(With(2, 1));
  CHECK(Hears(Sent(peer, 65535)));
  CHECK(Hears(Sent(peer, 0)));  // it has rolled over
  transform.SetKeys(Use({}));
  Octets packet = RtpOf(1);
  std::size_t size = packet.size();
  CHECK_FALSE(transform.ProtectRtp(packet.data(), &size));
  CHECK_FALSE(transform.UnprotectRtp(packet.data(), &size));
  transform.SetKeys(Use(With(1, 2)));
  CHECK(Hears(Sent(peer, 1)));
}

}  // namespace
}  // namespace dashvoip
