#ifndef DASHVOIP_CAMERA_NETFIFO_READER_H_
#define DASHVOIP_CAMERA_NETFIFO_READER_H_

#include <cstdint>

#include "dashvoip/camera/frame_continuity.h"
#include "dashvoip/camera/netfifo_session.h"
#include "dashvoip/camera/netfifo_vendor.h"

namespace dashvoip {

/** Reads one track of the live stream through a virtual FIFO of its own. */
class NetfifoReader {
 public:
  /** @param stats the link's totals, which it adds to. */
  NetfifoReader(NetfifoSession& session, const netfifo::Track& track, cl_stats& stats);

  bool started() const noexcept { return fifo_ != netfifo::Fifo{}; }
  const netfifo::Track& track() const noexcept { return track_; }
  /** @return CL_OK, or CL_NOSTREAM when the camera gives no FIFO. */
  int Start(bool from_idr);
  /** @param status what the camera is told if this was the last use: END or SWITCHENCSESSION. */
  void Stop(unsigned status);
  /** See cl_read(). */
  int Read(void* buffer, std::uint32_t capacity, cl_frame* out);

  /** When to look for a frame even though no event came. */
  std::int64_t look_at_ns() const noexcept { return look_at_ns_; }
  /** The owner is told to read: the next look by time is two frames from now. */
  void Told(std::int64_t now_ns) noexcept {
    look_at_ns_ = now_ns + look_interval_ns_;
    caught_up_ = false;
  }

 private:
  template <typename Call>
  bool Rpc(Call call);
  bool Peek(netfifo::Entry* out);
  bool Remove(unsigned entries);
  void SkipToNewestKeyFrame();
  int LookLater();
  bool CopyUntorn(const netfifo::Entry& entry, void* buffer, bool* wrapped);
  void NoteDelay(std::uint64_t pts, bool jumped);
  void Describe(const netfifo::Entry& entry, bool wrapped, cl_frame* out);

  NetfifoSession* session_;  // pointers: readers live in a vector
  cl_stats* stats_;
  netfifo::Track track_;
  std::int64_t look_interval_ns_;
  netfifo::Fifo fifo_{};
  std::int64_t look_at_ns_ = 0;
  FrameContinuity continuity_;
  std::int64_t least_delay_ns_ = 0;  // of arrival behind PTS; the camera's clock is not ours
  bool delay_known_ = false;
  bool caught_up_ = false;  // the last frame read was the newest: nothing else can be there
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_NETFIFO_READER_H_
