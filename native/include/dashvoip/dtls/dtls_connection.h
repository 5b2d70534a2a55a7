#ifndef DASHVOIP_DTLS_DTLS_CONNECTION_H_
#define DASHVOIP_DTLS_DTLS_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "dashvoip/api/settings.h"
#include "dashvoip/dtls/libssl.h"

namespace dashvoip {

/** RFC 7983 §7: by its first byte a datagram is DTLS. */
inline bool MayBeDtls(const std::uint8_t* data, std::size_t size) noexcept {
  return size > 0 && data[0] >= 20 && data[0] <= 63;
}

/**
 * The handshake of DTLS-SRTP (RFC 5763, RFC 5764): datagrams in, datagrams out, and keys when both
 * ends have agreed and the far end's certificate is the one of its session description. Knows no
 * socket; the time for a retransmission is OpenSSL's own, in real time. For an ordinary thread.
 */
class DtlsConnection {
 public:
  using Octets = std::vector<std::uint8_t>;
  enum class State : std::uint8_t { kGoing, kDone, kFailed };

  /** Of a datagram that leaves; below any MTU, with room for IP, UDP and a tunnel. */
  static constexpr std::size_t kMaxDatagram = 1200;
  /** Datagrams that wait to be taken; the oldest gives way. */
  static constexpr std::size_t kMaxWaiting = 16;

  /** @throws std::runtime_error in words. */
  DtlsConnection(const Libssl& ssl, const DtlsSettings& settings);
  ~DtlsConnection();
  DtlsConnection(const DtlsConnection&) = delete;
  DtlsConnection& operator=(const DtlsConnection&) = delete;

  /** There is a way to the far end: the client speaks first. */
  void Start();
  /** Any bytes are allowed. */
  void OnDatagram(const std::uint8_t* data, std::size_t size);
  /** Sends again what was not answered, if its time has come. */
  void OnTimer();
  /** Until `OnTimer` is due, ms; -1 for nothing to wait for. */
  int NextTimerMs() const;

  /** @return false when nothing is to be sent. */
  bool TakeDatagram(Octets* out);

  State state() const noexcept { return state_; }
  /** Why it failed, in words. */
  const std::string& failure() const noexcept { return failure_; }
  /** Once it is done. */
  const SrtpSettings& keys() const noexcept { return keys_; }

 private:
  class Transport;

  void Advance();
  void Finish();
  void Fail(const std::string& reason);
  bool IsExpectedCertificate(std::string* found) const;
  bool ExportKeys();
  std::string LastError() const;

  const Libssl& ssl_;
  const DtlsSettings settings_;
  const std::unique_ptr<Transport> transport_;
  const std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> connection_;
  bool started_ = false;
  State state_ = State::kGoing;
  std::string failure_;
  SrtpSettings keys_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_DTLS_DTLS_CONNECTION_H_
