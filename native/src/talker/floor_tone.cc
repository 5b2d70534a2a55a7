#include "dashvoip/talker/floor_tone.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kAmplitude = 5000;
constexpr double kSeconds = 0.12;
constexpr double kEdgeSeconds = 0.008;

}  // namespace

constexpr double FloorTone::kTakenHz;
constexpr double FloorTone::kLostHz;

void FloorTone::Begin(double hz) noexcept {
  step_ = 2 * kPi * hz / rate_hz_;
  phase_ = 0;
  length_ = left_ = static_cast<std::size_t>(kSeconds * rate_hz_);
}

void FloorTone::Write(std::int16_t* samples, std::size_t count) noexcept {
  const double edge = kEdgeSeconds * rate_hz_;
  for (std::size_t i = 0; i < count && left_ > 0; ++i, --left_) {
    const double from_edge = static_cast<double>(std::min(left_, length_ - left_));
    const double loudness = kAmplitude * std::min(1.0, from_edge / edge);
    samples[i] = static_cast<std::int16_t>(loudness * std::sin(phase_));
    phase_ += step_;
  }
}

}  // namespace dashvoip
