#include "dashvoip/audio/sound_level.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {
namespace {

// Of a new slot in the mean: 20 ms of eight slots.
constexpr double kPart = 1.0 / 8;
constexpr double kFullScale = 32768.0;
constexpr double kSilenceDbov = -127;
constexpr double kSilence = 1e-13;

}  // namespace

void SoundLevel::Add(const std::int16_t* samples, std::size_t count) noexcept {
  if (count == 0) return;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += std::int32_t{samples[i]} * samples[i];
  Take(static_cast<double>(sum) / (static_cast<double>(count) * kFullScale * kFullScale));
}

void SoundLevel::Take(double power) noexcept {
  power_ += (power - power_) * kPart;
  if (power_ < kSilence) power_ = 0;  // before it becomes so small that reckoning is slow
}

double SoundLevel::dbov() const noexcept {
  if (power_ <= 0) return kSilenceDbov;
  return std::max(kSilenceDbov, 10 * std::log10(power_));
}

}  // namespace dashvoip
