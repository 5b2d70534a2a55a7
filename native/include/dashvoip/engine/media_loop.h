#ifndef DASHVOIP_ENGINE_MEDIA_LOOP_H_
#define DASHVOIP_ENGINE_MEDIA_LOOP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "dashvoip/audio/audio_port.h"
#include "dashvoip/audio/clip_port.h"
#include "dashvoip/audio/mixer.h"
#include "dashvoip/base/spsc_ring.h"
#include "dashvoip/base/wake_word.h"
#include "dashvoip/engine/device_ports.h"
#include "dashvoip/engine/outbox.h"
#include "dashvoip/engine/session.h"
#include "dashvoip/engine/udp_socket.h"
#include "dashvoip/record/call_tap.h"
#include "dashvoip/video/access_unit_queue.h"

namespace dashvoip {

/** Who is heard by a session. */
struct SessionRoute {
  bool microphone = true;
  std::array<Session*, 10> calls{};
  std::size_t count = 0;
};

/** An order to the media thread. */
struct MediaCommand {
  enum class Kind : std::uint8_t {
    kOpen,
    kConfigure,
    kDtmf,
    kClose,
    kTap,
    kUntap,
    kPlay,
    kStopPlaying,
    kRoute,
    kListen,
    kSendBeside,
    kAim,
    kMute,
    kQuit
  };
  Kind kind;
  Session* session;
  std::int64_t requested_ns;
  SessionSettings settings;
  DtmfOrder dtmf{};
  CallTap* tap = nullptr;    ///< of `session`, or of the near end alone
  ClipPort* clip = nullptr;  ///< for `session`, or for the speaker
  std::uint32_t clip_id = 0;
  SessionRoute route{};
  SessionLanes keys{};
  SideChannel* side = nullptr;  ///< of `session`
  MediaComponent component{};
  MediaAim aim{};
  MuteSettings mute{};
};

/**
 * What the media thread does: it wakes at the slots of a 20 ms grid (10 ms while a session wants
 * such packets) and, while pictures are on their way, a few times in between; a picture that
 * arrives and an order wake it, too. A slot sends what the calls are to hear first, then takes in
 * what the network brought since the last (the kernel has stamped it), plays, and reports; any
 * other wake moves pictures only. Each call hears the microphone and is heard by the speaker; who
 * else hears whom is the mixer's. With no open stream and nobody else to hear it sleeps until an
 * order comes.
 */
class MediaLoop {
 public:
  struct Parts {
    AudioSource* microphone;
    AudioSink* speaker;
    AccessUnitQueue* pictures;  ///< nullptr when no video is wanted
    Outbox* outbox;
    std::shared_ptr<WakeWord> wake;  ///< what the loop sleeps on; signalled when a picture arrives
    std::uint32_t bus_rate_hz = 8000;  ///< of the sound between devices and streams
    Talker* talker = nullptr;          ///< nullptr: sound goes to and from the devices as it is
  };

  MediaLoop(const Parts& parts, std::size_t max_sessions);

  /**
   * One ordinary thread at a time. The last places are kept for opening and closing, which
   * therefore never fail while no more than `max_sessions` sessions live.
   * @return false when too many orders wait.
   */
  bool Post(const MediaCommand& command) noexcept;

  /** The thread's body; returns after kQuit, with BYE sent for every session and all of them
   * handed to the outbox. */
  void Run() noexcept;

  /**
   * When a loop that was woken between its slots runs: at once, but not twice within a millisecond,
   * and not so shortly before a slot that sound would wait for it.
   * @param last_run when it ran last; @param slot when the next one begins
   */
  static std::int64_t RunAfterWake(std::int64_t woken, std::int64_t last_run,
                                   std::int64_t slot) noexcept;

 private:
  static constexpr std::size_t kCommands = 256;

  struct Clip {
    ClipPort* port;
    const Session* session;  // nullptr: the speaker
    std::uint32_t id;
  };

  bool TakeCommands() noexcept;
  void Execute(const MediaCommand& command) noexcept;
  void Admit(Session* session) noexcept;
  void Retire(Session* session) noexcept;
  void Attach(CallTap* tap, Session* session) noexcept;
  void Detach(CallTap* tap) noexcept;
  void Play(const MediaCommand& command) noexcept;
  void EndClip(std::size_t at, bool completed) noexcept;
  void EndClips(const Session* session) noexcept;
  void EndDoneClips() noexcept;
  void Route(Session* session, const SessionRoute& route) noexcept;
  void Adapt() noexcept;
  void ForgetPictures() noexcept;

  bool HasWork() const noexcept;
  std::int64_t SlotMs() const noexcept { return short_slots_ ? 10 : 20; }
  std::size_t Samples(std::int64_t ms) const noexcept {
    return static_cast<std::size_t>(ms) * parts_.bus_rate_hz / 1000;
  }
  std::int64_t NextWake() const noexcept;
  void SleepUntilDue() noexcept;
  void RunSlot(std::int64_t now) noexcept;
  void TellFloor() noexcept;
  void SkipMissed(std::int64_t now) noexcept;
  void MovePictures(std::int64_t now) noexcept;
  void TakePictures(std::int64_t now) noexcept;
  bool VideoHasRoom() const noexcept;

  const Parts parts_;
  SpscRing<MediaCommand> commands_;
  const std::size_t reserved_;

  // The media thread's own.
  Mixer mixer_;
  MicrophonePort microphone_;
  SpeakerPort speaker_;
  std::vector<Session*> sessions_;
  std::vector<Clip> clips_;
  DatagramBatch batch_;
  std::vector<std::uint8_t> picture_;
  MediaDemand demand_;
  bool short_slots_ = false;
  std::int64_t deadline_ = 0;  // of the next slot
  std::int64_t last_run_ = 0;  // when pictures were moved last
  std::int64_t frame_ms_ = 0;  // of the present frame that is past
  std::uint64_t queue_drops_ = 0;
  bool pictures_muted_ = false;
  bool was_muted_ = false;  // the last picture was
  unsigned slots_unpublished_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_MEDIA_LOOP_H_
