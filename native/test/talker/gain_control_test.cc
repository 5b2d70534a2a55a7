#include "dashvoip/talker/gain_control.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace dashvoip {
namespace {

constexpr std::uint32_t kRate = 8000;
constexpr double kSilenceDbov = -90;

/** A tone of so many dBov, in blocks of 20 ms. */
void Hear(GainControl* gain, double dbov, double seconds, bool speaks, double noise_dbov) {
  const double amplitude = 32768 * std::sqrt(2) * std::pow(10, dbov / 20);
  std::vector<std::int16_t> block(kRate / 50);
  for (std::size_t i = 0; i < block.size(); ++i) {
    block[i] = static_cast<std::int16_t>(amplitude * std::sin(2 * M_PI * 500.0 * i / kRate));
  }
  for (int n = 0; n < seconds * 50; ++n) gain->Take(block.data(), block.size(), speaks, noise_dbov);
}

TEST_CASE("gain control: a voice comes to where it is well heard, within bounds") {
  for (const double dbov : {-50.0, -35.0, -23.0, -15.0, -4.0}) {
    CAPTURE(dbov);
    GainControl gain(kRate);
    Hear(&gain, dbov, 10, true, kSilenceDbov);
    const double wanted = GainControl::kAimDbov - dbov;
    const double bounded = std::max(GainControl::kLeastDb, std::min(GainControl::kMostDb, wanted));
    CHECK(std::fabs(gain.gain_db() - bounded) < 0.5);
  }
}

TEST_CASE("gain control: noise is not made louder than -48 dBov") {
  GainControl gain(kRate);
  Hear(&gain, -40, 10, true, -52);
  CHECK(std::fabs(gain.gain_db() - 4) < 0.1);
  // Noise that is louder than that already keeps nobody from being softened.
  Hear(&gain, -40, 10, true, -30);
  CHECK(std::fabs(gain.gain_db()) < 0.1);
  Hear(&gain, -13, 10, true, -30);
  CHECK(std::fabs(gain.gain_db() + 10) < 0.5);
}

TEST_CASE("gain control: nothing is learned of a pause, nor of a word that is too short") {
  GainControl gain(kRate);
  Hear(&gain, -4, 5, false, kSilenceDbov);
  CHECK(gain.gain_db() == 0);
  Hear(&gain, -40, 0.18, true, kSilenceDbov);
  CHECK(gain.gain_db() == 0);
}

TEST_CASE("gain control: up by 4 dB a second, down by 12") {
  GainControl gain(kRate);
  Hear(&gain, -45, 1.2, true, kSilenceDbov);
  CHECK(gain.gain_db() > 3.5);
  CHECK(gain.gain_db() < 4.3);
  GainControl loud(kRate);
  Hear(&loud, -4, 0.7, true, kSilenceDbov);
  CHECK(loud.gain_db() < -5.5);
  CHECK(loud.gain_db() > -6.5);
}

}  // namespace
}  // namespace dashvoip
