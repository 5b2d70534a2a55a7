#include "video_source.h"

#include <algorithm>

namespace dashvoip {
namespace sim {
namespace {

void AppendNal(Bytes* unit, const Bytes& nal, StartCodes start_codes) {
  const bool is_long = unit->empty() || start_codes == StartCodes::kLong ||
                       (start_codes == StartCodes::kMixed && unit->size() % 2 == 0);
  if (is_long) unit->push_back(0);
  unit->insert(unit->end(), {0, 0, 1});
  unit->insert(unit->end(), nal.begin(), nal.end());
}

Bytes AccessUnitDelimiter(VideoCodec codec, bool key_frame) {
  // primary_pic_type / pic_type: I only, or I and P; then the stop bit.
  const std::uint8_t types = key_frame ? 0x10 : 0x30;
  if (codec == VideoCodec::kH264) return {0x09, types};
  return {0x46, 0x01, static_cast<std::uint8_t>(key_frame ? 0x10 : 0x30)};
}

/** user_data_unregistered: 16 bytes of UUID and a text. */
Bytes Sei(VideoCodec codec) {
  Bytes nal = codec == VideoCodec::kH264 ? Bytes{0x06} : Bytes{0x4e, 0x01};
  const std::string text = "h22-rtos-sim";
  nal.push_back(5);
  nal.push_back(static_cast<std::uint8_t>(16 + text.size()));
  for (std::uint8_t i = 0; i < 16; ++i) nal.push_back(static_cast<std::uint8_t>(0xd0 + i));
  nal.insert(nal.end(), text.begin(), text.end());
  nal.push_back(0x80);
  return nal;
}

/** The vendor's GOP information. Only its type is known, so the rest is a pattern. */
Bytes GopInformation(std::uint32_t gop) {
  Bytes nal = {0x1a, 0x47, 0x4f, 0x50, static_cast<std::uint8_t>(gop | 1)};
  for (std::uint8_t i = 1; i <= 16; ++i) nal.push_back(static_cast<std::uint8_t>(i * 5));
  nal.push_back(0x80);
  return nal;
}

}  // namespace

VideoSource::VideoSource(const std::string& path, VideoCodec codec, const PictureDress& dress)
    : codec_(codec) {
  VideoFile file = ReadAnnexB(path, codec);
  size_ = file.size;
  gop_ = file.gop;
  parameter_sets_ = std::move(file.parameter_sets);
  units_.reserve(file.pictures.size());
  for (const auto& picture : file.pictures) units_.push_back(Dress(picture, dress));
}

VideoSource::AccessUnit VideoSource::Dress(const Picture& picture,
                                           const PictureDress& dress) const {
  AccessUnit unit = {{}, picture.type, picture.key_frame};
  const auto append = [&](const Bytes& nal) { AppendNal(&unit.bytes, nal, dress.start_codes); };
  if (dress.aud) append(AccessUnitDelimiter(codec_, picture.key_frame));
  if (picture.key_frame) {
    for (const auto& set : parameter_sets_) append(set);
    if (dress.sei) append(Sei(codec_));
    if (dress.nal26 && codec_ == VideoCodec::kH264) append(GopInformation(gop_));
  }
  append(picture.slice);
  return unit;
}

FrameView VideoSource::Next() {
  const AccessUnit& unit = units_[next_];
  next_ = (next_ + 1) % units_.size();
  return {unit.bytes.data(), static_cast<std::uint32_t>(unit.bytes.size()), unit.type};
}

void VideoSource::SkipToKeyFrame() {
  // Ends: the first picture of the file is a key frame.
  while (!units_[next_].key_frame) next_ = (next_ + 1) % units_.size();
}

std::uint32_t VideoSource::mean_size() const {
  std::size_t total = 0;
  for (const auto& unit : units_) total += unit.bytes.size();
  return static_cast<std::uint32_t>(total / std::max<std::size_t>(1, units_.size()));
}

}  // namespace sim
}  // namespace dashvoip
