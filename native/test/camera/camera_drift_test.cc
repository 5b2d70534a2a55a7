#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "audio/delay_watch.h"
#include "camera/fake_link.h"
#include "dashvoip/camera/camera_microphone.h"
#include "dashvoip/camera/camera_speaker.h"

namespace dashvoip {
namespace {

using test::DelayWatch;
using test::FakeLink;

constexpr std::uint32_t kBusRate = 8000;
constexpr std::uint32_t kCameraRate = 48000;
constexpr std::size_t kBlock = 160;
constexpr std::size_t kFrame = 1024;
constexpr std::int64_t kBlockNs = 20 * kNsPerMs;
constexpr std::int16_t kLoud = 8000;

std::int64_t virtual_ns;
std::int64_t VirtualNs() { return virtual_ns; }

cl_track Pcm() {
  cl_track track{};
  track.kind = CL_AUDIO;
  track.codec = CL_PCM_S16LE;
  track.bits = 16;
  track.channels = 1;
  track.sample_rate = kCameraRate;
  return track;
}

double FrameNs(double ppm) { return 1e9 * kFrame / kCameraRate / (1 + ppm * 1e-6); }

/** The queue of a camera's speaker: it plays frame after frame by its own clock. */
struct PlayingCamera : FakeLink {
  static constexpr std::uint32_t kFrameBytes = 2 * kFrame;
  static constexpr int kFrames = 16;

  explicit PlayingCamera(double ppm) : frame_ns(FrameNs(ppm)) { format = Pcm(); }
  void Play() {
    while (playing && queued > 0 && virtual_ns >= until_ns) {
      --queued;
      until_ns += frame_ns;
    }
  }
  int PlayFree(std::uint32_t* bytes) override {
    Play();
    *bytes = static_cast<std::uint32_t>(kFrames - queued) * kFrameBytes;
    return CL_OK;
  }
  int PlayWrite(const void* data, std::uint32_t, std::uint64_t) override {
    Play();
    if (queued == 0) until_ns = static_cast<double>(virtual_ns) + frame_ns;
    ++queued;
    last = static_cast<const std::int16_t*>(data)[0];
    return CL_OK;
  }
  int PlayStart() override {
    playing = true;
    until_ns = static_cast<double>(virtual_ns) + frame_ns;
    return CL_OK;
  }

  const double frame_ns;
  bool playing = false;
  int queued = 0;
  double until_ns = 0;  // of the frame that is being played
  std::int16_t last = 0;
};

TEST_CASE("camera microphone: sound of a camera whose clock is 200 ppm off keeps its delay") {
  for (const double ppm : {-200.0, 200.0}) {
    CAPTURE(ppm);
    virtual_ns = 0;
    CameraMicrophone microphone(
        kBusRate, "", [] {}, VirtualNs);
    microphone.SetActive(true);
    REQUIRE(microphone.Attach(Pcm()));
    std::vector<std::uint8_t> frame(2 * kFrame);
    for (std::size_t i = 0; i < frame.size(); ++i) {
      frame[i] = static_cast<std::uint8_t>(i % 2 == 0 ? kLoud & 0xFF : kLoud >> 8);
    }
    DelayWatch delay;
    double next_frame_ns = FrameNs(ppm);
    std::int64_t next_block_ns = kBlockNs;
    std::int16_t out[kBlock];
    while (virtual_ns < DelayWatch::kEndNs) {
      if (next_frame_ns <= static_cast<double>(next_block_ns)) {
        virtual_ns = static_cast<std::int64_t>(next_frame_ns);
        next_frame_ns += FrameNs(ppm);
        REQUIRE(microphone.Feed(frame.data(), frame.size(), 0));
      } else {
        virtual_ns = next_block_ns;
        next_block_ns += kBlockNs;
        microphone.Pull(out, kBlock);
        delay.Note(microphone.Status().delay_ms, virtual_ns);
      }
    }
    CHECK(std::fabs(delay.GrownMs()) < 8);
    CHECK(microphone.Status().underruns == 0);
    CHECK(microphone.Status().overruns == 0);
    CHECK(std::abs(out[0] - kLoud) < 20);
  }
}

TEST_CASE("camera speaker: what a camera plays whose clock is 200 ppm off keeps its delay") {
  for (const double ppm : {-200.0, 200.0}) {
    CAPTURE(ppm);
    virtual_ns = 0;
    PlayingCamera camera(ppm);
    CameraSpeaker speaker(
        kBusRate, [] {}, VirtualNs);
    speaker.Open(&camera);
    speaker.SetActive(true);
    const std::vector<std::int16_t> block(kBlock, kLoud);
    DelayWatch delay;
    std::int64_t next_block_ns = kBlockNs;
    std::int64_t service_ns = 0;
    while (virtual_ns < DelayWatch::kEndNs) {
      const bool pushes = next_block_ns <= service_ns;
      virtual_ns = std::max(virtual_ns, std::min(next_block_ns, service_ns));
      if (pushes) {
        speaker.Push(block.data(), kBlock);
        next_block_ns += kBlockNs;
        delay.Note(speaker.Status().queued_ms, virtual_ns);
      } else {
        service_ns = speaker.Service(virtual_ns);
      }
    }
    CHECK(std::fabs(delay.GrownMs()) < 8);
    CHECK(speaker.Status().underruns == 0);
    CHECK(speaker.Status().overruns == 0);
    CHECK(std::abs(camera.last - kLoud) < 20);
    speaker.Close("the end");
  }
}

}  // namespace
}  // namespace dashvoip
