#include "dashvoip/rtp/sequence.h"

#include <algorithm>

namespace dashvoip {

namespace {
// RFC 3550 §A.1.
constexpr int kMaxDropout = 3000;
constexpr int kMaxMisorder = 100;
}  // namespace

std::int64_t ExtendSequence(std::uint16_t number, std::int64_t reference) noexcept {
  const auto delta = static_cast<std::int16_t>(number - static_cast<std::uint16_t>(reference));
  return reference + delta;
}

std::int64_t ExtendTimestamp(std::uint32_t timestamp, std::int64_t reference) noexcept {
  const auto delta = static_cast<std::int32_t>(timestamp - static_cast<std::uint32_t>(reference));
  return reference + delta;
}

void SequenceTracker::Begin(std::uint16_t number) noexcept {
  started_ = true;
  resuming_ = false;
  has_suspect_ = false;
  base_ = highest_ = last_ = number;
}

SequenceTracker::Verdict SequenceTracker::Update(std::uint16_t number) noexcept {
  if (!started_) {
    Begin(number);
    return Verdict::kFirst;
  }
  const std::int64_t extended = ExtendSequence(number, highest_);
  const std::int64_t delta = extended - highest_;
  if (resuming_ && delta > 0) {
    resuming_ = false;
    has_suspect_ = false;
    base_ += delta - 1;
    highest_ = last_ = extended;
    return Verdict::kNewer;
  }
  if (delta >= kMaxDropout || delta < -kMaxMisorder) {
    if (has_suspect_ && number == next_suspect_) {
      Begin(number);
      return Verdict::kRestarted;
    }
    has_suspect_ = true;
    next_suspect_ = static_cast<std::uint16_t>(number + 1);
    return Verdict::kSuspect;
  }
  has_suspect_ = false;
  last_ = extended;
  if (delta <= 0) return Verdict::kOlder;
  highest_ = extended;
  return Verdict::kNewer;
}

SequenceHistory::Verdict SequenceHistory::Examine(std::int64_t extended) const noexcept {
  if (!started_ || extended > highest_) return Verdict::kNew;
  if (highest_ - extended >= kWindow) return Verdict::kTooOld;
  return (seen_[WordOf(extended)] & BitOf(extended)) != 0 ? Verdict::kDuplicate : Verdict::kNew;
}

SequenceHistory::Verdict SequenceHistory::Insert(std::int64_t extended) noexcept {
  if (!started_) {
    started_ = true;
    highest_ = extended;
  }
  const Verdict verdict = Examine(extended);
  if (verdict != Verdict::kNew) return verdict;
  if (extended > highest_) {
    if (extended - highest_ >= kWindow) seen_.fill(0);
    const std::int64_t first = std::max(highest_ + 1, extended - kWindow + 1);
    for (std::int64_t number = first; number <= extended; ++number) {
      seen_[WordOf(number)] &= ~BitOf(number);
    }
    highest_ = extended;
  }
  seen_[WordOf(extended)] |= BitOf(extended);
  return verdict;
}

}  // namespace dashvoip
