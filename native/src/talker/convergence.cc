#include "dashvoip/talker/convergence.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {
namespace {

constexpr double kFullScale = 32768.0 * 32768.0;
// Somebody speaks: -45 dBov. The room answers so long.
constexpr double kSpeech = kFullScale * 3e-5;
constexpr double kAnswerSeconds = 0.3;
constexpr double kMeanSeconds = 0.5;
// Converged: 18 dB for a quarter of a second, or all that can be seen.
constexpr double kGood = 63;
constexpr double kGoodSeconds = 0.25;
// Nobody is kept soft for longer.
constexpr double kLongestSeconds = 4;

}  // namespace

constexpr double Convergence::kDucked;

void Convergence::Reset() noexcept { *this = Convergence(); }

void Convergence::Take(double played, double heard, double left, double seconds) noexcept {
  if (played > kSpeech) {
    far_left_ = kAnswerSeconds;
    quiet_for_ = 0;
  } else {
    far_left_ = std::max(0.0, far_left_ - seconds);
    quiet_for_ += seconds;
  }
  if (!far_speaks()) {
    noise_ += (heard - noise_) * std::min(1.0, seconds / kMeanSeconds);
    return;
  }
  spoken_ += seconds;
  const double part = std::min(1.0, seconds / std::min(kMeanSeconds, spoken_));
  heard_ += (heard - heard_) * part;
  left_ += (left - left_) * part;
  // What is left and below the noise cannot be told from it.
  const bool good = heard_ > kGood * std::max(0.0, left_ - noise_) && heard_ > 0;
  good_for_ = good ? good_for_ + seconds : 0;
  if (good_for_ >= kGoodSeconds || spoken_ >= kLongestSeconds) converged_ = true;
}

double Convergence::enhancement_db() const noexcept {
  if (heard_ <= 0) return 0;
  return std::max(0.0, 10 * std::log10(heard_ / std::max(left_, 1e-3)));
}

}  // namespace dashvoip
