#include "dashvoip/dtls/dtls_connection.h"

#include <sys/time.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "dashvoip/srtp/suite.h"

namespace dashvoip {
namespace {

// Of RFC 6347 §4.1, openssl/ssl.h, openssl/bio.h and openssl/evp.h, the same in 1.1.1 and 3.x.
constexpr std::uint8_t kApplicationData = 23;
constexpr int kSetMtu = 17;
constexpr int kSetMinimum = 123;
constexpr long kDtls12 = 0xfefd;
constexpr int kGetTimeout = 73;
constexpr int kHandleTimeout = 74;
constexpr int kVerifyPeer = 0x01 | 0x02;  // and fail without a certificate
constexpr int kWantRead = 2;
constexpr int kEcKey = 408;
constexpr int kSourceSink = 0x0400;
constexpr int kAnyBio = 100 | kSourceSink;
constexpr int kRetryRead = 0x01 | 0x08;
constexpr int kBioFlush = 11;
constexpr int kBioQueryMtu = 40;
constexpr int kBioFallbackMtu = 47;
constexpr int kBioMtuOverhead = 49;
constexpr long kUdpOverhead = 28;

// What Chromium and Firefox use; RFC 8827 §6.5 wants the last one.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA";
constexpr const char* kProfiles =
    "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80";
constexpr char kLabel[] = "EXTRACTOR-dtls_srtp";

// Every round trip is a wait of the caller's; RFC 6347 §4.2.4.1 would have a second.
constexpr unsigned kFirstTimeoutUs = 100 * 1000;
constexpr unsigned kLastTimeoutUs = 1000 * 1000;

unsigned NextTimeout(ssl_st*, unsigned last_us) {
  return last_us == 0 ? kFirstTimeoutUs : std::min(2 * last_us, kLastTimeoutUs);
}

/** RFC 5763 §5: certificates are self-made; which one it has to be is told by its fingerprint. */
int AcceptAny(int, x509_store_ctx_st*) { return 1; }

bool FindSuite(unsigned long id, SrtpSuite* suite) noexcept {
  switch (id) {
    case 1:
      *suite = SrtpSuite::kAes128Sha1Tag80;
      return true;
    case 7:
      *suite = SrtpSuite::kAes128Gcm;
      return true;
    case 8:
      *suite = SrtpSuite::kAes256Gcm;
      return true;
    default:
      return false;
  }
}

const evp_md_st* HashOf(const Libssl& ssl, FingerprintHash hash) {
  switch (hash) {
    case FingerprintHash::kSha256:
      return ssl.sha256();
    case FingerprintHash::kSha384:
      return ssl.sha384();
    case FingerprintHash::kSha512:
      return ssl.sha512();
  }
  return nullptr;
}

}  // namespace

constexpr std::size_t DtlsConnection::kMaxDatagram;
constexpr std::size_t DtlsConnection::kMaxWaiting;

/** A BIO that keeps datagrams apart, which a BIO of memory does not. */
class DtlsConnection::Transport {
 public:
  explicit Transport(const Libssl& ssl) : ssl_(ssl), method_(Method(ssl)) {}
  ~Transport() { ssl_.bio_method_free(method_); }
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /** Whoever gets it frees it, before this ends. */
  bio_st* Open() {
    bio_st* const bio = ssl_.bio_new(method_);
    if (bio == nullptr) throw std::runtime_error("DTLS: OpenSSL has no memory");
    ssl_.bio_set_data(bio, this);
    ssl_.bio_set_ready(bio, 1);
    return bio;
  }

  void Offer(const std::uint8_t* data, std::size_t size) { incoming_.assign(data, data + size); }

  bool Take(Octets* out) {
    if (outgoing_.empty()) return false;
    *out = std::move(outgoing_.front());
    outgoing_.pop_front();
    return true;
  }

 private:
  static Transport* Of(bio_st* bio) {
    return static_cast<Transport*>(Libssl::Find()->bio_data(bio));
  }

  static int OnWrite(bio_st* bio, const char* data, int size) {
    Transport* const self = Of(bio);
    if (self->outgoing_.size() == kMaxWaiting) self->outgoing_.pop_front();
    self->outgoing_.emplace_back(data, data + size);
    return size;
  }

  static int OnRead(bio_st* bio, char* out, int capacity) {
    Transport* const self = Of(bio);
    self->ssl_.bio_clear_flags(bio, kRetryRead);
    if (self->incoming_.empty()) {
      self->ssl_.bio_set_flags(bio, kRetryRead);
      return -1;
    }
    const std::size_t size = std::min(self->incoming_.size(), static_cast<std::size_t>(capacity));
    std::copy_n(self->incoming_.begin(), size, out);
    self->incoming_.clear();
    return static_cast<int>(size);
  }

  static long OnControl(bio_st*, int what, long, void*) {
    switch (what) {
      case kBioFlush:
        return 1;
      case kBioQueryMtu:
      case kBioFallbackMtu:
        return static_cast<long>(kMaxDatagram);
      case kBioMtuOverhead:
        return kUdpOverhead;
      default:
        return 0;
    }
  }

  static bio_method_st* Method(const Libssl& ssl) {
    bio_method_st* const method = ssl.bio_method_new(kAnyBio, "dashvoip datagrams");
    if (method == nullptr) throw std::runtime_error("DTLS: OpenSSL has no memory");
    ssl.bio_on_write(method, OnWrite);
    ssl.bio_on_read(method, OnRead);
    ssl.bio_on_control(method, OnControl);
    return method;
  }

  const Libssl& ssl_;
  bio_method_st* const method_;
  Octets incoming_;
  std::deque<Octets> outgoing_;
};

DtlsConnection::DtlsConnection(const Libssl& ssl, const DtlsSettings& settings)
    : ssl_(ssl),
      settings_(settings),
      transport_(std::make_unique<Transport>(ssl)),
      context_(ssl.context_new(ssl.method()), ssl.context_free),
      connection_(nullptr, ssl.connection_free) {
  ssl_.clear_errors();
  const auto& certificate = settings_.certificate;
  const auto& key = settings_.key;
  const bool ready =
      context_ && ssl_.context_control(context_.get(), kSetMinimum, kDtls12, nullptr) == 1 &&
      ssl_.set_ciphers(context_.get(), kCiphers) == 1 &&
      ssl_.use_certificate(context_.get(), static_cast<int>(certificate.size()),
                           certificate.begin()) == 1 &&
      ssl_.use_key(kEcKey, context_.get(), key.begin(), static_cast<long>(key.size())) == 1 &&
      ssl_.set_srtp(context_.get(), kProfiles) == 0;
  if (!ready) throw std::runtime_error("DTLS cannot be set up: " + LastError());
  ssl_.set_verify(context_.get(), kVerifyPeer, AcceptAny);
  connection_.reset(ssl_.connection_new(context_.get()));
  if (!connection_) throw std::runtime_error("DTLS cannot be set up: " + LastError());
  bio_st* const bio = transport_->Open();
  ssl_.set_bio(connection_.get(), bio, bio);
  ssl_.set_timer(connection_.get(), NextTimeout);
  ssl_.connection_control(connection_.get(), kSetMtu, static_cast<long>(kMaxDatagram), nullptr);
  if (settings_.role == DtlsRole::kClient) {
    ssl_.set_connect_state(connection_.get());
  } else {
    ssl_.set_accept_state(connection_.get());
  }
}

DtlsConnection::~DtlsConnection() { ssl_.crypto->cleanse(&keys_, sizeof keys_); }

void DtlsConnection::Start() {
  if (started_ || state_ != State::kGoing) return;
  started_ = true;
  Advance();
}

void DtlsConnection::OnDatagram(const std::uint8_t* data, std::size_t size) {
  // Data of applications there are none; before the keys are there, OpenSSL would give up at them.
  if (state_ == State::kFailed || !MayBeDtls(data, size) || data[0] == kApplicationData) return;
  started_ = true;
  transport_->Offer(data, size);
  // After the handshake it answers what the far end sends again, as its last flight was lost.
  Advance();
}

void DtlsConnection::OnTimer() {
  if (!started_ || state_ != State::kGoing) return;
  ssl_.clear_errors();
  if (ssl_.connection_control(connection_.get(), kHandleTimeout, 0, nullptr) < 0) {
    Fail("the far end does not answer: " + LastError());
  }
}

int DtlsConnection::NextTimerMs() const {
  timeval left{};
  if (!started_ || state_ != State::kGoing ||
      ssl_.connection_control(connection_.get(), kGetTimeout, 0, &left) != 1) {
    return -1;
  }
  return static_cast<int>(left.tv_sec * 1000 + (left.tv_usec + 999) / 1000);
}

bool DtlsConnection::TakeDatagram(Octets* out) { return transport_->Take(out); }

void DtlsConnection::Advance() {
  ssl_.clear_errors();
  if (state_ == State::kDone) {
    std::uint8_t nobody_reads_it = 0;
    ssl_.read(connection_.get(), &nobody_reads_it, sizeof nobody_reads_it);
    return;
  }
  const int result = ssl_.do_handshake(connection_.get());
  if (result == 1) {
    Finish();
  } else if (ssl_.get_error(connection_.get(), result) != kWantRead) {
    Fail("the handshake failed: " + LastError());
  }
}

void DtlsConnection::Finish() {
  std::string found;
  // RFC 5763 §5: otherwise somebody stands between.
  if (!IsExpectedCertificate(&found)) {
    ssl_.shut_down(connection_.get());
    return Fail("the far end's certificate is another one than its description names: " + found);
  }
  if (!ExportKeys()) return Fail("the far end agreed on no SRTP (use_srtp)");
  state_ = State::kDone;
}

bool DtlsConnection::IsExpectedCertificate(std::string* found) const {
  const std::unique_ptr<x509_st, void (*)(x509_st*)> certificate(
      ssl_.peer_certificate(connection_.get()), ssl_.certificate_free);
  std::array<std::uint8_t, 64> digest{};
  unsigned size = 0;
  const auto& expected = settings_.fingerprint;
  if (!certificate || ssl_.certificate_digest(certificate.get(), HashOf(ssl_, expected.hash),
                                              digest.data(), &size) != 1) {
    *found = "none";
    return false;
  }
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (unsigned i = 0; i < 4; ++i) {
    *found += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15], ':'};
  }
  *found += "...";
  return size == expected.digest.size() &&
         ssl_.crypto->compare(digest.data(), expected.digest.begin(), size) == 0;
}

/** RFC 5764 §4.2: both master keys, client's first, then both salts. */
bool DtlsConnection::ExportKeys() {
  const SrtpProtectionProfile* const profile = ssl_.selected_srtp(connection_.get());
  SrtpSettings keys;
  if (profile == nullptr || !FindSuite(profile->id, &keys.suite)) return false;
  const SrtpSizes sizes = SizesOf(keys.suite);
  std::array<std::uint8_t, 2 * (32 + 14)> material{};
  if (ssl_.export_key(connection_.get(), material.data(), 2 * sizes.master(), kLabel,
                      sizeof kLabel - 1, nullptr, 0, 0) != 1) {
    return false;
  }
  const auto key_of = [&](std::size_t end) {
    SrtpKey key;
    for (std::size_t i = 0; i < sizes.key; ++i) key.master.Add(material[end * sizes.key + i]);
    for (std::size_t i = 0; i < sizes.salt; ++i) {
      key.master.Add(material[2 * sizes.key + end * sizes.salt + i]);
    }
    return key;
  };
  const std::size_t own = settings_.role == DtlsRole::kClient ? 0 : 1;
  keys.send = key_of(own);
  keys.receive = key_of(1 - own);
  keys_ = keys;
  ssl_.crypto->cleanse(material.data(), material.size());
  ssl_.crypto->cleanse(&keys, sizeof keys);
  return true;
}

void DtlsConnection::Fail(const std::string& reason) {
  state_ = State::kFailed;
  failure_ = reason;
}

std::string DtlsConnection::LastError() const {
  const unsigned long error = ssl_.next_error();
  if (error == 0) return "no reason given";
  std::array<char, 200> words{};
  ssl_.error_in_words(error, words.data(), words.size());
  return words.data();
}

}  // namespace dashvoip
