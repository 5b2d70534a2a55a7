#include "dashvoip/audio/pull_buffer.h"

#include <algorithm>

namespace dashvoip {
namespace {
// More margin after each underrun, and a little less with each new beginning.
constexpr std::uint32_t kMarginStepMs = 10;
constexpr std::uint32_t kMarginEaseMs = 5;
}  // namespace

PullBuffer::PullBuffer(std::uint32_t rate_hz, const Limits& limits)
    : rate_hz_(rate_hz),
      limits_(limits),
      ring_(static_cast<std::size_t>(rate_hz) * limits.max_ms * 2 / 1000),
      written_(rate_hz),
      margin_ms_(limits.margin_ms),
      drift_(rate_hz) {}

void PullBuffer::Write(const std::int16_t* samples, std::size_t count,
                       std::int64_t now_ns) noexcept {
  const std::size_t written = ring_.Write(samples, count);
  if (written < count) overruns_.fetch_add(1, std::memory_order_relaxed);
  written_.OnWritten(written, now_ns);
  chunk_.store(count, std::memory_order_relaxed);
}

bool PullBuffer::Pull(std::int16_t* out, std::size_t count, std::int64_t now_ns) noexcept {
  if (restart_.exchange(false, std::memory_order_acq_rel)) {
    Discard(ring_.size());
    margin_ms_ = std::max(limits_.margin_ms, margin_ms_ - kMarginEaseMs);
    priming_ = true;
  }
  if (priming_ && !Prime(count, now_ns)) {
    std::fill(out, out + count, std::int16_t{0});
    return false;
  }
  if (ring_.size() < count) return Starve(out, count);
  if (ring_.size() > Samples(limits_.max_ms)) {
    overruns_.fetch_add(1, std::memory_order_relaxed);
    Discard(ring_.size() - count - static_cast<std::size_t>(Samples(margin_ms_)));
    drift_.Learn();
  }
  drift_.Update(Level(now_ns) - static_cast<double>(count), now_ns);
  drift_ppm_.store(drift_.ppm(), std::memory_order_relaxed);
  consumed_ += ring_.Read(out, count);
  const bool next_is_there = ring_.size() >= 2 * count;
  if (next_is_there && drift_.SkipSilent(out, count)) consumed_ += ring_.Read(out, count);
  return true;
}

std::uint32_t PullBuffer::queued_ms() const noexcept {
  return static_cast<std::uint32_t>(ring_.size() * 1000 / rate_hz_);
}

double PullBuffer::Level(std::int64_t now_ns) const noexcept {
  return written_.At(now_ns) - static_cast<double>(consumed_);
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
  drift_.Learn();
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
