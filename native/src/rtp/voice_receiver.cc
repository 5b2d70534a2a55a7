#include "dashvoip/rtp/voice_receiver.h"

#include <algorithm>

#include "dashvoip/codec/time_scale.h"

namespace dashvoip {

namespace {
constexpr std::uint32_t kClockRate = 8000;  // RFC 3551 §4.5.14: both laws
}  // namespace

constexpr std::size_t VoiceReceiver::kMaxSlot;

VoiceReceiver::VoiceReceiver(G711Law law, std::uint32_t cap_ms)
    : law_(law), buffer_(kClockRate, std::size_t{cap_ms} * kClockRate / 1000) {}

bool VoiceReceiver::Render(std::int64_t now, std::int16_t* out, std::size_t count) noexcept {
  count = std::min(count, kMaxSlot);
  const JitterBuffer::Slot slot = buffer_.Get(now, count);
  if (slot.kind == JitterBuffer::Slot::Kind::kSilence) {
    concealer_.Conceal(out, count);  // fades out what was heard last
    return false;
  }
  if (!TryResize(slot, out, count)) RenderRuns(slot, out);
  return true;
}

void VoiceReceiver::RenderRuns(const JitterBuffer::Slot& slot, std::int16_t* out) noexcept {
  for (std::size_t i = 0; i < slot.run_count; ++i) {
    const JitterBuffer::Run& run = slot.runs[i];
    if (run.data == nullptr) {
      concealer_.Conceal(out, run.size);
    } else {
      G711Decode(law_, run.data, run.size, out);
      concealer_.Good(out, run.size);
    }
    out += run.size;
  }
}

bool VoiceReceiver::TryResize(const JitterBuffer::Slot& slot, std::int16_t* out,
                              std::size_t count) noexcept {
  if (slot.wish == JitterBuffer::Wish::kNone) return false;
  std::size_t size = 0;
  const auto decode = [this, &size](const JitterBuffer::Run& run) {
    G711Decode(law_, run.data, run.size, scratch_.data() + size);
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

void VoiceReceiver::Reset(G711Law law) noexcept {
  law_ = law;
  buffer_.Reset();
}

}  // namespace dashvoip
