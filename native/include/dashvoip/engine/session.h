#ifndef DASHVOIP_ENGINE_SESSION_H_
#define DASHVOIP_ENGINE_SESSION_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "dashvoip/audio/mixer_port.h"
#include "dashvoip/base/random_source.h"
#include "dashvoip/base/snapshot_cell.h"
#include "dashvoip/engine/audio_stream.h"
#include "dashvoip/engine/outbox.h"
#include "dashvoip/engine/session_counters.h"
#include "dashvoip/engine/video_stream.h"

namespace dashvoip {

/** What the streams of a session encrypt with, from one order on. */
struct SessionLanes {
  SrtpLane audio;
  SrtpLane video;
  std::uint64_t order = 0;  ///< rises with each
};

/** A call among the others, the devices, and whatever else there is to be heard. */
class CallPort : public MixerPort {
 public:
  explicit CallPort(AudioStream* audio) noexcept : audio_(audio) {}
  bool speaks() const noexcept override { return audio_->receives(); }
  bool hears() const noexcept override { return audio_->sends(); }
  bool Read(std::int64_t slot, std::int16_t* out, std::size_t count) noexcept override {
    return audio_->Render(slot, out, count);
  }
  void Write(std::int64_t slot, const std::int16_t* samples, std::size_t count,
             bool heard) noexcept override {
    audio_->Send(samples, count, heard, slot);
  }

 private:
  AudioStream* const audio_;
};

/**
 * The media of one call. An ordinary thread builds it, the media thread runs it from then on, and
 * when that has let go of it an ordinary thread frees it. `counters` and `keys_taken` may be read
 * at any time.
 */
class Session {
 public:
  /** @param video nullptr for a session without video. */
  Session(std::uint32_t id, SocketPair audio, std::unique_ptr<SocketPair> video,
          const StreamSetup& setup);
  /** All on the sockets of sound (BUNDLE), and by ICE. @param ice outlives the session. */
  Session(std::uint32_t id, SocketPair sockets, bool with_video, const StreamSetup& setup,
          IceLite* ice);

  std::uint32_t id() const noexcept { return id_; }
  bool has_video() const noexcept { return video_ != nullptr; }
  /** For the description; its `cname` is the engine's to say. */
  Optional<VideoSources> video_sources() const;
  SessionCounters counters() const noexcept { return counters_.Read(); }
  /** Number of the last keys that were taken up: those before them are not used any more. */
  std::uint64_t keys_taken() const noexcept { return keys_taken_.load(std::memory_order_acquire); }

  /** As AudioStream::Prepare, before `settings` go to the media thread. */
  bool Prepare(const SessionSettings& settings, CoderMaker* maker, std::string* error) {
    return !settings.audio || audio_.Prepare(*settings.audio, maker, error);
  }

  // The media thread.

  void Configure(const SessionSettings& settings, const SessionLanes& keys, std::int64_t requested,
                 std::int64_t now) noexcept;
  /** Whether a stream is open; otherwise the session costs nothing. */
  bool open() const noexcept;
  /** Whether it sends pictures. */
  bool wants_video() const noexcept { return video_ && video_->sends(); }

  /** Hears and sends what is beside media, too, from now on. @param side outlives the session. */
  void Listen(SideChannel* side) noexcept;
  bool listening() const noexcept { return side_ != nullptr; }
  /** Sends what waits in the side channel. */
  void SendBeside() noexcept;
  void Aim(MediaComponent component, const MediaAim& aim) noexcept;

  AudioStream& audio() noexcept { return audio_; }
  MixerPort* port() noexcept { return &port_; }
  /** nullptr for a session without video. */
  VideoStream* video() noexcept { return video_.get(); }

  /** Takes in what came, sends RTCP that is due, tells `outbox` what the far end asked for. */
  void Exchange(DatagramBatch* batch, Outbox* outbox, std::int64_t now) noexcept;
  void Leave(std::int64_t now) noexcept;
  void Publish() noexcept;

 private:
  RtpStream& StreamOf(MediaComponent component) noexcept;

  const std::uint32_t id_;
  SeededRandom random_;
  AudioStream audio_;
  CallPort port_;
  const std::unique_ptr<VideoStream> video_;
  SideChannel* side_ = nullptr;
  SnapshotCell<SessionCounters> counters_;
  std::atomic<std::uint64_t> keys_taken_{0};
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_SESSION_H_
