#include "dashvoip/voice/voice_codec.h"

#include <algorithm>
#include <utility>

#include "dashvoip/base/realtime_section.h"

namespace dashvoip {

constexpr std::size_t VoiceCodec::kLongestPacketMs;
constexpr std::size_t VoiceCodec::kLongestSentMs;

VoiceCodec::VoiceCodec(std::unique_ptr<AudioCoder> codec, std::uint32_t bus_rate_hz)
    : codec_(std::move(codec)),
      bus_rate_hz_(bus_rate_hz),
      same_rate_(bus_rate_hz == codec_->sample_rate()),
      takes_memory_(codec_->TakesMemory()),
      to_codec_(bus_rate_hz, codec_->sample_rate()),
      to_bus_(codec_->sample_rate(), bus_rate_hz) {
  if (same_rate_) return;
  const std::size_t bus = kLongestPacketMs * bus_rate_hz / 1000;
  const std::size_t own = kLongestPacketMs * codec_->sample_rate() / 1000;
  own_sound_.resize(own);
  resampled_.resize(std::max(to_bus_.MaxOutput(own), to_codec_.MaxOutput(bus)));
}

std::size_t VoiceCodec::ToCodec(std::size_t samples) const noexcept {
  return samples * codec_->sample_rate() / bus_rate_hz_;
}

// A resampler owes its delay at the beginning, and gives as much as it takes from then on.
void VoiceCodec::Resample(Resampler* resampler, const std::int16_t* in, std::size_t given,
                          std::int16_t* out, std::size_t wanted) noexcept {
  const std::size_t made = std::min(wanted, resampler->Process(in, given, resampled_.data()));
  std::fill(out, out + (wanted - made), std::int16_t{0});
  std::copy(resampled_.data(), resampled_.data() + made, out + (wanted - made));
}

std::size_t VoiceCodec::MaxPayload(std::size_t samples) const noexcept {
  return codec_->MaxPayload(ToCodec(samples));
}

std::size_t VoiceCodec::Encode(const std::int16_t* in, std::size_t count,
                               std::uint8_t* out) noexcept {
  const RealtimePause pause(takes_memory_);
  if (same_rate_) return codec_->Encode(in, count, out);
  const std::size_t own = ToCodec(count);
  Resample(&to_codec_, in, count, own_sound_.data(), own);
  return codec_->Encode(own_sound_.data(), own, out);
}

std::uint32_t VoiceCodec::Duration(const std::uint8_t* payload, std::size_t size) const noexcept {
  const std::uint64_t samples = codec_->SamplesIn(payload, size);
  return static_cast<std::uint32_t>(samples * info().clock_rate / codec_->sample_rate());
}

bool VoiceCodec::Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out,
                        std::size_t count) noexcept {
  const RealtimePause pause(takes_memory_);
  if (same_rate_) return codec_->Decode(payload, size, out);
  const std::size_t own = codec_->SamplesIn(payload, size);
  if (!codec_->Decode(payload, size, own_sound_.data())) return false;
  Resample(&to_bus_, own_sound_.data(), own, out, count);
  return true;
}

bool VoiceCodec::Conceal(std::int16_t* out, std::size_t count) noexcept {
  const RealtimePause pause(takes_memory_);
  if (same_rate_) return codec_->Conceal(out, count);
  const std::size_t own = ToCodec(count);
  if (!codec_->Conceal(own_sound_.data(), own)) return false;
  Resample(&to_bus_, own_sound_.data(), own, out, count);
  return true;
}

bool VoiceCodec::Recover(const std::uint8_t* payload, std::size_t size, std::int16_t* out,
                         std::size_t count) noexcept {
  const RealtimePause pause(takes_memory_);
  if (same_rate_) return codec_->Recover(payload, size, out, count);
  const std::size_t own = ToCodec(count);
  if (!codec_->Recover(payload, size, own_sound_.data(), own)) return false;
  Resample(&to_bus_, own_sound_.data(), own, out, count);
  return true;
}

void VoiceCodec::ResetEncoder() noexcept {
  codec_->ResetEncoder();
  to_codec_.Reset();
}

void VoiceCodec::ResetDecoder() noexcept {
  codec_->ResetDecoder();
  to_bus_.Reset();
}

}  // namespace dashvoip
