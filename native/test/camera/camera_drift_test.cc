#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "audio/delay_watch.h"
#include "camera/playing_camera.h"
#include "dashvoip/base/time_units.h"
#include "dashvoip/camera/camera_microphone.h"
#include "dashvoip/camera/camera_speaker.h"

namespace dashvoip {
namespace {

using test::DelayWatch;

constexpr std::uint32_t kBusRate = 8000;
constexpr std::size_t kBlock = 160;
constexpr std::int64_t kBlockNs = 20 * kNsPerMs;
constexpr std::int16_t kLoud = 8000;

std::int64_t virtual_ns;
std::int64_t VirtualNs() { return virtual_ns; }

TEST_CASE("camera microphone: sound of a camera whose clock is 200 ppm off keeps its delay") {
  for (const double ppm : {-200.0, 200.0}) {
    CAPTURE(ppm);
    virtual_ns = 0;
    CameraMicrophone microphone(
        kBusRate, "", [] {}, VirtualNs);
    microphone.SetActive(true);
    REQUIRE(microphone.Attach(test::PcmTrack()));
    std::vector<std::uint8_t> frame(2 * test::kCameraFrame);
    for (std::size_t i = 0; i < frame.size(); ++i) {
      frame[i] = static_cast<std::uint8_t>(i % 2 == 0 ? kLoud & 0xFF : kLoud >> 8);
    }
    DelayWatch delay;
    double next_frame_ns = test::CameraFrameNs(ppm);
    std::int64_t next_block_ns = kBlockNs;
    std::int16_t out[kBlock];
    while (virtual_ns < DelayWatch::kEndNs) {
      if (next_frame_ns <= static_cast<double>(next_block_ns)) {
        virtual_ns = static_cast<std::int64_t>(next_frame_ns);
        next_frame_ns += test::CameraFrameNs(ppm);
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
    test::PlayingCamera camera(VirtualNs, ppm);
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
    CHECK(std::abs(camera.played().back() - kLoud) < 20);
    speaker.Close("the end");
  }
}

}  // namespace
}  // namespace dashvoip
