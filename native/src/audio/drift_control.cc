#include "dashvoip/audio/drift_control.h"

#include <algorithm>
#include <cmath>

#include "dashvoip/engine/monotonic.h"

namespace dashvoip {
namespace {
// A multiple of the beat of 20 ms blocks against frames of 1024 samples at 48 kHz, 320 ms.
constexpr std::int64_t kWindowNs = 2560 * kNsPerMs;
// Critically damped; the level is back at its aim some four time constants after a change.
constexpr double kTimeConstantSeconds = 20;
constexpr double kProportional = 2 / kTimeConstantSeconds;
constexpr double kIntegral = 1 / (kTimeConstantSeconds * kTimeConstantSeconds);
// Worse crystals than this are not sold; what looks so is a stall.
constexpr double kMostDrift = 300e-6;
// Below this the exact ratio, with its cheaper filter, is good enough.
constexpr int kLeastPpm = 12;
}  // namespace

constexpr int DriftControl::kMostPpm;
constexpr std::int64_t DriftControl::kNever;

void DriftControl::Learn() noexcept {
  learning_ = true;
  excess_ = 0;
  BeginWindow();
  Steer(0);
}

void DriftControl::Skipped(double samples) noexcept {
  excess_ -= samples;
  BeginWindow();
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
    aim_ = mean;
    return;
  }
  excess_ = mean - aim_;
  const double late = excess_ / rate_hz_;
  const double proportional = kProportional * late;
  // While the correction is at its bound, the excess tells of a stall and nothing of the clocks.
  if (std::fabs(proportional + drift_) * 1e6 < kMostPpm) {
    drift_ += kIntegral * late * seconds;
    drift_ = std::max(-kMostDrift, std::min(kMostDrift, drift_));
  }
  Steer(proportional);
}

void DriftControl::Steer(double proportional) noexcept {
  const auto ppm = static_cast<int>(std::lround((proportional + drift_) * 1e6));
  ppm_ = std::abs(ppm) < kLeastPpm ? 0 : std::max(-kMostPpm, std::min(kMostPpm, ppm));
}

}  // namespace dashvoip
