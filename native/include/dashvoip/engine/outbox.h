#ifndef DASHVOIP_ENGINE_OUTBOX_H_
#define DASHVOIP_ENGINE_OUTBOX_H_

#include <atomic>
#include <cstdint>

#include "dashvoip/api/values.h"
#include "dashvoip/base/spsc_ring.h"
#include "dashvoip/base/wake_fd.h"
#include "dashvoip/camera/camera_media.h"

namespace dashvoip {

class Session;

/** What the sessions of the moment need of the devices. */
struct MediaDemand {
  bool microphone = false;
  bool speaker = false;
  bool video = false;
};

struct MediaEvent {
  enum class Kind : std::uint8_t { kKeyFrameRequest, kAudioBye, kVideoBye, kDtmf, kFloor };
  Kind kind;
  std::uint32_t session;
  // With kDtmf.
  char digit = 0;
  std::uint32_t duration_ms = 0;
  // With kFloor.
  FloorHolder floor = FloorHolder::kNobody;
};

/** A clip that the media thread has let go of. */
struct EndedClip {
  std::uint32_t id;
  bool completed;
};

/**
 * All that the media thread, and the camera's, hand to the housekeeping thread. Events have a
 * bounded queue (drop-newest, counted); the demand and the camera's state are states, their latest
 * value wins; retired sessions always find room, because there are fewer sessions than places.
 */
class Outbox {
 public:
  /** Played at a time. */
  static constexpr std::size_t kMaxClips = 8;

  explicit Outbox(std::size_t max_sessions)
      : events_(kEvents), retired_(max_sessions), clips_(kMaxClips) {}

  // Media thread.
  void Post(const MediaEvent& event) noexcept {
    if (!events_.Push(event)) dropped_.fetch_add(1, std::memory_order_relaxed);
    wake_.Signal();
  }
  void SetDemand(const MediaDemand& demand) noexcept {
    const unsigned bits =
        (demand.microphone ? 1U : 0U) | (demand.speaker ? 2U : 0U) | (demand.video ? 4U : 0U);
    if (demand_.exchange(bits, std::memory_order_release) != bits) wake_.Signal();
  }
  void HandBack(const EndedClip& clip) noexcept {
    clips_.Push(clip);
    wake_.Signal();
  }
  void Retire(Session* session) noexcept {
    retired_.Push(session);
    wake_.Signal();
  }

  // Camera thread.
  void NoteCameraState(CameraState state) noexcept {
    camera_state_.store(static_cast<int>(state), std::memory_order_release);
    wake_.Signal();
  }

  // Housekeeping thread.
  bool TakeEvent(MediaEvent* event) noexcept { return events_.Pop(event); }
  bool TakeClip(EndedClip* clip) noexcept { return clips_.Pop(clip); }
  bool TakeRetired(Session** session) noexcept { return retired_.Pop(session); }
  MediaDemand demand() const noexcept {
    const unsigned bits = demand_.load(std::memory_order_acquire);
    MediaDemand demand;
    demand.microphone = (bits & 1U) != 0;
    demand.speaker = (bits & 2U) != 0;
    demand.video = (bits & 4U) != 0;
    return demand;
  }

  /** @return false when it did not change since the last call. */
  bool TakeCameraState(CameraState* state) noexcept {
    const int noted = camera_state_.exchange(kNothing, std::memory_order_acquire);
    if (noted != kNothing) *state = static_cast<CameraState>(noted);
    return noted != kNothing;
  }

  // Any thread.
  void NoteDropped(std::uint64_t count) noexcept {
    dropped_.fetch_add(count, std::memory_order_relaxed);
  }
  WakeFd& wake() noexcept { return wake_; }
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kEvents = 128;
  static constexpr int kNothing = -1;

  SpscRing<MediaEvent> events_;
  SpscRing<Session*> retired_;
  SpscRing<EndedClip> clips_;
  std::atomic<unsigned> demand_{0};
  std::atomic<int> camera_state_{kNothing};
  std::atomic<std::uint64_t> dropped_{0};
  WakeFd wake_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_OUTBOX_H_
