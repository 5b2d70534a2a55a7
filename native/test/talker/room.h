#ifndef DASHVOIP_TEST_TALKER_ROOM_H_
#define DASHVOIP_TEST_TALKER_ROOM_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/audio/saturate.h"
#include "dashvoip/base/random_source.h"

namespace dashvoip {
namespace test {

/** A box in which a speaker is heard by a microphone. */
struct RoomShape {
  std::array<double, 3> size;        ///< m
  std::array<double, 3> speaker;     ///< m
  std::array<double, 3> microphone;  ///< m
  double rt60;                       ///< s, until an answer is 60 dB lower
};

/** A car, with the camera behind the windscreen. */
constexpr RoomShape kCabin = {{{1.4, 2.4, 1.15}}, {{0.68, 0.35, 0.95}}, {{0.80, 0.33, 0.96}}, 0.12};
/** A room at home, with the camera on a table. */
constexpr RoomShape kOffice = {{{4.1, 3.2, 2.5}}, {{1.9, 1.2, 0.8}}, {{2.05, 1.25, 0.8}}, 0.25};

/**
 * What the microphone hears of a click, by the image method of Allen and Berkley (1979): each wall
 * is a mirror that swallows a part. Scaled so that white noise keeps its power.
 */
inline std::vector<double> ImpulseResponse(const RoomShape& room, double rate, double seconds) {
  constexpr double kSpeed = 343;
  const auto& s = room.size;
  const double volume = s[0] * s[1] * s[2];
  const double surface = 2 * (s[0] * s[1] + s[1] * s[2] + s[0] * s[2]);
  // Eyring's formula, for a wall's part of the amplitude.
  const double beta = std::exp(-0.161 * volume / (surface * room.rt60) / 2);
  std::vector<double> response(static_cast<std::size_t>(rate * seconds));
  const double farthest = seconds * kSpeed;
  std::array<int, 3> most;
  for (std::size_t d = 0; d < 3; ++d) most[d] = static_cast<int>(farthest / (2 * s[d])) + 1;
  std::array<int, 3> n;
  for (n[0] = -most[0]; n[0] <= most[0]; ++n[0]) {
    for (n[1] = -most[1]; n[1] <= most[1]; ++n[1]) {
      for (n[2] = -most[2]; n[2] <= most[2]; ++n[2]) {
        for (unsigned mirrored = 0; mirrored < 8; ++mirrored) {
          double square = 0;
          int walls = 0;
          for (std::size_t d = 0; d < 3; ++d) {
            const bool mirror = (mirrored >> d & 1U) != 0;
            const double source = mirror ? -room.speaker[d] : room.speaker[d];
            const double way = source + 2 * n[d] * s[d] - room.microphone[d];
            square += way * way;
            walls += std::abs(n[d] - (mirror ? 1 : 0)) + std::abs(n[d]);
          }
          const double distance = std::sqrt(square);
          const double at = distance / kSpeed * rate;
          const auto sample = static_cast<std::size_t>(at);
          if (sample + 1 >= response.size()) continue;
          const double loudness = std::pow(beta, walls) / distance;
          const double part = at - static_cast<double>(sample);
          response[sample] += loudness * (1 - part);
          response[sample + 1] += loudness * part;
        }
      }
    }
  }
  double energy = 0;
  for (const double value : response) energy += value * value;
  for (double& value : response) value /= std::sqrt(energy);
  return response;
}

/** What a room makes of sound, sample by sample. */
class Convolver {
 public:
  explicit Convolver(std::vector<double> response)
      : response_(std::move(response)), past_(2 * response_.size()) {}

  double Next(double sample) {
    const std::size_t size = response_.size();
    silent_for_ = sample == 0 ? silent_for_ + 1 : 0;
    if (silent_for_ > 2 * size) return 0;  // as most of the time
    at_ = at_ == 0 ? size - 1 : at_ - 1;
    past_[at_] = past_[at_ + size] = sample;
    double sum = 0;
    const double* const past = &past_[at_];
    for (std::size_t i = 0; i < size; ++i) sum += response_[i] * past[i];
    return sum;
  }

 private:
  const std::vector<double> response_;
  std::vector<double> past_;
  std::size_t at_ = 0;
  std::size_t silent_for_ = 0;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_TALKER_ROOM_H_
