#include "dashvoip/voice/timeline.h"

#include <algorithm>

namespace dashvoip {

constexpr std::size_t Timeline::kMarks;

Timeline::Timeline(std::size_t packets, std::size_t bytes) : store_(packets, bytes), marks_() {
  packets_.reserve(packets);
}

/** The first part of [from, to) that nobody has. @return false without one. */
bool Timeline::Claim(std::int64_t* from, std::int64_t* to, std::size_t* place) const noexcept {
  *place = 0;
  for (const EncodedPacket* other : packets_) {
    if (other->from >= *to) break;
    if (other->from > *from) {
      *to = other->from;  // what lies behind it is lost: nobody sends sound twice in other pieces
      break;
    }
    *from = std::max(*from, other->to);
    ++*place;
  }
  return *from < *to;
}

bool Timeline::AddSound(const EncodedPacket& sound, std::int64_t* heard) noexcept {
  std::int64_t from = sound.from;
  std::int64_t to = sound.to;
  std::size_t place = 0;
  *heard = 0;
  if (!Claim(&from, &to, &place)) return true;
  EncodedPacket* packet = store_.Add(sound);
  if (packet == nullptr) return false;
  packet->from = from;
  packet->to = to;
  packets_.insert(packets_.begin() + static_cast<std::ptrdiff_t>(place), packet);
  *heard = to - from;
  return true;
}

// A key that is held is told again and again, longer each time.
void Timeline::AddMark(SoundKind kind, std::int64_t begin, std::int64_t end,
                       std::uint8_t level) noexcept {
  if (mark_count_ > 0) {
    Mark& last = marks_[mark_count_ - 1];
    if (last.kind == kind && last.level == level && last.begin <= begin && begin <= last.end) {
      last.end = std::max(last.end, end);
      return;
    }
  }
  if (mark_count_ == kMarks) {
    std::copy(marks_.begin() + 1, marks_.end(), marks_.begin());
    --mark_count_;
  }
  marks_[mark_count_++] = Mark{kind, level, begin, end};
}

Timeline::Stretch Timeline::At(std::int64_t at, std::int64_t end) const noexcept {
  Stretch stretch = {SoundKind::kAbsent, nullptr, 0, end};
  for (EncodedPacket* packet : packets_) {
    if (packet->to <= at) continue;
    if (packet->from <= at) return {SoundKind::kSound, packet, 0, std::min(end, packet->to)};
    stretch.end = std::min(end, packet->from);
    break;
  }
  for (std::size_t i = 0; i < mark_count_; ++i) {
    const Mark& mark = marks_[i];
    if (mark.begin > at) {
      stretch.end = std::min(stretch.end, mark.begin);
    } else if (mark.end > at && stretch.kind == SoundKind::kAbsent) {
      stretch.kind = mark.kind;
      stretch.level = mark.level;
      stretch.end = std::min(stretch.end, mark.end);
    }
  }
  return stretch;
}

std::int64_t Timeline::SoundBetween(std::int64_t begin, std::int64_t end) const noexcept {
  std::int64_t sound = 0;
  for (const EncodedPacket* packet : packets_) {
    if (packet->from >= end) break;
    sound += std::max<std::int64_t>(0, std::min(end, packet->to) - std::max(begin, packet->from));
  }
  return sound;
}

void Timeline::Release(std::int64_t position) noexcept {
  const auto still_heard = [position](const EncodedPacket* packet) {
    return packet->to > position;
  };
  const auto kept = std::find_if(packets_.begin(), packets_.end(), still_heard);
  std::for_each(packets_.begin(), kept, [this](EncodedPacket* packet) { store_.Remove(packet); });
  packets_.erase(packets_.begin(), kept);
  const auto over = [position](const Mark& mark) { return mark.end <= position; };
  const auto marks_end = marks_.begin() + static_cast<std::ptrdiff_t>(mark_count_);
  mark_count_ =
      static_cast<std::size_t>(std::remove_if(marks_.begin(), marks_end, over) - marks_.begin());
}

void Timeline::Cut(std::int64_t position) noexcept {
  Release(position);
  if (!packets_.empty()) packets_.front()->from = std::max(packets_.front()->from, position);
}

void Timeline::Clear() noexcept {
  packets_.clear();
  store_.Clear();
  mark_count_ = 0;
}

}  // namespace dashvoip
