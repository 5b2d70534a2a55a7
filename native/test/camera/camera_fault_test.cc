#include <doctest/doctest.h>

#include <atomic>
#include <new>
#include <string>

#include "camera/fake_link.h"
#include "dashvoip/base/realtime_section.h"
#include "dashvoip/camera/camera_media.h"
#include "dashvoip/camera/camera_speaker.h"
#include "sim/netfifo_client.h"

namespace dashvoip {
namespace {

using test::Eventually;
using test::FakeLink;

struct NoListener : CameraMedia::Listener {
  void OnCameraState(CameraState) override {}
};

TEST_CASE("camera: what is thrown while a link is used costs the link and not the process") {
  std::atomic<int> opened{0};
  CameraMedia::Settings settings;
  settings.open = [&](camlink** out) {
    ++opened;
    auto* const link = new FakeLink;
    link->on_wait = [] {
      const RealtimePause nothing_was_left;
      throw std::bad_alloc();
    };
    *out = link;
    return CL_OK;
  };
  NoListener listener;
  CameraMedia media(settings, listener);
  REQUIRE(Eventually([&] { return opened >= 2; }));
  REQUIRE(Eventually([&] {
    return media.Status().error == std::string("the camera link failed: std::bad_alloc");
  }));
  CHECK(media.Status().state == CameraState::kAbsent);
}

TEST_CASE("camera speaker: a format that cannot be is refused in words") {
  const auto open = [](std::uint32_t rate, std::uint32_t channels) {
    FakeLink link;
    link.format.codec = CL_PCM_S16LE;
    link.format.bits = 16;
    link.format.sample_rate = rate;
    link.format.channels = channels;
    CameraSpeaker speaker(8000, [] {});
    speaker.Open(&link);
    const DeviceSnapshot status = speaker.Status();
    speaker.Close("the end");
    return status.open ? std::string("open") : status.error;
  };
  CHECK(open(48000, 2) == "open");
  CHECK(open(48000, 0) == "the camera's speaker has 0 channels: expected 1 to 8");
  CHECK(open(48000, 4294967295U) ==
        "the camera's speaker has 4294967295 channels: expected 1 to 8");
  CHECK(open(0, 2) == "the camera's speaker wants 0 Hz: expected 4000 to 192000");
  CHECK(open(4000000000U, 2) ==
        "the camera's speaker wants 4000000000 Hz: expected 4000 to 192000");
}

}  // namespace
}  // namespace dashvoip
