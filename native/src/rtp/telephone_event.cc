#include "dashvoip/rtp/telephone_event.h"

#include <algorithm>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr char kDigits[] = "0123456789*#ABCD";
constexpr std::uint8_t kKeys = 16;
// Senders repeat a held key every 20 to 100 ms.
constexpr std::int64_t kLostEndNs = 300 * kNsPerMs;
constexpr std::uint32_t kLongest = 0xffff;
// A packet that is older than the present key by less is one of the key before.
constexpr std::int32_t kStale = 10 * 8000;

}  // namespace

bool EventOfDigit(char digit, std::uint8_t* event) noexcept {
  for (std::uint8_t i = 0; i < kKeys; ++i) {
    if (kDigits[i] != digit) continue;
    *event = i;
    return true;
  }
  return false;
}

char DigitOfEvent(std::uint8_t event) noexcept { return kDigits[event & 0x0f]; }

// ---- The payload ----------------------------------------------------------------------------

constexpr std::size_t TelephoneEvent::kSize;

bool TelephoneEvent::Parse(const std::uint8_t* payload, std::size_t size,
                           TelephoneEvent* out) noexcept {
  if (size < kSize) return false;
  out->event = payload[0];
  out->end = (payload[1] & 0x80) != 0;
  out->volume = payload[1] & 0x3f;
  out->duration = ReadU16(payload + 2);
  return true;
}

void TelephoneEvent::Write(std::uint8_t* out) const noexcept {
  out[0] = event;
  out[1] = static_cast<std::uint8_t>((end ? 0x80 : 0) | (volume & 0x3f));
  WriteU16(out + 2, duration);
}

// ---- Receiving ------------------------------------------------------------------------------

constexpr std::size_t TelephoneEventReceiver::kWaiting;

void TelephoneEventReceiver::OnPacket(const RtpHeader& header, const TelephoneEvent& event,
                                      std::int64_t arrival) noexcept {
  if (event.event >= kKeys) return;
  const bool same_source = known_ && header.ssrc == ssrc_;
  const auto newer = static_cast<std::int32_t>(header.timestamp - timestamp_);
  if (same_source && newer < 0 && newer > -kStale) return;
  if (!same_source || newer != 0) {
    const bool longer = held_ && same_source && ContinuesLong(header, event);
    const std::uint32_t before = longer ? held() : 0;
    if (held_ && !longer) Finish();
    Begin(header);
    before_ = before;
  } else if (!held_) {
    return;  // RFC 4733 §2.5.1.4: the end is sent three times
  }
  const std::uint16_t held_before = newest_.duration;
  newest_ = event;
  newest_.duration = std::max(event.duration, held_before);  // reordered
  last_arrival_ = arrival;
  if (event.end) Finish();
}

void TelephoneEventReceiver::Begin(const RtpHeader& header) noexcept {
  known_ = true;
  held_ = true;
  ssrc_ = header.ssrc;
  timestamp_ = header.timestamp;
  newest_ = TelephoneEvent();
}

// RFC 4733 §2.5.1.3: a key held for longer than the field can say goes on in another segment, which
// begins where the last one ended and has no marker.
bool TelephoneEventReceiver::ContinuesLong(const RtpHeader& header,
                                           const TelephoneEvent& event) const noexcept {
  return !header.marker && event.event == newest_.event &&
         header.timestamp - timestamp_ == kLongest;
}

void TelephoneEventReceiver::Finish() noexcept {
  held_ = false;
  if (waiting_count_ == kWaiting) {
    ++dropped_;
    return;
  }
  waiting_[waiting_count_++] = {DigitOfEvent(newest_.event), held()};
}

bool TelephoneEventReceiver::Take(std::int64_t now, Key* out) noexcept {
  if (held_ && now - last_arrival_ >= kLostEndNs) Finish();
  if (waiting_count_ == 0) return false;
  *out = waiting_[0];
  std::copy(waiting_.begin() + 1, waiting_.begin() + static_cast<std::ptrdiff_t>(waiting_count_),
            waiting_.begin());
  --waiting_count_;
  return true;
}

void TelephoneEventReceiver::Reset() noexcept {
  if (held_) Finish();
  known_ = false;
}

// ---- Sending --------------------------------------------------------------------------------

namespace {

constexpr std::uint8_t kVolume = 10;  // RFC 4733 §2.3.4; -10 dBm0 is what a telephone gives
constexpr int kEnds = 3;              // RFC 4733 §2.5.1.4

}  // namespace

constexpr std::size_t TelephoneEventSender::kWaiting;

void TelephoneEventSender::Push(std::uint8_t event, std::uint32_t tone,
                                std::uint32_t gap) noexcept {
  if (count_ == kWaiting) {
    ++dropped_;
    return;
  }
  waiting_[(first_ + count_++) % kWaiting] = {event, std::min(tone, kLongest), gap};
  if (state_ == State::kIdle) state_ = State::kTone;
}

void TelephoneEventSender::Clear() noexcept {
  state_ = State::kIdle;
  count_ = 0;
  started_ = false;
  ends_ = 0;
}

TelephoneEventSender::Action TelephoneEventSender::Next(std::uint32_t timestamp,
                                                        std::uint32_t samples,
                                                        Packet* out) noexcept {
  switch (state_) {
    case State::kTone:
      return Tone(timestamp, samples, out);
    case State::kEnd:
      return End(timestamp, samples, out);
    case State::kGap:
      return Gap(timestamp, samples);
    case State::kIdle:
      break;
  }
  return Action::kSound;
}

TelephoneEventSender::Action TelephoneEventSender::Tone(std::uint32_t timestamp,
                                                        std::uint32_t samples,
                                                        Packet* out) noexcept {
  const Key& key = waiting_[first_];
  // RFC 4733 §2.5.1.1: the marker tells the first packet of a key, the timestamp its beginning.
  out->marker = !started_;
  if (!started_) begin_ = timestamp;
  started_ = true;
  duration_ = timestamp + samples - begin_;
  const bool over = duration_ >= key.tone;
  if (over) duration_ = key.tone;
  out->timestamp = begin_;
  out->event.event = key.event;
  out->event.volume = kVolume;
  out->event.duration = static_cast<std::uint16_t>(duration_);
  out->event.end = over;
  if (over) {
    ends_ = 1;
    state_ = State::kEnd;
  }
  return Action::kEvent;
}

/** The end again, in case it was lost. */
TelephoneEventSender::Action TelephoneEventSender::End(std::uint32_t timestamp,
                                                       std::uint32_t samples,
                                                       Packet* out) noexcept {
  out->marker = false;
  out->timestamp = begin_;
  out->event.event = waiting_[first_].event;
  out->event.volume = kVolume;
  out->event.duration = static_cast<std::uint16_t>(duration_);
  out->event.end = true;
  if (++ends_ == kEnds) {
    state_ = State::kGap;
    EndGapIfOver(timestamp + samples);
  }
  return Action::kEvent;
}

TelephoneEventSender::Action TelephoneEventSender::Gap(std::uint32_t timestamp,
                                                       std::uint32_t samples) noexcept {
  EndGapIfOver(timestamp + samples);
  return Action::kSilence;
}

/** @param next timestamp of the packet that follows. */
void TelephoneEventSender::EndGapIfOver(std::uint32_t next) noexcept {
  const Key& key = waiting_[first_];
  if (next - begin_ < duration_ + key.gap) return;
  first_ = (first_ + 1) % kWaiting;
  --count_;
  started_ = false;
  state_ = count_ > 0 ? State::kTone : State::kIdle;
}

}  // namespace dashvoip
