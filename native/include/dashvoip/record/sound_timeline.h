#ifndef DASHVOIP_RECORD_SOUND_TIMELINE_H_
#define DASHVOIP_RECORD_SOUND_TIMELINE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "dashvoip/record/call_tap.h"
#include "dashvoip/record/material.h"

namespace dashvoip {

/**
 * Makes one steady stream of what a tap gives: near end left, far end right, or the near one alone;
 * silence where nothing came, so that the place of a sample tells its time.
 */
class SoundTimeline {
 public:
  SoundTimeline(std::uint32_t rate_hz, std::uint32_t channels) noexcept
      : rate_hz_(rate_hz), channels_(channels) {}

  /**
   * Moves what the tap has behind `out->pcm`.
   * @param last nothing comes any more: what there is goes, up to now.
   * @return false before a gap of so much that nobody wants to hear its silence: what the next call
   * gives lies behind it.
   */
  bool Take(CallTap* tap, std::int64_t now, bool last, Material* out);

 private:
  void Add(Material* out);
  void EndSlot(Material* out);
  void FillUntil(std::int64_t at_ns, Material* out);
  bool Restart(Material* out);
  std::int64_t end_ns() const noexcept;

  const std::uint32_t rate_hz_;
  const std::uint32_t channels_;
  bool started_ = false;
  std::int64_t base_ns_ = 0;
  std::int64_t frames_ = 0;  // given since
  CallTap::Block block_{};   // the newest
  std::array<std::int16_t, CallTap::kMaxBlock> samples_{};
  bool held_ = false;  // it lies behind a gap
  // The slot of which one end may still come.
  bool in_slot_ = false;
  std::int64_t slot_ns_ = 0;
  std::vector<std::int16_t> slot_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_SOUND_TIMELINE_H_
