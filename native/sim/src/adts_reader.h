#ifndef DASHVOIP_SIM_ADTS_READER_H_
#define DASHVOIP_SIM_ADTS_READER_H_

#include <string>
#include <vector>

#include "audio_source.h"

namespace dashvoip {
namespace sim {

/** Raw AAC-LC access units from an ADTS file, headers taken off. */
class AdtsReader : public AudioSource {
 public:
  /** @throws std::runtime_error when the file is not ADTS with one AAC-LC block per frame. */
  explicit AdtsReader(const std::string& path);

  FrameView Next() override;
  std::uint32_t media_id() const override;
  std::uint32_t sample_rate() const override { return sample_rate_; }
  std::uint32_t channels() const override { return channels_; }

 private:
  struct Unit {
    std::size_t offset;
    std::uint32_t size;
  };

  std::vector<std::uint8_t> bytes_;
  std::vector<Unit> units_;
  std::uint32_t sample_rate_ = 0;
  std::uint32_t channels_ = 0;
  std::size_t next_ = 0;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_ADTS_READER_H_
