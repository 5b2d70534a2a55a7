#ifndef DASHVOIP_ENGINE_ENGINE_SETTINGS_H_
#define DASHVOIP_ENGINE_ENGINE_SETTINGS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "dashvoip/audio/audio_devices.h"
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
  int realtime_priority = 0;
  std::string module_dir;  ///< folder of dashvoip-aac.so and dashvoip-rtsp.so
};

/** Ours: `kSendOnly` means that we send. */
enum class Direction : std::uint8_t { kSendRecv, kSendOnly, kRecvOnly, kInactive };

inline bool Sends(Direction direction) noexcept {
  return direction == Direction::kSendRecv || direction == Direction::kSendOnly;
}

inline bool Receives(Direction direction) noexcept {
  return direction == Direction::kSendRecv || direction == Direction::kRecvOnly;
}

enum class AudioCodec : std::uint8_t { kPcma, kPcmu };

/** Where a stream's packets go, from the session description. */
struct RemoteEndpoint {
  SocketAddress rtp;
  SocketAddress rtcp;
};

struct AudioStreamSettings {
  AudioCodec codec;
  std::uint8_t payload_type;
  Direction direction;
  std::uint16_t ptime_ms;  ///< length of a sent packet, a multiple of 10
  RemoteEndpoint remote;
};

struct VideoStreamSettings {
  std::uint8_t payload_type;
  Direction direction;
  std::uint8_t packetization_mode;  ///< RFC 6184 §6.2: 0 or 1
  RemoteEndpoint remote;
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
