#include "dashvoip/talker/reference_line.h"

#include <algorithm>

namespace dashvoip {

void ReferenceLine::Write(std::int64_t position, const std::int16_t* samples,
                          std::size_t count) noexcept {
  const auto size = static_cast<std::int64_t>(ring_.size());
  if (position < end_ || position - end_ >= size) begin_ = end_ = position;
  for (; end_ < position; ++end_) At(end_) = 0;
  for (std::size_t i = 0; i < count; ++i, ++end_) At(end_) = samples[i];
  begin_ = std::max(begin_, end_ - size);
}

void ReferenceLine::Read(std::int64_t position, std::int16_t* out,
                         std::size_t count) const noexcept {
  for (std::size_t i = 0; i < count; ++i, ++position) {
    const bool known = position >= begin_ && position < end_;
    out[i] = known ? ring_[static_cast<std::size_t>(position) % ring_.size()] : std::int16_t{0};
  }
}

}  // namespace dashvoip
