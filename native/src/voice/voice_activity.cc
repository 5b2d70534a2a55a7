#include "dashvoip/voice/voice_activity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dashvoip {
namespace {

// Engines and tyres are below, what makes words understood is above.
constexpr double kRumbleHz = 300;
constexpr double kWindowSeconds = 0.2;
constexpr double kSmoothSeconds = 0.04;
constexpr double kNoiseSeconds = 0.3;
// The least of a steady noise is some dB below its mean.
constexpr double kBegins = 6.3;  // 8 dB above the least
constexpr double kGoesOn = 3.2;  // 5 dB
constexpr double kLeastSeconds = 0.015;
constexpr double kHangSeconds = 0.24;
// Quieter is the noise of a converter: -66 dBov.
constexpr double kSilence = 2.5e-7;
constexpr double kFullScale = 32768.0 * 32768.0;

}  // namespace

constexpr std::size_t VoiceActivity::kWindows;

VoiceActivity::VoiceActivity(std::uint32_t rate_hz) noexcept
    : rate_hz_(rate_hz), rumble_(Biquad::HighPass(rate_hz, kRumbleHz)) {
  Reset();
}

void VoiceActivity::Reset() noexcept {
  rumble_.Reset();
  least_.fill(std::numeric_limits<double>::max());
  smooth_ = floor_ = loud_for_ = hang_left_ = noise_ = 0;
  window_left_ = kWindowSeconds;
  begun_ = loud_ = speaks_ = false;
}

bool VoiceActivity::Take(const std::int16_t* samples, std::size_t count) noexcept {
  if (count == 0) return speaks_;
  double all = 0;
  double above = 0;
  for (std::size_t i = 0; i < count; ++i) {
    all += static_cast<double>(samples[i]) * samples[i];
    const double high = rumble_.Next(samples[i]);
    above += high * high;
  }
  rumble_.Settle();
  const double scale = 1 / (static_cast<double>(count) * kFullScale);
  const double seconds = static_cast<double>(count) / rate_hz_;
  FollowFloor(above * scale, seconds);
  Judge(above * scale, seconds);
  if (!speaks_) noise_ += (all * scale - noise_) * std::min(1.0, seconds / kNoiseSeconds);
  return speaks_;
}

void VoiceActivity::FollowFloor(double power, double seconds) noexcept {
  smooth_ = begun_ ? smooth_ + (power - smooth_) * std::min(1.0, seconds / kSmoothSeconds) : power;
  begun_ = true;
  least_[0] = std::min(least_[0], smooth_);
  floor_ = *std::min_element(least_.begin(), least_.end());
  window_left_ -= seconds;
  if (window_left_ > 0) return;
  window_left_ = kWindowSeconds;
  std::move_backward(least_.begin(), least_.end() - 1, least_.end());
  least_[0] = smooth_;
}

void VoiceActivity::Judge(double power, double seconds) noexcept {
  const double floor = std::max(floor_, kSilence / kBegins);
  loud_ = power > floor * (speaks_ ? kGoesOn : kBegins);
  loud_for_ = loud_ ? loud_for_ + seconds : 0;
  if (speaks_ ? loud_ : loud_for_ >= kLeastSeconds) {
    speaks_ = true;
    hang_left_ = kHangSeconds;
    return;
  }
  hang_left_ -= seconds;
  if (hang_left_ <= 0) speaks_ = false;
}

double VoiceActivity::noise_dbov() const noexcept {
  return noise_ < 1e-12 ? -127 : 10 * std::log10(noise_);
}

}  // namespace dashvoip
