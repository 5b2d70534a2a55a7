#ifndef DASHVOIP_CODEC_AUDIO_CODER_H_
#define DASHVOIP_CODEC_AUDIO_CODER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "dashvoip/api/settings.h"
#include "dashvoip/codec/audio_codec_table.h"

namespace dashvoip {

/**
 * Between sound, mono S16 at sample_rate(), and the payload of an RTP packet. An object serves one
 * stream: it has the memory of one encoder and one decoder. Allocates at construction only, but
 * for what TakesMemory.
 *
 * Modules (codec_module.h) make objects of this class, too: all that it needs stands here.
 */
class AudioCoder {
 public:
  /** @param sample_rate_hz where that is not the one of the table. */
  explicit AudioCoder(AudioCodec id, std::uint32_t sample_rate_hz = 0) noexcept
      : info_(kAudioCodecs[static_cast<std::size_t>(id)]),
        sample_rate_(sample_rate_hz != 0 ? sample_rate_hz : info_.sample_rate) {}
  virtual ~AudioCoder() = default;
  AudioCoder(const AudioCoder&) = delete;
  AudioCoder& operator=(const AudioCoder&) = delete;

  const AudioCodecInfo& info() const noexcept { return info_; }
  std::uint32_t sample_rate() const noexcept { return sample_rate_; }

  /** Its library takes and gives back memory with each packet: no real-time thread's own ways. */
  virtual bool TakesMemory() const noexcept { return false; }

  /** What is to be made of what is encoded from now on. */
  virtual void Configure(const EncoderSettings&) noexcept {}
  /** @param fraction of our packets that the far end lost of late, 0..1. */
  virtual void ExpectLoss(double fraction) noexcept { static_cast<void>(fraction); }
  /**
   * @param count samples of one of info().lengths; @param out room for MaxPayload(count).
   * @return bytes written; 0: nothing is to be sent, the pause goes on.
   */
  virtual std::size_t Encode(const std::int16_t* in, std::size_t count,
                             std::uint8_t* out) noexcept = 0;
  virtual std::size_t MaxPayload(std::size_t count) const noexcept = 0;
  /** What a payload holds, samples: any bytes may be asked about. 0: it is none of this codec's. */
  virtual std::size_t SamplesIn(const std::uint8_t* payload, std::size_t size) const noexcept = 0;
  /**
   * Whether the last that a payload holds is the noise of a pause: until the next packet comes,
   * Conceal goes on with that.
   */
  virtual bool EndsInNoise(const std::uint8_t* payload, std::size_t size) const noexcept {
    static_cast<void>(payload);
    static_cast<void>(size);
    return false;
  }
  /** @param out filled with what SamplesIn said. @return false for a damaged one: as if lost. */
  virtual bool Decode(const std::uint8_t* payload, std::size_t size,
                      std::int16_t* out) noexcept = 0;
  /**
   * Makes up for a loss from what the decoder knows. @param count samples, as many as a packet has.
   * @return false when the codec has nothing of its own for that: what was heard last is continued
   * (PacketLossConcealer).
   */
  virtual bool Conceal(std::int16_t*, std::size_t) noexcept { return false; }
  /**
   * As Conceal, for the packet that was lost just before `payload`, which may hold it once more
   * (forward error correction); `payload` itself is decoded afterwards.
   */
  virtual bool Recover(const std::uint8_t* payload, std::size_t size, std::int16_t* out,
                       std::size_t count) noexcept {
    static_cast<void>(payload);
    static_cast<void>(size);
    return Conceal(out, count);
  }
  /** Forgets what was encoded, and what was decoded. */
  virtual void ResetEncoder() noexcept {}
  virtual void ResetDecoder() noexcept {}

 private:
  const AudioCodecInfo& info_;
  const std::uint32_t sample_rate_;
};

/** One that is built in; nullptr for one of a module. */
std::unique_ptr<AudioCoder> BuiltInCoder(AudioCodec id);

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_AUDIO_CODER_H_
