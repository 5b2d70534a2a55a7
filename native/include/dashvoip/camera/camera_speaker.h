#ifndef DASHVOIP_CAMERA_CAMERA_SPEAKER_H_
#define DASHVOIP_CAMERA_CAMERA_SPEAKER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dashvoip/audio/audio_port.h"
#include "dashvoip/audio/drift_control.h"
#include "dashvoip/audio/resampler.h"
#include "dashvoip/audio/sample_clock.h"
#include "dashvoip/base/inheriting_mutex.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/spsc_ring.h"
#include "dashvoip/camera/camlink.h"

namespace dashvoip {

/**
 * The camera's loudspeaker: mono at the bus rate is resampled on the camera thread and written in
 * the camera's frames of 1024 samples, no more than three ahead. Playing begins when the worst
 * phase of packets against frames leaves a margin; what is older is thrown away, so that each call
 * has the same delay.
 */
class CameraSpeaker : public AudioSink {
 public:
  static constexpr std::int64_t kNever = INT64_MAX;

  /** @param wake makes the camera thread call `Service`. */
  CameraSpeaker(std::uint32_t bus_rate_hz, std::function<void()> wake, Clock clock = MonotonicNs);

  void SetActive(bool active) override;
  void Push(const std::int16_t* samples, std::size_t count) noexcept override;
  double PushDelayMs() const noexcept override { return delay_ms_.load(std::memory_order_relaxed); }
  DeviceSnapshot Status() const override;

  bool wanted() const noexcept { return wanted_.load(std::memory_order_acquire); }
  bool is_open() const noexcept { return link_ != nullptr; }
  /** Camera thread: opens the camera's stream-in; what is in the way goes into the status. */
  void Open(camlink* link);
  /** Camera thread, before the link closes. */
  void Close(const std::string& reason);
  /**
   * Camera thread: moves sound to the camera. Cheap when there is nothing to do.
   * @return when to be called again at the latest, kNever while idle.
   */
  std::int64_t Service(std::int64_t now_ns);

 private:
  enum class State {
    kIdle,      ///< nobody speaks
    kFilling,   ///< collects the first packets
    kPlaying,   ///< frames flow
    kDraining,  ///< the last frames are being heard
  };
  std::int64_t Idle(std::int64_t now_ns);
  std::int64_t Fill(std::int64_t now_ns);
  std::int64_t Play(std::int64_t now_ns);
  std::int64_t Starve(std::int64_t now_ns);
  void CountUnderrun(std::int64_t silent_since_ns);
  void EndUnderrun(std::int64_t now_ns);
  std::int64_t Drain(std::int64_t now_ns);
  bool WriteFrames(std::int64_t now_ns);
  bool WriteFrame();
  std::size_t Take();
  void Discard(std::size_t count);
  void FollowDrift(std::int64_t now_ns);
  bool MeasureQueue(std::int64_t now_ns);
  bool Check(int result, const char* what);
  void Stop();
  bool HasFrame() const;
  double QueuedSamples() const;
  std::size_t MissingForFrame() const;
  double Samples(std::uint32_t ms) const { return ms * bus_rate_hz_ / 1000.0; }
  std::int64_t FrameNs() const;

  const std::uint32_t bus_rate_hz_;
  const std::function<void()> wake_;
  const Clock clock_;
  SpscRing<std::int16_t> ring_;
  std::atomic<bool> wanted_{false};
  std::atomic<std::size_t> packet_{0};  // samples of the last Push
  SampleClock pushed_;
  std::atomic<std::uint64_t> underruns_{0};
  std::atomic<std::uint64_t> overruns_{0};
  std::atomic<std::uint32_t> camera_ms_{0};
  std::atomic<double> delay_ms_{0};  // until the last sample pushed is heard

  // The camera thread's.
  camlink* link_ = nullptr;
  cl_track format_{};
  State state_ = State::kIdle;
  bool playing_ = false;  // the camera was told START
  std::uint32_t frame_bytes_ = 0;
  std::uint32_t capacity_ = 0;          // bytes free when nothing is queued
  std::uint32_t queued_ = 0;            // bytes in the camera when last measured
  std::int64_t dry_ns_ = 0;             // when the camera has played all of them
  std::int64_t starving_since_ns_ = 0;  // 0: it is not
  double taken_total_ = 0;              // samples that left the ring
  DriftControl drift_;
  std::unique_ptr<Resampler> resampler_;
  std::vector<std::int16_t> taken_;
  std::vector<std::int16_t> pending_;  // mono at the camera's rate, less than a frame
  std::size_t pending_size_ = 0;
  std::vector<std::int16_t> frame_;

  mutable InheritingMutex mutex_;  // guards what follows
  bool open_ = false;
  std::string error_ = "no camera answers";
  std::uint64_t reopens_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_CAMERA_SPEAKER_H_
