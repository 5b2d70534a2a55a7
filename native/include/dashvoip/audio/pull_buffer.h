#ifndef DASHVOIP_AUDIO_PULL_BUFFER_H_
#define DASHVOIP_AUDIO_PULL_BUFFER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "dashvoip/audio/drift_control.h"
#include "dashvoip/audio/sample_clock.h"
#include "dashvoip/base/spsc_ring.h"

namespace dashvoip {

/**
 * Between a device that delivers mono samples in chunks of its own and the media thread that pulls
 * blocks of its own, on two clocks. Before the first block it waits until the worst phase of chunk
 * against block leaves `margin_ms`, and throws away what is older than that, so that each start has
 * the same, least delay. After an underrun it waits again, with 10 ms more margin, which later
 * calls begin with too: what came late once will come late again. Within the call that delay is
 * eased off after a calm while, in silence or by 100 ppm; if that was too early, the while is
 * longer the next time. What stands above `max_ms` loses its oldest samples, and what a stall left
 * behind goes while nobody speaks. Slow drift is the writer's to take out, with a resampler that
 * follows `drift_ppm`.
 */
class PullBuffer {
 public:
  struct Limits {
    std::uint32_t margin_ms = 10;
    std::uint32_t max_margin_ms = 40;
    std::uint32_t max_ms = 120;
  };

  PullBuffer(std::uint32_t rate_hz, const Limits& limits);
  explicit PullBuffer(std::uint32_t rate_hz) : PullBuffer(rate_hz, Limits()) {}

  /** Writer. @param now_ns monotonic time; what does not fit is dropped and counted. */
  void Write(const std::int16_t* samples, std::size_t count, std::int64_t now_ns) noexcept;
  /** Reader, RT. @return false: too little is there; `out` is silence, nothing was taken. */
  bool Pull(std::int16_t* out, std::size_t count, std::int64_t now_ns) noexcept;
  /** Any thread: the next Pull forgets all that was queued before it and fills up anew. */
  void Restart() noexcept { restart_.store(true, std::memory_order_release); }

  /** Writer: how much more of its input a resampler shall take for what it writes here. */
  int drift_ppm() const noexcept { return drift_ppm_.load(std::memory_order_relaxed); }
  std::uint32_t queued_ms() const noexcept;
  /** From the device to the reader, the chunk that the device fills included, at the last Pull. */
  double delay_ms() const noexcept { return delay_ms_.load(std::memory_order_relaxed); }
  std::uint64_t underruns() const noexcept { return underruns_.load(std::memory_order_relaxed); }
  /** Times that sound was thrown away because nobody pulled it in time. */
  std::uint64_t overruns() const noexcept { return overruns_.load(std::memory_order_relaxed); }

 private:
  double Samples(std::uint32_t ms) const noexcept { return ms * rate_hz_ / 1000.0; }
  double Level(std::int64_t now_ns) const noexcept;
  void Discard(std::size_t count) noexcept;
  bool Prime(std::size_t count, std::int64_t now_ns) noexcept;
  bool Starve(std::int16_t* out, std::size_t count, std::int64_t now_ns) noexcept;
  void Ease(std::int64_t now_ns) noexcept;
  void SkipSilence(std::int16_t* out, std::size_t count) noexcept;

  const std::uint32_t rate_hz_;
  const Limits limits_;
  SpscRing<std::int16_t> ring_;
  std::atomic<bool> restart_{false};
  std::atomic<std::uint64_t> underruns_{0};
  std::atomic<std::uint64_t> overruns_{0};
  std::atomic<int> drift_ppm_{0};
  std::atomic<double> delay_ms_{0};
  SampleClock written_;
  std::atomic<std::size_t> chunk_{0};  // size of the writer's last one

  // The reader's own.
  std::uint64_t consumed_ = 0;
  std::uint32_t margin_ms_;
  std::uint32_t eased_ms_ = 0;   // of the margin, within this call
  std::int64_t ease_at_ns_ = 0;  // 0: nothing to ease
  std::int64_t calm_ns_;         // without an underrun, before it is eased
  bool priming_ = true;
  DriftControl drift_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_PULL_BUFFER_H_
