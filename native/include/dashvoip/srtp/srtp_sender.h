#ifndef DASHVOIP_SRTP_SRTP_SENDER_H_
#define DASHVOIP_SRTP_SRTP_SENDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "dashvoip/srtp/srtp_cipher.h"

namespace dashvoip {

/**
 * One stream that leaves, under one master key: cipher, roll-over counter and index of SRTCP. Under
 * one key each index is used once, so it lives as long as the key is used, whatever re-negotiation
 * does to the rest.
 */
class SrtpSender {
 public:
  /** @throws std::runtime_error */
  SrtpSender(const Libcrypto& crypto, SrtpSuite suite, const SrtpKey& key);

  /** @param packet with room for the trailer. @return false for what must not leave. */
  bool ProtectRtp(std::uint8_t* packet, std::size_t* size) noexcept;
  bool ProtectRtcp(std::uint8_t* packet, std::size_t* size) noexcept;

 private:
  const std::unique_ptr<SrtpCipher> cipher_;
  bool started_ = false;
  std::uint32_t ssrc_ = 0;
  std::int64_t highest_ = 0;      // index of SRTP
  std::uint32_t rtcp_index_ = 0;  // of the last packet
};

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_SRTP_SENDER_H_
