#ifndef DASHVOIP_SRTP_SUITE_H_
#define DASHVOIP_SRTP_SUITE_H_

#include <cstddef>

#include "dashvoip/api/settings.h"

namespace dashvoip {

/** Sizes that a suite stands for, bytes. */
struct SrtpSizes {
  std::size_t key;       ///< master key, and session key of the cipher
  std::size_t salt;      ///< master salt, and session salt
  std::size_t rtp_tag;   ///< of SRTP
  std::size_t rtcp_tag;  ///< of SRTCP: it keeps 80 bits where SRTP has 32 (RFC 4568 §6.2)
  bool aead;             ///< RFC 7714; otherwise AES-CM with HMAC-SHA1

  std::size_t master() const noexcept { return key + salt; }
};

inline SrtpSizes SizesOf(SrtpSuite suite) noexcept {
  switch (suite) {
    case SrtpSuite::kAes128Sha1Tag80:
      return {16, 14, 10, 10, false};
    case SrtpSuite::kAes128Sha1Tag32:
      return {16, 14, 4, 10, false};
    case SrtpSuite::kAes256Sha1Tag80:
      return {32, 14, 10, 10, false};
    case SrtpSuite::kAes256Sha1Tag32:
      return {32, 14, 4, 10, false};
    case SrtpSuite::kAes128Gcm:
      return {16, 12, 16, 16, true};
    case SrtpSuite::kAes256Gcm:
      return {32, 12, 16, 16, true};
  }
  return {};
}

using Mki = Optional<BoundedList<std::uint8_t, 16, 1>>;

inline std::size_t SizeOf(const Mki& mki) noexcept { return mki ? mki->size() : 0; }

/** Index and E bit of SRTCP (RFC 3711 §3.4). */
constexpr std::size_t kSrtcpIndexSize = 4;
constexpr std::uint32_t kSrtcpEncrypted = 0x80000000;
/** Of RTCP, which stays readable. */
constexpr std::size_t kRtcpHeaderSize = 8;

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_SUITE_H_
