#include "dashvoip/voice/jitter_buffer.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

constexpr std::size_t JitterBuffer::kLongestPacket;
constexpr std::size_t JitterBuffer::kLongestSlot;

namespace {

// Wake-ups of both sides are a little uneven even where the network is not.
constexpr std::int64_t kMargin = 3 * kNsPerMs;
// A sender's clock that leaps further than this against ours was restarted.
constexpr std::int64_t kMaxLeap = kNsPerSecond;
// With nothing to play for so long it is a pause, and no longer a loss to conceal.
constexpr std::int64_t kPause = kNsPerSecond / 2;
constexpr std::int64_t kCalmBeforeShorten = 2 * kNsPerSecond;
constexpr std::int64_t kUrgentAfter = 4 * kNsPerSecond;
constexpr std::int64_t kUrgentFrames = 3;
constexpr std::int64_t kNoiseSamples = 160;  // until the next packet, or a gap that is no loss
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min() / 2;

std::int64_t RoundUpToPowerOfTwo(std::int64_t value) {
  std::int64_t size = 1;
  while (size < value) size *= 2;
  return size;
}

std::int64_t Modulo(std::int64_t value, std::int64_t divisor) noexcept {
  const std::int64_t rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

std::int64_t GreatestCommonDivisor(std::int64_t a, std::int64_t b) noexcept {
  while (b != 0) {
    const std::int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

}  // namespace

JitterBuffer::JitterBuffer(std::uint32_t clock_rate, std::size_t cap)
    : clock_rate_(clock_rate),
      cap_(static_cast<std::int64_t>(cap)),
      sound_(static_cast<std::size_t>(
          RoundUpToPowerOfTwo(std::max<std::int64_t>(cap_, kLongestPacket + 3 * kLongestSlot)))),
      kinds_(sound_.size()),
      mask_(static_cast<std::int64_t>(sound_.size()) - 1),
      last_growth_(kNever),
      last_resize_(kNever) {}

/** Samples that may lie between what plays next and the newest. */
std::int64_t JitterBuffer::Room() const noexcept {
  return std::max(cap_, packet_size_ + 3 * frame_);
}

std::int64_t JitterBuffer::NsOf(std::int64_t samples) const noexcept {
  return NsOfTicks(samples, clock_rate_);
}

std::int64_t JitterBuffer::SamplesOf(std::int64_t ns) const noexcept {
  return TicksOfNs(ns, clock_rate_);
}

// ---- Putting --------------------------------------------------------------------------------

void JitterBuffer::Put(const RtpPacket& packet, std::int64_t arrival, SampleKind kind) noexcept {
  const auto size = static_cast<std::int64_t>(packet.payload_size);
  if (size == 0) return;
  counters_.received += packet.payload_size;
  if (packet.payload_size > kLongestPacket) {
    counters_.discarded += packet.payload_size;
    return;
  }
  std::int64_t begin = 0;
  if (!Take(packet, size, arrival, &begin)) {
    counters_.duplicate += packet.payload_size;
    return;
  }
  packet_begin_ = begin;
  packet_size_ = size;
  Insert({begin, size, packet.payload, false, kind});
}

void JitterBuffer::PutNoise(const RtpPacket& packet, std::int64_t arrival) noexcept {
  const std::int64_t size = std::min(kNoiseSamples, cap_);
  std::int64_t begin = 0;
  if (packet.payload_size == 0 || !Take(packet, size, arrival, &begin)) return;
  Insert({begin, size, packet.payload, true, SampleKind::kNoise});
}

// Keys have a timestamp of their own, which stands still while sound may go on: they only mark the
// timeline, and do not move it.
void JitterBuffer::PutEvent(std::uint32_t ssrc, std::uint32_t timestamp,
                            std::uint32_t duration) noexcept {
  if (!anchored_ || ssrc != ssrc_) return;
  const std::int64_t begin = ExtendTimestamp(timestamp, timestamp_) - origin_;
  const std::int64_t end = begin + duration;
  const std::int64_t from = std::max(begin, play_);
  if (end <= from || end - play_ > Room()) return;
  static constexpr std::uint8_t kNothing = 0;
  Insert({from, end - from, &kNothing, true, SampleKind::kEvent});
}

/** Notes the packet's numbers. @return false for a duplicate. */
bool JitterBuffer::Take(const RtpPacket& packet, std::int64_t size, std::int64_t arrival,
                        std::int64_t* begin) noexcept {
  if (!anchored_ || !Continues(packet, arrival)) Anchor(packet);
  const std::int64_t sequence = ExtendSequence(packet.header.sequence_number, sequence_);
  const std::int64_t timestamp = ExtendTimestamp(packet.header.timestamp, timestamp_);
  if (history_.Insert(sequence) == SequenceHistory::Verdict::kDuplicate) return false;
  sequence_ = std::max(sequence_, sequence);
  timestamp_ = std::max(timestamp_, timestamp);
  *begin = timestamp - origin_;
  delay_.OnPacket(arrival, arrival - NsOf(*begin), NsOf(size));
  return true;
}

// Whether the packet belongs to the timeline we have, or its source began anew.
bool JitterBuffer::Continues(const RtpPacket& packet, std::int64_t arrival) const noexcept {
  if (packet.header.ssrc != ssrc_) return false;
  const std::int64_t newer = ExtendSequence(packet.header.sequence_number, sequence_) - sequence_;
  const std::int64_t timestamp = ExtendTimestamp(packet.header.timestamp, timestamp_);
  // Sent later but sampled earlier, or the reverse: one of the two counters was restarted.
  if ((newer > 0 && timestamp < timestamp_) || (newer < 0 && timestamp > timestamp_)) return false;
  const std::int64_t transit = arrival - NsOf(timestamp - origin_);
  const std::int64_t leap = transit - delay_.fastest();
  return leap < kMaxLeap && leap > -kMaxLeap;
}

void JitterBuffer::Anchor(const RtpPacket& packet) noexcept {
  if (anchored_) {
    counters_.discarded += TakeFlags(play_, end_);
    ++counters_.restarts;
  }
  anchored_ = true;
  ssrc_ = packet.header.ssrc;
  sequence_ = packet.header.sequence_number;
  timestamp_ = packet.header.timestamp;
  origin_ = timestamp_;
  history_.Reset();
  delay_.Reset();
  state_ = State::kIdle;
  play_ = 0;
  end_ = 0;
  floor_ = kNever;
  debt_ = 0;
  quiet_ = false;
}

void JitterBuffer::Insert(const Piece& piece) noexcept {
  const std::int64_t begin = piece.begin;
  const std::int64_t end = begin + piece.size;
  // As long as playing has not begun, a packet from before the first is welcome.
  if (state_ == State::kIdle && begin < play_ && begin >= floor_ && end_ - begin <= Room()) {
    play_ = begin;
  }
  if (begin < play_) {
    if (IsSound(piece.kind)) {
      counters_.late += static_cast<std::uint64_t>(std::min(end, play_) - begin);
      ++counters_.late_packets;
    }
    if (end <= play_) return;
  }
  // The hard cap: the oldest goes.
  if (end - play_ > Room()) DropUntil(end - Room());
  for (std::int64_t at = std::max(begin, play_); at < end; ++at) {
    Store(at, piece.data[piece.repeated ? 0 : at - begin], piece.kind);
  }
  end_ = std::max(end_, end);
}

// What came first stays, but sound goes before noise and keys.
void JitterBuffer::Store(std::int64_t at, std::uint8_t byte, SampleKind kind) noexcept {
  const auto index = static_cast<std::size_t>(at & mask_);
  const SampleKind present = kinds_[index];
  if (IsSound(present) || (present != SampleKind::kAbsent && !IsSound(kind))) {
    if (IsSound(kind)) ++counters_.duplicate;
    return;
  }
  sound_[index] = byte;
  kinds_[index] = kind;
  if (IsSound(kind)) ++counters_.buffered;
}

// Clears [begin, end). @return how much of it was sound.
std::size_t JitterBuffer::TakeFlags(std::int64_t begin, std::int64_t end) noexcept {
  std::size_t taken = 0;
  for (std::int64_t at = begin; at < end; ++at) {
    SampleKind& kind = kinds_[static_cast<std::size_t>(at & mask_)];
    if (IsSound(kind)) ++taken;
    kind = SampleKind::kAbsent;
  }
  counters_.buffered -= static_cast<std::uint32_t>(taken);
  return taken;
}

void JitterBuffer::DropUntil(std::int64_t position) noexcept {
  counters_.discarded += TakeFlags(play_, std::min(position, end_));
  play_ = position;
  end_ = std::max(end_, position);
}

// ---- Delays ---------------------------------------------------------------------------------

// Packets and slots of different lengths meet on this grid, samples.
std::int64_t JitterBuffer::PacketGrid() const noexcept {
  return GreatestCommonDivisor(packet_size_, frame_);
}

// How far slots begin in front of that grid: delay that is of use to nobody, samples.
std::int64_t JitterBuffer::Misalignment() const noexcept {
  return Modulo(packet_begin_ - play_, PacketGrid());
}

/**
 * How much later than the fastest packet one may come and still be there when the slot that needs
 * its first sample is taken, if play_ is taken at `now`. Packets that begin inside a slot are
 * needed at its beginning, which the last two terms account for.
 */
std::int64_t JitterBuffer::Slack(std::int64_t now) const noexcept {
  const std::int64_t lead = Misalignment() + frame_ - PacketGrid();
  return now - NsOf(play_ + lead) - delay_.fastest();
}

std::int64_t JitterBuffer::TargetSlack() const noexcept {
  // What the cap leaves when a packet and a slot lie in the buffer.
  const std::int64_t most = NsOf(Room() - packet_size_ - frame_);
  return std::min(most, delay_.Percentile97() + kMargin);
}

// ---- Getting --------------------------------------------------------------------------------

std::int64_t JitterBuffer::RunEnd(std::int64_t begin, std::int64_t end) const noexcept {
  const SampleKind kind = KindAt(begin);
  std::int64_t at = begin + 1;
  while (at < end && KindAt(at) == kind) ++at;
  return at;
}

// The first sample there is, end_ when there is none.
std::int64_t JitterBuffer::FirstPresent() const noexcept {
  std::int64_t at = play_;
  while (at < end_ && KindAt(at) == SampleKind::kAbsent) ++at;
  return at;
}

std::int64_t JitterBuffer::FirstBehindEvents() const noexcept {
  std::int64_t at = play_;
  while (at < end_ && (KindAt(at) == SampleKind::kAbsent || KindAt(at) == SampleKind::kEvent)) ++at;
  return at;
}

JitterBuffer::Slot JitterBuffer::Get(std::int64_t now, std::size_t count) noexcept {
  Slot slot;
  if (count == 0) return slot;
  now_ = now;
  frame_ = static_cast<std::int64_t>(std::min(count, kLongestSlot));
  wish_ = Wish::kNone;
  limit_ = 0;
  if (state_ == State::kPlaying && play_ == end_ && NsOf(debt_) >= kPause) {
    state_ = State::kIdle;
    floor_ = play_;
    debt_ = 0;
  }
  if (state_ == State::kIdle && !ReadyToPlay(now)) {
    counters_.silent += count;
    counters_.depth = static_cast<std::uint32_t>(end_ - play_);
    return slot;
  }
  if (debt_ > 0) RecoverFromUnderrun(now);
  counters_.depth = static_cast<std::uint32_t>(end_ - play_);
  counters_.target = static_cast<std::uint32_t>(SamplesOf(TargetSlack()) + frame_);
  Fill(&slot);
  AskForResize(&slot);
  return slot;
}

// Playing begins when the first packet has waited for as long as others may come later than it.
bool JitterBuffer::ReadyToPlay(std::int64_t now) noexcept {
  const std::int64_t first = FirstPresent();
  if (!anchored_ || first == end_) return false;
  play_ = first;
  if (Slack(now) < TargetSlack()) return false;
  state_ = State::kPlaying;
  last_growth_ = now;
  TrimTo(now, TargetSlack() + NsOf(frame_));
  return true;
}

// Sound is back after the timeline stood still. What was concealed stood in for what never came;
// where everything came, only late, the delay has grown by that time. A key that is told in steps
// longer than a slot is no delay.
void JitterBuffer::RecoverFromUnderrun(std::int64_t now) noexcept {
  if (play_ == end_) return;
  const std::int64_t first = FirstBehindEvents();
  const std::int64_t lost = std::min(first - play_, debt_);
  TakeFlags(play_, play_ + lost);
  play_ += lost;
  if (first == end_) {
    debt_ -= lost;
    return;
  }
  if (lost < debt_) last_growth_ = now;
  debt_ = 0;
  // After a stall everything comes at once: nobody wants to hear it that late.
  TrimTo(now, std::max(TargetSlack(), delay_.newest_variation()) + NsOf(frame_));
}

void JitterBuffer::TrimTo(std::int64_t now, std::int64_t allowed) noexcept {
  const std::int64_t excess = (Slack(now) - allowed) / NsOf(frame_);
  const std::int64_t spare = (end_ - play_) / frame_ - 1;
  const std::int64_t frames = std::min(excess, spare);
  if (frames > 0) DropUntil(play_ + frames * frame_);
}

void JitterBuffer::Fill(Slot* slot) noexcept {
  slot->kind = Slot::Kind::kSound;
  const std::int64_t begin = play_;
  const std::int64_t wanted = begin + frame_;
  const std::int64_t available = std::min(wanted, end_);
  std::int64_t at = begin;
  const auto add = [this, slot](SampleKind kind, const std::uint8_t* data, std::int64_t size) {
    slot->runs[slot->run_count++] = Run{kind, data, static_cast<std::size_t>(size)};
    NotePlayed(kind, size);
  };
  // One run is kept for what remains: a sender of very short packets does not get more.
  while (at < available && slot->run_count + 1 < slot->runs.size()) {
    const std::int64_t wrap = (at | mask_) + 1;
    const std::int64_t end = RunEnd(at, std::min(available, wrap));
    const SampleKind kind = KindAt(at);
    const bool present = kind != SampleKind::kAbsent;
    add(kind, present ? &sound_[static_cast<std::size_t>(at & mask_)] : nullptr, end - at);
    TakeFlags(at, end);
    at = end;
  }
  if (at < wanted) {
    add(SampleKind::kAbsent, nullptr, wanted - at);
    counters_.discarded += TakeFlags(at, available);
  }
  play_ = available;
  debt_ += wanted - available;
}

void JitterBuffer::NotePlayed(SampleKind kind, std::int64_t size) noexcept {
  if (kind != SampleKind::kAbsent) quiet_ = !IsSound(kind);
  std::uint64_t& counter = IsSound(kind) ? counters_.played
                           : quiet_      ? counters_.silent
                                         : counters_.concealed;
  counter += static_cast<std::uint64_t>(size);
}

// Both sides of the comparison hold for the next slot, one frame later.
void JitterBuffer::AskForResize(Slot* slot) noexcept {
  for (std::size_t i = 0; i < slot->run_count; ++i) {
    const SampleKind kind = slot->runs[i].kind;
    if (!IsSound(kind) || kind != slot->runs[0].kind) return;
  }
  const std::int64_t excess = Slack(now_ + NsOf(frame_)) - TargetSlack();
  if (excess < 0) {
    AskToLengthen(-excess, slot);
  } else {
    AskToShorten(excess, slot);
  }
  slot_kind_ = slot->runs[0].kind;
  slot->wish = wish_;
  slot->limit = static_cast<std::size_t>(limit_);
}

void JitterBuffer::AskToLengthen(std::int64_t deficit, Slot* slot) noexcept {
  limit_ = std::min(frame_, Room() - (end_ - play_));
  if (limit_ <= 0) return;
  wish_ = Wish::kLengthen;
  slot->urgent = deficit >= NsOf(frame_) / 2;
}

void JitterBuffer::AskToShorten(std::int64_t excess, Slot* slot) noexcept {
  const std::int64_t calm = now_ - std::max(last_growth_, last_resize_);
  const bool far = excess >= kUrgentFrames * NsOf(frame_);
  if (calm < kCalmBeforeShorten && !far) return;
  // The misaligned part costs no slack; beyond it the slack falls in steps of the grid.
  const std::int64_t steps = (excess - kMargin) / NsOf(PacketGrid());
  std::int64_t limit = Misalignment() + std::max<std::int64_t>(0, steps) * PacketGrid();
  limit = std::min({limit, frame_, end_ - play_});
  if (limit <= 0) return;
  const std::int64_t end = RunEnd(play_, play_ + limit);
  const SampleKind kind = KindAt(play_);
  if (!IsSound(kind) || end < play_ + limit) return;
  wish_ = Wish::kShorten;
  limit_ = limit;
  slot->urgent = far || calm >= kUrgentAfter;
  const std::int64_t wrap = std::min(end, (play_ | mask_) + 1);
  slot->ahead[0] = Run{kind, &sound_[static_cast<std::size_t>(play_ & mask_)],
                       static_cast<std::size_t>(wrap - play_)};
  slot->ahead[1] = Run{kind, &sound_[0], static_cast<std::size_t>(end - wrap)};
}

void JitterBuffer::Resize(std::ptrdiff_t change) noexcept {
  if (wish_ == Wish::kShorten && change > 0) {
    const std::int64_t removed = std::min<std::int64_t>(change, limit_);
    counters_.removed += TakeFlags(play_, play_ + removed);
    play_ += removed;
    last_resize_ = now_;
  } else if (wish_ == Wish::kLengthen && change < 0) {
    const std::int64_t inserted = std::min<std::int64_t>(-change, limit_);
    for (std::int64_t at = play_ - inserted; at < play_; ++at) {
      kinds_[static_cast<std::size_t>(at & mask_)] = slot_kind_;
    }
    play_ -= inserted;
    counters_.buffered += static_cast<std::uint32_t>(inserted);
    counters_.played -= static_cast<std::uint64_t>(inserted);
    counters_.inserted += static_cast<std::uint64_t>(inserted);
    last_resize_ = now_;
    last_growth_ = now_;
  }
  wish_ = Wish::kNone;
}

void JitterBuffer::Reset() noexcept {
  counters_.discarded += TakeFlags(play_, end_);
  anchored_ = false;
  state_ = State::kIdle;
  wish_ = Wish::kNone;
  play_ = end_ = debt_ = 0;
  quiet_ = false;
  last_growth_ = last_resize_ = kNever;
  counters_.depth = 0;
}

JitterBufferSnapshot JitterBuffer::Snapshot() const noexcept { return counters_; }

}  // namespace dashvoip
