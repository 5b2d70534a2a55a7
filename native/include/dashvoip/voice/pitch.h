#ifndef DASHVOIP_VOICE_PITCH_H_
#define DASHVOIP_VOICE_PITCH_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * The parts of this room that look at speech are made for 8 kHz. At a multiple of that, `scale`,
 * each of their lengths is so many times as long.
 */
constexpr std::size_t kMaxScale = 6;  // 48 kHz
constexpr std::uint32_t kBaseRateHz = 8000;

/** Longest and shortest pitch period looked for, samples at 8 kHz: 66 to 200 Hz and its octave. */
constexpr std::size_t kMinPitchLag = 20;
constexpr std::size_t kMaxPitchLag = 120;

struct Pitch {
  std::size_t lag;     ///< samples
  double correlation;  ///< normalized, -1..1; below about 0.5 the sound is not periodic
};

/**
 * Best lag at which `segment` resembles what lies `lag` samples from it, searched over
 * [min_lag, max_lag]. @param direction -1 compares with the past, +1 with what follows. The caller
 * guarantees that segment[±max_lag .. ±max_lag + length) is readable. @param scale of the rate:
 * every so many samples are looked at first.
 */
Pitch FindPitch(const std::int16_t* segment, std::size_t length, int direction, std::size_t min_lag,
                std::size_t max_lag, std::size_t scale) noexcept;

/**
 * Fades from `from` to `to` over `count` samples, linearly; `out` may be either.
 */
void CrossFade(const std::int16_t* from, const std::int16_t* to, std::size_t count,
               std::int16_t* out) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_PITCH_H_
