#ifndef DASHVOIP_BASE_TIME_UNITS_H_
#define DASHVOIP_BASE_TIME_UNITS_H_

#include <cstdint>

namespace dashvoip {

// Every instant and duration of the media plane is a std::int64_t in nanoseconds.

constexpr std::int64_t kNsPerUs = 1000;
constexpr std::int64_t kNsPerMs = 1000 * kNsPerUs;
constexpr std::int64_t kNsPerSecond = 1000 * kNsPerMs;

/** The duration of `count` ticks of a clock; no overflow where `count * kNsPerSecond` has one. */
constexpr std::int64_t NsOfTicks(std::int64_t count, std::int64_t ticks_per_second) noexcept {
  return count / ticks_per_second * kNsPerSecond +
         count % ticks_per_second * kNsPerSecond / ticks_per_second;
}

/** How many whole ticks of a clock a duration has. */
constexpr std::int64_t TicksOfNs(std::int64_t ns, std::int64_t ticks_per_second) noexcept {
  return ns / kNsPerSecond * ticks_per_second + ns % kNsPerSecond * ticks_per_second / kNsPerSecond;
}

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_TIME_UNITS_H_
