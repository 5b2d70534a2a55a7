#ifndef DASHVOIP_SIM_VIDEO_SOURCE_H_
#define DASHVOIP_SIM_VIDEO_SOURCE_H_

#include <string>
#include <vector>

#include "annexb_reader.h"
#include "frame_source.h"

namespace dashvoip {
namespace sim {

enum class StartCodes { kLong, kShort, kMixed };

/** How the camera dresses its pictures. */
struct PictureDress {
  bool aud;
  bool sei;
  bool nal26;
  StartCodes start_codes;
};

/**
 * Live video: each picture as one access unit, with what the camera puts before the slice. On a
 * key frame: AUD, parameter sets, SEI, NAL 26, slice; otherwise AUD and slice.
 */
class VideoSource : public FrameSource {
 public:
  VideoSource(const std::string& path, VideoCodec codec, const PictureDress& dress);

  FrameView Next() override;
  void SkipToKeyFrame() override;

  VideoCodec codec() const { return codec_; }
  PictureSize size() const { return size_; }
  std::uint32_t gop() const { return gop_; }
  /** Mean bytes of an access unit. */
  std::uint32_t mean_size() const;
  const std::vector<Bytes>& parameter_sets() const { return parameter_sets_; }

 private:
  struct AccessUnit {
    Bytes bytes;
    std::uint8_t type;
    bool key_frame;
  };

  AccessUnit Dress(const Picture& picture, const PictureDress& dress) const;

  VideoCodec codec_;
  PictureSize size_;
  std::uint32_t gop_;
  std::vector<Bytes> parameter_sets_;
  std::vector<AccessUnit> units_;
  std::size_t next_ = 0;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_VIDEO_SOURCE_H_
