#include "dashvoip/voice/jitter_buffer.h"

#include <algorithm>
#include <limits>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

constexpr std::size_t JitterBuffer::kLongestPacketMs;
constexpr std::size_t JitterBuffer::kLongestSlotMs;

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
// So many frames too many are cut off behind an underrun; fewer are better shortened in silence.
constexpr std::int64_t kWorthACut = 3;
constexpr std::int64_t kNoiseMs = 20;  // until the next packet, or a gap that is no loss
// What the storage is made for: packets of 5 ms, and 16 bits for each of 16,000 samples.
constexpr std::int64_t kShortPacketMs = 5;
constexpr std::int64_t kBytesPerMs = 32;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min() / 2;

std::int64_t Modulo(std::int64_t value, std::int64_t divisor) noexcept {
  const std::int64_t rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

std::int64_t FloorDivide(std::int64_t value, std::int64_t divisor) noexcept {
  return (value - Modulo(value, divisor)) / divisor;
}

std::int64_t GreatestCommonDivisor(std::int64_t a, std::int64_t b) noexcept {
  while (b != 0) {
    const std::int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/** What lies in the buffer at most, ms. */
std::int64_t MostMs(std::int64_t cap, std::int64_t rate) noexcept {
  return std::max<std::int64_t>(cap * 1000 / rate,
                                JitterBuffer::kLongestPacketMs + 3 * JitterBuffer::kLongestSlotMs);
}

}  // namespace

JitterBuffer::JitterBuffer(std::uint32_t bus_rate, std::size_t cap)
    : rate_(bus_rate),
      cap_(static_cast<std::int64_t>(cap)),
      timeline_(static_cast<std::size_t>(MostMs(cap_, rate_) / kShortPacketMs),
                static_cast<std::size_t>(MostMs(cap_, rate_) * kBytesPerMs)),
      frame_(20 * rate_ / 1000),
      last_growth_(kNever),
      last_resize_(kNever) {}

/** Samples that may lie between what plays next and the newest. */
std::int64_t JitterBuffer::Room() const noexcept {
  return std::max(cap_, packet_size_ + 3 * frame_);
}

std::int64_t JitterBuffer::NsOf(std::int64_t samples) const noexcept {
  return NsOfTicks(samples, rate_);
}

std::int64_t JitterBuffer::SamplesOf(std::int64_t ns) const noexcept {
  return TicksOfNs(ns, rate_);
}

// ---- Putting --------------------------------------------------------------------------------

/** Place of a timestamp, which may lie between two samples of the bus. */
std::int64_t JitterBuffer::PositionOf(std::int64_t timestamp) const noexcept {
  return FloorDivide((timestamp - origin_) * rate_, clock_rate_);
}

void JitterBuffer::Put(const RtpPacket& packet, const Form& form, std::int64_t arrival) noexcept {
  const std::uint64_t samples =
      std::uint64_t{form.ticks} * static_cast<std::uint64_t>(rate_) / form.clock_rate;
  if (samples == 0) return;
  if (samples * 1000 > kLongestPacketMs * static_cast<std::uint64_t>(rate_)) {
    counters_.received += samples;
    counters_.discarded += samples;
    return;
  }
  EncodedPacket sound;
  if (!Take(packet, form, arrival, &sound)) {
    counters_.received += samples;
    counters_.duplicate += samples;
    return;
  }
  packet_begin_ = sound.begin;
  packet_size_ = sound.end - sound.begin;
  counters_.received += static_cast<std::uint64_t>(packet_size_);
  sound.codec = form.codec;
  sound.payload = packet.payload;
  sound.size = packet.payload_size;
  Insert(&sound);
}

void JitterBuffer::PutNoise(const RtpPacket& packet, std::uint32_t clock_rate,
                            std::int64_t arrival) noexcept {
  EncodedPacket noise;
  const Form form = {clock_rate, clock_rate * static_cast<std::uint32_t>(kNoiseMs) / 1000, nullptr};
  if (packet.payload_size == 0 || !Take(packet, form, arrival, &noise)) return;
  Mark(SoundKind::kNoise, noise.begin, std::min(noise.end, noise.begin + cap_), packet.payload[0]);
}

// Keys have a timestamp of their own, which stands still while sound may go on: they only mark the
// timeline, and do not move it.
void JitterBuffer::PutEvent(std::uint32_t ssrc, std::uint32_t timestamp,
                            std::uint32_t duration) noexcept {
  if (!anchored_ || ssrc != ssrc_) return;
  const std::int64_t extended = ExtendTimestamp(timestamp, timestamp_);
  const std::int64_t begin = std::max(PositionOf(extended), play_);
  const std::int64_t end = PositionOf(extended + duration);
  if (end <= begin || end - play_ > Room()) return;
  Mark(SoundKind::kEvent, begin, end, 0);
}

/** Notes the packet's numbers and finds its place. @return false for a duplicate. */
bool JitterBuffer::Take(const RtpPacket& packet, const Form& form, std::int64_t arrival,
                        EncodedPacket* out) noexcept {
  if (!anchored_ || !Continues(packet, form.clock_rate, arrival)) Anchor(packet, form.clock_rate);
  const std::int64_t sequence = ExtendSequence(packet.header.sequence_number, sequence_);
  const std::int64_t timestamp = ExtendTimestamp(packet.header.timestamp, timestamp_);
  if (history_.Insert(sequence) == SequenceHistory::Verdict::kDuplicate) return false;
  out->begin = PositionOf(timestamp);
  out->end = PositionOf(timestamp + form.ticks);
  // RFC 3550 §5.1: what follows the newest packet by number and not by time was not sent.
  const bool next = sequence == sequence_ + 1;
  const std::int64_t pause = next ? out->begin - newest_end_ : 0;
  if (pause > 0) Mark(SoundKind::kPause, newest_end_, out->begin, 0);
  Decide(pause);
  const bool overtaken = sequence < sequence_;
  if (!overtaken) newest_end_ = out->end;
  sequence_ = std::max(sequence_, sequence);
  timestamp_ = std::max(timestamp_, timestamp);
  delay_.OnPacket(arrival, arrival - NsOf(out->begin), NsOf(out->end - out->begin), overtaken);
  return true;
}

// Whether the packet belongs to the timeline we have, or its source began anew.
bool JitterBuffer::Continues(const RtpPacket& packet, std::uint32_t clock_rate,
                             std::int64_t arrival) const noexcept {
  if (packet.header.ssrc != ssrc_ || clock_rate != clock_rate_) return false;
  const std::int64_t newer = ExtendSequence(packet.header.sequence_number, sequence_) - sequence_;
  const std::int64_t timestamp = ExtendTimestamp(packet.header.timestamp, timestamp_);
  // Sent later but sampled earlier, or the reverse: one of the two counters was restarted.
  if ((newer > 0 && timestamp < timestamp_) || (newer < 0 && timestamp > timestamp_)) return false;
  const std::int64_t transit = arrival - NsOf(PositionOf(timestamp));
  const std::int64_t leap = transit - delay_.fastest();
  return (leap < kMaxLeap && leap > -kMaxLeap) || GoesOn(newer, timestamp);
}

// Behind a stall of the network: late as it is, it counts on where the last one ended.
bool JitterBuffer::GoesOn(std::int64_t newer, std::int64_t timestamp) const noexcept {
  return newer > 0 && PositionOf(timestamp) - newest_end_ == (newer - 1) * packet_size_;
}

void JitterBuffer::Anchor(const RtpPacket& packet, std::uint32_t clock_rate) noexcept {
  if (anchored_) {
    counters_.discarded += TakeSound(play_, end_);
    ++counters_.restarts;
  }
  timeline_.Clear();
  anchored_ = true;
  clock_rate_ = clock_rate;
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
  newest_end_ = 0;
  Decide(0);
  quiet_ = false;
}

/** Room for [begin, end): the cap drops the oldest. */
void JitterBuffer::Admit(std::int64_t begin, std::int64_t end) noexcept {
  // As long as playing has not begun, a packet from before the first is welcome.
  if (state_ == State::kIdle && begin < play_ && begin >= floor_ && end_ - begin <= Room()) {
    play_ = begin;
  }
  if (end - play_ > Room()) DropUntil(end - Room());
}

void JitterBuffer::Insert(EncodedPacket* sound) noexcept {
  Admit(sound->begin, sound->end);
  if (sound->begin < play_) {
    counters_.late += static_cast<std::uint64_t>(std::min(sound->end, play_) - sound->begin);
    ++counters_.late_packets;
    if (sound->end <= play_) return;
  }
  const std::int64_t wanted = std::max(sound->begin, play_);
  sound->from = wanted;
  sound->to = sound->end;
  std::int64_t heard = 0;
  while (!timeline_.AddSound(*sound, &heard)) {
    // Full. A payload that is larger than the whole storage is nobody's.
    DropUntil(timeline_.empty() ? sound->end : timeline_.Oldest());
    sound->from = std::max(sound->from, std::min(play_, sound->to));
  }
  counters_.discarded += static_cast<std::uint64_t>(sound->from - wanted);
  counters_.duplicate += static_cast<std::uint64_t>(sound->to - sound->from - heard);
  counters_.buffered += static_cast<std::uint32_t>(heard);
  end_ = std::max(end_, sound->end);
}

/** Noise or a key in [begin, end). */
void JitterBuffer::Mark(SoundKind kind, std::int64_t begin, std::int64_t end,
                        std::uint8_t level) noexcept {
  Admit(begin, end);
  if (end <= play_) return;
  timeline_.AddMark(kind, std::max(begin, play_), end, level);
  end_ = std::max(end_, end);
}

/** Sound of [begin, end) leaves the books of what waits. @return how much it was. */
std::uint64_t JitterBuffer::TakeSound(std::int64_t begin, std::int64_t end) noexcept {
  const std::int64_t taken = timeline_.SoundBetween(begin, end);
  counters_.buffered -= static_cast<std::uint32_t>(taken);
  return static_cast<std::uint64_t>(taken);
}

void JitterBuffer::DropUntil(std::int64_t position) noexcept {
  counters_.discarded += TakeSound(play_, std::min(position, end_));
  play_ = position;
  end_ = std::max(end_, position);
  timeline_.Cut(play_);
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

bool JitterBuffer::AllSound(std::int64_t begin, std::int64_t end) const noexcept {
  return timeline_.SoundBetween(begin, end) == end - begin;
}

JitterBuffer::Run JitterBuffer::RunAt(std::int64_t begin, std::int64_t end) const noexcept {
  const Timeline::Stretch stretch = timeline_.At(begin, end);
  return {stretch.kind, stretch.packet, stretch.level, begin, stretch.end};
}

const EncodedPacket* JitterBuffer::PacketAt(std::int64_t position) const noexcept {
  const EncodedPacket* const packet = timeline_.At(position, position + 1).packet;
  return packet != nullptr && packet->begin == position ? packet : nullptr;
}

// The first place with something in it that is not to be passed over; end_ when there is none.
std::int64_t JitterBuffer::FirstBehind(SoundKind passed_over) const noexcept {
  std::int64_t at = play_;
  while (at < end_) {
    const Timeline::Stretch stretch = timeline_.At(at, end_);
    if (stretch.kind != SoundKind::kAbsent && stretch.kind != SoundKind::kPause &&
        stretch.kind != passed_over) {
      break;
    }
    at = stretch.end;
  }
  return at;
}

JitterBuffer::Slot JitterBuffer::Get(std::int64_t now, std::size_t count) noexcept {
  Slot slot;
  if (count == 0) return slot;
  now_ = now;
  timeline_.Release(play_);
  frame_ = std::min<std::int64_t>(static_cast<std::int64_t>(count), kLongestSlotMs * rate_ / 1000);
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
  counters_.wait = static_cast<std::int32_t>(SamplesOf(now - NsOf(play_) - delay_.fastest()));
  Fill(&slot);
  AskForResize(&slot);
  return slot;
}

// Playing begins when the first packet has waited for as long as others may come later than it.
bool JitterBuffer::ReadyToPlay(std::int64_t now) noexcept {
  const std::int64_t first = FirstBehind(SoundKind::kAbsent);
  if (!anchored_ || first == end_) return false;
  play_ = first;
  if (Slack(now) < TargetSlack()) return false;
  state_ = State::kPlaying;
  last_growth_ = now;
  TrimTo(now, TargetSlack());
  return true;
}

// Sound is back after the timeline stood still. What was concealed stood in for what never came;
// where everything came, only late, the delay has grown by that time. A key that is told in steps
// longer than a slot is no delay.
void JitterBuffer::RecoverFromUnderrun(std::int64_t now) noexcept {
  if (play_ == end_) return;
  const std::int64_t first = FirstBehind(SoundKind::kEvent);
  const std::int64_t lost = std::min(first - play_, debt_);
  play_ += lost;
  if (first == end_) {
    debt_ -= lost;
    return;
  }
  if (lost < debt_) last_growth_ = now;
  debt_ = 0;
  // After a stall everything comes at once: nobody wants to hear it that late.
  TrimTo(now, std::max(TargetSlack(), delay_.newest_variation()));
}

void JitterBuffer::TrimTo(std::int64_t now, std::int64_t allowed) noexcept {
  const std::int64_t excess = (Slack(now) - allowed) / NsOf(frame_);
  if (excess < kWorthACut) return;
  const std::int64_t spare = (end_ - play_) / frame_ - 1;
  const std::int64_t frames = std::min(excess, spare);
  if (frames > 0) DropUntil(play_ + frames * frame_);
}

void JitterBuffer::Fill(Slot* slot) noexcept {
  slot->kind = Slot::Kind::kSound;
  const std::int64_t wanted = play_ + frame_;
  const std::int64_t available = std::min(wanted, end_);
  std::int64_t at = play_;
  // One run is kept for what remains: a sender of very short packets does not get more.
  while (at < available && slot->run_count + 1 < slot->runs.size()) {
    const Run& run = slot->runs[slot->run_count++] = RunAt(at, available);
    NotePlayed(run.kind, run.end - at);
    at = run.end;
  }
  if (at < wanted) {
    slot->runs[slot->run_count++] = Run{SoundKind::kAbsent, nullptr, 0, at, wanted};
    if (at == end_ && !quiet_) {
      counters_.undecided += static_cast<std::uint32_t>(wanted - at);
    } else {
      NotePlayed(SoundKind::kAbsent, wanted - at);
    }
    counters_.discarded += TakeSound(at, available);
  }
  TakeSound(play_, at);
  play_ = available;
  debt_ += wanted - available;
}

void JitterBuffer::NotePlayed(SoundKind kind, std::int64_t size) noexcept {
  if (kind != SoundKind::kAbsent) quiet_ = kind != SoundKind::kSound;
  std::uint64_t& counter = kind == SoundKind::kSound ? counters_.played
                           : quiet_                  ? counters_.silent
                                                     : counters_.concealed;
  counter += static_cast<std::uint64_t>(size);
  if (!quiet_) NotePackets(kind == SoundKind::kSound, size);
}

/** Of what was made up while nothing was there to play, `pause` samples were none that were lost.
 */
void JitterBuffer::Decide(std::int64_t pause) noexcept {
  const std::int64_t undecided = counters_.undecided;
  const std::int64_t quiet = std::min(std::max<std::int64_t>(0, pause), undecided);
  counters_.silent += static_cast<std::uint64_t>(quiet);
  counters_.concealed += static_cast<std::uint64_t>(undecided - quiet);
  counters_.undecided = 0;
  NotePackets(false, undecided - quiet);
}

/** Slots cut packets in pieces: each counts by its last one. */
void JitterBuffer::NotePackets(bool heard, std::int64_t size) noexcept {
  for (packet_part_ += size; packet_part_ >= packet_size_; packet_part_ -= packet_size_) {
    if (heard) {
      bursts_.OnHeard();
    } else {
      bursts_.OnLost();
    }
  }
}

// Both sides of the comparison hold for the next slot, one frame later.
void JitterBuffer::AskForResize(Slot* slot) noexcept {
  for (std::size_t i = 0; i < slot->run_count; ++i) {
    if (slot->runs[i].kind != SoundKind::kSound) return;
  }
  const std::int64_t excess = Slack(now_ + NsOf(frame_)) - TargetSlack();
  if (excess < 0) {
    AskToLengthen(-excess, slot);
  } else {
    AskToShorten(excess, slot);
  }
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
  if (!AllSound(play_, play_ + limit)) return;
  for (std::int64_t at = play_; at < play_ + limit;) {
    if (slot->run_count + slot->ahead_count == slot->runs.size()) return;
    const Run& run = slot->runs[slot->run_count + slot->ahead_count++] = RunAt(at, play_ + limit);
    at = run.end;
  }
  wish_ = Wish::kShorten;
  limit_ = limit;
  slot->urgent = far || calm >= kUrgentAfter;
}

void JitterBuffer::Resize(std::ptrdiff_t change) noexcept {
  if (wish_ == Wish::kShorten && change > 0) {
    const std::int64_t removed = std::min<std::int64_t>(change, limit_);
    counters_.removed += TakeSound(play_, play_ + removed);
    play_ += removed;
    last_resize_ = now_;
  } else if (wish_ == Wish::kLengthen && change < 0) {
    const std::int64_t inserted = std::min<std::int64_t>(-change, limit_);
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
  counters_.discarded += TakeSound(play_, end_);
  timeline_.Clear();
  anchored_ = false;
  state_ = State::kIdle;
  wish_ = Wish::kNone;
  play_ = end_ = debt_ = newest_end_ = 0;
  Decide(0);
  quiet_ = false;
  last_growth_ = last_resize_ = kNever;
  counters_.depth = 0;
  counters_.wait = 0;
}

JitterBufferSnapshot JitterBuffer::Snapshot() const noexcept { return counters_; }

}  // namespace dashvoip
