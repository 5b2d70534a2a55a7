#include "dashvoip/audio/drift_control.h"

#include <algorithm>
#include <cmath>

#include "dashvoip/audio/silence.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {
// A multiple of the beat of 20 ms blocks against frames of 1024 samples at 48 kHz, 320 ms.
constexpr std::int64_t kWindowNs = 2560 * kNsPerMs;
// Critically damped; the level is back at its aim some four time constants after a change.
constexpr double kTimeConstantSeconds = 40;
constexpr double kProportional = 2 / kTimeConstantSeconds;
constexpr double kIntegral = 1 / (kTimeConstantSeconds * kTimeConstantSeconds);
// Worse crystals than this are not sold; what looks so is a stall.
constexpr double kMostDrift = 300e-6;
// Below this the exact ratio, with its cheaper filter, is good enough.
constexpr int kLeastPpm = 12;
// Drift at its worst and the sound bent against it move the mean of a window by 2 ms.
constexpr double kMostStepSeconds = 3e-3;
// How much faster sound is played where a stall is to be made up for: nobody can hear it, and
// correlation over seconds does not suffer.
constexpr double kRecovery = 100e-6;
// Shorter pieces than a packet are not worth the seam.
constexpr double kLeastSkipSeconds = 20e-3;
// More than drift moves the level by before it is followed.
constexpr double kLeastPartSeconds = 6e-3;
}  // namespace

constexpr int DriftControl::kMostPpm;
constexpr std::int64_t DriftControl::kNever;

void DriftControl::Learn() noexcept {
  learning_ = true;
  BeginWindow();
  Steer(0);
}

// The level changes at once by what is known: the windows before and after can be compared again.
void DriftControl::Move(double samples) noexcept {
  mean_ += samples;
  aim_ = std::max(base_, aim_ + samples);
  BeginWindow();
}

bool DriftControl::SkipSilent(const std::int16_t* block, std::size_t count) noexcept {
  const double samples = static_cast<double>(count);
  const double excess = learning_ ? 0 : mean_ - base_;
  if (count == 0 || excess <= std::max(samples, kLeastSkipSeconds * rate_hz_)) return false;
  if (!IsSilence(block, count)) return false;
  Move(-samples);
  return true;
}

std::size_t DriftControl::TakeSilent(const std::int16_t* block, std::size_t count,
                                     std::size_t most) noexcept {
  const double excess = learning_ ? 0 : mean_ - base_;
  if (count == 0 || excess <= kLeastPartSeconds * rate_hz_) return 0;
  if (!IsSilence(block, count)) return 0;
  const std::size_t taken = std::min({count, most, static_cast<std::size_t>(excess)});
  Move(-static_cast<double>(taken));
  return taken;
}

bool DriftControl::Lower(double samples) noexcept {
  if (learning_) return false;
  base_ -= samples;
  return true;
}

void DriftControl::Update(double level, std::int64_t now_ns) noexcept {
  if (began_ns_ == kNever) {
    began_ns_ = now_ns;
    return;
  }
  sum_ += level;
  ++count_;
  const std::int64_t passed = now_ns - began_ns_;
  if (passed < kWindowNs) return;
  EndWindow(static_cast<double>(passed) / kNsPerSecond);
  began_ns_ = now_ns;
}

void DriftControl::BeginWindow() noexcept {
  began_ns_ = kNever;
  sum_ = 0;
  count_ = 0;
}

void DriftControl::EndWindow(double seconds) noexcept {
  const double mean = sum_ / count_;
  BeginWindow();
  if (learning_) {
    learning_ = false;
    base_ = aim_ = mean_ = mean;
    return;
  }
  FollowStall(mean);
  mean_ = mean;
  const double late = (mean - aim_) / rate_hz_;
  const double proportional = kProportional * late;
  // While the correction is at its bound, the level tells of stalls and nothing of the clocks.
  if (std::fabs(proportional + drift_) * 1e6 < kMostPpm) {
    drift_ += kIntegral * late * seconds;
    drift_ = std::max(-kMostDrift, std::min(kMostDrift, drift_));
  }
  const double recovery = aim_ > base_ ? kRecovery : 0;
  aim_ = std::max(base_, aim_ - recovery * seconds * rate_hz_);
  Steer(proportional + recovery);
}

// A buffer that fell below its base has lost its margin against the next stall: that is made good.
void DriftControl::FollowStall(double mean) noexcept {
  const double step = mean - mean_;
  if (std::fabs(step) > kMostStepSeconds * rate_hz_) aim_ = std::max(base_, aim_ + step);
}

void DriftControl::Steer(double beyond_drift) noexcept {
  const auto ppm = static_cast<int>(std::lround((beyond_drift + drift_) * 1e6));
  ppm_ = std::abs(ppm) < kLeastPpm ? 0 : std::max(-kMostPpm, std::min(kMostPpm, ppm));
}

}  // namespace dashvoip
