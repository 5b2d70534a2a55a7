#ifndef DASHVOIP_SIM_AUDIO_SOURCE_H_
#define DASHVOIP_SIM_AUDIO_SOURCE_H_

#include <memory>
#include <string>

#include "frame_source.h"

namespace dashvoip {
namespace sim {

constexpr std::uint32_t kSamplesPerFrame = 1024;

/** Live sound: 1024 samples per channel and frame. */
class AudioSource : public FrameSource {
 public:
  virtual std::uint32_t media_id() const = 0;
  virtual std::uint32_t sample_rate() const = 0;
  virtual std::uint32_t channels() const = 0;
};

/** AAC from an ADTS file, PCM from a WAV file. @throws std::runtime_error for anything else. */
std::unique_ptr<AudioSource> OpenAudio(const std::string& path);

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_AUDIO_SOURCE_H_
