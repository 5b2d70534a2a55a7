#include "pcm_source.h"

#include "AmbaNetFifo.h"

namespace dashvoip {
namespace sim {

PcmSource::PcmSource(const std::string& path)
    : sound_(ReadWav(path)), frame_(kSamplesPerFrame * sound_.channels * 2) {}

FrameView PcmSource::Next() {
  for (std::size_t i = 0; i < frame_.size(); i += 2) {
    const auto sample = static_cast<std::uint16_t>(sound_.samples[next_]);
    frame_[i] = static_cast<std::uint8_t>(sample);
    frame_[i + 1] = static_cast<std::uint8_t>(sample >> 8);
    next_ = (next_ + 1) % sound_.samples.size();
  }
  return {frame_.data(), static_cast<std::uint32_t>(frame_.size()),
          AMBA_FRAMEINFO_TYPE_AUDIO_FRAME};
}

std::uint32_t PcmSource::media_id() const { return AMP_FORMAT_MID_PCM; }

}  // namespace sim
}  // namespace dashvoip
