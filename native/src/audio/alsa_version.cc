#include "dashvoip/audio/alsa_version.h"

#include <alsa/asoundlib.h>

namespace dashvoip {

const char* AlsaVersion() noexcept { return snd_asoundlib_version(); }

}  // namespace dashvoip
