#include "dashvoip/voice/noise_sender.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace dashvoip {
namespace {

// The first word must not be taken for the noise of the place.
constexpr double kLearnSeconds = 2;
constexpr double kLoudestNoiseDbov = -38;
// The level again, because a packet may be lost; sooner when it is another one (RFC 3389 section 4
// leaves both to the sender).
constexpr double kAgainSeconds = 0.5;
constexpr double kSoonSeconds = 0.1;
constexpr int kOtherDb = 3;

}  // namespace

NoiseSender::NoiseSender(std::uint32_t rate_hz) noexcept : rate_hz_(rate_hz), activity_(rate_hz) {}

void NoiseSender::Reset() noexcept {
  activity_.Reset();
  heard_ = since_sent_ = packet_ = 0;
  spoken_ = pausing_ = false;
}

void NoiseSender::Take(const std::int16_t* samples, std::size_t count) noexcept {
  if (activity_.Take(samples, count)) spoken_ = true;
  packet_ += static_cast<double>(count) / rate_hz_;
}

NoiseSender::Action NoiseSender::Next() noexcept {
  const double seconds = packet_;
  const bool spoken = spoken_;
  packet_ = 0;
  spoken_ = false;
  heard_ += seconds;
  if (spoken || heard_ < kLearnSeconds || activity_.noise_dbov() > kLoudestNoiseDbov) {
    pausing_ = false;
    return Action::kSound;
  }
  const auto level = static_cast<std::uint8_t>(
      std::lround(std::min(127.0, std::max(0.0, -activity_.noise_dbov()))));
  since_sent_ += seconds;
  const bool other = std::abs(level - level_) >= kOtherDb && since_sent_ >= kSoonSeconds;
  if (pausing_ && !other && since_sent_ < kAgainSeconds) return Action::kNothing;
  pausing_ = true;
  since_sent_ = 0;
  level_ = level;
  return Action::kNoise;
}

}  // namespace dashvoip
