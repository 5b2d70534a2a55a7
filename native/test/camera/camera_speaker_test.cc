#include "dashvoip/camera/camera_speaker.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "camera/playing_camera.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kRate = 8000;
constexpr std::size_t kBlock = 160;
constexpr std::int64_t kBlockNs = 20 * kNsPerMs;
constexpr std::int64_t kServiceNs = kNsPerMs / 10;  // what a look at the camera takes

std::int64_t virtual_ns;
std::int64_t VirtualNs() { return virtual_ns; }

/** A camera thread and a media thread in virtual time. */
struct Threads {
  Threads() {
    virtual_ns = kNsPerSecond;
    speaker.Open(&camera);
  }
  ~Threads() { speaker.Close("the end"); }

  /** Serves the speaker, as late as it asks for at the latest. */
  void Run(std::int64_t until_ns) {
    while (service_ns <= until_ns) {
      virtual_ns = std::max(virtual_ns, service_ns);
      const std::int64_t asked_ns = speaker.Service(virtual_ns);
      service_ns = std::max(asked_ns, virtual_ns + kServiceNs);
    }
    virtual_ns = until_ns;
  }
  void SetActive(bool active) {
    speaker.SetActive(active);
    service_ns = virtual_ns;
  }
  /** Blocks of one level, one every 20 ms. */
  void Speak(int blocks, std::int16_t level) {
    const std::vector<std::int16_t> block(kBlock, level);
    for (int i = 0; i < blocks; ++i) {
      speaker.Push(block.data(), block.size());
      Run(virtual_ns + kBlockNs);
    }
  }
  /** How long so loud a sound was played, in ms. */
  double Heard(std::int16_t level) const {
    const auto count = std::count_if(
        camera.played().begin(), camera.played().end(),
        [level](std::int16_t sample) { return std::abs(sample - level) < level / 20; });
    return static_cast<double>(count) * 1000 / test::kCameraRate;
  }

  std::int64_t service_ns = 0;
  test::PlayingCamera camera{VirtualNs};
  CameraSpeaker speaker{kRate, [] {}, VirtualNs};
};

TEST_CASE("camera speaker: all that is pushed is heard once, call after call, tail included") {
  Threads threads;
  for (int call = 1; call <= 3; ++call) {
    threads.SetActive(true);
    threads.Speak(45, 8000);
    threads.Speak(5, 3000);
    threads.SetActive(false);
    threads.Run(virtual_ns + kNsPerSecond);
    // Two blocks are older than they need be when playing begins, and what the resampler bends at
    // the edges is of neither level.
    CHECK(threads.Heard(8000) > call * 855);
    CHECK(threads.Heard(8000) <= call * 900);
    CHECK(threads.Heard(3000) > call * 95);
    CHECK(threads.Heard(3000) <= call * 100);
    CHECK(threads.speaker.Status().queued_ms == 0);
  }
  CHECK(threads.camera.cut() == 0);
  CHECK(threads.speaker.Status().underruns == 0);
  CHECK(threads.speaker.Status().overruns == 0);
}

TEST_CASE("camera speaker: a far end that stalls costs an underrun, and no sound of its own") {
  Threads threads;
  threads.SetActive(true);
  threads.Speak(50, 8000);
  threads.Run(virtual_ns + 10 * kBlockNs);
  CHECK(threads.speaker.Status().underruns == 1);
  threads.Speak(50, 3000);
  CHECK(threads.Heard(8000) > 935);
  CHECK(threads.Heard(3000) > 850);
  CHECK(threads.speaker.Status().underruns == 1);
  CHECK(threads.speaker.Status().overruns == 0);
}

}  // namespace
}  // namespace dashvoip
