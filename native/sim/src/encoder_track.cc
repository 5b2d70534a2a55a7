#include "encoder_track.h"

#include <utility>

namespace dashvoip {
namespace sim {

EncoderTrack::EncoderTrack(const wire::Track& description, FrameSource* source,
                           std::shared_ptr<BaseFifo> fifo, const FrameClock& clock,
                           std::uint64_t first_pts)
    : description_(description),
      source_(source),
      fifo_(std::move(fifo)),
      clock_(clock),
      first_pts_(first_pts) {
  source_->SkipToKeyFrame();
}

Time EncoderTrack::NextDue(Time start) const {
  const std::uint64_t frame = next_frame_ + (clock_.due_at_end ? 1 : 0);
  // Whole seconds apart, so that days of nanoseconds do not overflow.
  const std::uint64_t units = frame * clock_.num;
  const std::uint64_t seconds = units / clock_.den;
  const std::uint64_t rest = units % clock_.den * UINT64_C(1000000000) / clock_.den;
  return start + std::chrono::seconds(seconds) + std::chrono::nanoseconds(rest);
}

std::uint64_t EncoderTrack::PtsOf(std::uint64_t frame) const {
  return first_pts_ + (frame - first_frame_) * clock_.num * clock_.pts_scale / clock_.den;
}

bool EncoderTrack::WriteNext() {
  wire::Descriptor descriptor = {};
  descriptor.pts = PtsOf(next_frame_++);
  descriptor.completed = 1;
  return fifo_->Write(source_->Next(), descriptor);
}

bool EncoderTrack::Inject(std::uint8_t type, std::uint32_t mark_size) {
  wire::Descriptor descriptor = {};
  descriptor.pts = PtsOf(next_frame_);
  descriptor.completed = 1;
  descriptor.type = type;
  descriptor.size = mark_size;
  if (mark_size != 0) return fifo_->WriteMark(descriptor);
  const std::uint8_t bytes[16] = {0, 0, 0, 1, type};
  return fifo_->Write({bytes, sizeof(bytes), type}, descriptor);
}

void EncoderTrack::RestartPts() {
  first_pts_ = 0;
  first_frame_ = next_frame_;
}

}  // namespace sim
}  // namespace dashvoip
