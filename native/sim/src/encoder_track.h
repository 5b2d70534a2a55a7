#ifndef DASHVOIP_SIM_ENCODER_TRACK_H_
#define DASHVOIP_SIM_ENCODER_TRACK_H_

#include <cstdint>
#include <memory>

#include "base_fifo.h"
#include "event_hub.h"
#include "frame_source.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

/** Frames of a track in time: frame n spans [n, n + 1) * num / den seconds of the stream. */
struct FrameClock {
  std::uint64_t num, den;
  bool due_at_end;          // sound is complete when its last sample is in; a picture at once
  std::uint32_t pts_scale;  // ticks per second
};

/** One encoder at work: takes frames from its source when they are due and queues them. */
class EncoderTrack {
 public:
  EncoderTrack(const wire::Track& description, FrameSource* source, std::shared_ptr<BaseFifo> fifo,
               const FrameClock& clock, std::uint64_t first_pts);

  /** When the next frame is to be queued, for a stream that began at `start`. */
  Time NextDue(Time start) const;
  /** Queues the next frame. @return false when it was lost. */
  bool WriteNext();
  /** Queues one more entry out of turn, of any type or an end mark; 0 bytes for marks. */
  bool Inject(std::uint8_t type, std::uint32_t mark_size);
  /** Begins to count PTS from 0 anew, as after a restart that nobody announced. */
  void RestartPts();

  const wire::Track& description() const { return description_; }
  const std::shared_ptr<BaseFifo>& fifo() const { return fifo_; }
  std::uint32_t pts_scale() const { return clock_.pts_scale; }

 private:
  std::uint64_t PtsOf(std::uint64_t frame) const;

  wire::Track description_;
  FrameSource* source_;
  std::shared_ptr<BaseFifo> fifo_;
  FrameClock clock_;
  std::uint64_t first_pts_;
  std::uint64_t first_frame_ = 0;
  std::uint64_t next_frame_ = 0;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_ENCODER_TRACK_H_
