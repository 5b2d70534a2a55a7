#ifndef DASHVOIP_CODEC_AUDIO_CODER_H_
#define DASHVOIP_CODEC_AUDIO_CODER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "dashvoip/codec/audio_codec_table.h"

namespace dashvoip {

/**
 * Between sound, mono S16 at info().sample_rate, and the payload of an RTP packet. An object serves
 * one stream: it has the memory of one encoder and one decoder. Allocates at construction only.
 */
class AudioCoder {
 public:
  /** A new one, for a stream; never nullptr. */
  static std::unique_ptr<AudioCoder> Create(AudioCodec id);

  explicit AudioCoder(AudioCodec id) noexcept : info_(kAudioCodecs[static_cast<std::size_t>(id)]) {}
  virtual ~AudioCoder() = default;
  AudioCoder(const AudioCoder&) = delete;
  AudioCoder& operator=(const AudioCoder&) = delete;

  const AudioCodecInfo& info() const noexcept { return info_; }

  /**
   * @param count samples of a multiple of 10 ms; @param out room for MaxPayload(count).
   * @return bytes written.
   */
  virtual std::size_t Encode(const std::int16_t* in, std::size_t count,
                             std::uint8_t* out) noexcept = 0;
  virtual std::size_t MaxPayload(std::size_t count) const noexcept = 0;
  /** What a payload holds, samples: any bytes may be asked about. 0: it is none of this codec's. */
  virtual std::size_t SamplesIn(const std::uint8_t* payload, std::size_t size) const noexcept = 0;
  /** @param out room for what SamplesIn said. Always fills that. */
  virtual void Decode(const std::uint8_t* payload, std::size_t size,
                      std::int16_t* out) noexcept = 0;
  /**
   * Makes up for a loss from what the decoder knows. @return false when the codec has nothing of
   * its own for that: what was heard last is continued (PacketLossConcealer).
   */
  virtual bool Conceal(std::int16_t* out, std::size_t count) noexcept;
  /** Forgets what was encoded, and what was decoded. */
  virtual void ResetEncoder() noexcept {}
  virtual void ResetDecoder() noexcept {}

 private:
  const AudioCodecInfo& info_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_AUDIO_CODER_H_
