#ifndef DASHVOIP_CAMERA_CAMERA_VIDEO_H_
#define DASHVOIP_CAMERA_CAMERA_VIDEO_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "dashvoip/base/inheriting_mutex.h"
#include "dashvoip/camera/camlink.h"
#include "dashvoip/video/access_unit_queue.h"
#include "dashvoip/video/parameter_sets.h"

namespace dashvoip {

/**
 * The camera's pictures on their way to the media thread: whole groups only, so that what is read
 * can be decoded, and the last parameter sets for SDP.
 */
class CameraVideo {
 public:
  /**
   * @param enabled false keeps the queue as small as can be: no pictures will come.
   * @param reader signalled at each picture; may be null.
   */
  CameraVideo(bool enabled, std::shared_ptr<WakeWord> reader);

  AccessUnitQueue& queue() { return queue_; }
  void Want(bool wanted) { wanted_.store(wanted, std::memory_order_release); }
  bool wanted() const noexcept { return wanted_.load(std::memory_order_acquire); }
  /** Any thread. @return false until parameter sets were seen. */
  bool Parameters(ParameterSets* out) const;

  /**
   * Camera thread: reading of this track begins, at a key frame if one is queued.
   * @param peeking for its parameter sets or a copy alone: nothing is queued.
   */
  void Begin(const cl_track& track, bool peeking = false);
  /**
   * Camera thread: one picture.
   * @return false when it was dropped: nothing to decode it with, or the queue is full.
   */
  bool Feed(const std::uint8_t* data, const cl_frame& frame);
  /** Camera thread: parameter sets were seen since the last Begin. */
  bool parameters_seen() const noexcept { return parameters_seen_; }

 private:
  AccessUnitQueue queue_;
  std::atomic<bool> wanted_{false};

  // The camera thread's.
  cl_track track_{};
  bool peeking_ = false;
  bool awaiting_key_frame_ = true;
  bool gap_ = false;
  bool parameters_seen_ = false;

  mutable InheritingMutex mutex_;
  ParameterSets parameters_;  // guarded by mutex_
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_CAMERA_VIDEO_H_
