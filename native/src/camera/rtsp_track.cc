#include "dashvoip/camera/rtsp_track.h"

#include <algorithm>
#include <array>

#include "dashvoip/camera/frame_continuity.h"
#include "dashvoip/codec/g711.h"

namespace dashvoip {
namespace {

// libavformat's times begin near 0 and may be a little below; ours have no sign.
constexpr std::uint64_t kOrigin = std::uint64_t{1} << 33;
constexpr std::uint32_t kUsualFps = 30;
constexpr std::uint32_t kAacSamples = 1024;
constexpr std::uint32_t kBits = 16;
// ISO/IEC 14496-3 table 1.18, samplingFrequencyIndex.
constexpr std::array<std::uint32_t, 13> kAacRates = {
    {96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}};
constexpr unsigned kObjectTypeAacLc = 2;

// AudioSpecificConfig of ISO/IEC 14496-3 section 1.6.2.1: object type (5 bits), frequency index
// (4), channels (4). @return false when it is not AAC-LC of a usual rate.
bool ReadAacSetup(const dashvoip_rtsp_track& from, cl_track* out) {
  if (from.setup == nullptr || from.setup_size < 2) return false;
  const unsigned bits = static_cast<unsigned>(from.setup[0]) << 8 | from.setup[1];
  const unsigned rate = bits >> 7 & 15;
  const unsigned channels = bits >> 3 & 15;
  if (bits >> 11 != kObjectTypeAacLc || rate >= kAacRates.size() || channels == 0) return false;
  out->sample_rate = kAacRates[rate];
  out->channels = channels == 7 ? 8 : channels;
  return true;
}

bool IsPicture(std::uint32_t codec) noexcept {
  return codec == DASHVOIP_RTSP_H264 || codec == DASHVOIP_RTSP_H265;
}

}  // namespace

RtspTrack::RtspTrack(const dashvoip_rtsp_track& from)
    : codec_(from.codec),
      pictures_(from.codec == DASHVOIP_RTSP_H265 ? PictureCodec::kH265 : PictureCodec::kH264,
                IsPicture(from.codec) ? from.setup : nullptr, from.setup_size) {
  info_.kind = from.kind;
  info_.codec = CL_OTHER;
  info_.vendor_id = from.payload_type;
  info_.timescale = std::max(1U, from.timescale);
  info_.ticks_per_frame = from.ticks_per_frame;
  if (from.kind == CL_VIDEO) DescribeVideo(from);
  if (from.kind == CL_AUDIO) DescribeAudio(from);
}

void RtspTrack::DescribeVideo(const dashvoip_rtsp_track& from) {
  info_.width = from.width;
  info_.height = from.height;
  last_duration_ = info_.ticks_per_frame > 0 ? info_.ticks_per_frame : info_.timescale / kUsualFps;
  if (!IsPicture(codec_)) return;
  info_.codec = codec_ == DASHVOIP_RTSP_H265 ? CL_H265 : CL_H264;
  if (!pictures_.parameter_sets().complete()) return;
  info_.width = pictures_.parameter_sets().parameters().width;
  info_.height = pictures_.parameter_sets().parameters().height;
}

void RtspTrack::DescribeAudio(const dashvoip_rtsp_track& from) {
  info_.sample_rate = from.sample_rate;
  info_.channels = std::max(1U, from.channels);
  info_.bits = kBits;
  switch (codec_) {
    case DASHVOIP_RTSP_AAC:
      if (!ReadAacSetup(from, &info_)) return;
      info_.codec = CL_AAC_RAW;
      info_.ticks_per_frame = kAacSamples * info_.timescale / info_.sample_rate;
      return;
    case DASHVOIP_RTSP_L16:
    case DASHVOIP_RTSP_PCMA:
    case DASHVOIP_RTSP_PCMU:
      if (info_.sample_rate > 0) info_.codec = CL_PCM_S16LE;
      return;
    default:
      info_.bits = 0;
      return;
  }
}

RtspFrame RtspTrack::Take(const dashvoip_rtsp_packet& packet) {
  RtspFrame frame;
  switch (codec_) {
    case DASHVOIP_RTSP_H264:
    case DASHVOIP_RTSP_H265:
      pictures_.Take(packet.data, packet.size, &frame);
      break;
    case DASHVOIP_RTSP_L16:
      TakeLinear(packet, &frame);
      break;
    case DASHVOIP_RTSP_PCMA:
    case DASHVOIP_RTSP_PCMU:
      TakeLaw(packet, &frame);
      break;
    default:
      frame.data.assign(packet.data, packet.data + packet.size);
      break;
  }
  frame.pts = TimeOf(packet);
  if (info_.kind == CL_AUDIO) {
    frame.type = CL_F_AUDIO;
    frame.missing = MissingByTime(frame.pts);
    last_duration_ = Duration(frame);
  } else if (!first_ && frame.pts > last_pts_) {
    last_duration_ =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(frame.pts - last_pts_, info_.timescale));
  }
  first_ = false;
  last_pts_ = frame.pts;
  return frame;
}

void RtspTrack::TakeLinear(const dashvoip_rtsp_packet& packet, RtspFrame* out) const {
  out->data.assign(packet.data, packet.data + packet.size / 2 * 2);
  for (std::size_t i = 0; i < out->data.size(); i += 2) std::swap(out->data[i], out->data[i + 1]);
}

void RtspTrack::TakeLaw(const dashvoip_rtsp_packet& packet, RtspFrame* out) const {
  const bool a_law = codec_ == DASHVOIP_RTSP_PCMA;
  out->data.reserve(2 * packet.size);
  for (std::size_t i = 0; i < packet.size; ++i) {
    const auto sample = static_cast<std::uint16_t>(a_law ? LinearFromALaw(packet.data[i])
                                                         : LinearFromMuLaw(packet.data[i]));
    out->data.push_back(static_cast<std::uint8_t>(sample & 0xFF));
    out->data.push_back(static_cast<std::uint8_t>(sample >> 8));
  }
}

// The second and later frames of one RTP packet may come without a time of their own.
std::uint64_t RtspTrack::TimeOf(const dashvoip_rtsp_packet& packet) const {
  if (packet.has_pts != 0) return kOrigin + static_cast<std::uint64_t>(packet.pts);
  return first_ ? kOrigin : last_pts_ + last_duration_;
}

std::uint32_t RtspTrack::Duration(const RtspFrame& frame) const {
  if (info_.codec != CL_PCM_S16LE) return info_.ticks_per_frame;
  const std::size_t samples = frame.data.size() / 2 / info_.channels;
  return static_cast<std::uint32_t>(samples * info_.timescale / info_.sample_rate);
}

// Sound has no gaps in time but by loss.
std::uint32_t RtspTrack::MissingByTime(std::uint64_t pts) const {
  if (first_ || last_duration_ == 0) return 0;
  if (pts < last_pts_) return FrameContinuity::kUnknown;
  const std::uint64_t expected = last_pts_ + last_duration_;
  if (pts <= expected) return 0;
  const std::uint64_t missing = (pts - expected + last_duration_ / 2) / last_duration_;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(missing, FrameContinuity::kUnknown - 1));
}

}  // namespace dashvoip
