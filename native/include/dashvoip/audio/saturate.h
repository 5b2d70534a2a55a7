#ifndef DASHVOIP_AUDIO_SATURATE_H_
#define DASHVOIP_AUDIO_SATURATE_H_

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace dashvoip {

/** The nearest sample. */
inline std::int16_t RoundToSample(double value) noexcept {
  return static_cast<std::int16_t>(
      std::lrint(std::max<double>(INT16_MIN, std::min<double>(INT16_MAX, value))));
}

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_SATURATE_H_
