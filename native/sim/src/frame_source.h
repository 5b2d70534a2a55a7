#ifndef DASHVOIP_SIM_FRAME_SOURCE_H_
#define DASHVOIP_SIM_FRAME_SOURCE_H_

#include <cstdint>

namespace dashvoip {
namespace sim {

/** One frame as an encoder delivers it. The bytes stay valid until the source's next call. */
struct FrameView {
  const std::uint8_t* data;
  std::uint32_t size;
  std::uint8_t type;  // AMBA_FRAMEINFO_TYPE_e
};

/** Endless frames of one track, from a file that is looped. */
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  virtual FrameView Next() = 0;
  /** Goes on to the next frame that a decoder can begin with. */
  virtual void SkipToKeyFrame() {}
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_FRAME_SOURCE_H_
