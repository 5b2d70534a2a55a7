#ifndef DASHVOIP_BASE_MONOTONIC_H_
#define DASHVOIP_BASE_MONOTONIC_H_

#include <time.h>

#include <cstdint>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

inline std::int64_t ToNs(const timespec& time) noexcept {
  return static_cast<std::int64_t>(time.tv_sec) * kNsPerSecond + time.tv_nsec;
}

/** CLOCK_MONOTONIC in nanoseconds: every deadline and every `now` of the media plane. */
inline std::int64_t MonotonicNs() noexcept {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return ToNs(now);
}

/** Where `now` comes from for what calls at times of its own: MonotonicNs but in a test. */
using Clock = std::int64_t (*)();

/** CLOCK_REALTIME in nanoseconds since 1970: RTCP's wall clock only; it may jump. */
inline std::int64_t WallClockNs() noexcept {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return ToNs(now);
}

/** Sleeps until an absolute instant; returns at once when it has passed. */
inline void SleepUntil(std::int64_t monotonic_ns) noexcept {
  timespec until;
  until.tv_sec = static_cast<time_t>(monotonic_ns / kNsPerSecond);
  until.tv_nsec = static_cast<long>(monotonic_ns % kNsPerSecond);
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) != 0) {
  }
}

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_MONOTONIC_H_
