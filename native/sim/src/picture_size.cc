#include "picture_size.h"

#include "bit_reader.h"

namespace dashvoip {
namespace sim {
namespace {

void SkipScalingList(BitReader* bits, int size) {
  int last = 8, next = 8;
  for (int i = 0; i < size; ++i) {
    if (next != 0) next = (last + bits->Se() + 256) % 256;
    if (next != 0) last = next;
  }
}

bool HasChromaFields(std::uint32_t profile) {
  switch (profile) {
    case 100:
    case 110:
    case 122:
    case 244:
    case 44:
    case 83:
    case 86:
    case 118:
    case 128:
      return true;
    default:
      return false;
  }
}

/** Chroma format and scaling matrices of the high profiles. @return chroma_format_idc. */
std::uint32_t SkipHighProfileFields(BitReader* bits) {
  const std::uint32_t chroma = bits->Ue();
  if (chroma == 3) bits->Skip(1);
  bits->Ue();
  bits->Ue();
  bits->Skip(1);
  if (bits->Bits(1) != 0) {
    for (int i = 0; i < (chroma == 3 ? 12 : 8); ++i) {
      if (bits->Bits(1) != 0) SkipScalingList(bits, i < 6 ? 16 : 64);
    }
  }
  return chroma;
}

void SkipPictureOrder(BitReader* bits) {
  const std::uint32_t type = bits->Ue();
  if (type == 0) {
    bits->Ue();
  } else if (type == 1) {
    bits->Skip(1);
    bits->Se();
    bits->Se();
    const std::uint32_t cycle = bits->Ue();
    for (std::uint32_t i = 0; i < cycle && bits->ok(); ++i) bits->Se();
  }
}

/** profile_tier_level() of H.265 7.3.3. */
void SkipProfileTierLevel(BitReader* bits, int sub_layers) {
  bits->Skip(96);
  bool profile_present[8] = {}, level_present[8] = {};
  for (int i = 0; i < sub_layers; ++i) {
    profile_present[i] = bits->Bits(1) != 0;
    level_present[i] = bits->Bits(1) != 0;
  }
  if (sub_layers > 0) bits->Skip(2 * (8 - sub_layers));
  for (int i = 0; i < sub_layers; ++i) {
    bits->Skip((profile_present[i] ? 88 : 0) + (level_present[i] ? 8 : 0));
  }
}

}  // namespace

PictureSize H264PictureSize(const std::uint8_t* sps, std::size_t size) {
  BitReader bits(sps, size);
  bits.Skip(8);
  const std::uint32_t profile = bits.Bits(8);
  bits.Skip(16);
  bits.Ue();
  const std::uint32_t chroma = HasChromaFields(profile) ? SkipHighProfileFields(&bits) : 1;
  bits.Ue();
  SkipPictureOrder(&bits);
  bits.Ue();
  bits.Skip(1);
  const std::uint32_t width_mbs = bits.Ue() + 1;
  const std::uint32_t map_units = bits.Ue() + 1;
  const std::uint32_t frame_only = bits.Bits(1);
  if (frame_only == 0) bits.Skip(1);
  bits.Skip(1);
  std::uint32_t crop[4] = {};
  if (bits.Bits(1) != 0) {
    for (auto& edge : crop) edge = bits.Ue();
  }
  if (!bits.ok()) return {0, 0};
  const std::uint32_t unit_x = chroma == 1 || chroma == 2 ? 2 : 1;
  const std::uint32_t unit_y = (chroma == 1 ? 2 : 1) * (2 - frame_only);
  return {width_mbs * 16 - unit_x * (crop[0] + crop[1]),
          map_units * 16 * (2 - frame_only) - unit_y * (crop[2] + crop[3])};
}

PictureSize H265PictureSize(const std::uint8_t* sps, std::size_t size) {
  BitReader bits(sps, size);
  bits.Skip(16 + 4);
  const int sub_layers = static_cast<int>(bits.Bits(3));
  bits.Skip(1);
  SkipProfileTierLevel(&bits, sub_layers);
  bits.Ue();
  const std::uint32_t chroma = bits.Ue();
  if (chroma == 3) bits.Skip(1);
  PictureSize picture = {bits.Ue(), 0};
  picture.height = bits.Ue();
  std::uint32_t crop[4] = {};
  if (bits.Bits(1) != 0) {
    for (auto& edge : crop) edge = bits.Ue();
  }
  if (!bits.ok()) return {0, 0};
  picture.width -= (chroma == 1 || chroma == 2 ? 2 : 1) * (crop[0] + crop[1]);
  picture.height -= (chroma == 1 ? 2 : 1) * (crop[2] + crop[3]);
  return picture;
}

}  // namespace sim
}  // namespace dashvoip
