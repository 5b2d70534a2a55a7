#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "base/realtime_watch.h"
#include "camera/fake_link.h"
#include "dashvoip/base/realtime_section.h"
#include "dashvoip/camera/camera_media.h"
#include "sim/netfifo_client.h"

namespace dashvoip {
namespace {

using test::Eventually;
using test::FakeLink;

constexpr std::uint32_t kSound = 0;
constexpr std::uint32_t kPicture = 1;

/** A camera that has sound and pictures whenever it is asked, and takes sound for its speaker. */
struct PlayingLink : FakeLink {
  PlayingLink() {
    format.codec = CL_PCM_S16LE;
    format.bits = 16;
    format.sample_rate = 48000;
    format.channels = 2;
  }
  int Caps(std::uint32_t* caps) override {
    *caps = CL_CAP_PLAY | CL_CAP_KEYFRAME;
    return CL_OK;
  }
  int Wait(int, cl_wake* wake) override {
    on_wait();
    ++waits;
    wake->ev = waits == 1 ? CL_EV_UP : CL_EV_DATA;
    wake->arg = waits % 2 == 0 ? kSound : kPicture;
    has_frame.fill(true);
    return CL_OK;
  }
  int Tracks(cl_track* out, int) override {
    out[kSound] = format;
    out[kSound].id = kSound;
    out[kSound].kind = CL_AUDIO;
    out[kPicture] = cl_track{};
    out[kPicture].id = kPicture;
    out[kPicture].kind = CL_VIDEO;
    out[kPicture].codec = CL_H264;
    out[kPicture].timescale = 90000;
    return 2;
  }
  int Read(std::uint32_t track, void* buffer, std::uint32_t, cl_frame* out) override {
    if (!has_frame[track]) return CL_AGAIN;
    has_frame[track] = false;
    static const std::array<std::uint8_t, 27> kKeyPicture = {
        {0, 0, 0,    1,    0x67, 0x42, 0xc0, 0x0a, 0xda, 0x11, 0x2c, 0x80, 0,   0,
         0, 1, 0x68, 0xce, 0x38, 0x80, 0,    0,    0,    1,    0x65, 0x77, 0x77}};
    *out = cl_frame{};
    out->type = track == kSound ? CL_F_AUDIO : CL_F_IDR;
    out->lost = waits % 16 == 0 ? 1 : 0;
    out->size = track == kSound ? 1024 * 2 * 2 : kKeyPicture.size();
    auto* const bytes = static_cast<std::uint8_t*>(buffer);
    if (track == kPicture) std::copy(kKeyPicture.begin(), kKeyPicture.end(), bytes);
    if (track == kSound) std::fill_n(bytes, out->size, std::uint8_t{1});
    return CL_OK;
  }
  int KeyFrame() override { return CL_OK; }

  int waits = 0;
  std::array<bool, 2> has_frame{};
};

struct NoListener : CameraMedia::Listener {
  void OnCameraState(CameraState) override {}
};

}  // namespace

TEST_CASE("camera: sound, pictures, stills and speaker allocate nothing and take no plain mutex") {
  std::atomic<int> waits{0};
  std::atomic<int> unmarked{0};
  CameraMedia::Settings settings;
  settings.use_microphone = settings.use_speaker = settings.use_video = true;
  settings.open = [&](camlink** out) {
    auto* const link = new PlayingLink;
    link->on_wait = [&] {
      ++waits;
      if (!RealtimeMark::IsUp()) ++unmarked;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    };
    *out = link;
    return CL_OK;
  };
  NoListener listener;
  {
    CameraMedia media(settings, listener);
    media.microphone().SetActive(true);
    media.speaker().SetActive(true);
    media.WantVideo(true);
    const std::vector<std::int16_t> far_end(160, 100);
    std::vector<std::int16_t> near_end(160);
    std::vector<std::uint8_t> picture;
    picture.reserve(1000);
    AccessUnit unit;
    int pictures = 0;
    std::atomic<int> key_frames{0};
    std::thread asker([&, desk = media.key_frames()] {
      std::vector<std::uint8_t> key_frame;
      while (desk->Take(std::chrono::seconds(20), &key_frame) == KeyFrameDesk::Outcome::kTaken) {
        if (++key_frames == 20) return;
      }
    });
    CHECK(Eventually([&] {
      media.speaker().Push(far_end.data(), far_end.size());
      media.microphone().Pull(near_end.data(), near_end.size());
      while (media.video().Pop(&unit, &picture)) ++pictures;
      media.RequestKeyFrame();
      return pictures > 50 && waits > 200 && near_end[0] != 0 && key_frames == 20;
    }));
    media.key_frames()->Close();
    asker.join();
    CHECK(media.Status().has_speaker);
  }
  CHECK(unmarked == 0);
  const test::RealtimeFaults faults = test::TellRealtimeFaults("camera thread");
  CHECK(faults.allocations == 0);
  CHECK(faults.plain_locks == 0);
}

}  // namespace dashvoip
