#ifndef DASHVOIP_AUDIO_TONE_H_
#define DASHVOIP_AUDIO_TONE_H_

#include <cstdint>
#include <vector>

#include "dashvoip/api/settings.h"

namespace dashvoip {

/** One cadence of a tone (ITU-T E.180): its parts one after the other, mono at `rate_hz`. */
std::vector<std::int16_t> RenderTone(const ToneSettings& tone, std::uint32_t rate_hz);

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_TONE_H_
