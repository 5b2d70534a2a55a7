#ifndef DASHVOIP_AUDIO_AUDIO_DEVICES_H_
#define DASHVOIP_AUDIO_AUDIO_DEVICES_H_

#include <cstdint>
#include <memory>

#include "dashvoip/api/settings.h"
#include "dashvoip/audio/audio_port.h"

namespace dashvoip {

/**
 * Makes a sound device other than the camera's, which makes its own.
 * @param bus_rate_hz rate of the mono S16 that Pull and Push carry.
 * @param fifo_priority SCHED_FIFO priority of a sound card's thread, 0 for none.
 * A device that cannot be opened is made all the same: its status tells why, and it tries again.
 * @throws std::invalid_argument for the camera, and for a kind that is not built in.
 */
std::unique_ptr<AudioSource> CreateAudioSource(const DeviceSettings& device,
                                               std::uint32_t bus_rate_hz, int fifo_priority = 0);
std::unique_ptr<AudioSink> CreateAudioSink(const DeviceSettings& device, std::uint32_t bus_rate_hz,
                                           int fifo_priority = 0);

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_AUDIO_DEVICES_H_
