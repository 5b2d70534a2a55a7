#include "dashvoip/audio/tone.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {
namespace {

// As loud as speech, -13 dBm0 a frequency or less (ITU-T E.180 §4): two of them stay far from full
// scale.
constexpr double kAmplitude = 4000;
// A tone that begins or ends at once clicks.
constexpr std::uint32_t kRampMs = 5;
constexpr double kTwoPi = 6.283185307179586;

}  // namespace

std::vector<std::int16_t> RenderTone(const ToneSettings& tone, std::uint32_t rate_hz) {
  std::vector<std::int16_t> sound;
  for (const TonePart& part : tone.parts) {
    const std::size_t count = std::size_t{part.ms} * rate_hz / 1000;
    // A tone that never pauses is its own neighbour, without a seam.
    const std::size_t ramp =
        tone.parts.size() == 1 ? 0 : std::min<std::size_t>(kRampMs * rate_hz / 1000, count / 2);
    for (std::size_t i = 0; i < count; ++i) {
      double sample = 0;
      for (const std::uint16_t frequency : part.frequencies) {
        sample += kAmplitude * std::sin(kTwoPi * frequency * static_cast<double>(i) / rate_hz);
      }
      const std::size_t edge = std::min(i, count - 1 - i);
      if (edge < ramp) sample *= static_cast<double>(edge) / static_cast<double>(ramp);
      sound.push_back(static_cast<std::int16_t>(std::lround(sample)));
    }
  }
  return sound;
}

}  // namespace dashvoip
