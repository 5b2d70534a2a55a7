#include "dashvoip/codec/plc.h"

#include <algorithm>
#include <cstring>

#include "dashvoip/codec/pitch.h"

namespace dashvoip {

namespace {

constexpr std::size_t kFadeBegin = 80;      // 10 ms
constexpr std::size_t kFadeEnd = 480;       // 60 ms
constexpr std::size_t kMatch = 160;         // 20 ms are compared in the search for the pitch
constexpr double kPeriodic = 0.5;           // correlation that makes speech voiced
constexpr std::size_t kNoiseStretch = 160;  // repeated when it is not: too long to buzz
constexpr double kStepDecay = 0.9;          // the seam's step is gone after about 3 ms
constexpr std::size_t kMaxOverlap = 80;     // 10 ms

std::int16_t Saturate(double value) noexcept {
  return static_cast<std::int16_t>(std::min(32767.0, std::max(-32768.0, value)));
}

double GainAt(std::size_t position) noexcept {
  if (position <= kFadeBegin) return 1;
  if (position >= kFadeEnd) return 0;
  return static_cast<double>(kFadeEnd - position) / (kFadeEnd - kFadeBegin);
}

}  // namespace

constexpr std::size_t PacketLossConcealer::kHistory;
constexpr std::size_t PacketLossConcealer::kMaxPeriod;
constexpr std::size_t PacketLossConcealer::kOverlap;

void PacketLossConcealer::Remember(const std::int16_t* samples, std::size_t count) noexcept {
  if (count >= kHistory) {
    std::copy(samples + count - kHistory, samples + count, history_.begin());
    return;
  }
  std::memmove(history_.data(), history_.data() + count, (kHistory - count) * sizeof(history_[0]));
  std::copy(samples, samples + count, history_.end() - static_cast<std::ptrdiff_t>(count));
}

void PacketLossConcealer::BeginConcealment() noexcept {
  const std::int16_t* end = history_.data() + kHistory;
  const Pitch pitch = FindPitch(end - kMatch, kMatch, -1, kMinPitchLag * 2, kMaxPitchLag);
  if (pitch.correlation >= kPeriodic) {
    // Two periods at least, so that a repeated stretch has some of the voice's own variation.
    period_size_ = pitch.lag * 2 <= kMaxPeriod ? pitch.lag * 2 : pitch.lag;
  } else {
    period_size_ = kNoiseStretch;
  }
  std::copy(end - period_size_, end, period_.begin());
  // The end of the stretch leads back to its beginning: fade into what preceded that.
  const std::size_t overlap = std::min(kOverlap, period_size_ / 4);
  CrossFade(end - overlap, end - period_size_ - overlap, overlap,
            period_.data() + period_size_ - overlap);
  // The stretch begins where its own past would lead on, not where the sound ended.
  step_ = static_cast<double>(end[-1]) - end[-static_cast<std::ptrdiff_t>(period_size_) - 1];
  period_at_ = 0;
}

void PacketLossConcealer::Synthesize(std::int16_t* out, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    if (concealed_ >= kFadeEnd) {
      std::fill(out + i, out + count, std::int16_t{0});
      concealed_ += count - i;
      return;
    }
    step_ *= kStepDecay;
    out[i] = Saturate((period_[period_at_] + step_) * GainAt(concealed_));
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
    const std::size_t wanted = std::min(kMaxOverlap, kOverlap + concealed_ / 5);
    const std::size_t overlap = std::min(wanted, count);
    std::array<std::int16_t, kMaxOverlap> tail;
    Synthesize(tail.data(), overlap);
    CrossFade(tail.data(), samples, overlap, samples);
    concealed_ = 0;
  }
  Remember(samples, count);
}

}  // namespace dashvoip
