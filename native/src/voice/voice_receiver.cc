#include "dashvoip/voice/voice_receiver.h"

#include <algorithm>

#include "dashvoip/voice/pitch.h"
#include "dashvoip/voice/time_scale.h"

namespace dashvoip {
namespace {

// A slot that may be handed out again, the next one, what may follow that before the sound is
// shortened, and the packet in which all of this ends.
constexpr std::size_t kDecodedMs =
    3 * JitterBuffer::kLongestSlotMs + JitterBuffer::kLongestPacketMs;

std::size_t Samples(std::size_t ms, std::uint32_t rate_hz) noexcept { return ms * rate_hz / 1000; }

std::size_t PowerOfTwo(std::size_t least) noexcept {
  std::size_t size = 1;
  while (size < least) size *= 2;
  return size;
}

}  // namespace

constexpr std::size_t VoiceReceiver::kMaxSlotMs;

VoiceReceiver::VoiceReceiver(std::uint32_t bus_rate_hz, std::uint32_t cap_ms)
    : scale_(bus_rate_hz / kBaseRateHz),
      buffer_(bus_rate_hz, Samples(cap_ms, bus_rate_hz)),
      clock_(kBaseRateHz),
      comfort_noise_(bus_rate_hz),
      concealer_(scale_),
      decoded_(PowerOfTwo(Samples(kDecodedMs, bus_rate_hz))),
      scratch_(Samples(JitterBuffer::kLongestPacketMs, bus_rate_hz) + 1),
      patch_(Samples(JitterBuffer::kLongestPacketMs, bus_rate_hz)) {}

// Putting ---------------------------------------------------------------------------------------

void VoiceReceiver::Put(const RtpPacket& packet, VoiceCodec* codec, std::int64_t arrival) noexcept {
  const std::uint32_t ticks = codec->Duration(packet.payload, packet.payload_size);
  if (ticks == 0) {
    ++damaged_;
    return;
  }
  const std::uint32_t clock_rate = codec->info().clock_rate;
  FollowClock(clock_rate);
  RtpPacket timed = packet;
  timed.header.timestamp = clock_.OnPacket(packet.header, ticks, arrival);
  buffer_.Put(timed, {clock_rate, ticks, codec}, arrival);
}

void VoiceReceiver::PutNoise(const RtpPacket& packet, std::uint32_t clock_rate,
                             std::int64_t arrival) noexcept {
  FollowClock(clock_rate);
  RtpPacket timed = packet;
  timed.header.timestamp = packet.header.timestamp + clock_.offset();
  buffer_.PutNoise(timed, clock_rate, arrival);
}

void VoiceReceiver::FollowClock(std::uint32_t clock_rate) noexcept {
  if (clock_rate != clock_.rate()) clock_ = SenderClock(clock_rate);
}

// Decoding --------------------------------------------------------------------------------------

void VoiceReceiver::Decode(EncodedPacket* packet) noexcept {
  if (packet->decoded) return;
  packet->decoded = true;
  const std::uint64_t restarts = buffer_.Snapshot().restarts;
  if (packet->codec != decoding_ || restarts != restarts_) packet->codec->ResetDecoder();
  decoding_ = packet->codec;
  restarts_ = restarts;
  packet_size_ = static_cast<std::size_t>(packet->end - packet->begin);
  packet->damaged =
      !packet->codec->Decode(packet->payload, packet->size, scratch_.data(), packet_size_);
  if (packet->damaged) {
    ++damaged_;
    return;
  }
  codec_noise_ = packet->codec->EndsInNoise(packet->payload, packet->size);
  patch_left_ = 0;
  Keep(packet->from, scratch_.data() + (packet->from - packet->begin),
       static_cast<std::size_t>(packet->to - packet->from));
}

void VoiceReceiver::Keep(std::int64_t at, const std::int16_t* sound, std::size_t count) noexcept {
  const std::size_t begin = static_cast<std::uint64_t>(at) & (decoded_.size() - 1);
  const std::size_t first = std::min(count, decoded_.size() - begin);
  std::copy(sound, sound + first, &decoded_[begin]);
  std::copy(sound + first, sound + count, decoded_.data());
}

void VoiceReceiver::Fetch(std::int64_t at, std::int16_t* out, std::size_t count) const noexcept {
  const std::size_t begin = static_cast<std::uint64_t>(at) & (decoded_.size() - 1);
  const std::size_t first = std::min(count, decoded_.size() - begin);
  std::copy(&decoded_[begin], &decoded_[begin] + first, out);
  std::copy(decoded_.data(), decoded_.data() + (count - first), out + first);
}

// Rendering -------------------------------------------------------------------------------------

bool VoiceReceiver::Render(std::int64_t now, std::int16_t* out, std::size_t count) noexcept {
  count = std::min(count, Samples(kMaxSlotMs, static_cast<std::uint32_t>(scale_) * kBaseRateHz));
  const JitterBuffer::Slot slot = buffer_.Get(now, count);
  if (slot.kind == JitterBuffer::Slot::Kind::kSilence) {
    RenderPause(out, count);
    return noisy_ || codec_noise_;
  }
  if (TryResize(slot, out, count)) return true;
  for (std::size_t i = 0; i < slot.run_count; ++i) {
    RenderRun(slot.runs[i], out);
    out += slot.runs[i].end - slot.runs[i].begin;
  }
  return true;
}

void VoiceReceiver::RenderRun(const JitterBuffer::Run& run, std::int16_t* out) noexcept {
  const auto count = static_cast<std::size_t>(run.end - run.begin);
  switch (run.kind) {
    case SoundKind::kSound:
      noisy_ = false;
      Decode(run.packet);
      if (run.packet->damaged) {
        RenderLoss(run, out);
        return;
      }
      Fetch(run.begin, out, count);
      concealer_.Good(out, count);
      return;
    case SoundKind::kNoise:
      noisy_ = true;
      codec_noise_ = false;
      comfort_noise_.SetLevel(run.level);
      RenderNoise(out, count);
      return;
    case SoundKind::kEvent:
      noisy_ = false;
      codec_noise_ = false;
      concealer_.Conceal(out, count);  // fades: the tone itself is for machines
      return;
    case SoundKind::kPause:
      RenderPause(out, count);
      return;
    case SoundKind::kAbsent:
      if (noisy_) {
        RenderNoise(out, count);
      } else {
        RenderLoss(run, out);
      }
      return;
  }
}

void VoiceReceiver::RenderNoise(std::int16_t* out, std::size_t count) noexcept {
  comfort_noise_.Generate(out, count);
  concealer_.Good(out, count);
  noise_ += count;
}

/** What was heard last fades, where the sender left no noise to go on with. */
void VoiceReceiver::RenderPause(std::int16_t* out, std::size_t count) noexcept {
  if (noisy_) {
    RenderNoise(out, count);
    return;
  }
  std::size_t made = 0;
  while (codec_noise_ && made < count) {
    if (patch_left_ == 0 && !MakePatch(nullptr)) break;
    made += TakePatch(out + made, count - made);
  }
  noise_ += made;
  if (made < count) concealer_.Conceal(out + made, count - made);
}

void VoiceReceiver::RenderLoss(const JitterBuffer::Run& run, std::int16_t* out) noexcept {
  std::int64_t at = run.begin;
  while (at < run.end) {
    const auto wanted = static_cast<std::size_t>(run.end - at);
    if (patch_left_ == 0 && !MakePatch(Behind(at))) {
      concealer_.Conceal(out, wanted);
      return;
    }
    const std::size_t part = TakePatch(out, wanted);
    at += static_cast<std::int64_t>(part);
    out += part;
  }
}

std::size_t VoiceReceiver::TakePatch(std::int16_t* out, std::size_t wanted) noexcept {
  const std::size_t part = std::min(wanted, patch_left_);
  std::copy_n(&patch_[packet_size_ - patch_left_], part, out);
  concealer_.Good(out, part);
  patch_left_ -= part;
  return part;
}

/** The packet behind one that was lost, and should begin at `lost`; nullptr without one. */
const EncodedPacket* VoiceReceiver::Behind(std::int64_t lost) const noexcept {
  return buffer_.PacketAt(lost + static_cast<std::int64_t>(packet_size_));
}

/** What the codec itself knows of a packet that was lost before `next`. @return false: nothing. */
bool VoiceReceiver::MakePatch(const EncodedPacket* next) noexcept {
  if (decoding_ == nullptr || packet_size_ == 0) return false;
  const bool made = next != nullptr && next->codec == decoding_ && !next->decoded
                        ? decoding_->Recover(next->payload, next->size, patch_.data(), packet_size_)
                        : decoding_->Conceal(patch_.data(), packet_size_);
  if (made) patch_left_ = packet_size_;
  return made;
}

/** Longer or shorter than it came, by what the buffer wishes and the sound allows. */
bool VoiceReceiver::TryResize(const JitterBuffer::Slot& slot, std::int16_t* out,
                              std::size_t count) noexcept {
  if (slot.wish == JitterBuffer::Wish::kNone) return false;
  const bool shorten = slot.wish == JitterBuffer::Wish::kShorten;
  const std::size_t size = shorten ? count + slot.limit : count;
  for (std::size_t i = 0; i < slot.run_count + slot.ahead_count; ++i) {
    Decode(slot.runs[i].packet);
    if (slot.runs[i].packet->damaged) return false;
  }
  Fetch(slot.runs[0].begin, scratch_.data(), size);
  if (!slot.urgent && !IsQuiet(scratch_.data(), size, scale_)) return false;

  const std::size_t change = shorten
                                 ? ShortenSpeech(scratch_.data(), count, slot.limit, out, scale_)
                                 : LengthenSpeech(scratch_.data(), count, slot.limit, out, scale_);
  if (change == 0) return false;
  buffer_.Resize(shorten ? static_cast<std::ptrdiff_t>(change)
                         : -static_cast<std::ptrdiff_t>(change));
  concealer_.Good(out, count);
  return true;
}

void VoiceReceiver::Reset() noexcept {
  noisy_ = false;
  codec_noise_ = false;
  decoding_ = nullptr;
  patch_left_ = 0;
  buffer_.Reset();
}

}  // namespace dashvoip
