#ifndef DASHVOIP_ENGINE_AUDIO_PAYLOADS_H_
#define DASHVOIP_ENGINE_AUDIO_PAYLOADS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/codec/audio_codec_table.h"
#include "dashvoip/engine/session_settings.h"

namespace dashvoip {

/** What a payload type that comes stands for. */
struct AudioPayload {
  enum class Kind : std::uint8_t {
    kRefused,
    kSound,
    kTelephoneEvent,  ///< RFC 4733
    kComfortNoise,    ///< RFC 3389
  };
  Kind kind;
  AudioCodec codec;          ///< of sound
  std::uint32_t clock_rate;  ///< of its timestamps, Hz
};

/** RFC 3264 §6.1: whatever was agreed on may come at any time. Looked up for each packet. */
class AudioPayloads {
 public:
  AudioPayloads() = default;
  explicit AudioPayloads(const AudioStreamSettings& settings) noexcept {
    for (const AudioFormat& format : settings.receive) {
      const std::uint32_t rate = ClockRateOf(format.codec);
      Set(format.payload_type, {AudioPayload::Kind::kSound, format.codec, rate});
    }
    const std::uint32_t sent = ClockRateOf(settings.codec);
    if (settings.comfort_noise) SetMark(*settings.comfort_noise, MarkKind::kNoise, sent);
    if (settings.telephone_event) {
      SetMark(*settings.telephone_event, MarkKind::kKeys, settings.telephone_event_rate.Or(sent));
    }
    if (!settings.also_marks) return;
    for (const MarkFormat& mark : *settings.also_marks) {
      SetMark(mark.payload_type, mark.kind, mark.clock_rate);
    }
  }

  /** @param payload_type of an RTP header: below 128. */
  const AudioPayload& operator[](std::uint8_t payload_type) const noexcept {
    return payloads_[payload_type];
  }
  const PayloadTypes& accepted() const noexcept { return accepted_; }

 private:
  static std::uint32_t ClockRateOf(AudioCodec codec) noexcept {
    return kAudioCodecs[static_cast<std::size_t>(codec)].clock_rate;
  }

  void SetMark(std::uint8_t payload_type, MarkKind kind, std::uint32_t clock_rate) noexcept {
    const bool keys = kind == MarkKind::kKeys;
    Set(payload_type,
        {keys ? AudioPayload::Kind::kTelephoneEvent : AudioPayload::Kind::kComfortNoise,
         AudioCodec(), clock_rate});
  }

  void Set(std::uint8_t payload_type, const AudioPayload& payload) noexcept {
    payloads_[payload_type] = payload;
    accepted_.set(payload_type);
  }

  std::array<AudioPayload, kPayloadTypes> payloads_{};
  PayloadTypes accepted_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_AUDIO_PAYLOADS_H_
