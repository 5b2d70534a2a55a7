#ifndef DASHVOIP_VOICE_VOICE_CODEC_H_
#define DASHVOIP_VOICE_VOICE_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "dashvoip/audio/resampler.h"
#include "dashvoip/codec/audio_coder.h"

namespace dashvoip {

/** A codec for sound at the rate of the bus: resamples where the codec's own is another. */
class VoiceCodec {
 public:
  /** Longest packet that is decoded, and that is encoded, ms. */
  static constexpr std::size_t kLongestPacketMs = 300;
  static constexpr std::size_t kLongestSentMs = 60;

  VoiceCodec(std::unique_ptr<AudioCoder> codec, std::uint32_t bus_rate_hz);

  const AudioCodecInfo& info() const noexcept { return codec_->info(); }

  /** As AudioCoder's. */
  void Configure(const EncoderSettings& settings) noexcept { codec_->Configure(settings); }
  void ExpectLoss(double fraction) noexcept { codec_->ExpectLoss(fraction); }
  /** Of any packet of `samples` of the bus, bytes. */
  std::size_t MaxPayload(std::size_t samples) const noexcept;
  /** @param count samples of the bus, up to kLongestSentMs. @return as AudioCoder::Encode. */
  std::size_t Encode(const std::int16_t* in, std::size_t count, std::uint8_t* out) noexcept;
  /** What a payload holds in ticks of the RTP clock; 0: it is none of this codec's. */
  std::uint32_t Duration(const std::uint8_t* payload, std::size_t size) const noexcept;
  /** As AudioCoder's. */
  bool EndsInNoise(const std::uint8_t* payload, std::size_t size) const noexcept {
    return codec_->EndsInNoise(payload, size);
  }
  /** @param count samples of the bus: what Duration said. @return as AudioCoder::Decode. */
  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out,
              std::size_t count) noexcept;
  /** As AudioCoder::Conceal and Recover, at the rate of the bus. */
  bool Conceal(std::int16_t* out, std::size_t count) noexcept;
  bool Recover(const std::uint8_t* payload, std::size_t size, std::int16_t* out,
               std::size_t count) noexcept;
  void ResetEncoder() noexcept;
  void ResetDecoder() noexcept;

 private:
  /** How many samples of the codec are as long as `samples` of the bus. */
  std::size_t ToCodec(std::size_t samples) const noexcept;
  void Resample(Resampler* resampler, const std::int16_t* in, std::size_t given, std::int16_t* out,
                std::size_t wanted) noexcept;

  const std::unique_ptr<AudioCoder> codec_;
  const std::uint32_t bus_rate_hz_;
  const bool same_rate_;
  const bool takes_memory_;
  Resampler to_codec_;
  Resampler to_bus_;
  std::vector<std::int16_t> own_sound_;  // at the codec's rate
  std::vector<std::int16_t> resampled_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_VOICE_CODEC_H_
