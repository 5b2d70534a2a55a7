#include "dashvoip/camera/camera_video.h"

#include <utility>

#include "dashvoip/camera/picture_codec.h"

namespace dashvoip {
namespace {
// A late joiner gets a whole group of pictures at once: two seconds at 4 Mbit/s.
constexpr std::size_t kQueueUnits = 256;
constexpr std::size_t kQueueBytes = 1U << 20;
}  // namespace

CameraVideo::CameraVideo(bool enabled, std::shared_ptr<WakeWord> reader)
    : queue_(enabled ? kQueueUnits : 1, enabled ? kQueueBytes : 1, std::move(reader)) {}

bool CameraVideo::Parameters(ParameterSets* out) const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!parameters_.complete()) return false;
  *out = parameters_;
  return true;
}

void CameraVideo::Begin(const cl_track& track, bool peeking) {
  track_ = track;
  peeking_ = peeking;
  awaiting_key_frame_ = true;
  gap_ = false;
  parameters_seen_ = false;
  std::lock_guard<std::mutex> lock(mutex_);
  parameters_.SetCodec(PictureCodecOf(track));
}

bool CameraVideo::Feed(const std::uint8_t* data, const cl_frame& frame) {
  const bool key_frame = frame.type == CL_F_IDR;
  // After a loss nothing can be decoded until the next key frame.
  if (frame.lost > 0) awaiting_key_frame_ = gap_ = true;
  if (key_frame) {
    awaiting_key_frame_ = false;
    std::lock_guard<std::mutex> lock(mutex_);
    parameters_.UpdateFrom(data, frame.size);
    parameters_seen_ = parameters_seen_ || parameters_.complete();
  }
  if (peeking_ || !wanted()) return true;
  if (awaiting_key_frame_) return false;
  AccessUnit unit;
  unit.pts = frame.pts;
  unit.timescale = track_.timescale;
  unit.generation = frame.gen;
  unit.size = frame.size;
  unit.frame_ticks = track_.ticks_per_frame;
  unit.codec = PictureCodecOf(track_);
  unit.key_frame = key_frame;
  unit.gap_before = gap_;
  if (!queue_.Push(unit, data)) return false;
  gap_ = false;
  return true;
}

}  // namespace dashvoip
