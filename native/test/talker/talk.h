#ifndef DASHVOIP_TEST_TALKER_TALK_H_
#define DASHVOIP_TEST_TALKER_TALK_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/audio/saturate.h"
#include "dashvoip/base/random_source.h"

namespace dashvoip {
namespace test {

/**
 * Something like somebody who talks: syllables of a voice whose pitch and formants move, hissing
 * between them, and pauses between words. Another seed is another speaker.
 */
inline std::vector<std::int16_t> Talk(double seconds, double rate, unsigned seed,
                                      double loudness = 4000) {
  constexpr double kPi = 3.14159265358979323846;
  SeededRandom random(seed);
  std::vector<std::int16_t> out(static_cast<std::size_t>(seconds * rate));
  std::size_t at = 0;
  double phase = 0;
  while (at < out.size()) {
    const double pitch = 90 + 110 * random.NextUnit();
    const double first = 350 + 450 * random.NextUnit();
    const double second = 1000 + 1400 * random.NextUnit();
    const bool hisses = random.NextUnit() < 0.4;
    const bool pauses = random.NextUnit() < 0.25;
    const auto voiced = static_cast<std::size_t>((0.09 + 0.12 * random.NextUnit()) * rate);
    const auto hiss = static_cast<std::size_t>(hisses ? 0.07 * rate : 0);
    const auto pause = static_cast<std::size_t>((pauses ? 0.25 : 0.03) * rate);
    for (std::size_t i = 0; i < voiced && at < out.size(); ++i, ++at) {
      const double part = static_cast<double>(i) / static_cast<double>(voiced);
      phase += 2 * kPi * (pitch + 15 * part) / rate;
      double value = 0;
      for (int h = 1; h * pitch < 3500 && h < 24; ++h) {
        const double f = h * pitch;
        const double formants = std::exp(-std::pow((f - first) / 200, 2)) +
                                0.6 * std::exp(-std::pow((f - second) / 300, 2)) + 0.05;
        value += formants * std::sin(h * phase);
      }
      out[at] = RoundToSample(loudness * std::sin(kPi * part) *
                              (value + 0.2 * (random.NextUnit() - 0.5)));
    }
    double last = 0;
    for (std::size_t i = 0; i < hiss && at < out.size(); ++i, ++at) {
      const double white = random.NextUnit() - 0.5;
      out[at] = RoundToSample(0.4 * loudness * (white - last));
      last = white;
    }
    at += pause;
  }
  return out;
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_TALKER_TALK_H_
