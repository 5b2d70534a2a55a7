// Shows RFC 3711, 6188, 7714.

// Against libsrtp2, both ways: what it makes we understand, what we make it does.
#ifdef DASHVOIP_TEST_LIBSRTP

#include <doctest/doctest.h>
#include <srtp2/srtp.h>

#include <cstring>
#include <memory>

#include "dashvoip/srtp/srtp_receiver.h"
#include "dashvoip/srtp/srtp_sender.h"
#include "srtp/srtp_fixture.h"

namespace dashvoip {
namespace {

using test::KeyOf;
using test::Octets;
using test::RtcpOf;
using test::RtpOf;

void SetSuite(SrtpSuite suite, srtp_policy_t* policy) {
  // SRTCP keeps its tag of 80 bits (RFC 4568 §6.2).
  switch (suite) {
    case SrtpSuite::kAes128Sha1Tag80:
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtcp);
      break;
    case SrtpSuite::kAes128Sha1Tag32:
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy->rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtcp);
      break;
    case SrtpSuite::kAes256Sha1Tag80:
      srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtp);
      srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtcp);
      break;
    case SrtpSuite::kAes256Sha1Tag32:
      srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32(&policy->rtp);
      srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtcp);
      break;
    case SrtpSuite::kAes128Gcm:
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtcp);
      break;
    case SrtpSuite::kAes256Gcm:
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy->rtp);
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy->rtcp);
      break;
  }
}

/** One direction of libsrtp. */
class Oracle {
 public:
  Oracle(SrtpSuite suite, SrtpKey key, srtp_ssrc_type_t direction) : key_(key) {
    static const bool ready = srtp_init() == srtp_err_status_ok;
    REQUIRE(ready);
    std::memset(&policy_, 0, sizeof policy_);
    SetSuite(suite, &policy_);
    policy_.ssrc.type = direction;
    policy_.window_size = 1024;
    master_.key = const_cast<unsigned char*>(key_.master.begin());
    if (key_.mki) {
      master_.mki_id = const_cast<unsigned char*>(key_.mki->begin());
      master_.mki_size = static_cast<unsigned>(key_.mki->size());
    }
    policy_.keys = masters_;
    policy_.num_master_keys = 1;
    REQUIRE(srtp_create(&session_, &policy_) == srtp_err_status_ok);
  }
  ~Oracle() { srtp_dealloc(session_); }

  Octets Protect(Octets packet) {
    int size = static_cast<int>(packet.size());
    packet.resize(packet.size() + 128);
    REQUIRE(srtp_protect_mki(session_, packet.data(), &size, UsesMki(), 0) == srtp_err_status_ok);
    packet.resize(static_cast<std::size_t>(size));
    return packet;
  }
  Octets ProtectRtcp(Octets packet) {
    int size = static_cast<int>(packet.size());
    packet.resize(packet.size() + 128);
    REQUIRE(srtp_protect_rtcp_mki(session_, packet.data(), &size, UsesMki(), 0) ==
            srtp_err_status_ok);
    packet.resize(static_cast<std::size_t>(size));
    return packet;
  }
  /** Empty when it is refused. */
  Octets Unprotect(Octets packet) {
    int size = static_cast<int>(packet.size());
    const auto status = srtp_unprotect_mki(session_, packet.data(), &size, UsesMki());
    packet.resize(status == srtp_err_status_ok ? static_cast<std::size_t>(size) : 0);
    return packet;
  }
  Octets UnprotectRtcp(Octets packet) {
    int size = static_cast<int>(packet.size());
    const auto status = srtp_unprotect_rtcp_mki(session_, packet.data(), &size, UsesMki());
    packet.resize(status == srtp_err_status_ok ? static_cast<std::size_t>(size) : 0);
    return packet;
  }

 private:
  unsigned UsesMki() const { return key_.mki ? 1 : 0; }

  SrtpKey key_;
  srtp_policy_t policy_;
  srtp_master_key_t master_{};
  srtp_master_key_t* masters_[1] = {&master_};
  srtp_t session_ = nullptr;
};

/** Over a roll-over, in sizes from nothing to a large packet of a picture. */
constexpr std::size_t kSizes[] = {0, 1, 15, 16, 17, 160, 1200};

TEST_CASE("SRTP against libsrtp: what we send it understands") {
  for (const SrtpSuite suite : test::kSuites) {
    for (const Octets& mki : {Octets{}, Octets{0xa, 0xb, 0xc, 0xd}}) {
      CAPTURE(WordOf(suite));
      CAPTURE(mki.size());
      const SrtpKey key = KeyOf(suite, 3, mki);
      SrtpSender ours(test::TestLibcrypto(), suite, key);
      Oracle oracle(suite, key, ssrc_any_inbound);
      std::uint16_t number = 65533;
      for (const std::size_t size : kSizes) {
        const Octets plain = RtpOf(number++, size);
        CHECK(oracle.Unprotect(test::Protected(&ours, &SrtpSender::ProtectRtp, plain)) == plain);
        // libsrtp 2.5 looks for the MKI of SRTCP where SRTP's tag would leave it: its own, too.
        if (!mki.empty() && SizesOf(suite).rtp_tag != SizesOf(suite).rtcp_tag) continue;
        const Octets report = RtcpOf(size / 4 * 4);
        CHECK(oracle.UnprotectRtcp(test::Protected(&ours, &SrtpSender::ProtectRtcp, report)) ==
              report);
      }
    }
  }
}

TEST_CASE("SRTP against libsrtp: each source of a sender counts its own roll-overs") {
  const SrtpSuite suite = test::kSuites[0];
  const SrtpKey key = KeyOf(suite, 3, {});
  SrtpSender ours(test::TestLibcrypto(), suite, key);
  Oracle oracle(suite, key, ssrc_any_inbound);
  std::uint16_t repeated = 30000;
  for (std::uint16_t number = 65530; number != 6; ++number) {
    for (const Octets& plain : {RtpOf(number), RtpOf(repeated++, 20, 0xbeef)}) {
      CHECK(oracle.Unprotect(test::Protected(&ours, &SrtpSender::ProtectRtp, plain)) == plain);
    }
  }
}

TEST_CASE("SRTP against libsrtp: what it sends we understand") {
  for (const SrtpSuite suite : test::kSuites) {
    for (const Octets& mki : {Octets{}, Octets{0xa, 0xb, 0xc, 0xd}}) {
      CAPTURE(WordOf(suite));
      CAPTURE(mki.size());
      const SrtpKey key = KeyOf(suite, 3, mki);
      SrtpReceiver ours(test::TestLibcrypto(), suite, key);
      Oracle oracle(suite, key, ssrc_any_outbound);
      std::uint16_t number = 65533;
      for (const std::size_t size : kSizes) {
        const Octets plain = RtpOf(number++, size);
        Octets packet = oracle.Protect(plain);
        CHECK(test::Unprotected(&ours, &SrtpReceiver::UnprotectRtp, &packet) ==
              SrtpReceiver::Verdict::kGenuine);
        CHECK(packet == plain);
        const Octets report = RtcpOf(size / 4 * 4);
        Octets secret = oracle.ProtectRtcp(report);
        CHECK(test::Unprotected(&ours, &SrtpReceiver::UnprotectRtcp, &secret) ==
              SrtpReceiver::Verdict::kGenuine);
        CHECK(secret == report);
      }
    }
  }
}

}  // namespace
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_LIBSRTP
