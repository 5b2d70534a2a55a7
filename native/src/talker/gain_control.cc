#include "dashvoip/talker/gain_control.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {
namespace {

constexpr double kFullScale = 32768.0 * 32768.0;
constexpr double kMeanSeconds = 0.8;
constexpr double kUpDbPerSecond = 4;
constexpr double kDownDbPerSecond = 12;
// Noise is not made louder than this.
constexpr double kMostNoiseDbov = -48;
// So much of a voice tells how loud it is.
constexpr double kLeastSeconds = 0.2;

}  // namespace

constexpr double GainControl::kAimDbov;
constexpr double GainControl::kMostDb;
constexpr double GainControl::kLeastDb;

void GainControl::Reset() noexcept { power_ = spoken_ = gain_db_ = 0; }

void GainControl::Take(const std::int16_t* samples, std::size_t count, bool speaks,
                       double noise_dbov) noexcept {
  if (!speaks || count == 0) return;
  double power = 0;
  for (std::size_t i = 0; i < count; ++i) power += static_cast<double>(samples[i]) * samples[i];
  power /= static_cast<double>(count) * kFullScale;
  const double seconds = static_cast<double>(count) / rate_hz_;
  spoken_ += seconds;
  power_ += (power - power_) * std::min(1.0, seconds / std::min(kMeanSeconds, spoken_));
  if (spoken_ < kLeastSeconds || power_ <= 0) return;
  const double most = std::max(0.0, std::min(kMostDb, kMostNoiseDbov - noise_dbov));
  const double wanted = std::max(kLeastDb, std::min(most, kAimDbov - 10 * std::log10(power_)));
  gain_db_ +=
      std::max(-kDownDbPerSecond * seconds, std::min(kUpDbPerSecond * seconds, wanted - gain_db_));
}

}  // namespace dashvoip
