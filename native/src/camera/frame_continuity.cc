#include "dashvoip/camera/frame_continuity.h"

#include <algorithm>

namespace dashvoip {
namespace {
constexpr std::uint64_t kMost = FrameContinuity::kUnknown - 1;
}

constexpr std::uint32_t FrameContinuity::kUnknown;

std::uint32_t FrameContinuity::Next(std::uint32_t number, std::uint64_t pts) noexcept {
  std::uint32_t missing = 0;
  if (!first_) {
    missing = is_audio_ && ticks_per_frame_ > 0 ? ByPts(pts) : ByNumber(number);
  }
  first_ = false;
  last_number_ = number;
  last_pts_ = pts;
  return missing;
}

std::uint32_t FrameContinuity::ByPts(std::uint64_t pts) const noexcept {
  if (pts < last_pts_) return kUnknown;
  const std::uint64_t frames = (pts - last_pts_ + ticks_per_frame_ / 2) / ticks_per_frame_;
  return static_cast<std::uint32_t>(std::min(frames > 0 ? frames - 1 : 0, kMost));
}

std::uint32_t FrameContinuity::ByNumber(std::uint32_t number) const noexcept {
  // Numbers are 32 bits wide and wrap; a step into the upper half is a step back.
  const std::uint32_t step = number - last_number_;
  if (step == 1) return 0;
  if (step == 0 || step > 0x7FFFFFFFU) return kUnknown;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(step - 1, kMost));
}

}  // namespace dashvoip
