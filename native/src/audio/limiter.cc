#include "dashvoip/audio/limiter.h"

#include <algorithm>
#include <cmath>

#include "dashvoip/audio/saturate.h"

namespace dashvoip {
namespace {

constexpr double kFullScale = 32767;
// The peaks of a voice are 10 ms apart and nearer: between them the gain stays.
constexpr double kDecaySeconds = 0.06;

}  // namespace

constexpr double Limiter::kKnee;

Limiter::Limiter(std::uint32_t rate_hz) noexcept
    : decay_(std::exp(-1 / (kDecaySeconds * rate_hz))) {}

void Limiter::Process(std::int16_t* samples, std::size_t count, double from, double to) noexcept {
  const double step = (to - from) / static_cast<double>(count);
  double gain = from;
  for (std::size_t i = 0; i < count; ++i) {
    gain += step;
    samples[i] = RoundToSample(kFullScale * Bounded(gain * samples[i] / kFullScale));
  }
  if (envelope_ < 1e-9) envelope_ = 0;
}

std::int16_t Limiter::Take(std::int32_t sum) noexcept {
  return RoundToSample(kFullScale * Bounded(sum / kFullScale));
}

double Limiter::Bounded(double sample) noexcept {
  envelope_ = std::max(std::fabs(sample), envelope_ * decay_);
  if (envelope_ <= kKnee) return sample;
  const double room = 1 - kKnee;
  return sample * (1 - room * std::exp((kKnee - envelope_) / room)) / envelope_;
}

}  // namespace dashvoip
