// Shows RFC 3711.

#include "dashvoip/srtp/srtp_receiver.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "dashvoip/crypto/hmac_sha1.h"
#include "dashvoip/srtp/session_keys.h"
#include "dashvoip/srtp/srtp_sender.h"
#include "srtp/srtp_fixture.h"

namespace dashvoip {
namespace {

using test::KeyOf;
using test::Octets;
using test::RtcpOf;
using test::RtpOf;
using Verdict = SrtpReceiver::Verdict;

constexpr SrtpSuite kSuite = SrtpSuite::kAes128Sha1Tag80;

/** Both ends of one direction. */
struct Pair {
  explicit Pair(SrtpSuite suite = kSuite, const Octets& mki = {})
      : sender(test::TestLibcrypto(), suite, KeyOf(suite, 1, mki)),
        receiver(test::TestLibcrypto(), suite, KeyOf(suite, 1, mki)) {}

  Octets Protect(const Octets& packet) {
    return test::Protected(&sender, &SrtpSender::ProtectRtp, packet);
  }
  Octets ProtectRtcp(const Octets& packet) {
    return test::Protected(&sender, &SrtpSender::ProtectRtcp, packet);
  }
  Verdict Take(Octets packet) { return TakeInPlace(&packet); }
  Verdict TakeInPlace(Octets* packet) {
    return test::Unprotected(&receiver, &SrtpReceiver::UnprotectRtp, packet);
  }
  Verdict TakeRtcp(Octets packet) { return TakeRtcpInPlace(&packet); }
  Verdict TakeRtcpInPlace(Octets* packet) {
    return test::Unprotected(&receiver, &SrtpReceiver::UnprotectRtcp, packet);
  }

  SrtpSender sender;
  SrtpReceiver receiver;
};

TEST_CASE("SRTP: every suite there and back, the header readable, with and without MKI") {
  for (const SrtpSuite suite : test::kSuites) {
    for (const Octets& mki : {Octets{}, Octets{1, 2, 3, 4}}) {
      CAPTURE(WordOf(suite));
      CAPTURE(mki.size());
      Pair pair(suite, mki);
      const SrtpSizes sizes = SizesOf(suite);
      const Octets plain = RtpOf(1);
      Octets packet = pair.Protect(plain);
      CHECK(packet.size() == plain.size() + sizes.rtp_tag + mki.size());
      CHECK(std::equal(plain.begin(), plain.begin() + 12, packet.begin()));
      CHECK_FALSE(std::equal(plain.begin() + 12, plain.end(), packet.begin() + 12));
      CHECK(pair.TakeInPlace(&packet) == Verdict::kGenuine);
      CHECK(packet == plain);

      const Octets report = RtcpOf();
      Octets secret = pair.ProtectRtcp(report);
      CHECK(secret.size() == report.size() + sizes.rtcp_tag + 4 + mki.size());
      CHECK(std::equal(report.begin(), report.begin() + 8, secret.begin()));
      CHECK(pair.TakeRtcpInPlace(&secret) == Verdict::kGenuine);
      CHECK(secret == report);
    }
  }
}

TEST_CASE("SRTP: another MKI, another key, any changed bit, and less than all is not genuine") {
  for (const SrtpSuite suite : test::kSuites) {
    CAPTURE(WordOf(suite));
    Pair pair(suite, {9, 9});
    Pair other_mki(suite, {9, 8});
    Pair none(suite);
    SrtpReceiver other_key(test::TestLibcrypto(), suite, KeyOf(suite, 2, {9, 9}));
    const Octets packet = pair.Protect(RtpOf(1, 20));
    const Octets report = pair.ProtectRtcp(RtcpOf());
    CHECK(other_mki.Take(packet) == Verdict::kForged);
    CHECK(none.Take(packet) == Verdict::kForged);
    CHECK(other_mki.TakeRtcp(report) == Verdict::kForged);
    CHECK(none.TakeRtcp(report) == Verdict::kForged);
    Octets copy = packet;
    CHECK(test::Unprotected(&other_key, &SrtpReceiver::UnprotectRtp, &copy) == Verdict::kForged);
    CHECK(copy == packet);
    for (std::size_t i = 0; i < packet.size(); ++i) {
      Octets changed = packet;
      changed[i] ^= 0x10;
      const Octets before = changed;
      CHECK(pair.TakeInPlace(&changed) == Verdict::kForged);
      CHECK(changed == before);
    }
    for (std::size_t i = 0; i < report.size(); ++i) {
      Octets changed = report;
      changed[i] ^= 0x10;
      // RTCP's own first word may say anything: the tag covers it.
      CHECK(pair.TakeRtcp(changed) == Verdict::kForged);
    }
    for (std::size_t size = 1; size < packet.size(); ++size) {
      CHECK(pair.Take(Octets(packet.begin(), packet.begin() + static_cast<long>(size))) ==
            Verdict::kForged);
    }
    for (std::size_t size = 1; size < report.size(); ++size) {
      CHECK(pair.TakeRtcp(Octets(report.begin(), report.begin() + static_cast<long>(size))) ==
            Verdict::kForged);
    }
    CHECK(pair.Take(packet) == Verdict::kGenuine);
    CHECK(pair.TakeRtcp(report) == Verdict::kGenuine);
  }
}

TEST_CASE("SRTP: what came once is not heard again, what comes late is") {
  Pair pair;
  const Octets one = pair.Protect(RtpOf(1));
  const Octets two = pair.Protect(RtpOf(2));
  const Octets late = pair.Protect(RtpOf(3));
  const Octets old = pair.Protect(RtpOf(4));
  CHECK(pair.Take(two) == Verdict::kGenuine);
  CHECK(pair.Take(one) == Verdict::kGenuine);
  CHECK(pair.Take(one) == Verdict::kReplayed);
  CHECK(pair.Take(two) == Verdict::kReplayed);
  CHECK(pair.Take(pair.Protect(RtpOf(3 + 1023))) == Verdict::kGenuine);
  CHECK(pair.Take(late) == Verdict::kGenuine);
  CHECK(pair.Take(pair.Protect(RtpOf(4 + 1024))) == Verdict::kGenuine);
  CHECK(pair.Take(old) == Verdict::kReplayed);  // beyond the window

  const Octets report = pair.ProtectRtcp(RtcpOf());
  const Octets next = pair.ProtectRtcp(RtcpOf());
  CHECK(report != next);  // its index rises
  CHECK(pair.TakeRtcp(next) == Verdict::kGenuine);
  CHECK(pair.TakeRtcp(report) == Verdict::kGenuine);
  CHECK(pair.TakeRtcp(report) == Verdict::kReplayed);
  CHECK(pair.TakeRtcp(next) == Verdict::kReplayed);
}

TEST_CASE("SRTP: a forged packet moves neither the window nor the roll-over counter") {
  Pair pair;
  CHECK(pair.Take(pair.Protect(RtpOf(1000))) == Verdict::kGenuine);
  Octets forged = RtpOf(33000);
  forged.resize(forged.size() + 10);
  CHECK(pair.Take(forged) == Verdict::kForged);
  Octets taken = RtpOf(1001);
  taken.resize(taken.size() + 10);
  CHECK(pair.Take(taken) == Verdict::kForged);
  CHECK(pair.Take(pair.Protect(RtpOf(1001))) == Verdict::kGenuine);
}

TEST_CASE("SRTP: the roll-over counter follows the wraps, in either order") {
  for (const SrtpSuite suite : {SrtpSuite::kAes128Sha1Tag80, SrtpSuite::kAes256Gcm}) {
    Pair pair(suite);
    std::uint16_t number = 65000;
    for (int i = 0; i < 140; ++i, number += 1001) {
      const Octets first = pair.Protect(RtpOf(number));
      const Octets second = pair.Protect(RtpOf(static_cast<std::uint16_t>(number + 1)));
      REQUIRE(pair.Take(second) == Verdict::kGenuine);
      REQUIRE(pair.Take(first) == Verdict::kGenuine);
      REQUIRE(pair.Take(first) == Verdict::kReplayed);
    }
  }
}

TEST_CASE("SRTP: a source whose first packets before the wrap were lost is heard") {
  for (const SrtpSuite suite : {SrtpSuite::kAes128Sha1Tag32, SrtpSuite::kAes128Gcm}) {
    Pair pair(suite);
    pair.Protect(RtpOf(65535));
    const Octets packet = pair.Protect(RtpOf(0));
    CHECK(pair.Take(packet) == Verdict::kGenuine);
    CHECK(pair.Take(packet) == Verdict::kReplayed);
    CHECK(pair.Take(pair.Protect(RtpOf(1))) == Verdict::kGenuine);
  }
}

TEST_CASE("SRTP: each source has its own index; of too many the one unheard longest is forgotten") {
  SrtpReceiver receiver(test::TestLibcrypto(), kSuite, KeyOf(kSuite, 1));
  const auto take = [&](Octets packet) {
    return test::Unprotected(&receiver, &SrtpReceiver::UnprotectRtp, &packet);
  };
  const auto from = [&](std::uint32_t ssrc, std::uint16_t number) {
    SrtpSender sender(test::TestLibcrypto(), kSuite, KeyOf(kSuite, 1));
    return test::Protected(&sender, &SrtpSender::ProtectRtp, RtpOf(number, 20, ssrc));
  };
  CHECK(take(from(1, 50000)) == Verdict::kGenuine);
  CHECK(take(from(2, 7)) == Verdict::kGenuine);
  CHECK(take(from(1, 50000)) == Verdict::kReplayed);
  for (std::uint32_t ssrc = 3; ssrc <= 8; ++ssrc) {
    CHECK(take(from(ssrc, 7)) == Verdict::kGenuine);
    CHECK(take(from(1, static_cast<std::uint16_t>(50000 + ssrc))) == Verdict::kGenuine);
  }
  CHECK(take(from(9, 7)) == Verdict::kGenuine);
  CHECK(take(from(1, 50000)) == Verdict::kReplayed);
  CHECK(take(from(2, 7)) == Verdict::kGenuine);  // it gave way to the ninth
}

TEST_CASE("SRTP: SRTCP that is not encrypted is refused, though its tag is right") {
  Pair pair;
  Octets report = RtcpOf();
  const std::size_t size = report.size();
  report.insert(report.end(), {0, 0, 0, 1});  // no E bit
  const SrtpKey key = KeyOf(kSuite, 1);
  const SessionKeys keys(test::TestLibcrypto(), SizesOf(kSuite), key.master.begin(),
                         SrtpProtocol::kRtcp);
  HmacSha1 mac(test::TestLibcrypto(), keys.authentication.data(), keys.authentication.size());
  const HmacSha1::Digest tag = mac.Of(report.data(), report.size());
  report.insert(report.end(), tag.begin(), tag.begin() + 10);
  REQUIRE(report.size() == size + 14);
  CHECK(pair.TakeRtcp(report) == Verdict::kForged);
}

TEST_CASE("SRTP: what is neither RTP nor RTCP is noise, not forged: others share the port") {
  Pair pair;
  const Octets stun = test::FromHex("0001 0000 2112a442 98aee2242cdef8c84a8a5a9f");
  const Octets dtls = test::FromHex("16feff0000000000000000000100");
  for (const Octets& packet : {stun, dtls, Octets{}}) {
    CHECK(pair.Take(packet) == Verdict::kNoise);
    CHECK(pair.TakeRtcp(packet) == Verdict::kNoise);
  }
}

TEST_CASE("SRTP: CSRCs and a header extension stay readable") {
  Pair pair;
  Octets plain = RtpOf(1, 40);
  plain[0] = 0x92;                                          // two CSRCs, an extension
  WriteU32(plain.data() + kRtpHeaderSize + 8, 0xbede0001);  // of one word
  Octets packet = pair.Protect(plain);
  CHECK(std::equal(plain.begin(), plain.begin() + 28, packet.begin()));
  CHECK_FALSE(std::equal(plain.begin() + 28, plain.end(), packet.begin() + 28));
  CHECK(pair.TakeInPlace(&packet) == Verdict::kGenuine);
  CHECK(packet == plain);
}

TEST_CASE("SRTP: a sender has its source and that of RTX, and what is no RTP does not leave") {
  Pair pair;
  CHECK_FALSE(pair.Protect(RtpOf(1)).empty());
  CHECK_FALSE(pair.Protect(RtpOf(2, 20, 0xbeef)).empty());
  CHECK(pair.Protect(RtpOf(2, 20, 0xdead)).empty());
  CHECK(pair.Protect(Octets(5)).empty());
  CHECK(pair.ProtectRtcp(Octets(7)).empty());
}

TEST_CASE("SRTP: a key of another size is refused in words") {
  CHECK_THROWS_WITH(SrtpSender(test::TestLibcrypto(), SrtpSuite::kAes256Gcm, KeyOf(kSuite, 1)),
                    "srtp: expected keys of 44 bytes for AEAD_AES_256_GCM, found 30");
}

}  // namespace
}  // namespace dashvoip
