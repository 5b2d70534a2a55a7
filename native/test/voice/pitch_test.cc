#include "dashvoip/voice/pitch.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "voice/speech_like.h"

namespace dashvoip {
namespace {

TEST_CASE("pitch: the period of a pulse train, in both directions") {
  for (const std::size_t period : {25u, 40u, 57u, 80u, 119u}) {
    CAPTURE(period);
    std::vector<std::int16_t> sound(800);
    for (std::size_t i = 0; i < sound.size(); ++i) {
      sound[i] = static_cast<std::int16_t>(8000 * std::exp(-static_cast<double>(i % period) / 6));
    }
    for (const int direction : {-1, 1}) {
      const Pitch pitch = FindPitch(sound.data() + 300, 160, direction, 20, 120, 1);
      CHECK(pitch.lag == period);
      CHECK(pitch.correlation > 0.99);
    }
  }
}

TEST_CASE("pitch: the period to the sample at a higher rate, too") {
  for (const std::size_t scale : {2u, 6u}) {
    for (const std::size_t period : {25 * scale, 57 * scale + 1, 80 * scale - 1, 119 * scale}) {
      CAPTURE(scale);
      CAPTURE(period);
      std::vector<std::int16_t> sound(800 * scale);
      for (std::size_t i = 0; i < sound.size(); ++i) {
        const double since = static_cast<double>(i % period) / static_cast<double>(6 * scale);
        sound[i] = static_cast<std::int16_t>(8000 * std::exp(-since));
      }
      const Pitch pitch =
          FindPitch(sound.data() + 300 * scale, 160 * scale, -1, 20 * scale, 120 * scale, scale);
      // Or a multiple, which fits as well.
      CHECK(pitch.lag % period == 0);
      CHECK(pitch.correlation > 0.99);
    }
  }
}

TEST_CASE("pitch: noise and silence have none") {
  SeededRandom random(9);
  std::vector<std::int16_t> sound(800);
  CHECK(FindPitch(sound.data() + 300, 160, -1, 20, 120, 1).correlation < 0);
  for (auto& sample : sound) sample = static_cast<std::int16_t>(random.NextUnit() * 8000 - 4000);
  CHECK(FindPitch(sound.data() + 300, 160, -1, 20, 120, 1).correlation < 0.5);
}

TEST_CASE("cross-fade: from one to the other, in place too") {
  std::vector<std::int16_t> from(9, 1000);
  const std::vector<std::int16_t> to(9, -1000);
  CrossFade(from.data(), to.data(), 9, from.data());
  CHECK(from[0] == 800);
  CHECK(from[4] == 0);
  CHECK(from[8] == -800);
}

}  // namespace
}  // namespace dashvoip
