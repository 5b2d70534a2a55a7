#ifndef DASHVOIP_SRTP_COUNTER_MODE_H_
#define DASHVOIP_SRTP_COUNTER_MODE_H_

#include <array>
#include <cstdint>

#include "dashvoip/crypto/aes.h"
#include "dashvoip/crypto/hmac_sha1.h"
#include "dashvoip/srtp/session_keys.h"
#include "dashvoip/srtp/srtp_cipher.h"

namespace dashvoip {

/** AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1, §4.2.1; RFC 6188 with 256 bits). */
class CounterMode : public SrtpCipher {
 public:
  /** @throws std::runtime_error */
  CounterMode(const Libcrypto& crypto, const SrtpSizes& sizes, const SrtpKey& key);

  bool ProtectRtp(std::uint8_t* packet, std::size_t header, std::uint64_t index,
                  std::size_t* size) noexcept override;
  bool ProtectRtcp(std::uint8_t* packet, std::uint32_t index, std::size_t* size) noexcept override;
  bool UnprotectRtp(std::uint8_t* packet, std::size_t header, std::uint64_t index,
                    std::size_t* size) noexcept override;
  bool UnprotectRtcp(std::uint8_t* packet, std::uint32_t index,
                     std::size_t* size) noexcept override;
  bool FindRtcpIndex(std::size_t size, std::size_t* at) const noexcept override;

 private:
  /** One protocol's session keys at work. */
  struct Lane {
    Lane(const Libcrypto& crypto, const SrtpSizes& sizes, const SessionKeys& keys);

    bool Apply(std::uint32_t ssrc, std::uint64_t index, std::uint8_t* data,
               std::size_t size) noexcept;

    AesCtr cipher;
    HmacSha1 mac;
    AesCtr::Iv salt{};
  };

  void Append(const HmacSha1::Digest& tag, std::size_t tag_size, std::uint8_t* packet,
              std::size_t* size) const noexcept;
  bool Matches(const HmacSha1::Digest& tag, std::size_t tag_size, const std::uint8_t* packet,
               std::size_t authenticated) const noexcept;

  const Libcrypto& crypto_;
  const SrtpSizes sizes_;
  const Mki mki_;
  Lane rtp_;
  Lane rtcp_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_COUNTER_MODE_H_
