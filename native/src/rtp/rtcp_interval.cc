#include "dashvoip/rtp/rtcp_interval.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

std::int64_t RtcpDeterministicInterval(const RtcpIntervalInput& input) noexcept {
  double members = std::max<std::uint32_t>(input.members, 1);
  double bandwidth = input.bandwidth;
  // A quarter of the bandwidth is for senders as long as they are few.
  if (input.senders > 0 && input.senders <= members / 4) {
    if (input.we_sent) {
      members = input.senders;
      bandwidth *= 0.25;
    } else {
      members -= input.senders;
      bandwidth *= 0.75;
    }
  }
  if (bandwidth <= 0) return input.minimum;
  const double seconds = input.average_size * members / bandwidth;
  return std::max(input.minimum,
                  static_cast<std::int64_t>(std::min(seconds, 3600.0) * kNsPerSecond));
}

std::int64_t RtcpRandomizedInterval(const RtcpIntervalInput& input, RandomSource* random) noexcept {
  constexpr double kCompensation = 2.71828182845904523536 - 1.5;
  const auto interval = static_cast<double>(RtcpDeterministicInterval(input));
  return static_cast<std::int64_t>(interval * (random->NextUnit() + 0.5) / kCompensation);
}

}  // namespace dashvoip
