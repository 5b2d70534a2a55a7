#include "dashvoip/video/nal_role.h"

namespace dashvoip {
namespace {

// The camera's private 26 and what else lies outside of 1 to 8 stays with us.
NalRole H264Role(std::uint8_t type) noexcept {
  switch (type) {
    case kNalIdr:
      return NalRole::kKeySlice;
    case kNalSei:
      return NalRole::kExtra;
    case kNalSps:
      return NalRole::kSps;
    case kNalPps:
      return NalRole::kPps;
    default:
      return type >= kNalSlice && type < kNalIdr ? NalRole::kSlice : NalRole::kNone;
  }
}

// ITU-T H.265 table 7-1.
constexpr std::uint8_t kLastPlainSlice = 9;
constexpr std::uint8_t kFirstIrap = 16;
constexpr std::uint8_t kLastIrap = 21;

NalRole H265Role(std::uint8_t type) noexcept {
  if (type <= kLastPlainSlice) return NalRole::kSlice;
  if (type >= kFirstIrap && type <= kLastIrap) return NalRole::kKeySlice;
  switch (type) {
    case 32:
      return NalRole::kVps;
    case 33:
      return NalRole::kSps;
    case 34:
      return NalRole::kPps;
    case 35:
      return NalRole::kDelimiter;
    case 39:  // SEI in front of slices, and behind them
    case 40:
      return NalRole::kExtra;
    default:
      return NalRole::kNone;
  }
}

}  // namespace

NalRole RoleOf(PictureCodec codec, const NalUnit& nal) noexcept {
  if (codec == PictureCodec::kH264) return H264Role(nal.type());
  // Layers above the first are of scalable streams (nuh_layer_id); a unit is more than its header.
  const bool base =
      nal.size > NalHeaderSize(codec) && (nal.data[0] & 1) == 0 && nal.data[1] >> 3 == 0;
  return base ? H265Role(H265TypeOf(nal)) : NalRole::kNone;
}

}  // namespace dashvoip
