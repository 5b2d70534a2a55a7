#include "dashvoip/rtp/source_latch.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

#include <cstring>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

using Verdict = SourceLatch::Verdict;
using Trust = SourceLatch::Trust;

TransportAddress Address(const char* ip, std::uint16_t port) {
  sockaddr_storage storage = {};
  sockaddr_in in = {};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  if (inet_pton(AF_INET, ip, &in.sin_addr) == 1) {
    std::memcpy(&storage, &in, sizeof in);
  } else {
    sockaddr_in6 six = {};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    REQUIRE(inet_pton(AF_INET6, ip, &six.sin6_addr) == 1);
    std::memcpy(&storage, &six, sizeof six);
  }
  TransportAddress address;
  address.FromSockaddr(storage);
  return address;
}

const TransportAddress kSignalled = Address("10.0.0.1", 4000);
const TransportAddress kReal = Address("192.0.2.7", 31000);
const TransportAddress kStranger = Address("198.51.100.9", 4000);

/** A sender of one packet every 20 ms. */
struct Sender {
  TransportAddress from;
  std::uint32_t ssrc = 1;
  std::uint16_t number = 65533;  // wraps soon
};

struct Fixture {
  Fixture() { latch.SetSignalled(kSignalled, now); }

  Verdict Send(Sender* sender) {
    RtpSource packet;
    packet.from = sender->from;
    packet.ssrc = sender->ssrc;
    packet.sequence_number = sender->number++;
    packet.wanted = true;
    return latch.OnPacket(packet, now);
  }
  /** @return how many of `count` packets, 20 ms apart, were heard. */
  int Heard(Sender* sender, int count) {
    int heard = 0;
    for (int i = 0; i < count; ++i) {
      now += 20 * kNsPerMs;
      const Verdict verdict = Send(sender);
      if (verdict == Verdict::kHeard || verdict == Verdict::kMoved) ++heard;
    }
    return heard;
  }

  std::int64_t now = 1000 * kNsPerMs;
  SourceLatch latch;
  Sender phone{kSignalled, 11};
  Sender behind_nat{kReal, 11};
  Sender stranger{kStranger, 99};
};

}  // namespace

TEST_CASE("transport address: there and back in both families") {
  sockaddr_storage storage;
  CHECK(kReal.ToSockaddr(AF_INET, &storage) == sizeof(sockaddr_in));
  TransportAddress back;
  CHECK(back.FromSockaddr(storage));
  CHECK(back == kReal);
  // An IPv6 socket sees the same peer as a mapped address.
  CHECK(kReal.ToSockaddr(AF_INET6, &storage) == sizeof(sockaddr_in6));
  CHECK(back.FromSockaddr(storage));
  CHECK(back == kReal);
  TransportAddress six;
  six.ip[0] = 0x20;
  CHECK(six.ToSockaddr(AF_INET, &storage) == 0);
  storage.ss_family = AF_UNIX;
  CHECK_FALSE(back.FromSockaddr(storage));
}

TEST_CASE("latch: before a description nobody is heard") {
  SourceLatch latch;
  RtpSource packet;
  packet.from = kStranger;
  packet.wanted = true;
  CHECK(latch.OnPacket(packet, 0) == Verdict::kRefused);
  packet.from = TransportAddress();
  CHECK(latch.OnPacket(packet, 0) == Verdict::kRefused);
  CHECK(latch.refused() == 2);
}

TEST_CASE_FIXTURE(Fixture, "latch: the signalled source is heard from its first packet on") {
  CHECK(latch.remote() == kSignalled);
  CHECK_FALSE(latch.heard());
  CHECK(Heard(&phone, 1) == 1);
  CHECK(latch.heard());
  CHECK(latch.signalled());
  CHECK(latch.ssrc() == 11);
  CHECK(latch.moves() == 0);
}

TEST_CASE_FIXTURE(Fixture, "latch: a payload type that is not of this stream proves nothing") {
  RtpSource packet;
  packet.from = kSignalled;
  packet.ssrc = 11;
  CHECK(latch.OnPacket(packet, now) == Verdict::kRefused);
  CHECK_FALSE(latch.heard());
  CHECK(Heard(&phone, 1) == 1);
  // From the far end it is a sign of life at least.
  CHECK(latch.OnPacket(packet, now) == Verdict::kIgnored);
  CHECK(latch.refused() == 1);
}

TEST_CASE_FIXTURE(Fixture, "latch: who sprays before the first packet does not get the call") {
  now += 500 * kNsPerMs;
  CHECK(Send(&stranger) == Verdict::kRefused);
  CHECK(Heard(&phone, 50) == 50);
  CHECK(Heard(&stranger, 50) == 0);
  CHECK(latch.remote() == kSignalled);
  CHECK(latch.refused() == 51);
}

TEST_CASE_FIXTURE(Fixture, "latch: a NAT is learned by five packets in sequence, not at once") {
  CHECK(Heard(&behind_nat, 9) == 0);  // 180 ms: the signalled address may still speak
  CHECK(latch.remote() == kSignalled);
  CHECK(Heard(&behind_nat, 4) == 0);
  CHECK(Heard(&behind_nat, 1) == 1);
  CHECK(latch.remote() == kReal);
  CHECK_FALSE(latch.signalled());
  CHECK(latch.moves() == 1);
  CHECK(Heard(&behind_nat, 20) == 20);
  CHECK(Heard(&stranger, 50) == 0);
}

TEST_CASE_FIXTURE(Fixture, "latch: numbers out of sequence, or of many sources, teach nothing") {
  now += 300 * kNsPerMs;
  for (int i = 0; i < 100; ++i) {
    CHECK(Heard(&stranger, 1) == 0);
    ++stranger.number;
  }
  for (int i = 0; i < 100; ++i) {
    CHECK(Heard(&stranger, 1) == 0);
    ++stranger.ssrc;
  }
  CHECK(latch.remote() == kSignalled);
}

TEST_CASE_FIXTURE(Fixture, "latch: one that disturbs does not keep a NAT from being learned") {
  now += 300 * kNsPerMs;
  int heard = 0;
  for (int i = 0; i < 20; ++i) {
    heard += Heard(&behind_nat, 1);
    Send(&stranger);
    stranger.number += 7;
  }
  CHECK(heard == 16);
  CHECK(latch.remote() == kReal);
}

TEST_CASE_FIXTURE(Fixture, "latch: the signalled source wins back what a stranger took before it") {
  now += 300 * kNsPerMs;
  CHECK(Heard(&stranger, 20) == 16);
  CHECK(latch.remote() == kStranger);
  int phone_heard = 0;
  int stranger_heard = 0;
  for (int i = 0; i < 50; ++i) {
    phone_heard += Heard(&phone, 1);
    stranger_heard += Heard(&stranger, 1);
  }
  CHECK(phone_heard == 48);
  CHECK(stranger_heard == 2);
  CHECK(latch.signalled());
  CHECK(latch.moves() == 2);
}

TEST_CASE_FIXTURE(Fixture,
                  "latch: never against the far end while it is heard, whatever is known") {
  REQUIRE(Heard(&phone, 10) == 10);
  Sender knowing = phone;  // SSRC and numbers
  knowing.from = kStranger;
  Sender neighbour = phone;  // the same host, another port
  neighbour.from = Address("10.0.0.1", 4002);
  for (int i = 0; i < 500; ++i) {
    CHECK(Heard(&knowing, 1) == 0);
    CHECK(Send(&neighbour) == Verdict::kRefused);
    CHECK(Heard(&phone, 1) == 1);
  }
  CHECK(latch.remote() == kSignalled);
  CHECK(latch.moves() == 0);
  CHECK(latch.refused() == 1000);
}

TEST_CASE_FIXTURE(Fixture, "latch: a far end that moves is followed after two seconds of silence") {
  REQUIRE(Heard(&phone, 10) == 10);
  Sender moved = phone;
  moved.from = kReal;
  CHECK(Heard(&moved, 99) == 0);
  CHECK(Heard(&moved, 5) == 1);  // the first that counts comes at 2 s
  CHECK(latch.remote() == kReal);
  CHECK(Heard(&moved, 100) == 100);
  // And once more, back again: the signalled address waits for nobody.
  phone.number = moved.number;
  CHECK(Heard(&phone, 10) == 8);
}

TEST_CASE_FIXTURE(Fixture, "latch: a mover with another SSRC takes twice the packets") {
  REQUIRE(Heard(&phone, 10) == 10);
  CHECK(Heard(&behind_nat, 99) == 0);
  behind_nat.ssrc = 12;
  CHECK(Heard(&behind_nat, 10) == 1);
  CHECK(latch.remote() == kReal);
  CHECK(latch.ssrc() == 12);
}

TEST_CASE_FIXTURE(Fixture, "latch: what is only heard follows none but its own source") {
  latch.SetTrust(Trust::kSameSource);
  REQUIRE(Heard(&phone, 10) == 10);
  CHECK(Heard(&stranger, 500) == 0);
  Sender moved = phone;
  moved.from = kReal;
  CHECK(Heard(&moved, 10) == 6);
}

TEST_CASE_FIXTURE(Fixture, "latch: what is only sent learns nothing from strangers") {
  latch.SetTrust(Trust::kNobody);
  CHECK(Heard(&stranger, 500) == 0);
  CHECK(latch.remote() == kSignalled);
  CHECK(Heard(&phone, 1) == 1);
}

TEST_CASE_FIXTURE(Fixture, "latch: what is only sent follows the host that the sound proved") {
  latch.SetTrust(Trust::kHost, Address("192.0.2.7", 5));
  now += 300 * kNsPerMs;
  CHECK(Heard(&stranger, 50) == 0);
  CHECK(Heard(&behind_nat, 6) == 2);
  CHECK(latch.remote() == kReal);
}

TEST_CASE_FIXTURE(Fixture, "latch: a new description begins afresh, the same one changes nothing") {
  now += 300 * kNsPerMs;
  REQUIRE(Heard(&behind_nat, 10) == 6);
  latch.SetSignalled(kSignalled, now);  // hold, resume, session refresh
  CHECK(latch.remote() == kReal);
  CHECK(Heard(&stranger, 50) == 0);  // after hold
  CHECK(Heard(&behind_nat, 1) == 1);
  // Early media came from elsewhere than the answer says.
  const TransportAddress answer = Address("203.0.113.5", 7000);
  latch.SetSignalled(answer, now);
  CHECK(latch.remote() == answer);
  CHECK_FALSE(latch.heard());
  CHECK(Heard(&behind_nat, 3) == 0);
  Sender answerer{answer, 5};
  CHECK(Heard(&answerer, 1) == 1);
  CHECK(Heard(&behind_nat, 50) == 0);
}

TEST_CASE_FIXTURE(Fixture, "latch: a forged source with another SSRC is on probation") {
  REQUIRE(Heard(&phone, 10) == 10);
  Sender forged{kSignalled, 77};
  for (int i = 0; i < 100; ++i) {
    CHECK(Heard(&phone, 1) == 1);
    for (int k = 0; k < 8; ++k) CHECK(Send(&forged) == Verdict::kRefused);
  }
  CHECK(latch.ssrc() == 11);
}

TEST_CASE_FIXTURE(Fixture, "latch: one forged packet before the first costs one packet") {
  Sender forged{kSignalled, 77};
  CHECK(Heard(&forged, 1) == 1);
  CHECK(Heard(&phone, 10) == 9);
  CHECK(latch.ssrc() == 11);
}

TEST_CASE_FIXTURE(Fixture, "latch: another SSRC is heard once the former is silent for 100 ms") {
  REQUIRE(Heard(&phone, 10) == 10);
  Sender next{kSignalled, 12};
  CHECK(Heard(&next, 4) == 0);
  CHECK(Heard(&next, 1) == 1);
  CHECK(Heard(&next, 50) == 50);
  CHECK(latch.moves() == 0);
}

TEST_CASE_FIXTURE(Fixture, "latch: after a silence too, one packet of another SSRC is not enough") {
  REQUIRE(Heard(&phone, 10) == 10);
  now += 500 * kNsPerMs;
  Sender next{kSignalled, 12};
  for (int i = 0; i < 20; ++i) {  // no two of them in sequence
    CHECK(Heard(&next, 1) == 0);
    ++next.number;
  }
  for (int i = 0; i < 20; ++i) {  // in sequence, and of another source each
    CHECK(Heard(&next, 1) == 0);
    ++next.ssrc;
  }
  CHECK(latch.ssrc() == 11);
  CHECK(Heard(&next, 2) == 1);
  CHECK(latch.ssrc() == next.ssrc);
}

TEST_CASE_FIXTURE(Fixture, "latch: the first SSRC of a description comes back through a forger") {
  REQUIRE(Heard(&phone, 10) == 10);
  Sender forged{kSignalled, 77};
  CHECK(Heard(&forged, 100) == 96);  // the phone is silent between two words
  int heard = 0;
  for (int i = 0; i < 50; ++i) {
    heard += Heard(&phone, 1);
    Send(&forged);
  }
  CHECK(heard == 49);
}

TEST_CASE_FIXTURE(Fixture, "latch: exclusive while a proved source is alive") {
  CHECK_FALSE(latch.exclusive(now));
  Heard(&phone, 2);
  CHECK_FALSE(latch.exclusive(now));
  Heard(&phone, 1);
  CHECK(latch.exclusive(now));
  CHECK(latch.exclusive(now + 999 * kNsPerMs));
  CHECK_FALSE(latch.exclusive(now + 1000 * kNsPerMs));
}

TEST_CASE("latch: the same over IPv6, where every bit of an address counts") {
  const TransportAddress signalled = Address("2001:db8::1", 4000);
  SourceLatch latch;
  latch.SetSignalled(signalled, 0);
  RtpSource packet;
  packet.wanted = true;
  packet.from = Address("2001:db8::2", 4000);
  CHECK(latch.OnPacket(packet, 1) == Verdict::kRefused);
  packet.from = Address("3001:db8::1", 4000);
  CHECK(latch.OnPacket(packet, 1) == Verdict::kRefused);
  packet.from = signalled;
  CHECK(latch.OnPacket(packet, 1) == Verdict::kHeard);
}

TEST_CASE_FIXTURE(Fixture, "source latch: what was learned of early media ends with it") {
  now += SourceLatch::kGraceNs;
  REQUIRE(Heard(&behind_nat, 10) > 0);
  REQUIRE(latch.remote() == kReal);
  latch.Forget();
  CHECK(Heard(&behind_nat, 10) == 0);
  latch.SetSignalled(kSignalled, now);
  CHECK(latch.remote() == kSignalled);
  CHECK(Heard(&phone, 1) == 1);
  // The one before is a stranger now, and the signalled one has been heard.
  CHECK(Heard(&behind_nat, 20) == 0);
}

}  // namespace dashvoip
