#ifndef DASHVOIP_VOICE_TIME_SCALE_H_
#define DASHVOIP_VOICE_TIME_SCALE_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** Root mean square below which speech counts as quiet: about -50 dBFS. */
constexpr double kQuietRms = 100.0;

/** Whether every 10 ms of the sound is below kQuietRms. @param scale of the rate: see pitch.h. */
bool IsQuiet(const std::int16_t* samples, std::size_t count, std::size_t scale) noexcept;

/**
 * Makes `count` samples out of up to count + limit by overlap-adding at the pitch lag; in quiet
 * sound exactly `limit` samples go. @param in count + limit samples; `out` must not overlap it.
 * @return how many samples were removed (so count + removed were used), 0 when no good seam exists:
 * `out` is then in[0, count).
 */
std::size_t ShortenSpeech(const std::int16_t* in, std::size_t count, std::size_t limit,
                          std::int16_t* out, std::size_t scale) noexcept;

/**
 * Makes `count` samples out of fewer. @param in count samples; `out` must not overlap it.
 * @return how many samples were inserted (so count - inserted were used), 0 when no good seam
 * exists: `out` is then in[0, count).
 */
std::size_t LengthenSpeech(const std::int16_t* in, std::size_t count, std::size_t limit,
                           std::int16_t* out, std::size_t scale) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_TIME_SCALE_H_
