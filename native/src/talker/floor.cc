#include "dashvoip/talker/floor.h"

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

// The far end's last word is on its way through the speaker, and the room answers.
constexpr std::int64_t kFarHangNs = 350 * kNsPerMs;
// Between the words of a sentence.
constexpr std::int64_t kNearHangNs = 400 * kNsPerMs;
// Who waits has waited long enough.
constexpr std::int64_t kLongTurnNs = 10 * kNsPerSecond;

}  // namespace

void Floor::Reset() noexcept {
  holder_ = Holder::kNobody;
  released_ = true;
}

Floor::Holder Floor::Take(const Heard& heard, std::int64_t now) noexcept {
  if (!heard.pressed) released_ = true;
  Holder next = holder_;
  switch (holder_) {
    case Holder::kNobody:
      next = Nobody(heard);
      break;
    case Holder::kFar:
      next = Far(heard, now);
      break;
    case Holder::kNear:
      next = Near(heard, now);
      break;
    case Holder::kNearWaits:
      next = NearWaits(heard, now);
      break;
  }
  if (next != holder_) {
    const bool same_turn = holder_ == Holder::kFar && next == Holder::kNearWaits;
    const bool still = holder_ == Holder::kNearWaits && next == Holder::kFar;
    if (!same_turn && !still) since_ns_ = spoke_ns_ = now;
    if (holder_ == Holder::kNear && heard.pressed) released_ = false;
    holder_ = next;
  }
  return holder_;
}

Floor::Holder Floor::Nobody(const Heard& heard) noexcept {
  // Of two who begin at once the far end goes first: it cannot see what happens here.
  if (heard.far_speaks) return Holder::kFar;
  return WantsNear(heard) ? Holder::kNear : Holder::kNobody;
}

Floor::Holder Floor::Far(const Heard& heard, std::int64_t now) noexcept {
  if (heard.far_speaks) spoke_ns_ = now;
  if (mode_ == Mode::kPushToTalk && WantsNear(heard)) return NearWaits(heard, now);
  return IsQuiet(now) ? Holder::kNobody : Holder::kFar;
}

Floor::Holder Floor::NearWaits(const Heard& heard, std::int64_t now) noexcept {
  if (heard.far_speaks) spoke_ns_ = now;
  if (!WantsNear(heard)) return IsQuiet(now) ? Holder::kNobody : Holder::kFar;
  return IsQuiet(now) || HadLongTurn(now) ? Holder::kNear : Holder::kNearWaits;
}

Floor::Holder Floor::Near(const Heard& heard, std::int64_t now) noexcept {
  if (mode_ == Mode::kPushToTalk) {
    if (!heard.pressed) return heard.far_speaks ? Holder::kFar : Holder::kNobody;
  } else {
    if (heard.near_speaks) spoke_ns_ = now;
    if (IsQuiet(now)) return heard.far_speaks ? Holder::kFar : Holder::kNobody;
  }
  return heard.far_speaks && HadLongTurn(now) ? Holder::kFar : Holder::kNear;
}

bool Floor::WantsNear(const Heard& heard) const noexcept {
  return mode_ == Mode::kPushToTalk ? heard.pressed && released_ : heard.near_speaks;
}

bool Floor::HadLongTurn(std::int64_t now) const noexcept { return now - since_ns_ >= kLongTurnNs; }

bool Floor::IsQuiet(std::int64_t now) const noexcept {
  const std::int64_t hang = holder_ == Holder::kNear ? kNearHangNs : kFarHangNs;
  return now - spoke_ns_ >= hang;
}

}  // namespace dashvoip
