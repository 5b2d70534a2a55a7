#ifndef DASHVOIP_AUDIO_SAMPLE_CLOCK_H_
#define DASHVOIP_AUDIO_SAMPLE_CLOCK_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

/**
 * Samples that a writer of whole blocks has produced, as if it wrote one at a time: a level
 * measured against it is free of the sawtooth of blocks. One writing and one reading thread.
 */
class SampleClock {
 public:
  explicit SampleClock(std::uint32_t rate_hz) noexcept : rate_hz_(rate_hz) {}

  /** Writer, after each block. */
  void OnWritten(std::size_t count, std::int64_t now_ns) noexcept {
    produced_ += count;
    origin_ns_.store(now_ns - DurationNs(), std::memory_order_relaxed);
  }
  /** Reader: samples since the first one. */
  double At(std::int64_t now_ns) const noexcept {
    return static_cast<double>(now_ns - origin_ns_.load(std::memory_order_relaxed)) * rate_hz_ /
           kNsPerSecond;
  }

 private:
  std::int64_t DurationNs() const noexcept {
    return NsOfTicks(static_cast<std::int64_t>(produced_), rate_hz_);
  }

  const std::uint32_t rate_hz_;
  std::uint64_t produced_ = 0;              // the writer's own
  std::atomic<std::int64_t> origin_ns_{0};  // when a steady writer would have begun
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_SAMPLE_CLOCK_H_
