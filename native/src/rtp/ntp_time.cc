#include "dashvoip/rtp/ntp_time.h"

#include "dashvoip/base/time_units.h"

namespace dashvoip {

namespace {
constexpr std::uint64_t kUnixEpoch = 2208988800;  // 1970 in seconds since 1900
}  // namespace

std::uint64_t NtpFromUnix(std::int64_t unix_ns) noexcept {
  std::int64_t seconds = unix_ns / kNsPerSecond;
  std::int64_t rest = unix_ns % kNsPerSecond;
  if (rest < 0) {
    rest += kNsPerSecond;
    --seconds;
  }
  const std::uint64_t fraction = (static_cast<std::uint64_t>(rest) << 32) / kNsPerSecond;
  // The era wraps in 2036 as the protocol wants it.
  return (static_cast<std::uint64_t>(seconds) + kUnixEpoch) << 32 | fraction;
}

std::uint32_t NtpShortFromNs(std::int64_t duration_ns) noexcept {
  if (duration_ns <= 0) return 0;
  const std::int64_t seconds = duration_ns / kNsPerSecond;
  if (seconds >= 65536) return 0xffffffff;
  return static_cast<std::uint32_t>(seconds << 16 |
                                    (duration_ns % kNsPerSecond << 16) / kNsPerSecond);
}

}  // namespace dashvoip
