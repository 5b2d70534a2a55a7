#ifndef DASHVOIP_CAMERA_RTSP_PICTURES_H_
#define DASHVOIP_CAMERA_RTSP_PICTURES_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/camera/rtsp_frame.h"
#include "dashvoip/video/parameter_sets.h"

namespace dashvoip {

/**
 * Pictures as a server sends them, made as camlink.h wants them: each key frame brings its
 * parameter sets, and missing pictures are found. RTP's own numbers do not get through libavformat,
 * and times may be uneven without a loss; frame_num (H.264 section 7.4.3) counts what others refer
 * to. Of H.265, which has none, what is missing is not found.
 */
class RtspPictures {
 public:
  /** @param setup parameter sets of the session description in Annex B; may be NULL. */
  RtspPictures(PictureCodec codec, const std::uint8_t* setup, std::size_t size);

  const ParameterSets& parameter_sets() const noexcept { return sets_; }
  /** Fills all of `out` but the PTS from one access unit in Annex B. */
  void Take(const std::uint8_t* data, std::size_t size, RtspFrame* out);

 private:
  std::uint32_t Missing(const NalUnit& slice, cl_ftype* type);
  std::uint32_t MissingBefore(std::uint32_t frame_num, bool reference);

  ParameterSets sets_;
  bool reference_known_ = false;
  std::uint32_t last_reference_ = 0;  // PrevRefFrameNum
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_RTSP_PICTURES_H_
