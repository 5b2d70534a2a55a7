#ifndef DASHVOIP_TEST_VOICE_SPEECH_LIKE_H_
#define DASHVOIP_TEST_VOICE_SPEECH_LIKE_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "dashvoip/base/random_source.h"

namespace dashvoip {
namespace test {

/**
 * Something like a voice: harmonics of a gliding pitch around 120 Hz under two formants,
 * loud and soft in turn like syllables, with a little noise.
 */
inline std::vector<std::int16_t> SpeechLike(std::size_t samples, double rate = 8000) {
  constexpr double kPi = 3.14159265358979323846;
  SeededRandom random(5);
  std::vector<std::int16_t> out(samples);
  double phase = 0;
  for (std::size_t n = 0; n < samples; ++n) {
    const double t = static_cast<double>(n) / rate;
    const double pitch = 120 + 20 * std::sin(2 * kPi * 0.7 * t);
    phase += 2 * kPi * pitch / rate;
    double value = 0;
    for (int harmonic = 1; harmonic * pitch < 3400; ++harmonic) {
      const double f = harmonic * pitch;
      const double formants =
          std::exp(-std::pow((f - 500) / 300, 2)) + 0.5 * std::exp(-std::pow((f - 1500) / 400, 2));
      value += formants * std::sin(harmonic * phase);
    }
    const double syllable = 0.6 + 0.4 * std::sin(2 * kPi * 3 * t);
    out[n] = static_cast<std::int16_t>(3000 * syllable * value + 40 * (random.NextUnit() - 0.5));
  }
  return out;
}

inline double Energy(const std::int16_t* samples, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(samples[i]) * samples[i];
  return sum;
}

/** Largest step from one sample to the next. */
inline int LargestStep(const std::int16_t* samples, std::size_t count) {
  int largest = 0;
  for (std::size_t i = 1; i < count; ++i) {
    const int step = std::abs(samples[i] - samples[i - 1]);
    if (step > largest) largest = step;
  }
  return largest;
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_VOICE_SPEECH_LIKE_H_
