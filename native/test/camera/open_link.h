#ifndef DASHVOIP_TEST_CAMERA_OPEN_LINK_H_
#define DASHVOIP_TEST_CAMERA_OPEN_LINK_H_

#include <cstdint>
#include <vector>

#include "dashvoip/camera/camlink.h"
#include "sim/simulator_process.h"
#include "sim/synthetic_media.h"

namespace dashvoip {
namespace test {

/** A camlink that closes itself; opening it is required to work. */
class OpenLink {
 public:
  /** By NetFIFO. */
  OpenLink();
  explicit OpenLink(camlink* link) : link_(link) {}
  ~OpenLink();
  OpenLink(const OpenLink&) = delete;
  OpenLink& operator=(const OpenLink&) = delete;

  camlink* get() const { return link_; }
  void Close();

  /** Waits up to half a minute for this event, passing over others. */
  bool WaitFor(cl_event event);
  /** False when the event does not come for so long. */
  bool WaitFor(cl_event event, int timeout_ms);
  /** The track of this kind in the present stream, waited for. */
  cl_track TrackOf(cl_kind kind);
  /** The same, and frames of it flow; `from_idr` as of cl_start. */
  cl_track Started(cl_kind kind, int from_idr);

  struct Frame {
    cl_frame info;
    Bytes bytes;
  };
  /** Reads the next frame of a started track, waiting for it as the rules say. */
  Frame ReadNext(std::uint32_t track);
  cl_stats Stats() const;

 private:
  camlink* link_ = nullptr;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_CAMERA_OPEN_LINK_H_
