#include "dashvoip/voice/comfort_noise.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {
namespace {

constexpr double kFullScale = 32767;
// One pole: half the power lies below about 700 Hz, as in a room. At 8 kHz.
constexpr double kPole = 0.6;
constexpr double kFollow = 1.0 / 80;  // a new level is reached within some 10 ms
constexpr double kBaseRateHz = 8000;

}  // namespace

ComfortNoise::ComfortNoise(std::uint32_t rate_hz) noexcept
    : pole_(std::pow(kPole, kBaseRateHz / rate_hz)),
      follow_(kFollow * kBaseRateHz / rate_hz),
      rms_(std::sqrt((1 - pole_) / (1 + pole_) / 3)) {}

void ComfortNoise::SetLevel(std::uint8_t level) noexcept {
  wanted_ = kFullScale * std::pow(10.0, -(level & 0x7f) / 20.0) / rms_;
}

void ComfortNoise::Generate(std::int16_t* out, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    seed_ = seed_ * 1664525u + 1013904223u;
    const double white = static_cast<double>(static_cast<std::int32_t>(seed_)) / 2147483648.0;
    smooth_ = pole_ * smooth_ + (1 - pole_) * white;
    amplitude_ += (wanted_ - amplitude_) * follow_;
    out[i] = static_cast<std::int16_t>(
        std::min(kFullScale, std::max(-kFullScale, smooth_ * amplitude_)));
  }
}

}  // namespace dashvoip
