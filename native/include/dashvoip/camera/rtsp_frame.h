#ifndef DASHVOIP_CAMERA_RTSP_FRAME_H_
#define DASHVOIP_CAMERA_RTSP_FRAME_H_

#include <cstdint>
#include <vector>

#include "dashvoip/camera/camlink.h"

namespace dashvoip {

/** One frame in the form of camlink.h, before it has an owner. */
struct RtspFrame {
  std::vector<std::uint8_t> data;
  std::uint64_t pts = 0;
  cl_ftype type = CL_F_OTHER;
  std::uint32_t missing = 0;  ///< frames lost before it; FrameContinuity::kUnknown: some
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_RTSP_FRAME_H_
