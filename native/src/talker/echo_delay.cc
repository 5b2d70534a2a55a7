#include "dashvoip/talker/echo_delay.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {
namespace {

constexpr double kRumbleHz = 300;
constexpr double kStepSeconds = EchoDelay::kStepMs / 1000.0;
// Ups and downs are against the mean of so long.
constexpr double kMeanSeconds = 0.4;
constexpr double kMost = 3;  // of an up or a down, as a power of e: one clap decides nothing
// Likeness is a mean of so long.
constexpr double kForget = kStepSeconds / 1.5;
// Quieter is silence: -60 dBov.
constexpr double kSilence = 32768.0 * 32768.0 * 1e-6;
// A likeness of this much at a lag that stays the best for so long is no chance.
constexpr double kLeastLikeness = 0.45;
constexpr unsigned kLeastSteps = 100;
constexpr unsigned kSteadySteps = 40;

}  // namespace

constexpr std::uint32_t EchoDelay::kStepMs;
constexpr std::size_t EchoDelay::kLags;

EchoDelay::EchoDelay(std::uint32_t rate_hz) noexcept : step_(rate_hz * kStepMs / 1000) {
  reference_.rumble = microphone_.rumble = Biquad::HighPass(rate_hz, kRumbleHz);
  Reset();
}

void EchoDelay::Reset() noexcept {
  past_.fill(0);
  product_.fill(0);
  reference_power_ = microphone_power_ = 0;
  steps_ = lively_ = steady_ = 0;
  best_ = newest_ = 0;
  delay_ms_ = -1;
}

double EchoDelay::Envelope::Next(const std::int16_t* samples, std::size_t count,
                                 double seconds) noexcept {
  double power = kSilence;
  for (std::size_t i = 0; i < count; ++i) {
    const double high = rumble.Next(samples[i]);
    power += high * high / static_cast<double>(count);
  }
  rumble.Settle();
  const double loudness = std::log(power / kSilence);
  mean = begun ? mean + (loudness - mean) * seconds / kMeanSeconds : loudness;
  begun = true;
  return std::max(-kMost, std::min(kMost, loudness - mean));
}

void EchoDelay::Take(const std::int16_t* reference, const std::int16_t* microphone,
                     std::size_t count) noexcept {
  for (std::size_t at = 0; at + step_ <= count; at += step_) Step(reference + at, microphone + at);
}

void EchoDelay::Step(const std::int16_t* reference, const std::int16_t* microphone) noexcept {
  const double played = reference_.Next(reference, step_, kStepSeconds);
  const double heard = microphone_.Next(microphone, step_, kStepSeconds);
  newest_ = (newest_ + 1) % kLags;
  past_[newest_] = played;
  if (std::fabs(played) > 0.1) lively_ = kLags;
  if (lively_ == 0) return;
  --lively_;
  ++steps_;
  reference_power_ += (played * played - reference_power_) * kForget;
  microphone_power_ += (heard * heard - microphone_power_) * kForget;
  for (std::size_t lag = 0; lag < kLags; ++lag) {
    const double product = past_[(newest_ + kLags - lag) % kLags] * heard;
    product_[lag] += (product - product_[lag]) * kForget;
  }
  Find();
}

void EchoDelay::Find() noexcept {
  const auto found = static_cast<std::size_t>(std::max_element(product_.begin(), product_.end()) -
                                              product_.begin());
  const double likeness = product_[found] / std::sqrt(reference_power_ * microphone_power_ + 1e-9);
  const bool same = found + 1 >= best_ && found <= best_ + 1;
  steady_ = same && likeness > kLeastLikeness ? steady_ + 1 : 0;
  best_ = found;
  if (steps_ >= kLeastSteps && steady_ >= kSteadySteps) {
    delay_ms_ = static_cast<int>(found * kStepMs);
  }
}

}  // namespace dashvoip
