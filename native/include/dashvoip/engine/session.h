#ifndef DASHVOIP_ENGINE_SESSION_H_
#define DASHVOIP_ENGINE_SESSION_H_

#include <cstdint>
#include <memory>

#include "dashvoip/base/random_source.h"
#include "dashvoip/base/snapshot_cell.h"
#include "dashvoip/engine/audio_stream.h"
#include "dashvoip/engine/outbox.h"
#include "dashvoip/engine/session_counters.h"
#include "dashvoip/engine/video_stream.h"

namespace dashvoip {

/**
 * The media of one call. An ordinary thread builds it, the media thread runs it from then on, and
 * when that has let go of it an ordinary thread frees it. Only `counters` may be read at any time.
 */
class Session {
 public:
  /** @param video nullptr for a session without video. */
  Session(std::uint32_t id, SocketPair audio, std::unique_ptr<SocketPair> video,
          const StreamSetup& setup);

  std::uint32_t id() const noexcept { return id_; }
  bool has_video() const noexcept { return video_ != nullptr; }
  SessionCounters counters() const noexcept { return counters_.Read(); }

  // The media thread.

  void Configure(const SessionSettings& settings, std::int64_t requested,
                 std::int64_t now) noexcept;
  /** Whether a stream is open; otherwise the session costs nothing. */
  bool open() const noexcept;
  /** What it needs of the devices. */
  MediaDemand demand() const noexcept;

  AudioStream& audio() noexcept { return audio_; }
  /** nullptr for a session without video. */
  VideoStream* video() noexcept { return video_.get(); }

  /** Takes in what came, sends RTCP that is due, tells `outbox` what the far end asked for. */
  void Exchange(DatagramBatch* batch, Outbox* outbox, std::int64_t now) noexcept;
  void Leave(std::int64_t now) noexcept;
  void Publish() noexcept;

 private:
  const std::uint32_t id_;
  SeededRandom random_;
  AudioStream audio_;
  const std::unique_ptr<VideoStream> video_;
  SnapshotCell<SessionCounters> counters_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_SESSION_H_
