#include "dashvoip/talker/residual_echo.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {
namespace {

constexpr double kLeast = 0.05;  // -26 dB
constexpr double kFallSeconds = 0.05;
constexpr double kSmoothSeconds = 0.01;
// The proportion falls as fast as the filter learns, and grows as slowly as a room changes.
constexpr double kLearnSeconds = 0.1;
constexpr double kGrowPerSecond = 1.5;  // doubles
// Somebody near: 9 dB above the proportion, and no less than 8 dB below what was taken out.
constexpr double kNear = 8;
constexpr double kAlways = 0.16;
constexpr double kNearSeconds = 0.06;
constexpr double kCloseSeconds = 0.04;
// Full scale less 70 dB: nobody is to be let through, or nothing was taken out.
constexpr double kNothing = 100;

}  // namespace

constexpr double ResidualEcho::kStart;

double ResidualEcho::Take(double taken, double left, double noise, double seconds) noexcept {
  taken_ = std::max(taken, taken_ * std::exp(-seconds / kFallSeconds));
  left_ += (left - left_) * std::min(1.0, seconds / kSmoothSeconds);
  const double beyond_noise = std::max(0.0, left_ - 2 * noise);
  const bool is_near = beyond_noise > std::max(kAlways, kNear * leak_) * taken_ + kNothing;
  near_left_ = is_near ? kNearSeconds : std::max(0.0, near_left_ - seconds);
  if (taken_ > kNothing && taken > taken_ / 4) {
    const double proportion = left_ / taken_;
    if (proportion < leak_) {
      leak_ += (proportion - leak_) * std::min(1.0, seconds / kLearnSeconds);
    } else if (!is_near) {
      leak_ = std::min(proportion, leak_ * std::exp2(kGrowPerSecond * 4 * seconds));
    } else {
      leak_ = std::min(kStart, leak_ * std::exp2(kGrowPerSecond * seconds));
    }
  }
  if (near_speaks() || taken_ < kNothing) {
    gain_ = 1;
  } else {
    const double wanted = std::max(kLeast, std::min(1.0, std::sqrt(noise / (left_ + 1))));
    gain_ =
        wanted > gain_ ? wanted : gain_ + (wanted - gain_) * std::min(1.0, seconds / kCloseSeconds);
  }
  return gain_;
}

}  // namespace dashvoip
