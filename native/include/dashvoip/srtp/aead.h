#ifndef DASHVOIP_SRTP_AEAD_H_
#define DASHVOIP_SRTP_AEAD_H_

#include <cstdint>

#include "dashvoip/crypto/aes.h"
#include "dashvoip/srtp/session_keys.h"
#include "dashvoip/srtp/srtp_cipher.h"

namespace dashvoip {

/** AES-GCM (RFC 7714). */
class Aead : public SrtpCipher {
 public:
  /** @throws std::runtime_error */
  Aead(const Libcrypto& crypto, const SrtpSizes& sizes, const SrtpKey& key, Use use);

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
    Lane(const Libcrypto& crypto, const SrtpSizes& sizes, const SessionKeys& keys, Use use);

    AesGcm::Iv At(std::uint32_t ssrc, std::uint64_t index) const noexcept;

    AesGcm cipher;
    AesGcm::Iv salt{};
  };

  const Mki mki_;
  Lane rtp_;
  Lane rtcp_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_AEAD_H_
