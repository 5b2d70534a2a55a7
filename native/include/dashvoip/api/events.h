#ifndef DASHVOIP_API_EVENTS_H_
#define DASHVOIP_API_EVENTS_H_

// Made from src/media/shapes/events.ts by scripts/shapes: change that, not this.
// clang-format off

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dashvoip/api/shape.h"
#include "dashvoip/base/transport_address.h"
#include "dashvoip/api/values.h"
#include "dashvoip/api/snapshots.h"
#include "dashvoip/api/settings.h"
#include "dashvoip/api/features.h"

namespace dashvoip {

enum class EngineEventKind : std::uint8_t {
  kCamera,
  /** A device opened, failed or came back; the snapshot has the details. */
  kDevice,
  /** An address or a route of this machine has come or gone. */
  kNetwork,
  /** RTCP BYE on a stream: told, not obeyed; SIP ends calls. */
  kRemoteBye,
  /** A key of the far end was let go (RFC 4733): `0`..`9`, `*`, `#`, `A`..`D`. */
  kDtmf,
  /** With push-to-talk: the floor has another holder. */
  kFloor,
  /** A tone or a file has been heard to its end, or ended with its call. */
  kPlayed,
  /** ICE and DTLS of a secure session are done: media may flow. */
  kSecured,
  /** They did not get done, and will not. */
  kInsecure,
  /** STUN, TURN or ZRTP has come to a socket of a session that listens. */
  kDatagram,
  /** A recording changed its state, or began a further file. */
  kRecording,
};

inline WordList WordsOf(EngineEventKind) noexcept {
  static const char* const words[] = {"camera", "device", "network", "remoteBye", "dtmf", "floor", "played", "secured", "insecure", "datagram", "recording"};
  return {words, 11};
}

struct EngineEvent {
  EngineEventKind kind{};
  CameraState state{};
  DeviceRole device{};
  bool open{};
  /** In words; empty when all is well. */
  std::string error{};
  std::uint32_t session{};
  MediaKind media{};
  std::string digit{};
  std::uint32_t duration_ms{};
  FloorHolder floor{};
  std::uint32_t playback{};
  bool completed{};
  /** Where the far end was found. */
  TransportAddress far_end{};
  SrtpSuite suite{};
  MediaComponent component{};
  TransportAddress from{};
  std::vector<std::uint8_t> bytes{};
  std::uint32_t recording{};
  RecordingState progress{};
  /** The newest one; empty before the first. */
  std::string file{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("kind", self.kind);
    if (self.kind == EngineEventKind::kCamera) visit("state", self.state);
    if (self.kind == EngineEventKind::kDevice) visit("device", self.device);
    if (self.kind == EngineEventKind::kDevice) visit("open", self.open);
    if (self.kind == EngineEventKind::kDevice || self.kind == EngineEventKind::kInsecure || self.kind == EngineEventKind::kRecording) visit("error", self.error);
    if (self.kind == EngineEventKind::kRemoteBye || self.kind == EngineEventKind::kDtmf || self.kind == EngineEventKind::kSecured || self.kind == EngineEventKind::kInsecure || self.kind == EngineEventKind::kDatagram) visit("session", self.session);
    if (self.kind == EngineEventKind::kRemoteBye) visit("media", self.media);
    if (self.kind == EngineEventKind::kDtmf) visit("digit", self.digit);
    if (self.kind == EngineEventKind::kDtmf) visit("durationMs", self.duration_ms);
    if (self.kind == EngineEventKind::kFloor) visit("floor", self.floor);
    if (self.kind == EngineEventKind::kPlayed) visit("playback", self.playback);
    if (self.kind == EngineEventKind::kPlayed) visit("completed", self.completed);
    if (self.kind == EngineEventKind::kSecured) visit("farEnd", self.far_end);
    if (self.kind == EngineEventKind::kSecured) visit("suite", self.suite);
    if (self.kind == EngineEventKind::kDatagram) visit("component", self.component);
    if (self.kind == EngineEventKind::kDatagram) visit("from", self.from);
    if (self.kind == EngineEventKind::kDatagram) visit("bytes", self.bytes);
    if (self.kind == EngineEventKind::kRecording) visit("recording", self.recording);
    if (self.kind == EngineEventKind::kRecording) visit("progress", self.progress);
    if (self.kind == EngineEventKind::kRecording) visit("file", self.file);
  }
};

}  // namespace dashvoip

// clang-format on

#endif  // DASHVOIP_API_EVENTS_H_
