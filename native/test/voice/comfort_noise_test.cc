// Shows RFC 3389.

#include "dashvoip/voice/comfort_noise.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <vector>

namespace dashvoip {
namespace {

double LevelDb(const std::vector<std::int16_t>& sound) {
  double sum = 0;
  for (const std::int16_t sample : sound) sum += static_cast<double>(sample) * sample;
  return 10 * std::log10(sum / static_cast<double>(sound.size()) / (32767.0 * 32767.0));
}

TEST_CASE("comfort noise: has the level that was told, RFC 3389 section 3") {
  for (const std::uint8_t level : {20, 40, 50, 60, 70, 55}) {
    CAPTURE(level);
    ComfortNoise noise(level == 55 ? 48000 : 8000);
    noise.SetLevel(level);
    std::vector<std::int16_t> sound(1600);
    noise.Generate(sound.data(), sound.size());  // until it is reached
    sound.resize(16000);
    noise.Generate(sound.data(), sound.size());
    CHECK(LevelDb(sound) == doctest::Approx(-level).epsilon(0.02));
  }
}

TEST_CASE("comfort noise: the first bit of the level means nothing; 127 is silence") {
  ComfortNoise noise(8000);
  noise.SetLevel(0xff);
  std::vector<std::int16_t> sound(800);
  noise.Generate(sound.data(), sound.size());
  for (const std::int16_t sample : sound) CHECK(std::abs(sample) <= 1);
}

TEST_CASE("comfort noise: a new level is no step") {
  ComfortNoise noise(8000);
  noise.SetLevel(70);
  std::vector<std::int16_t> sound(800);
  noise.Generate(sound.data(), sound.size());
  noise.SetLevel(30);
  noise.Generate(sound.data(), 8);
  double early = 0;
  for (int i = 0; i < 8; ++i)
    early = std::max(early, std::fabs(sound[static_cast<std::size_t>(i)]));
  noise.Generate(sound.data(), sound.size());
  double later = 0;
  for (const std::int16_t sample : sound) later = std::max(later, std::fabs(sample));
  CHECK(early < later / 4);
}

}  // namespace
}  // namespace dashvoip
