#ifndef DASHVOIP_VOICE_RECENT_LOSS_H_
#define DASHVOIP_VOICE_RECENT_LOSS_H_

#include <cstdint>

#include "dashvoip/voice/jitter_buffer.h"

namespace dashvoip {

/** What was concealed of the sound of the last ten seconds: what was before fades. */
class RecentLoss {
 public:
  explicit RecentLoss(std::uint32_t bus_rate_hz) noexcept
      : memory_(10.0 * static_cast<double>(bus_rate_hz)) {}

  /** After each slot. */
  void OnSlot(const JitterBufferSnapshot& now) noexcept {
    const auto concealed = static_cast<double>(now.concealed - concealed_);
    const auto heard = static_cast<double>(now.played - played_) + concealed;
    concealed_ = now.concealed;
    played_ = now.played;
    if (heard <= 0) return;
    const double part = heard / memory_;
    share_ += (concealed / heard - share_) * (part < 1 ? part : 1);
  }
  /** 0..1. */
  double share() const noexcept { return share_; }

 private:
  const double memory_;  // samples
  std::uint64_t concealed_ = 0;
  std::uint64_t played_ = 0;
  double share_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_RECENT_LOSS_H_
