#ifndef DASHVOIP_SRTP_SRTP_SENDER_H_
#define DASHVOIP_SRTP_SRTP_SENDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dashvoip/srtp/srtp_cipher.h"

namespace dashvoip {

/**
 * One stream that leaves, and what is sent of it once more (RFC 4588), under one master key:
 * cipher, roll-over counter of each and index of SRTCP. Under one key each index is used once, so
 * it lives as long as the key is used, whatever re-negotiation does to the rest.
 */
class SrtpSender {
 public:
  /** @throws std::runtime_error */
  SrtpSender(const Libcrypto& crypto, SrtpSuite suite, const SrtpKey& key);

  /** @param packet with room for the trailer. @return false for what must not leave. */
  bool ProtectRtp(std::uint8_t* packet, std::size_t* size) noexcept;
  bool ProtectRtcp(std::uint8_t* packet, std::size_t* size) noexcept;

 private:
  /** RFC 3711 §3.2.3: each SSRC counts by itself. */
  struct Source {
    bool started = false;
    std::uint32_t ssrc = 0;
    std::int64_t highest = 0;  // index of SRTP
  };

  Source* Find(std::uint32_t ssrc) noexcept;

  const std::unique_ptr<SrtpCipher> cipher_;
  std::array<Source, 2> sources_;
  std::uint32_t rtcp_index_ = 0;  // of the last packet
};

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_SRTP_SENDER_H_
