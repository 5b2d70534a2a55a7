#ifndef DASHVOIP_SRTP_SRTP_CIPHER_H_
#define DASHVOIP_SRTP_SRTP_CIPHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "dashvoip/crypto/libcrypto.h"
#include "dashvoip/srtp/suite.h"

namespace dashvoip {

/**
 * Encrypts and authenticates packets of one direction under one master key, in place; whose they
 * are and how often they came is for others. Making one allocates, using it does not.
 */
class SrtpCipher {
 public:
  enum class Use : std::uint8_t { kProtect, kUnprotect };

  /** @throws std::runtime_error in words, for a key that is not of `suite` too. */
  static std::unique_ptr<SrtpCipher> Create(const Libcrypto& crypto, SrtpSuite suite,
                                            const SrtpKey& key, Use use);
  virtual ~SrtpCipher() = default;

  /** @param header bytes that stay readable. @param index RFC 3711 §3.3.1, 48 bits. */
  virtual bool ProtectRtp(std::uint8_t* packet, std::size_t header, std::uint64_t index,
                          std::size_t* size) noexcept = 0;
  /** @param index 31 bits. */
  virtual bool ProtectRtcp(std::uint8_t* packet, std::uint32_t index,
                           std::size_t* size) noexcept = 0;

  /** @return false for what was not made with the key, which is left as it came. */
  virtual bool UnprotectRtp(std::uint8_t* packet, std::size_t header, std::uint64_t index,
                            std::size_t* size) noexcept = 0;
  /** @param index as the packet says. */
  virtual bool UnprotectRtcp(std::uint8_t* packet, std::uint32_t index,
                             std::size_t* size) noexcept = 0;

  /** Where in a packet of SRTCP its E bit and index stand; false when it is too short. */
  virtual bool FindRtcpIndex(std::size_t size, std::size_t* at) const noexcept = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_SRTP_CIPHER_H_
