#include "dashvoip/voice/voice_receiver.h"

#include <algorithm>

#include "dashvoip/voice/time_scale.h"

namespace dashvoip {

namespace {
constexpr std::uint32_t kClockRate = 8000;  // RFC 3551 §4.5.14: both laws

G711Law LawOf(SampleKind kind) noexcept {
  return kind == SampleKind::kMuLaw ? G711Law::kMuLaw : G711Law::kALaw;
}
}  // namespace

constexpr std::size_t VoiceReceiver::kMaxSlot;

VoiceReceiver::VoiceReceiver(std::uint32_t cap_ms)
    : buffer_(kClockRate, std::size_t{cap_ms} * kClockRate / 1000), clock_(kClockRate) {}

void VoiceReceiver::Put(const RtpPacket& packet, G711Law law, std::int64_t arrival) noexcept {
  if (packet.payload_size == 0) return;
  RtpPacket timed = packet;
  timed.header.timestamp =
      clock_.OnPacket(packet.header, static_cast<std::uint32_t>(packet.payload_size), arrival);
  buffer_.Put(timed, arrival, law == G711Law::kALaw ? SampleKind::kALaw : SampleKind::kMuLaw);
}

void VoiceReceiver::PutNoise(const RtpPacket& packet, std::int64_t arrival) noexcept {
  RtpPacket timed = packet;
  timed.header.timestamp = packet.header.timestamp + clock_.offset();
  buffer_.PutNoise(timed, arrival);
}

bool VoiceReceiver::Render(std::int64_t now, std::int16_t* out, std::size_t count) noexcept {
  count = std::min(count, kMaxSlot);
  const JitterBuffer::Slot slot = buffer_.Get(now, count);
  if (slot.kind == JitterBuffer::Slot::Kind::kSilence) {
    if (noisy_) {
      RenderNoise(out, count);
      return true;
    }
    concealer_.Conceal(out, count);  // fades out what was heard last
    return false;
  }
  if (!TryResize(slot, out, count)) RenderRuns(slot, out);
  return true;
}

void VoiceReceiver::RenderRuns(const JitterBuffer::Slot& slot, std::int16_t* out) noexcept {
  for (std::size_t i = 0; i < slot.run_count; ++i) {
    RenderRun(slot.runs[i], out);
    out += slot.runs[i].size;
  }
}

void VoiceReceiver::RenderRun(const JitterBuffer::Run& run, std::int16_t* out) noexcept {
  switch (run.kind) {
    case SampleKind::kALaw:
    case SampleKind::kMuLaw:
      noisy_ = false;
      G711Decode(LawOf(run.kind), run.data, run.size, out);
      concealer_.Good(out, run.size);
      return;
    case SampleKind::kNoise:
      noisy_ = true;
      comfort_noise_.SetLevel(run.data[0]);
      RenderNoise(out, run.size);
      return;
    case SampleKind::kEvent:
      noisy_ = false;
      concealer_.Conceal(out, run.size);  // fades: the tone itself is for machines
      return;
    case SampleKind::kAbsent:
      if (noisy_) {
        RenderNoise(out, run.size);
      } else {
        concealer_.Conceal(out, run.size);
      }
      return;
  }
}

void VoiceReceiver::RenderNoise(std::int16_t* out, std::size_t count) noexcept {
  comfort_noise_.Generate(out, count);
  concealer_.Good(out, count);
  noise_ += count;
}

bool VoiceReceiver::TryResize(const JitterBuffer::Slot& slot, std::int16_t* out,
                              std::size_t count) noexcept {
  if (slot.wish == JitterBuffer::Wish::kNone) return false;
  std::size_t size = 0;
  const auto decode = [this, &size](const JitterBuffer::Run& run) {
    G711Decode(LawOf(run.kind), run.data, run.size, scratch_.data() + size);
    size += run.size;
  };
  for (std::size_t i = 0; i < slot.run_count; ++i) decode(slot.runs[i]);
  const bool shorten = slot.wish == JitterBuffer::Wish::kShorten;
  if (shorten) std::for_each(slot.ahead.begin(), slot.ahead.end(), decode);
  if (!slot.urgent && !IsQuiet(scratch_.data(), size)) return false;

  const std::size_t change = shorten ? ShortenSpeech(scratch_.data(), count, slot.limit, out)
                                     : LengthenSpeech(scratch_.data(), count, slot.limit, out);
  if (change == 0) return false;
  buffer_.Resize(shorten ? static_cast<std::ptrdiff_t>(change)
                         : -static_cast<std::ptrdiff_t>(change));
  concealer_.Good(out, count);
  return true;
}

void VoiceReceiver::Reset() noexcept {
  noisy_ = false;
  buffer_.Reset();
}

}  // namespace dashvoip
