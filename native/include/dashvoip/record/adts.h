#ifndef DASHVOIP_RECORD_ADTS_H_
#define DASHVOIP_RECORD_ADTS_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** AAC-LC as the camera gives it: what its headers say (ISO/IEC 14496-3 §1.6). */
struct AacFormat {
  std::uint32_t rate_hz = 0;
  std::uint32_t channels = 0;

  bool operator==(const AacFormat& other) const noexcept {
    return rate_hz == other.rate_hz && channels == other.channels;
  }
  bool operator!=(const AacFormat& other) const noexcept { return !(*this == other); }
};

/** Samples of one access unit. */
constexpr std::uint32_t kAacFrame = 1024;

/** @return false for a rate or a number of channels that AAC has no number for. */
bool IsAac(const AacFormat& format) noexcept;

/** AudioSpecificConfig, §1.6.2.1. @param format as `IsAac` says. */
std::array<std::uint8_t, 2> AacConfig(const AacFormat& format) noexcept;

constexpr std::size_t kAdtsHeader = 7;
/** Longest access unit that an ADTS header can tell of. */
constexpr std::size_t kMaxAdtsPayload = 8191 - kAdtsHeader;

/** The header before an access unit of `size` bytes, ISO/IEC 13818-7 §6.2. */
std::array<std::uint8_t, kAdtsHeader> AdtsHeader(const AacFormat& format,
                                                 std::size_t size) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_ADTS_H_
