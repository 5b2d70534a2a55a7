#include "dashvoip/audio/pull_buffer.h"

#include <algorithm>

#include "dashvoip/engine/monotonic.h"

namespace dashvoip {
namespace {
constexpr std::uint32_t kMarginStepMs = 5;
// Less than the margin: a slow device is followed before it runs dry.
constexpr std::uint32_t kSlipBandMs = 6;

std::int64_t DurationNs(std::uint64_t samples, std::uint32_t rate_hz) {
  return static_cast<std::int64_t>(samples / rate_hz * kNsPerSecond +
                                   samples % rate_hz * kNsPerSecond / rate_hz);
}
}  // namespace

PullBuffer::PullBuffer(std::uint32_t rate_hz, const Limits& limits)
    : rate_hz_(rate_hz),
      limits_(limits),
      ring_(static_cast<std::size_t>(rate_hz) * limits.max_ms * 2 / 1000),
      margin_ms_(limits.margin_ms),
      slip_(Samples(kSlipBandMs)) {}

void PullBuffer::Write(const std::int16_t* samples, std::size_t count,
                       std::int64_t now_ns) noexcept {
  const std::size_t written = ring_.Write(samples, count);
  if (written < count) overruns_.fetch_add(1, std::memory_order_relaxed);
  produced_ += written;
  chunk_.store(count, std::memory_order_relaxed);
  origin_ns_.store(now_ns - DurationNs(produced_, rate_hz_), std::memory_order_relaxed);
}

bool PullBuffer::Pull(std::int16_t* out, std::size_t count, std::int64_t now_ns) noexcept {
  if (restart_.exchange(false, std::memory_order_acq_rel)) {
    Discard(ring_.size());
    margin_ms_ = limits_.margin_ms;
    priming_ = true;
  }
  if (priming_ && !Prime(count, now_ns)) {
    std::fill(out, out + count, std::int16_t{0});
    return false;
  }
  if (ring_.size() < count) return Starve(out, count);
  if (ring_.size() > Samples(limits_.max_ms)) {
    Discard(ring_.size() - std::max(count, static_cast<std::size_t>(slip_.aim()) + count));
    overruns_.fetch_add(1, std::memory_order_relaxed);
    slip_.Aim(slip_.aim());
  }
  const int slip = slip_.Update(Level(now_ns) - static_cast<double>(count));
  if (slip > 0 && ring_.size() > count) Discard(1);
  const std::size_t taken = slip < 0 ? count - 1 : count;
  ring_.Read(out, taken);
  consumed_ += taken;
  if (taken < count) out[taken] = taken > 0 ? out[taken - 1] : std::int16_t{0};
  return true;
}

std::uint32_t PullBuffer::queued_ms() const noexcept {
  return static_cast<std::uint32_t>(ring_.size() * 1000 / rate_hz_);
}

// What would be queued if the device delivered sample by sample: free of the sawtooth of chunks.
double PullBuffer::Level(std::int64_t now_ns) const noexcept {
  const auto since_origin =
      static_cast<double>(now_ns - origin_ns_.load(std::memory_order_relaxed));
  return since_origin * rate_hz_ / static_cast<double>(kNsPerSecond) -
         static_cast<double>(consumed_);
}

void PullBuffer::Discard(std::size_t count) noexcept { consumed_ += ring_.Discard(count); }

// Enough is there when, with the next chunk just about to come, `margin` would still be left.
bool PullBuffer::Prime(std::size_t count, std::int64_t now_ns) noexcept {
  if (ring_.size() < count) return false;
  const double aim =
      static_cast<double>(chunk_.load(std::memory_order_relaxed)) + Samples(margin_ms_);
  const double excess = Level(now_ns) - static_cast<double>(count) - aim;
  if (excess < 0) return false;
  Discard(std::min(static_cast<std::size_t>(excess), ring_.size() - count));
  priming_ = false;
  slip_.Aim(aim);
  return true;
}

bool PullBuffer::Starve(std::int16_t* out, std::size_t count) noexcept {
  underruns_.fetch_add(1, std::memory_order_relaxed);
  margin_ms_ = std::min(margin_ms_ + kMarginStepMs, limits_.max_margin_ms);
  priming_ = true;
  std::fill(out, out + count, std::int16_t{0});
  return false;
}

}  // namespace dashvoip
