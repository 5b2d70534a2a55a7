#include "dashvoip/audio/audio_devices.h"

#include <stdexcept>

#include "dashvoip/audio/file_device.h"
#include "dashvoip/audio/null_device.h"
#ifdef DASHVOIP_HAVE_ALSA
#include "dashvoip/audio/alsa_device.h"
#endif

namespace dashvoip {
namespace {

#ifndef DASHVOIP_HAVE_ALSA
constexpr const char* kNoAlsa =
    "sound device 'alsa': expected null or file (this build has no alsa)";
#endif
constexpr const char* kCamera = "sound device 'camera': expected null, file or alsa";

}  // namespace

std::unique_ptr<AudioSource> CreateAudioSource(const DeviceSettings& device,
                                               std::uint32_t bus_rate_hz, int fifo_priority) {
  static_cast<void>(fifo_priority);
  switch (device.kind) {
    case DeviceKind::kNull:
      return std::unique_ptr<AudioSource>(new NullSource());
    case DeviceKind::kFile:
      return std::unique_ptr<AudioSource>(new FileSource(device.path, bus_rate_hz));
    case DeviceKind::kAlsa:
#ifdef DASHVOIP_HAVE_ALSA
      return std::unique_ptr<AudioSource>(
          new AlsaSource(device.device, bus_rate_hz, fifo_priority));
#else
      throw std::invalid_argument(kNoAlsa);
#endif
    case DeviceKind::kCamera:
      break;
  }
  throw std::invalid_argument(kCamera);
}

std::unique_ptr<AudioSink> CreateAudioSink(const DeviceSettings& device, std::uint32_t bus_rate_hz,
                                           int fifo_priority) {
  static_cast<void>(fifo_priority);
  switch (device.kind) {
    case DeviceKind::kNull:
      return std::unique_ptr<AudioSink>(new NullSink());
    case DeviceKind::kFile:
      return std::unique_ptr<AudioSink>(new FileSink(device.path, bus_rate_hz));
    case DeviceKind::kAlsa:
#ifdef DASHVOIP_HAVE_ALSA
      return std::unique_ptr<AudioSink>(new AlsaSink(device.device, bus_rate_hz, fifo_priority));
#else
      throw std::invalid_argument(kNoAlsa);
#endif
    case DeviceKind::kCamera:
      break;
  }
  throw std::invalid_argument(kCamera);
}

}  // namespace dashvoip
