#include "dashvoip/video/video_pacer.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

namespace {

constexpr std::int64_t kDefaultInterval = 33366667;    // 29.97 pictures per second
constexpr std::int64_t kMaxInterval = 200 * kNsPerMs;  // slower pictures are not spread further
constexpr std::int64_t kKeyFrameWindow = 30 * kNsPerMs;
constexpr std::int64_t kBatch = kNsPerMs;
constexpr std::int64_t kBetweenPictures = kNsPerMs;
constexpr std::size_t kFastest = 3;  // doublings of the speed: eight times

std::int64_t Spread(std::int64_t interval) noexcept { return interval * 8 / 10; }

}  // namespace

constexpr std::int64_t VideoPacer::kNever;

VideoPacer::VideoPacer(std::size_t max_pictures)
    : pictures_(std::max<std::size_t>(1, max_pictures)) {}

std::int64_t VideoPacer::WindowOfFront() const noexcept {
  return std::max(HurriedWindow(), distance_ * static_cast<std::int64_t>(Front().packets));
}

// Each picture that waits behind doubles the speed.
std::int64_t VideoPacer::HurriedWindow() const noexcept {
  const Picture& picture = Front();
  const std::int64_t window = Spread(picture.interval);
  const std::size_t waiting = count_ - 1;
  if (waiting == 0) return window;
  if (picture.key_frame) return std::min(window, kKeyFrameWindow);
  return picture.interval >> std::min(waiting, kFastest);
}

std::int64_t VideoPacer::DueOf(std::size_t packet) const noexcept {
  return start_ +
         window_ * static_cast<std::int64_t>(packet) / static_cast<std::int64_t>(Front().packets);
}

bool VideoPacer::OnPicture(std::size_t packets, bool key_frame, std::int64_t interval,
                           std::int64_t now) noexcept {
  if (!has_room() || packets == 0) return false;
  if (interval <= 0) interval = kDefaultInterval;
  Picture& picture = pictures_[(first_ + count_) % pictures_.size()];
  picture.packets = packets;
  picture.key_frame = key_frame;
  picture.interval = std::min(interval, kMaxInterval);
  ++count_;
  if (count_ == 1) {
    sent_ = 0;
    start_ = std::max(now, free_at_);
    window_ = WindowOfFront();
    return true;
  }
  // What is under way hurries up from here on; its next packet is not put off.
  const std::int64_t due = DueOf(sent_);
  window_ = std::min(window_, WindowOfFront());
  const std::int64_t spacing = window_ / static_cast<std::int64_t>(Front().packets);
  start_ += std::min(due, now + spacing) - DueOf(sent_);
  return true;
}

void VideoPacer::FinishFront(std::int64_t now) noexcept {
  const std::size_t packets = Front().packets;
  const std::int64_t spacing = window_ / static_cast<std::int64_t>(packets);
  // A lone picture holds nobody up; in a backlog the distance is what limits the speed.
  const std::int64_t between = count_ > 1 ? spacing : std::min(spacing, kBetweenPictures);
  free_at_ = DueOf(packets - 1) + std::max(between, distance_);
  first_ = (first_ + 1) % pictures_.size();
  --count_;
  sent_ = 0;
  if (count_ == 0) return;
  start_ = std::max(now, free_at_);
  window_ = WindowOfFront();
}

std::size_t VideoPacer::TakeDue(std::int64_t now) noexcept {
  std::size_t due = 0;
  while (count_ > 0 && DueOf(sent_) <= now + kBatch) {
    ++due;
    if (++sent_ == Front().packets) FinishFront(now);
  }
  return due;
}

std::int64_t VideoPacer::next_deadline() const noexcept {
  return count_ == 0 ? kNever : DueOf(sent_);
}

}  // namespace dashvoip
