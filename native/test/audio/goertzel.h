#ifndef DASHVOIP_TEST_AUDIO_GOERTZEL_H_
#define DASHVOIP_TEST_AUDIO_GOERTZEL_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dashvoip {
namespace test {

/** The amplitude of one frequency in samples (Goertzel), of `count` from `begin`, or of all. */
inline double Amplitude(const std::vector<std::int16_t>& sound, double frequency, double rate,
                        std::size_t begin = 0, std::size_t count = 0) {
  if (count == 0) count = sound.size() - begin;
  const double angle = 2 * std::acos(-1.0) * frequency / rate;
  const double coefficient = 2 * std::cos(angle);
  double last = 0;
  double before = 0;
  for (std::size_t i = begin; i < begin + count; ++i) {
    const double next = sound[i] + coefficient * last - before;
    before = last;
    last = next;
  }
  const double power = last * last + before * before - coefficient * last * before;
  return 2 * std::sqrt(std::max(0.0, power)) / static_cast<double>(count);
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_AUDIO_GOERTZEL_H_
