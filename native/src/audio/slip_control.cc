#include "dashvoip/audio/slip_control.h"

#include <cmath>

namespace dashvoip {
namespace {
// Averages over some 64 blocks: longer than the beat of 20 ms blocks against 21.3 ms frames.
constexpr int kBlocks = 64;
constexpr double kWeight = 1.0 / kBlocks;
// Correction goes on until the mean is this close, in samples, so that it does not flutter.
constexpr double kArrived = 4;
}  // namespace

void SlipControl::Aim(double aim_samples) noexcept {
  aim_ = aim_samples;
  mean_ = aim_samples;
  correcting_ = false;
  to_learn_ = 0;
}

void SlipControl::Learn() noexcept {
  Aim(0);
  to_learn_ = kBlocks;
}

void SlipControl::Raise(double samples) noexcept {
  if (to_learn_ > 0) {
    Learn();
  } else {
    aim_ += samples;
  }
}

int SlipControl::Update(double level) noexcept {
  if (to_learn_ > 0) {
    --to_learn_;
    aim_ += level * kWeight;
    mean_ = aim_;
    return 0;
  }
  mean_ += (level - mean_) * kWeight;
  const double off = mean_ - aim_;
  if (!correcting_ && std::fabs(off) <= band_) return 0;
  correcting_ = std::fabs(off) > kArrived;
  if (!correcting_) return 0;
  // The mean follows its own correction at once: the average must not lag behind and overshoot.
  mean_ -= off > 0 ? 1 : -1;
  return off > 0 ? 1 : -1;
}

}  // namespace dashvoip
