#include "dashvoip/record/sound_timeline.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

// The media thread is never so late without having skipped slots.
constexpr std::int64_t kLatestNs = 200 * kNsPerMs;
// Longer than a tap's queue: the card stalled.
constexpr std::int64_t kGapNs = 6 * kNsPerSecond;

}  // namespace

bool SoundTimeline::Take(CallTap* tap, std::int64_t now, bool last, Material* out) {
  if (held_) Add(out);
  held_ = false;
  while (tap->Take(&block_, samples_.data())) {
    if (started_ && block_.slot - end_ns() > kGapNs) {
      held_ = true;
      return Restart(out);
    }
    Add(out);
  }
  const std::int64_t settled = last ? now : now - kLatestNs;
  if (!started_) {
    started_ = true;
    base_ns_ = now;
  }
  if (in_slot_ && slot_ns_ < settled) EndSlot(out);
  if (!in_slot_ && settled - end_ns() > kGapNs) return Restart(out);
  if (!in_slot_ && end_ns() < settled) FillUntil(settled, out);
  return true;
}

bool SoundTimeline::Restart(Material* out) {
  if (in_slot_) EndSlot(out);
  started_ = false;
  frames_ = 0;
  return false;
}

void SoundTimeline::Add(Material* out) {
  if (!started_) {
    started_ = true;
    base_ns_ = block_.slot;
  }
  if (in_slot_ && block_.slot != slot_ns_) EndSlot(out);
  if (!in_slot_) {
    in_slot_ = true;
    slot_ns_ = block_.slot;
    slot_.assign(std::size_t{block_.count} * channels_, 0);
  }
  const std::size_t channel = block_.end == CallTap::End::kNear ? 0 : 1;
  if (!block_.heard || channel >= channels_) return;
  const std::size_t count = std::min<std::size_t>(block_.count, slot_.size() / channels_);
  for (std::size_t i = 0; i < count; ++i) slot_[i * channels_ + channel] = samples_[i];
}

void SoundTimeline::EndSlot(Material* out) {
  in_slot_ = false;
  FillUntil(slot_ns_, out);
  if (out->pcm.empty()) out->pcm_at_ns = end_ns();
  out->pcm.insert(out->pcm.end(), slot_.begin(), slot_.end());
  frames_ += static_cast<std::int64_t>(slot_.size() / channels_);
}

void SoundTimeline::FillUntil(std::int64_t at_ns, Material* out) {
  const std::int64_t missing = TicksOfNs(at_ns - base_ns_, rate_hz_) - frames_;
  if (missing <= 0) return;
  if (out->pcm.empty()) out->pcm_at_ns = end_ns();
  out->pcm.insert(out->pcm.end(), static_cast<std::size_t>(missing) * channels_, 0);
  frames_ += missing;
}

std::int64_t SoundTimeline::end_ns() const noexcept {
  return base_ns_ + NsOfTicks(frames_, rate_hz_);
}

}  // namespace dashvoip
