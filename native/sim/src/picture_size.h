#ifndef DASHVOIP_SIM_PICTURE_SIZE_H_
#define DASHVOIP_SIM_PICTURE_SIZE_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {
namespace sim {

struct PictureSize {
  std::uint32_t width, height;
};

/** Visible size from an H.264 SPS (NAL header included); 0x0 when it cannot be read. */
PictureSize H264PictureSize(const std::uint8_t* sps, std::size_t size);
/** Likewise from an H.265 SPS. */
PictureSize H265PictureSize(const std::uint8_t* sps, std::size_t size);

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_PICTURE_SIZE_H_
