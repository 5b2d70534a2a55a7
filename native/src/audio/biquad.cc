#include "dashvoip/audio/biquad.h"

#include <cmath>

#include "dashvoip/audio/saturate.h"

namespace dashvoip {
namespace {
constexpr double kPi = 3.14159265358979323846;
constexpr double kNothing = 1e-9;  // of a sample's least step
}  // namespace

// The bilinear transform of s^2 / (s^2 + sqrt(2) s + 1).
Biquad Biquad::HighPass(std::uint32_t rate_hz, double corner_hz) noexcept {
  const double k = std::tan(kPi * corner_hz / rate_hz);
  const double norm = 1 / (1 + std::sqrt(2.0) * k + k * k);
  Biquad filter;
  filter.b0_ = norm;
  filter.b1_ = -2 * norm;
  filter.b2_ = norm;
  filter.a1_ = 2 * (k * k - 1) * norm;
  filter.a2_ = (1 - std::sqrt(2.0) * k + k * k) * norm;
  return filter;
}

void Biquad::Process(std::int16_t* samples, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) samples[i] = RoundToSample(Next(samples[i]));
  Settle();
}

void Biquad::Settle() noexcept {
  if (std::fabs(z1_) < kNothing && std::fabs(z2_) < kNothing) Reset();
}

}  // namespace dashvoip
