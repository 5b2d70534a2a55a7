#ifndef DASHVOIP_CAMERA_PICTURE_CODEC_H_
#define DASHVOIP_CAMERA_PICTURE_CODEC_H_

#include "dashvoip/camera/camlink.h"
#include "dashvoip/video/nal_role.h"

namespace dashvoip {

/** Whether it has pictures that we can pass on. */
inline bool IsPicture(const cl_track& track) noexcept {
  return track.kind == CL_VIDEO && (track.codec == CL_H264 || track.codec == CL_H265);
}

/** Of such a track. */
inline PictureCodec PictureCodecOf(const cl_track& track) noexcept {
  return track.codec == CL_H265 ? PictureCodec::kH265 : PictureCodec::kH264;
}

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_PICTURE_CODEC_H_
