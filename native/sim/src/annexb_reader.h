#ifndef DASHVOIP_SIM_ANNEXB_READER_H_
#define DASHVOIP_SIM_ANNEXB_READER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "picture_size.h"

namespace dashvoip {
namespace sim {

enum class VideoCodec { kH264, kH265 };

using Bytes = std::vector<std::uint8_t>;

/** One picture of a file: its single slice, NAL header included, without start code. */
struct Picture {
  Bytes slice;
  bool key_frame;
  std::uint8_t type;  // AMBA_FRAMEINFO_TYPE_e
};

/** What an Annex-B file holds, apart from what the camera makes itself (AUD, SEI). */
struct VideoFile {
  std::vector<Bytes> parameter_sets;  // (VPS,) SPS, PPS
  std::vector<Picture> pictures;      // the first one is a key frame
  PictureSize size;
  std::uint32_t gop;  // pictures from one key frame to the next
};

/**
 * Reads an elementary stream in Annex-B form.
 * @throws std::runtime_error naming what is missing: the camera delivers one slice per picture,
 *   without B-pictures in need of re-ordering, and so must the file.
 */
VideoFile ReadAnnexB(const std::string& path, VideoCodec codec);

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_ANNEXB_READER_H_
