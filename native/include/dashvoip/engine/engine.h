#ifndef DASHVOIP_ENGINE_ENGINE_H_
#define DASHVOIP_ENGINE_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dashvoip/api/events.h"
#include "dashvoip/api/settings.h"
#include "dashvoip/api/snapshots.h"
#include "dashvoip/audio/audio_port.h"
#include "dashvoip/camera/camera_media.h"
#include "dashvoip/engine/session_settings.h"
#include "dashvoip/video/parameter_sets.h"
#include "dashvoip/video/still_maker.h"

namespace dashvoip {

/** Told by an engine on its one housekeeping thread; must not block for long. */
class EngineListener {
 public:
  virtual ~EngineListener() = default;
  virtual void OnEvent(const EngineEvent& event) = 0;
};

/** Codecs that can be used: built in, or in a module of `module_dir`; none is loaded for it. */
std::vector<AudioCodec> UsableCodecs(const std::string& module_dir);

/** Outcome of a call: done, or refused for a reason, in words too. */
struct EngineResult {
  bool refused = false;
  EngineError error{};
  std::string message;
  bool ok() const noexcept { return !refused; }
};

/**
 * The media plane as one object: devices, camera, sessions and the real-time thread that joins
 * them. Every call but `Stop` and `TakeStill` returns at once and may come from any ordinary
 * thread.
 */
class Engine {
 public:
  static constexpr std::size_t kMaxSessions = 10;
  /** Closed sessions that may wait for the media thread's next slot: 20 ms of very short calls. */
  static constexpr std::size_t kMaxLeaving = 64;

  /**
   * Starts the threads. A device or camera that does not answer is no failure: its status says so.
   * @param listener must outlive the engine.
   * @param module_dir folder of dashvoip-aac.so, dashvoip-rtsp.so and dashvoip-still.so.
   * @return null with `kBadSettings` in `result` for a device that this build does not have.
   */
  static std::unique_ptr<Engine> Start(const EngineSettings& settings,
                                       const std::string& module_dir, EngineListener& listener,
                                       EngineResult* result);
  /** Stops. */
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /** Binds the ports of a new session. @param local_address numeric. */
  EngineResult OpenSession(const std::string& local_address, bool with_video,
                           OpenedSession* opened);
  /**
   * The same for a far end that comes by ICE and DTLS, all on one port. Its streams can be set once
   * the event kSecured has come; their keys are known here.
   */
  EngineResult OpenSecureSession(const std::string& local_address, bool with_video,
                                 const SecureSettings& secure, OpenedSession* opened);
  /** Replaces all stream settings of a session. */
  EngineResult Configure(std::uint32_t id, const SessionSettings& settings);
  /**
   * STUN, TURN and ZRTP that come to its sockets are told by kDatagram from now on, also before its
   * streams are set; without, they are dropped. Of a secure session they are its own.
   */
  EngineResult Listen(std::uint32_t id);
  /** Sends such a datagram, at once. @param size at most SideDatagram::kMaxBytes. */
  EngineResult SendDatagram(std::uint32_t id, const SocketTarget& to, const std::uint8_t* data,
                            std::size_t size);
  /** Media of that socket go there and come from there alone, whatever its description says. */
  EngineResult Aim(std::uint32_t id, const SocketTarget& target);
  /** Sends keys by RFC 4733. @param digits `0-9*#A-D`; @param tone_ms, gap_ms 40..6000. */
  EngineResult SendDtmf(std::uint32_t id, const std::string& digits, int tone_ms, int gap_ms);
  /** Sends RTCP BYE and frees the ports a moment later; nothing happens for an unknown session. */
  void CloseSession(std::uint32_t id);
  /** @return false for an unknown session. */
  bool Snapshot(std::uint32_t id, SessionSnapshot* out) const;

  /**
   * Opens a recording, which keeps its pre-roll and writes nothing before it begins.
   * @param settings `session` stands for a call that lives.
   */
  EngineResult OpenRecording(const RecordingSettings& settings, std::uint32_t* id);
  /** Nothing happens for one that is unknown or has ended. */
  void BeginRecording(std::uint32_t id);
  void EndRecording(std::uint32_t id);

  /** Played at a time. */
  static constexpr std::size_t kMaxPlaying = 8;
  /**
   * Lets a tone or a WAV file be heard by the far end of a call, or in the cabin. Reads the file
   * now, as long as that takes. `played` tells its end.
   */
  EngineResult Play(const PlaySettings& settings, std::uint32_t* id);
  /** Nothing happens for one that has ended. */
  void StopPlaying(std::uint32_t id);
  /** Who is heard by a call from now on. */
  EngineResult Route(std::uint32_t id, const RouteSettings& settings);

  /** The far end asked for a key frame in another way than by RTCP (SIP INFO). */
  void RequestKeyFrame();

  /** Silence, and no picture, for all calls, those that come as well, until told otherwise. */
  void Mute(const MuteSettings& settings);

  /** The key of push-to-talk; nothing happens without. */
  void PressToTalk(bool pressed);

  EngineSnapshot Status() const;
  /** @return false until the camera's encoder has sent parameter sets. */
  bool VideoParameters(ParameterSets* out) const;

  /**
   * Makes a JPEG of the camera's next key frame, or of the newest that it has queued when no call
   * reads pictures. Waits ten seconds for it at most; `Stop` cuts that short. One at a time.
   */
  EngineResult TakeStill(Still* out) const;

  /** Ends every session with BYE, joins all threads and leaves the camera in order. Idempotent. */
  void Stop();

 private:
  class Impl;
  explicit Engine(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_ENGINE_H_
