#ifndef DASHVOIP_CAMERA_RTSP_TRACK_H_
#define DASHVOIP_CAMERA_RTSP_TRACK_H_

#include <cstdint>

#include "dashvoip/camera/camlink.h"
#include "dashvoip/camera/rtsp_frame.h"
#include "dashvoip/camera/rtsp_module.h"
#include "dashvoip/camera/rtsp_pictures.h"

namespace dashvoip {

/**
 * A track of the server's stream: what it is in the words of camlink.h, and its packets as frames.
 * H.264 and raw AAC stay as they are; linear PCM and G.711 become CL_PCM_S16LE; the rest is
 * CL_OTHER.
 */
class RtspTrack {
 public:
  explicit RtspTrack(const dashvoip_rtsp_track& from);

  /** Without number and generation. */
  const cl_track& info() const noexcept { return info_; }
  /** The next packet. */
  RtspFrame Take(const dashvoip_rtsp_packet& packet);

 private:
  void DescribeVideo(const dashvoip_rtsp_track& from);
  void DescribeAudio(const dashvoip_rtsp_track& from);
  void TakeLinear(const dashvoip_rtsp_packet& packet, RtspFrame* out) const;
  void TakeLaw(const dashvoip_rtsp_packet& packet, RtspFrame* out) const;
  std::uint64_t TimeOf(const dashvoip_rtsp_packet& packet) const;
  std::uint32_t Duration(const RtspFrame& frame) const;
  std::uint32_t MissingByTime(std::uint64_t pts) const;

  const std::uint32_t codec_;  // enum dashvoip_rtsp_codec
  cl_track info_{};
  RtspPictures pictures_;
  bool first_ = true;
  std::uint64_t last_pts_ = 0;
  std::uint32_t last_duration_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_RTSP_TRACK_H_
