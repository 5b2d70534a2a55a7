#ifndef DASHVOIP_TEST_CAMERA_PLAYING_CAMERA_H_
#define DASHVOIP_TEST_CAMERA_PLAYING_CAMERA_H_

#include <cstdint>
#include <vector>

#include "camera/fake_link.h"
#include "dashvoip/base/monotonic.h"

namespace dashvoip {
namespace test {

constexpr std::uint32_t kCameraRate = 48000;
constexpr std::size_t kCameraFrame = 1024;

inline cl_track PcmTrack() {
  cl_track track{};
  track.kind = CL_AUDIO;
  track.codec = CL_PCM_S16LE;
  track.bits = 16;
  track.channels = 1;
  track.sample_rate = kCameraRate;
  return track;
}

/** How long a frame takes a camera whose clock is so much faster than ours. */
inline double CameraFrameNs(double ppm) {
  return 1e9 * kCameraFrame / kCameraRate / (1 + ppm * 1e-6);
}

/** A camera's speaker: it plays frame after frame by a clock of its own, all in virtual time. */
class PlayingCamera : public FakeLink {
 public:
  explicit PlayingCamera(Clock clock, double ppm = 0)
      : clock_(clock), frame_ns_(CameraFrameNs(ppm)) {
    format = PcmTrack();
  }

  int PlayFree(std::uint32_t* bytes) override {
    Play();
    *bytes = static_cast<std::uint32_t>(kFrames - queued_) * kFrameBytes;
    return CL_OK;
  }
  int PlayWrite(const void* data, std::uint32_t size, std::uint64_t) override {
    Play();
    if (queued_ == kFrames || size != kFrameBytes) return CL_AGAIN;
    if (queued_ == 0) Begin();
    ++queued_;
    const auto* const samples = static_cast<const std::int16_t*>(data);
    played_.insert(played_.end(), samples, samples + kCameraFrame);
    return CL_OK;
  }
  int PlayStart() override {
    playing_ = true;
    Begin();
    return CL_OK;
  }
  int PlayStop() override {
    Play();
    cut_ += queued_;
    playing_ = false;
    queued_ = 0;
    return CL_OK;
  }

  /** All samples that were ever written. */
  const std::vector<std::int16_t>& played() const { return played_; }
  /** Frames that were thrown away by a stop before they were heard. */
  int cut() const { return cut_; }

 private:
  static constexpr std::uint32_t kFrameBytes = 2 * kCameraFrame;
  static constexpr int kFrames = 16;

  void Begin() { until_ns_ = static_cast<double>(clock_()) + frame_ns_; }
  void Play() {
    while (playing_ && queued_ > 0 && static_cast<double>(clock_()) >= until_ns_) {
      --queued_;
      until_ns_ += frame_ns_;
    }
  }

  const Clock clock_;
  const double frame_ns_;
  bool playing_ = false;
  int queued_ = 0;
  int cut_ = 0;
  double until_ns_ = 0;  // of the frame that is being played
  std::vector<std::int16_t> played_;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_CAMERA_PLAYING_CAMERA_H_
