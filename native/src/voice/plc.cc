#include "dashvoip/voice/plc.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "dashvoip/voice/pitch.h"

namespace dashvoip {

namespace {

// At 8 kHz.
constexpr std::size_t kFadeBegin = 80;      // 10 ms
constexpr std::size_t kFadeEnd = 480;       // 60 ms
constexpr std::size_t kMatch = 80;          // 10 ms are compared in the search for the pitch
constexpr std::size_t kShortestLag = 32;    // 250 Hz
constexpr double kPeriodic = 0.5;           // correlation that makes speech voiced
constexpr std::size_t kNoiseStretch = 160;  // repeated when it is not: too long to buzz
constexpr double kLeastGain = 0.5;
constexpr double kStepDecay = 0.9;       // the seam's step is gone after about 3 ms
constexpr std::size_t kMaxOverlap = 80;  // 10 ms

std::int16_t Saturate(double value) noexcept {
  return static_cast<std::int16_t>(std::min(32767.0, std::max(-32768.0, value)));
}

double Energy(const std::int16_t* samples, std::size_t count) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(samples[i]) * samples[i];
  return sum;
}

/** @param position in samples at 8 kHz. */
double FadeAt(double position) noexcept {
  if (position <= kFadeBegin) return 1;
  if (position >= kFadeEnd) return 0;
  return (kFadeEnd - position) / (kFadeEnd - kFadeBegin);
}

}  // namespace

constexpr std::size_t PacketLossConcealer::kHistory;
constexpr std::size_t PacketLossConcealer::kMaxPeriod;
constexpr std::size_t PacketLossConcealer::kOverlap;

void PacketLossConcealer::Remember(const std::int16_t* samples, std::size_t count) noexcept {
  const std::size_t size = kHistory * scale_;
  std::int16_t* history = history_.data();
  if (count >= size) {
    std::copy(samples + count - size, samples + count, history);
    return;
  }
  std::memmove(history, history + count, (size - count) * sizeof(history[0]));
  std::copy(samples, samples + count, history + size - count);
}

void PacketLossConcealer::BeginConcealment() noexcept {
  const std::int16_t* end = HistoryEnd();
  const std::size_t match = kMatch * scale_;
  const Pitch pitch =
      FindPitch(end - match, match, -1, kShortestLag * scale_, kMaxPitchLag * scale_, scale_);
  const bool voiced = pitch.correlation >= kPeriodic;
  period_size_ = voiced ? pitch.lag : kNoiseStretch * scale_;
  period_at_ = 0;
  std::copy(end - period_size_, end, period_.begin());
  // The end of the stretch leads back to its beginning: fade into what preceded that.
  const std::size_t overlap = std::min(kOverlap * scale_, period_size_ / 4);
  CrossFade(end - overlap, end - period_size_ - overlap, overlap,
            period_.data() + period_size_ - overlap);
  // The less the past resembles itself, the less of it belongs into the gap.
  gain_ = std::max(kLeastGain, std::min(1.0, pitch.correlation));
  // A dying sound goes on dying; a rising one is not made to rise.
  const double last = Energy(end - period_size_, period_size_);
  const double before = Energy(end - 2 * period_size_, period_size_);
  const double ratio = last < before ? std::max(kLeastGain, std::sqrt(last / before)) : 1;
  decline_ = std::pow(ratio, 1.0 / static_cast<double>(period_size_));
  // The stretch begins where its own past would lead on, not where the sound ended.
  step_ = end[-1] - gain_ * end[-static_cast<std::ptrdiff_t>(period_size_) - 1];
}

void PacketLossConcealer::Synthesize(std::int16_t* out, std::size_t count) noexcept {
  const auto scale = static_cast<double>(scale_);
  const double step_decay = scale_ == 1 ? kStepDecay : std::pow(kStepDecay, 1 / scale);
  for (std::size_t i = 0; i < count; ++i) {
    if (concealed_ >= kFadeEnd * scale_) {
      std::fill(out + i, out + count, std::int16_t{0});
      concealed_ += count - i;
      return;
    }
    step_ *= step_decay;
    gain_ *= decline_;
    out[i] = Saturate((gain_ * period_[period_at_] + step_) *
                      FadeAt(static_cast<double>(concealed_) / scale));
    if (++period_at_ == period_size_) period_at_ = 0;
    ++concealed_;
  }
}

void PacketLossConcealer::Conceal(std::int16_t* out, std::size_t count) noexcept {
  if (concealed_ == 0) BeginConcealment();
  Synthesize(out, count);
  Remember(out, count);
}

void PacketLossConcealer::Good(std::int16_t* samples, std::size_t count) noexcept {
  if (concealed_ > 0) {
    // 5 ms, and 1 ms more for each 5 ms of gap: the further apart, the gentler.
    const std::size_t wanted = std::min(kMaxOverlap * scale_, kOverlap * scale_ + concealed_ / 5);
    const std::size_t overlap = std::min(wanted, count);
    std::array<std::int16_t, kMaxOverlap * kMaxScale> tail;
    Synthesize(tail.data(), overlap);
    CrossFade(tail.data(), samples, overlap, samples);
    concealed_ = 0;
  }
  Remember(samples, count);
}

}  // namespace dashvoip
