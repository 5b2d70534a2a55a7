#include "dashvoip/audio/pull_buffer.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {
// More margin after each underrun, and a little less with each new beginning.
constexpr std::uint32_t kMarginStepMs = 10;
constexpr std::uint32_t kMarginEaseMs = 5;
constexpr std::int64_t kCalmNs = 5 * kNsPerSecond;
constexpr std::int64_t kMostCalmNs = 600 * kNsPerSecond;
}  // namespace

PullBuffer::PullBuffer(std::uint32_t rate_hz, const Limits& limits)
    : rate_hz_(rate_hz),
      limits_(limits),
      ring_(static_cast<std::size_t>(rate_hz) * limits.max_ms * 2 / 1000),
      written_(rate_hz),
      margin_ms_(limits.margin_ms),
      calm_ns_(kCalmNs),
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
    eased_ms_ = 0;
    ease_at_ns_ = 0;
    calm_ns_ = kCalmNs;
    priming_ = true;
  }
  if (priming_ && !Prime(count, now_ns)) {
    std::fill(out, out + count, std::int16_t{0});
    return false;
  }
  if (ring_.size() < count) return Starve(out, count, now_ns);
  if (ring_.size() > Samples(limits_.max_ms)) {
    overruns_.fetch_add(1, std::memory_order_relaxed);
    Discard(ring_.size() - count - static_cast<std::size_t>(Samples(margin_ms_)));
    drift_.Learn();
  }
  Ease(now_ns);
  const double level = Level(now_ns);
  delay_ms_.store(std::max(0.0, level) * 1000 / rate_hz_, std::memory_order_relaxed);
  drift_.Update(level - static_cast<double>(count), now_ns);
  drift_ppm_.store(drift_.ppm(), std::memory_order_relaxed);
  consumed_ += ring_.Read(out, count);
  SkipSilence(out, count);
  return true;
}

// In silence a seam is not heard wherever it lies.
void PullBuffer::SkipSilence(std::int16_t* out, std::size_t count) noexcept {
  // The next block stays.
  const std::size_t ready = ring_.size();
  if (ready <= count) return;
  const std::size_t skipped = drift_.TakeSilent(out, count, ready - count);
  if (skipped == 0) return;
  std::copy(out + skipped, out + count, out);
  consumed_ += ring_.Read(out + count - skipped, skipped);
}

// An underrun of a moment is no reason to hear each other late for the rest of the call.
void PullBuffer::Ease(std::int64_t now_ns) noexcept {
  if (ease_at_ns_ == 0 || now_ns < ease_at_ns_) return;
  if (!drift_.Lower(Samples(kMarginStepMs))) return;
  eased_ms_ += kMarginStepMs;
  const bool more = margin_ms_ - eased_ms_ >= limits_.margin_ms + kMarginStepMs;
  ease_at_ns_ = more ? now_ns + calm_ns_ : 0;
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

bool PullBuffer::Starve(std::int16_t* out, std::size_t count, std::int64_t now_ns) noexcept {
  underruns_.fetch_add(1, std::memory_order_relaxed);
  // It was eased too early.
  if (eased_ms_ > 0) calm_ns_ = std::min(2 * calm_ns_, kMostCalmNs);
  margin_ms_ = std::min(margin_ms_ - eased_ms_ + kMarginStepMs, limits_.max_margin_ms);
  eased_ms_ = 0;
  ease_at_ns_ = now_ns + calm_ns_;
  priming_ = true;
  std::fill(out, out + count, std::int16_t{0});
  return false;
}

}  // namespace dashvoip
