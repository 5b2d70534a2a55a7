#ifndef DASHVOIP_AUDIO_ALSA_VERSION_H_
#define DASHVOIP_AUDIO_ALSA_VERSION_H_

namespace dashvoip {

/** Of the alsa-lib that is loaded, as in "1.2.8". */
const char* AlsaVersion() noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_ALSA_VERSION_H_
