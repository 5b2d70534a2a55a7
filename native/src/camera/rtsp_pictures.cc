#include "dashvoip/camera/rtsp_pictures.h"

#include <algorithm>

#include "dashvoip/camera/frame_continuity.h"
#include "dashvoip/video/rbsp_reader.h"

namespace dashvoip {
namespace {

constexpr std::uint8_t kStartCode[] = {0, 0, 0, 1};
// Its slice headers may have an element more before frame_num; no camera has it.
constexpr std::uint8_t kProfileHigh444 = 244;
constexpr std::uint32_t kMost = FrameContinuity::kUnknown - 1;

struct Contents {
  bool has_vps = false;
  bool has_sps = false;
  bool has_pps = false;
  NalUnit slice;            // the first one; size 0: none
  std::size_t sets_at = 0;  // where parameter sets belong: behind an access unit delimiter
};

Contents LookInto(PictureCodec codec, const std::uint8_t* data, std::size_t size) {
  Contents contents;
  AnnexBReader reader(data, size);
  NalUnit nal;
  while (contents.slice.size == 0 && reader.Next(&nal)) {
    const NalRole role = RoleOf(codec, nal);
    contents.has_vps = contents.has_vps || role == NalRole::kVps;
    contents.has_sps = contents.has_sps || role == NalRole::kSps;
    contents.has_pps = contents.has_pps || role == NalRole::kPps;
    if (role == NalRole::kDelimiter || (codec == PictureCodec::kH264 && nal.type() == kNalAud)) {
      contents.sets_at = static_cast<std::size_t>(nal.data - data) + nal.size;
    }
    if (role == NalRole::kSlice || role == NalRole::kKeySlice) contents.slice = nal;
  }
  return contents;
}

// H.264 table 7-6.
cl_ftype TypeOf(std::uint32_t slice_type) {
  switch (slice_type % 5) {
    case 0:
      return CL_F_P;
    case 1:
      return CL_F_B;
    case 2:
      return CL_F_I;
    default:
      return CL_F_OTHER;
  }
}

}  // namespace

RtspPictures::RtspPictures(PictureCodec codec, const std::uint8_t* setup, std::size_t size)
    : sets_(codec) {
  if (setup != nullptr) sets_.UpdateFrom(setup, size);
}

void RtspPictures::Take(const std::uint8_t* data, std::size_t size, RtspFrame* out) {
  sets_.UpdateFrom(data, size);
  const Contents contents = LookInto(sets_.codec(), data, size);
  out->data.clear();
  out->type = CL_F_OTHER;
  out->missing = contents.slice.size > 0 ? Missing(contents.slice, &out->type) : 0;
  const bool has_vps = contents.has_vps || sets_.codec() == PictureCodec::kH264;
  const bool complete = has_vps && contents.has_sps && contents.has_pps;
  if (out->type != CL_F_IDR || complete || !sets_.complete()) {
    out->data.assign(data, data + size);
    return;
  }
  out->data.assign(data, data + contents.sets_at);
  for (std::size_t i = 0; i < sets_.count(); ++i) {
    const NalUnit nal = sets_.at(i);
    out->data.insert(out->data.end(), kStartCode, kStartCode + sizeof(kStartCode));
    out->data.insert(out->data.end(), nal.data, nal.data + nal.size);
  }
  out->data.insert(out->data.end(), data + contents.sets_at, data + size);
}

// Reads a slice header as far as frame_num, H.264 section 7.3.3; H.265 has no such number.
std::uint32_t RtspPictures::Missing(const NalUnit& slice, cl_ftype* type) {
  if (sets_.codec() == PictureCodec::kH265) {
    *type = RoleOf(PictureCodec::kH265, slice) == NalRole::kKeySlice ? CL_F_IDR : CL_F_P;
    return 0;
  }
  RbspReader reader(slice);
  reader.Unsigned();  // first_mb_in_slice
  const bool idr = slice.type() == kNalIdr;
  *type = TypeOf(reader.Unsigned());
  reader.Unsigned();  // pic_parameter_set_id
  if (idr) *type = CL_F_IDR;
  const SpsParameters& parameters = sets_.parameters();
  if (!sets_.complete() || parameters.profile_idc == kProfileHigh444) return 0;
  const std::uint32_t frame_num = reader.Bits(parameters.frame_num_bits);
  if (!reader.ok()) return 0;
  if (idr) reference_known_ = false;
  return MissingBefore(frame_num, slice.ref_idc() != 0);
}

// A picture has the number of the reference picture before it, or the next one.
std::uint32_t RtspPictures::MissingBefore(std::uint32_t frame_num, bool reference) {
  const std::uint32_t modulo = 1U << sets_.parameters().frame_num_bits;
  const std::uint32_t step = (frame_num - last_reference_) % modulo;
  const std::uint32_t missing = reference_known_ && step > 1 ? std::min(step - 1, kMost) : 0;
  if (reference) {
    last_reference_ = frame_num;
    reference_known_ = true;
  } else if (missing > 0) {
    last_reference_ = (frame_num + modulo - 1) % modulo;
  }
  return missing;
}

}  // namespace dashvoip
