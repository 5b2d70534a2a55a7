#ifndef DASHVOIP_AUDIO_SILENCE_H_
#define DASHVOIP_AUDIO_SILENCE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace dashvoip {

/** Loudest sample, 0..32768. */
inline std::uint16_t PeakOf(const std::int16_t* samples, std::size_t count) noexcept {
  int peak = 0;
  for (std::size_t i = 0; i < count; ++i) peak = std::max(peak, std::abs(int{samples[i]}));
  return static_cast<std::uint16_t>(peak);
}

/** Whether nobody would miss it: below -48 dBov, the noise of a quiet car. */
inline bool IsSilence(const std::int16_t* samples, std::size_t count) noexcept {
  return PeakOf(samples, count) < 128;
}

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_SILENCE_H_
