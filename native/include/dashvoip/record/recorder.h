#ifndef DASHVOIP_RECORD_RECORDER_H_
#define DASHVOIP_RECORD_RECORDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dashvoip/api/events.h"
#include "dashvoip/api/settings.h"
#include "dashvoip/api/snapshots.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/camera/camera_tap.h"
#include "dashvoip/record/call_tap.h"
#include "dashvoip/record/card.h"

namespace dashvoip {

/**
 * Keeps what is said and seen. One thread of its own writes all recordings, because a card may take
 * seconds for one order, or hang: then the queues before it run over, which is counted and told,
 * and nobody else waits.
 */
class Recorder {
 public:
  /** Two taps each in the mixer. */
  static constexpr std::size_t kMaxRecordings = 4;

  struct Parts {
    std::shared_ptr<CameraTap> camera;
    std::uint32_t bus_rate_hz = 8000;
    /** There is something to tend. Called on the recorder's thread, not after `Stop`. */
    std::function<void()> notify;
    std::shared_ptr<Card> card;
    Clock clock = MonotonicNs;
    /** How long a card may take for an order before that is told. */
    std::int64_t patience_ns = 2 * kNsPerSecond;
  };

  /** What recordings want of the camera. */
  struct Needs {
    bool sound = false;
    bool picture = false;

    bool operator!=(const Needs& other) const noexcept {
      return sound != other.sound || picture != other.picture;
    }
  };

  explicit Recorder(Parts parts);
  /** As `Stop`. */
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Any ordinary thread.

  /**
   * A recording that keeps its pre-roll and writes nothing yet.
   * @param tap to be attached to the mixer; null for the camera's own sound.
   * @return false when there are as many as there may be.
   */
  bool Open(const RecordingSettings& settings, std::uint32_t* id, CallTap** tap);
  /** Nothing happens for one that is not there. */
  void Begin(std::uint32_t id);
  void End(std::uint32_t id);
  std::vector<RecordingSnapshot> Status() const;

  /**
   * Ends all files at once. A thread that a card does not let go is left behind after a second: it
   * touches nothing but what it shares.
   */
  void Stop();

  // Whoever tends it, twice a second while there is a recording and when notified.

  bool any() const;
  Needs needs() const;
  /** @return false when there is nothing to tell. */
  bool TakeEvent(EngineEvent* event);
  /** A tap that is not needed any more; it lives until the mixer has released it. */
  bool TakeFinished(CallTap** tap);

 private:
  class Worker;
  std::shared_ptr<Worker> worker_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_RECORDER_H_
