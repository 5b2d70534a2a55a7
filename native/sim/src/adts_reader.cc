#include "adts_reader.h"

#include <stdexcept>

#include "AmbaNetFifo.h"
#include "file_bytes.h"

namespace dashvoip {
namespace sim {
namespace {

constexpr std::uint32_t kRates[] = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                    22050, 16000, 12000, 11025, 8000,  7350};

/** Fixed and variable header of ISO/IEC 13818-7, 6.2. */
struct AdtsHeader {
  std::uint32_t header_size, frame_size, rate, channels;
};

bool Parse(const std::uint8_t* at, std::size_t left, AdtsHeader* header) {
  if (left < 7 || at[0] != 0xff || (at[1] & 0xf6) != 0xf0) return false;
  const unsigned rate_index = (at[2] >> 2) & 0xf;
  const bool is_lc = at[2] >> 6 == 1;
  const bool one_block = (at[6] & 3) == 0;
  if (!is_lc || !one_block || rate_index >= sizeof(kRates) / sizeof(kRates[0])) return false;
  header->header_size = (at[1] & 1) != 0 ? 7 : 9;
  header->frame_size = (at[3] & 3u) << 11 | at[4] * 8u | at[5] >> 5;
  header->rate = kRates[rate_index];
  header->channels = (at[2] & 1u) << 2 | at[3] >> 6;
  return header->frame_size > header->header_size && header->frame_size <= left;
}

}  // namespace

AdtsReader::AdtsReader(const std::string& path) : bytes_(ReadFile(path)) {
  AdtsHeader header;
  for (std::size_t at = 0; at < bytes_.size(); at += header.frame_size) {
    if (!Parse(bytes_.data() + at, bytes_.size() - at, &header)) {
      if (!units_.empty() && bytes_.size() - at < 8192) break;  // a cut-off last frame
      throw std::runtime_error(path +
                               ": expected ADTS AAC-LC frames, found other bytes at offset " +
                               std::to_string(at));
    }
    sample_rate_ = header.rate;
    channels_ = header.channels;
    units_.push_back({at + header.header_size, header.frame_size - header.header_size});
  }
}

FrameView AdtsReader::Next() {
  const Unit& unit = units_[next_];
  next_ = (next_ + 1) % units_.size();
  return {bytes_.data() + unit.offset, unit.size, AMBA_FRAMEINFO_TYPE_AUDIO_FRAME};
}

std::uint32_t AdtsReader::media_id() const { return AMP_FORMAT_MID_AAC; }

}  // namespace sim
}  // namespace dashvoip
