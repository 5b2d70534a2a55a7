#ifndef DASHVOIP_VIDEO_NAL_ROLE_H_
#define DASHVOIP_VIDEO_NAL_ROLE_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/video/annexb.h"

namespace dashvoip {

/** What the camera's encoder makes: one or the other. */
enum class PictureCodec : std::uint8_t { kH264, kH265 };

/** What a NAL unit is to us, whichever codec it is of. */
enum class NalRole : std::uint8_t {
  kNone,       ///< means nothing to a receiver of one stream, or makes no sense
  kSlice,      ///< of a picture that needs others
  kKeySlice,   ///< of one that a decoder can begin with
  kExtra,      ///< goes along with a picture
  kDelimiter,  ///< goes along, in front of all else; that of H.264 is left out
  kVps,        ///< of H.265 alone
  kSps,
  kPps,
};

/** forbidden_zero_bit is not looked at. */
NalRole RoleOf(PictureCodec codec, const NalUnit& nal) noexcept;

/** Bytes of the header in front of each NAL unit: H.264 §7.3.1, H.265 §7.3.1.2. */
constexpr std::size_t NalHeaderSize(PictureCodec codec) noexcept {
  return codec == PictureCodec::kH265 ? 2 : 1;
}

/** nal_unit_type of H.265 §7.3.1.2. */
inline std::uint8_t H265TypeOf(const NalUnit& nal) noexcept { return nal.data[0] >> 1 & 0x3f; }

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_NAL_ROLE_H_
