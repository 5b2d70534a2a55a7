#ifndef DASHVOIP_ENGINE_ENGINE_SETTINGS_H_
#define DASHVOIP_ENGINE_ENGINE_SETTINGS_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>

#include "dashvoip/api/values.h"
#include "dashvoip/audio/audio_devices.h"
#include "dashvoip/codec/audio_codec_table.h"
#include "dashvoip/engine/socket_address.h"

namespace dashvoip {

/** What an engine is built with; the TypeScript twin is `EngineSettings` in src/media/types.ts. */
struct EngineSettings {
  std::string camera_backend = "none";  ///< or "netfifo", "rtsp"
  std::string rtsp_url;                 ///< with "rtsp"
  DeviceSettings microphone;
  DeviceSettings speaker;
  bool use_video = false;
  std::uint16_t first_port = 0;
  std::uint16_t last_port = 0;
  std::string cname;  ///< RTCP SDES CNAME, RFC 3550 §6.5.1
  int audio_dscp = 0;
  int video_dscp = 0;
  std::size_t max_video_payload = 1200;
  int jitter_buffer_max_ms = 200;
  /** Of the sound between devices and streams, Hz: 8000, 16000 or 48000. */
  std::uint32_t bus_rate_hz = 8000;
  int realtime_priority = 0;
  std::string module_dir;  ///< folder of dashvoip-aac.so and dashvoip-rtsp.so
};

inline bool Sends(Direction direction) noexcept {
  return direction == Direction::kSendRecv || direction == Direction::kSendOnly;
}

inline bool Receives(Direction direction) noexcept {
  return direction == Direction::kSendRecv || direction == Direction::kRecvOnly;
}

/** Where a stream's packets go, from the session description. */
struct RemoteEndpoint {
  SocketAddress rtp;
  SocketAddress rtcp;
  bool rtcp_mux = false;  ///< RTCP shares RTP's port at both ends (RFC 5761): `rtcp` is not used
};

/** Of RTP, 0..127. */
constexpr std::size_t kPayloadTypes = 128;
using PayloadTypes = std::bitset<kPayloadTypes>;

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

inline AudioPayload SoundOf(AudioCodec codec) noexcept {
  return {AudioPayload::Kind::kSound, codec};
}

struct AudioStreamSettings {
  AudioCodec codec;           ///< of what we send
  std::uint8_t payload_type;  ///< the same
  /** RFC 3264 §6.1: whatever was agreed on may come at any time. */
  std::array<AudioPayload, kPayloadTypes> receive;
  bool has_telephone_event;
  std::uint8_t telephone_event;  ///< payload type of events that we send
  Direction direction;
  std::uint16_t ptime_ms;  ///< length of a sent packet, a multiple of 10
  RemoteEndpoint remote;
};

struct VideoStreamSettings {
  std::uint8_t payload_type;
  Direction direction;
  std::uint8_t packetization_mode;  ///< RFC 6184 §6.2: 0 or 1
  std::uint32_t max_bitrate;        ///< bit/s that the far end takes, 0 without a limit
  RemoteEndpoint remote;
};

/** Keys to be sent as telephone-events, one after the other; trivially copyable. */
struct DtmfOrder {
  static constexpr std::size_t kMaxDigits = 32;
  std::array<std::uint8_t, kMaxDigits> events;  ///< RFC 4733 §3.2: 0..15
  std::uint8_t count;
  std::uint16_t tone_ms;
  std::uint16_t gap_ms;
};

/** All streams of a session at once, as an answer settles them; trivially copyable. */
struct SessionSettings {
  bool has_audio;
  bool has_video;
  AudioStreamSettings audio;
  VideoStreamSettings video;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_ENGINE_SETTINGS_H_
