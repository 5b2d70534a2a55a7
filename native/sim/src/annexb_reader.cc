#include "annexb_reader.h"

#include <algorithm>
#include <stdexcept>

#include "AmbaNetFifo.h"
#include "bit_reader.h"
#include "file_bytes.h"

namespace dashvoip {
namespace sim {
namespace {

struct NalView {
  const std::uint8_t* data;
  std::size_t size;
};

/** Cuts at start codes; zero bytes before a start code belong to it (H.264 B.1). */
std::vector<NalView> SplitNals(const Bytes& file) {
  std::vector<NalView> nals;
  std::size_t begin = 0;
  bool inside = false;
  for (std::size_t i = 0; i + 2 < file.size();) {
    if (file[i] != 0 || file[i + 1] != 0 || file[i + 2] != 1) {
      ++i;
      continue;
    }
    if (inside) nals.push_back({file.data() + begin, i - begin});
    inside = true;
    i += 3;
    begin = i;
  }
  if (inside) nals.push_back({file.data() + begin, file.size() - begin});
  for (auto& nal : nals) {
    while (nal.size > 0 && nal.data[nal.size - 1] == 0) --nal.size;
  }
  nals.erase(std::remove_if(nals.begin(), nals.end(), [](const NalView& n) { return n.size < 3; }),
             nals.end());
  return nals;
}

enum class NalKind { kParameterSet, kSlice, kOther };

struct NalInfo {
  NalKind kind;
  bool first_slice;
  bool key_frame;
  std::uint8_t type;
};

/** slice_type of H.264 7.4.3 as the camera's frame type. */
std::uint8_t TypeOfSlice(std::uint32_t slice_type) {
  switch (slice_type % 5) {
    case 1:
      return AMBA_FRAMEINFO_TYPE_B_FRAME;
    case 2:
    case 4:
      return AMBA_FRAMEINFO_TYPE_I_FRAME;
    default:
      return AMBA_FRAMEINFO_TYPE_P_FRAME;
  }
}

NalInfo InspectH264(const NalView& nal) {
  const int type = nal.data[0] & 0x1f;
  if (type == 7 || type == 8) return {NalKind::kParameterSet, false, false, 0};
  if (type != 1 && type != 5) return {NalKind::kOther, false, false, 0};
  BitReader bits(nal.data + 1, std::min<std::size_t>(nal.size - 1, 16));
  const bool first = bits.Ue() == 0;
  const std::uint8_t frame_type = TypeOfSlice(bits.Ue());
  if (type == 5) return {NalKind::kSlice, first, true, AMBA_FRAMEINFO_TYPE_IDR_FRAME};
  return {NalKind::kSlice, first, false, frame_type};
}

NalInfo InspectH265(const NalView& nal) {
  const int type = (nal.data[0] >> 1) & 0x3f;
  if (type >= 32 && type <= 34) return {NalKind::kParameterSet, false, false, 0};
  if (type > 31) return {NalKind::kOther, false, false, 0};
  const bool first = (nal.data[2] & 0x80) != 0;
  const bool key = type >= 16 && type <= 21;
  return {
      NalKind::kSlice, first, key,
      static_cast<std::uint8_t>(key ? AMBA_FRAMEINFO_TYPE_IDR_FRAME : AMBA_FRAMEINFO_TYPE_P_FRAME)};
}

/** Keeps the first parameter set of each type; a file that changes them is not a live encoder. */
void KeepParameterSet(const NalView& nal, VideoCodec codec, VideoFile* file,
                      const std::string& path) {
  const Bytes bytes(nal.data, nal.data + nal.size);
  for (const auto& known : file->parameter_sets) {
    if (known == bytes) return;
    const bool same_type =
        codec == VideoCodec::kH264 ? (known[0] & 0x1f) == (bytes[0] & 0x1f) : known[0] == bytes[0];
    if (same_type) {
      throw std::runtime_error(path + ": its parameter sets change within the file; expected one " +
                               "set throughout");
    }
  }
  file->parameter_sets.push_back(bytes);
}

PictureSize SizeFrom(const VideoFile& file, VideoCodec codec) {
  for (const auto& set : file.parameter_sets) {
    if (codec == VideoCodec::kH264 && (set[0] & 0x1f) == 7) {
      return H264PictureSize(set.data(), set.size());
    }
    if (codec == VideoCodec::kH265 && ((set[0] >> 1) & 0x3f) == 33) {
      return H265PictureSize(set.data(), set.size());
    }
  }
  return {0, 0};
}

std::uint32_t GopOf(const std::vector<Picture>& pictures) {
  for (std::size_t i = 1; i < pictures.size(); ++i) {
    if (pictures[i].key_frame) return static_cast<std::uint32_t>(i);
  }
  return static_cast<std::uint32_t>(pictures.size());
}

}  // namespace

VideoFile ReadAnnexB(const std::string& path, VideoCodec codec) {
  const Bytes bytes = ReadFile(path);
  VideoFile file = {};
  for (const NalView& nal : SplitNals(bytes)) {
    const NalInfo info = codec == VideoCodec::kH264 ? InspectH264(nal) : InspectH265(nal);
    if (info.kind == NalKind::kParameterSet) KeepParameterSet(nal, codec, &file, path);
    if (info.kind != NalKind::kSlice) continue;
    if (!info.first_slice) {
      throw std::runtime_error(path + ": a picture of several slices; the camera delivers one " +
                               "slice per picture (x264: slices=1:sliced-threads=0)");
    }
    if (file.pictures.empty() && !info.key_frame) continue;
    file.pictures.push_back({Bytes(nal.data, nal.data + nal.size), info.key_frame, info.type});
  }
  const std::size_t wanted = codec == VideoCodec::kH264 ? 2 : 3;
  if (file.pictures.empty() || file.parameter_sets.size() < wanted) {
    throw std::runtime_error(path + ": no Annex-B " +
                             (codec == VideoCodec::kH264 ? "H.264" : "H.265") +
                             " stream with parameter sets and a key frame in it");
  }
  file.size = SizeFrom(file, codec);
  file.gop = GopOf(file.pictures);
  return file;
}

}  // namespace sim
}  // namespace dashvoip
