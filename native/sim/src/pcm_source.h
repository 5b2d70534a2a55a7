#ifndef DASHVOIP_SIM_PCM_SOURCE_H_
#define DASHVOIP_SIM_PCM_SOURCE_H_

#include <string>
#include <vector>

#include "audio_source.h"
#include "wav_file.h"

namespace dashvoip {
namespace sim {

/** Signed 16-bit frames from a WAV file; a frame may span its end and beginning. */
class PcmSource : public AudioSource {
 public:
  explicit PcmSource(const std::string& path);

  FrameView Next() override;
  std::uint32_t media_id() const override;
  std::uint32_t sample_rate() const override { return sound_.rate; }
  std::uint32_t channels() const override { return sound_.channels; }

 private:
  WavSound sound_;
  std::size_t next_ = 0;
  std::vector<std::uint8_t> frame_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_PCM_SOURCE_H_
