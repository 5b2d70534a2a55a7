#ifndef DASHVOIP_ENGINE_AUDIO_PAYLOADS_H_
#define DASHVOIP_ENGINE_AUDIO_PAYLOADS_H_

#include <array>
#include <cstddef>
#include <cstdint>

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
  AudioCodec codec;  ///< of sound
};

/** RFC 3264 §6.1: whatever was agreed on may come at any time. Looked up for each packet. */
class AudioPayloads {
 public:
  AudioPayloads() = default;
  explicit AudioPayloads(const AudioStreamSettings& settings) noexcept {
    for (const AudioFormat& format : settings.receive) {
      Set(format.payload_type, {AudioPayload::Kind::kSound, format.codec});
    }
    if (settings.comfort_noise) {
      Set(*settings.comfort_noise, {AudioPayload::Kind::kComfortNoise, AudioCodec()});
    }
    if (settings.telephone_event) {
      Set(*settings.telephone_event, {AudioPayload::Kind::kTelephoneEvent, AudioCodec()});
    }
  }

  /** @param payload_type of an RTP header: below 128. */
  const AudioPayload& operator[](std::uint8_t payload_type) const noexcept {
    return payloads_[payload_type];
  }
  const PayloadTypes& accepted() const noexcept { return accepted_; }

 private:
  void Set(std::uint8_t payload_type, const AudioPayload& payload) noexcept {
    payloads_[payload_type] = payload;
    accepted_.set(payload_type);
  }

  std::array<AudioPayload, kPayloadTypes> payloads_{};
  PayloadTypes accepted_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_AUDIO_PAYLOADS_H_
