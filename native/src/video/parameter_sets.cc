#include "dashvoip/video/parameter_sets.h"

#include <algorithm>
#include <cstring>
#include <initializer_list>

#include "dashvoip/video/rbsp_reader.h"

namespace dashvoip {

namespace {

constexpr std::uint32_t kMaxMacroblocks = 1024;  // per side: 16384 pixels, beyond any level
constexpr std::size_t kVpsSlot = 0;
constexpr std::uint32_t kMaxSide = kMaxMacroblocks * 16;

// Profiles whose SPS carries chroma format and scaling lists, H.264 §7.3.2.1.1.
bool HasChromaFormat(std::uint8_t profile_idc) noexcept {
  for (const int profile : {44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244}) {
    if (profile == profile_idc) return true;
  }
  return false;
}

// H.264 §7.3.2.1.1.1.
void SkipScalingList(RbspReader* reader, int size) noexcept {
  int last = 8;
  int next = 8;
  for (int i = 0; i < size && reader->ok(); ++i) {
    if (next != 0) next = (last + reader->Signed() % 256 + 256) % 256;
    if (next != 0) last = next;
  }
}

// @return chroma_format_idc, 0..3; above when it makes no sense.
std::uint32_t ReadChroma(RbspReader* reader) noexcept {
  const std::uint32_t format = reader->Unsigned();
  if (format == 3) reader->Flag();  // separate_colour_plane_flag
  reader->Unsigned();               // bit_depth_luma_minus8
  reader->Unsigned();               // bit_depth_chroma_minus8
  reader->Flag();                   // qpprime_y_zero_transform_bypass_flag
  if (reader->Flag()) {             // seq_scaling_matrix_present_flag
    const int lists = format == 3 ? 12 : 8;
    for (int i = 0; i < lists; ++i) {
      if (reader->Flag()) SkipScalingList(reader, i < 6 ? 16 : 64);
    }
  }
  return format;
}

void SkipPictureOrder(RbspReader* reader) noexcept {
  const std::uint32_t type = reader->Unsigned();
  if (type == 0) reader->Unsigned();  // log2_max_pic_order_cnt_lsb_minus4
  if (type != 1) return;
  reader->Flag();    // delta_pic_order_always_zero_flag
  reader->Signed();  // offset_for_non_ref_pic
  reader->Signed();  // offset_for_top_to_bottom_field
  const std::uint32_t cycle = reader->Unsigned();
  for (std::uint32_t i = 0; i < cycle && reader->ok(); ++i) reader->Signed();
}

// What is cut off, in units of the chroma format: H.264 §7.4.2.1.1, H.265 §7.4.3.2.1.
bool Crop(RbspReader* reader, std::uint32_t chroma_format, std::uint32_t field_factor,
          SpsParameters* out) noexcept {
  if (reader->Flag()) {
    const std::uint64_t unit_x = chroma_format == 1 || chroma_format == 2 ? 2 : 1;
    const std::uint64_t unit_y = (chroma_format == 1 ? 2 : 1) * field_factor;
    const std::uint64_t left = reader->Unsigned();
    const std::uint64_t right = reader->Unsigned();
    const std::uint64_t top = reader->Unsigned();
    const std::uint64_t bottom = reader->Unsigned();
    const std::uint64_t x = (left + right) * unit_x;
    const std::uint64_t y = (top + bottom) * unit_y;
    if (x >= out->width || y >= out->height) return false;
    out->width -= static_cast<std::uint32_t>(x);
    out->height -= static_cast<std::uint32_t>(y);
  }
  return reader->ok();
}

// Size in pixels after cropping, H.264 §7.4.2.1.1 (7-13 to 7-22).
bool ReadSize(RbspReader* reader, std::uint32_t chroma_format, SpsParameters* out) noexcept {
  const std::uint32_t columns = reader->Unsigned();
  const std::uint32_t rows = reader->Unsigned();
  const bool frames_only = reader->Flag();
  if (!frames_only) reader->Flag();  // mb_adaptive_frame_field_flag
  reader->Flag();                    // direct_8x8_inference_flag
  if (!reader->ok() || columns >= kMaxMacroblocks || rows >= kMaxMacroblocks) return false;
  const std::uint32_t field_factor = frames_only ? 1 : 2;
  out->macroblocks = (columns + 1) * (rows + 1) * field_factor;
  out->width = (columns + 1) * 16;
  out->height = (rows + 1) * 16 * field_factor;
  return Crop(reader, chroma_format, field_factor, out);
}

// H.265 §7.3.3, behind general_level_idc.
void SkipSubLayers(RbspReader* reader, std::uint32_t sub_layers) noexcept {
  std::uint32_t profiles = 0;
  std::uint32_t levels = 0;
  for (std::uint32_t i = 0; i < sub_layers; ++i) {
    profiles += reader->Bits(1);
    levels += reader->Bits(1);
  }
  if (sub_layers > 0) reader->Bits(2 * (8 - sub_layers));
  constexpr std::uint32_t kProfileBytes = 11;
  for (std::uint32_t left = kProfileBytes * profiles + levels; left > 0; --left) reader->Bits(8);
}

// As far as the size, H.265 §7.3.2.2.1.
bool ParseH265Sps(const NalUnit& nal, SpsParameters* out) noexcept {
  RbspReader reader(nal);
  reader.Bits(8 + 4);  // the rest of the header, sps_video_parameter_set_id
  const std::uint32_t sub_layers = reader.Bits(3);  // sps_max_sub_layers_minus1
  if (sub_layers > 6) return false;
  reader.Flag();  // sps_temporal_id_nesting_flag
  out->is_h265 = true;
  for (std::uint8_t& byte : out->profile_tier_level) {
    byte = static_cast<std::uint8_t>(reader.Bits(8));
  }
  SkipSubLayers(&reader, sub_layers);
  out->sps_id = reader.Unsigned();
  const std::uint32_t chroma_format = reader.Unsigned();
  if (chroma_format == 3) reader.Flag();  // separate_colour_plane_flag
  out->width = reader.Unsigned();
  out->height = reader.Unsigned();
  if (!reader.ok() || out->sps_id > 15 || chroma_format > 3 || out->width == 0 ||
      out->height == 0 || out->width > kMaxSide || out->height > kMaxSide) {
    return false;
  }
  out->macroblocks = (out->width + 15) / 16 * ((out->height + 15) / 16);
  return Crop(&reader, chroma_format, 1, out);
}

bool ParseH264Sps(const NalUnit& nal, SpsParameters* out) noexcept {
  RbspReader reader(nal);
  out->profile_idc = static_cast<std::uint8_t>(reader.Bits(8));
  out->constraint_flags = static_cast<std::uint8_t>(reader.Bits(8));
  out->level_idc = static_cast<std::uint8_t>(reader.Bits(8));
  out->sps_id = reader.Unsigned();
  if (out->sps_id > 31) return false;
  // Without the element it is 4:2:0.
  const std::uint32_t chroma_format = HasChromaFormat(out->profile_idc) ? ReadChroma(&reader) : 1;
  if (chroma_format > 3) return false;
  const std::uint32_t more_frame_num_bits = reader.Unsigned();  // log2_max_frame_num_minus4
  if (more_frame_num_bits > 12) return false;
  out->frame_num_bits = 4 + more_frame_num_bits;
  SkipPictureOrder(&reader);
  reader.Unsigned();  // max_num_ref_frames
  reader.Flag();      // gaps_in_frame_num_value_allowed_flag
  return ReadSize(&reader, chroma_format, out);
}

}  // namespace

constexpr std::size_t ParameterSets::kMaxSize;
constexpr std::size_t ParameterSets::kMaxSets;

std::string SpsParameters::ProfileLevelId() const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string id;
  const auto add = [&](std::uint8_t byte) {
    id += kDigits[byte >> 4];
    id += kDigits[byte & 0x0f];
  };
  if (is_h265) {
    for (const std::uint8_t byte : profile_tier_level) add(byte);
  } else {
    for (const std::uint8_t byte : {profile_idc, constraint_flags, level_idc}) add(byte);
  }
  return id;
}

bool ParseSps(PictureCodec codec, const NalUnit& nal, SpsParameters* out) noexcept {
  if (nal.size < 4 || nal.forbidden() || RoleOf(codec, nal) != NalRole::kSps) return false;
  SpsParameters sps;
  const bool sound =
      codec == PictureCodec::kH265 ? ParseH265Sps(nal, &sps) : ParseH264Sps(nal, &sps);
  if (sound) *out = sps;
  return sound;
}

std::string Base64(const std::uint8_t* data, std::size_t size) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((size + 2) / 3 * 4);
  for (std::size_t at = 0; at < size; at += 3) {
    const std::size_t count = std::min<std::size_t>(3, size - at);
    std::uint32_t bits = std::uint32_t{data[at]} << 16;
    if (count > 1) bits |= std::uint32_t{data[at + 1]} << 8;
    if (count > 2) bits |= data[at + 2];
    text += kAlphabet[bits >> 18];
    text += kAlphabet[bits >> 12 & 63];
    text += count > 1 ? kAlphabet[bits >> 6 & 63] : '=';
    text += count > 2 ? kAlphabet[bits & 63] : '=';
  }
  return text;
}

NalUnit ParameterSets::at(std::size_t index) const noexcept {
  NalUnit nal;
  nal.data = sets_[index].bytes.data();
  nal.size = sets_[index].size;
  return nal;
}

void ParameterSets::SetCodec(PictureCodec codec) noexcept {
  if (codec == codec_) return;
  codec_ = codec;
  Clear();
}

void ParameterSets::Clear() noexcept {
  count_ = 0;
  parameters_ = SpsParameters();
}

bool ParameterSets::complete() const noexcept { return count_ >= sps_slot() + 2; }

// @return whether it differs from what was at `index`.
bool ParameterSets::Store(const NalUnit& nal, std::size_t index) noexcept {
  Set& set = sets_[index];
  const bool known = index < count_ && set.size == nal.size &&
                     std::memcmp(set.bytes.data(), nal.data, nal.size) == 0;
  if (known) return false;
  std::copy(nal.data, nal.data + nal.size, set.bytes.begin());
  set.size = static_cast<std::uint16_t>(nal.size);
  count_ = std::max(count_, index + 1);
  return true;
}

bool ParameterSets::Update(const NalUnit& nal) noexcept {
  const NalRole role = RoleOf(codec_, nal);
  if (role != NalRole::kVps && role != NalRole::kSps && role != NalRole::kPps) return false;
  // Before anything of it is read: on the real-time thread a large one would take its time.
  if (nal.size > kMaxSize || nal.forbidden()) {
    ++refused_;
    return false;
  }
  if (role == NalRole::kSps) return UpdateSps(nal);
  if (role == NalRole::kPps) return UpdatePps(nal);
  if (!Store(nal, kVpsSlot)) return false;
  // As with an SPS: what follows was made for the former.
  count_ = kVpsSlot + 1;
  return true;
}

bool ParameterSets::UpdateSps(const NalUnit& nal) noexcept {
  SpsParameters parameters;
  if (!ParseSps(codec_, nal, &parameters)) {
    ++refused_;
    return false;
  }
  // Its VPS is still to come.
  if (count_ < sps_slot() || !Store(nal, sps_slot())) return false;
  // Picture parameter sets mean nothing without the SPS that they were made for.
  count_ = sps_slot() + 1;
  parameters_ = parameters;
  return true;
}

bool ParameterSets::UpdatePps(const NalUnit& nal) noexcept {
  if (count_ <= sps_slot()) return false;  // its SPS is still to come
  const auto id_of = [this](const NalUnit& pps) {
    RbspReader reader(pps);
    if (codec_ == PictureCodec::kH265) reader.Bits(8);
    return reader.Unsigned();
  };
  std::size_t index = sps_slot() + 1;
  while (index < count_ && id_of(at(index)) != id_of(nal)) ++index;
  if (index == kMaxSets) {
    ++refused_;
    return false;
  }
  return Store(nal, index);
}

bool ParameterSets::UpdateFrom(const std::uint8_t* annexb, std::size_t size) noexcept {
  AnnexBReader reader(annexb, size);
  NalUnit nal;
  bool changed = false;
  while (reader.Next(&nal)) changed = Update(nal) || changed;
  return changed;
}

std::string ParameterSets::SpropParameterSets() const {
  std::string text;
  for (std::size_t i = 0; i < count_; ++i) {
    if (i > 0) text += ',';
    text += Base64(sets_[i].bytes.data(), sets_[i].size);
  }
  return text;
}

}  // namespace dashvoip
