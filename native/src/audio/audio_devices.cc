#include "dashvoip/audio/audio_devices.h"

#include <stdexcept>

#include "dashvoip/audio/file_device.h"
#include "dashvoip/audio/null_device.h"
#ifdef DASHVOIP_HAVE_ALSA
#include "dashvoip/audio/alsa_device.h"
#endif

namespace dashvoip {
namespace {

[[noreturn]] void Refuse(const std::string& kind) {
#ifdef DASHVOIP_HAVE_ALSA
  throw std::invalid_argument("sound device '" + kind + "': expected null, file or alsa");
#else
  throw std::invalid_argument("sound device '" + kind +
                              "': expected null or file (this build has no alsa)");
#endif
}

}  // namespace

std::unique_ptr<AudioSource> CreateAudioSource(const std::string& kind, const std::string& where,
                                               std::uint32_t bus_rate_hz, int fifo_priority) {
  if (kind == "null") return std::unique_ptr<AudioSource>(new NullSource());
  if (kind == "file") return std::unique_ptr<AudioSource>(new FileSource(where, bus_rate_hz));
#ifdef DASHVOIP_HAVE_ALSA
  if (kind == "alsa")
    return std::unique_ptr<AudioSource>(new AlsaSource(where, bus_rate_hz, fifo_priority));
#else
  static_cast<void>(fifo_priority);
#endif
  Refuse(kind);
}

std::unique_ptr<AudioSink> CreateAudioSink(const std::string& kind, const std::string& where,
                                           std::uint32_t bus_rate_hz, int fifo_priority) {
  if (kind == "null") return std::unique_ptr<AudioSink>(new NullSink());
  if (kind == "file") return std::unique_ptr<AudioSink>(new FileSink(where, bus_rate_hz));
#ifdef DASHVOIP_HAVE_ALSA
  if (kind == "alsa")
    return std::unique_ptr<AudioSink>(new AlsaSink(where, bus_rate_hz, fifo_priority));
#else
  static_cast<void>(fifo_priority);
#endif
  Refuse(kind);
}

}  // namespace dashvoip
