#ifndef DASHVOIP_RTP_NTP_TIME_H_
#define DASHVOIP_RTP_NTP_TIME_H_

#include <cstdint>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

/** RFC 3550 §4: 64-bit NTP time (32.32 seconds since 1900) of a Unix time in ns. */
std::uint64_t NtpFromUnix(std::int64_t unix_ns) noexcept;

/** Middle 32 bits (16.16 seconds), as LSR and the arithmetic of RFC 3550 §6.4.1 use them. */
inline std::uint32_t NtpMiddle(std::uint64_t ntp) noexcept {
  return static_cast<std::uint32_t>(ntp >> 16);
}

/** Duration in 1/65536 s, clamped to 0..2^32-1. */
std::uint32_t NtpShortFromNs(std::int64_t duration_ns) noexcept;

/** ns of a signed difference in 1/65536 s. */
inline std::int64_t NsFromNtpShort(std::int32_t units) noexcept {
  return static_cast<std::int64_t>(units) * kNsPerSecond / 65536;
}

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_NTP_TIME_H_
