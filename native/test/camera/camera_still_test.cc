#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "camera/fake_link.h"
#include "dashvoip/camera/camera_media.h"
#include "sim/netfifo_client.h"

namespace dashvoip {
namespace {

using test::Eventually;
using test::FakeLink;
using Bytes = std::vector<std::uint8_t>;
using Outcome = KeyFrameDesk::Outcome;

constexpr std::chrono::milliseconds kLong(20000);
constexpr std::uint32_t kGroup = 8;  // pictures from one key frame to the next

// SPS of 64 x 48, PPS, a slice; and a slice that is no key frame.
constexpr std::array<std::uint8_t, 26> kKeyPicture = {
    {0, 0, 0,    1,    0x67, 0x42, 0xc0, 0x0a, 0xda, 0x11, 0xe4, 0,    0,
     0, 1, 0x68, 0xce, 0x38, 0x80, 0,    0,    0,    1,    0x65, 0x77, 0}};
constexpr std::array<std::uint8_t, 7> kOther = {{0, 0, 0, 1, 0x41, 0x77, 0}};

/** What a test sees of a link, and tells it. */
struct LinkWatch {
  std::atomic<int> starts{0};
  std::atomic<int> stops{0};
  std::atomic<bool> key_frames{true};  ///< false: the queued one is gone, and no other comes

  bool reads() const { return starts > stops; }
};

/**
 * A camera with a picture: reading begins at its newest key frame and goes on from there, a picture
 * each millisecond. The last byte of each is its number.
 */
struct PictureLink : FakeLink {
  explicit PictureLink(LinkWatch* shared) : watch(shared) {}

  int Wait(int, cl_wake* wake) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (!up) {
      up = true;
      wake->ev = CL_EV_UP;
      return CL_OK;
    }
    ++newest;
    wake->ev = watch->reads() ? CL_EV_DATA : CL_EV_NONE;
    wake->arg = 0;
    return CL_OK;
  }
  int Tracks(cl_track* out, int) override {
    out[0] = cl_track{};
    out[0].kind = CL_VIDEO;
    out[0].codec = CL_H264;
    out[0].timescale = 90000;
    return 1;
  }
  int Start(std::uint32_t, bool from_idr) override {
    ++watch->starts;
    next = watch->key_frames && from_idr ? newest - newest % kGroup : newest + 1;
    return CL_OK;
  }
  int Stop(std::uint32_t) override {
    ++watch->stops;
    return CL_OK;
  }
  int Read(std::uint32_t, void* buffer, std::uint32_t, cl_frame* out) override {
    if (next > newest) return CL_AGAIN;
    const bool key = next % kGroup == 0 && watch->key_frames;
    const std::uint8_t* const picture = key ? kKeyPicture.data() : kOther.data();
    const std::size_t size = key ? kKeyPicture.size() : kOther.size();
    auto* const bytes = static_cast<std::uint8_t*>(buffer);
    std::copy(picture, picture + size, bytes);
    bytes[size - 1] = static_cast<std::uint8_t>(next);
    *out = cl_frame{};
    out->pts = next++;
    out->type = key ? CL_F_IDR : CL_F_P;
    out->size = static_cast<std::uint32_t>(size);
    return CL_OK;
  }

  LinkWatch* const watch;
  bool up = false;
  std::uint32_t newest = 0;
  std::uint32_t next = 0;
};

struct Rig : CameraMedia::Listener {
  Rig() {
    CameraMedia::Settings settings;
    settings.use_video = true;
    settings.open = [this](camlink** out) {
      *out = new PictureLink(&watch);
      return CL_OK;
    };
    media.reset(new CameraMedia(settings, *this));
    ParameterSets sets;
    REQUIRE(Eventually([&] { return media->VideoParameters(&sets) && !watch.reads(); }));
  }
  void OnCameraState(CameraState) override {}

  /** Numbers of the pictures that came, until there are so many. */
  std::vector<std::uint64_t> Pictures(std::size_t count) {
    std::vector<std::uint64_t> numbers;
    Bytes data;
    data.reserve(1000);
    AccessUnit unit;
    CHECK(Eventually([&] {
      while (media->video().Pop(&unit, &data)) {
        if (numbers.empty()) first_is_key = unit.key_frame;
        numbers.push_back(unit.pts);
      }
      return numbers.size() >= count;
    }));
    return numbers;
  }

  LinkWatch watch;
  std::unique_ptr<CameraMedia> media;
  bool first_is_key = false;
};

bool Continuous(const std::vector<std::uint64_t>& numbers) {
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] != numbers[i - 1] + 1) return false;
  }
  return true;
}

/** Waits for a still on a thread of its own. */
struct Asked {
  explicit Asked(const CameraMedia& media)
      : desk(media.key_frames()), thread([this] { outcome = desk->Take(kLong, &picture); }) {}
  ~Asked() { Join(); }
  bool Waits() const {
    return Eventually([this] { return desk->wanted(); });
  }
  void Join() {
    if (thread.joinable()) thread.join();
  }

  const std::shared_ptr<KeyFrameDesk> desk;
  Outcome outcome = Outcome::kNone;
  Bytes picture;
  std::thread thread;
};

TEST_CASE("camera still: without a call the stream is opened for one key frame, and closed") {
  Rig rig;
  for (int still = 1; still <= 2; ++still) {
    Bytes picture;
    REQUIRE(rig.media->key_frames()->Take(kLong, &picture) == Outcome::kTaken);
    CHECK(picture.size() == kKeyPicture.size());
    CHECK(picture.back() % kGroup == 0);
    CHECK(Eventually([&] { return rig.watch.stops == still + 1; }));
    CHECK(rig.watch.starts == still + 1);
  }
  CHECK(rig.media->video().size() == 0);
}

TEST_CASE("camera still: in a call the stream goes on as it is") {
  Rig rig;
  rig.media->WantVideo(true);
  std::vector<std::uint64_t> numbers = rig.Pictures(5);
  Asked asked(*rig.media);
  const std::vector<std::uint64_t> more = rig.Pictures(3 * kGroup);
  asked.Join();
  CHECK(asked.outcome == Outcome::kTaken);
  numbers.insert(numbers.end(), more.begin(), more.end());
  CHECK(rig.first_is_key == (more[0] % kGroup == 0));
  CHECK(Continuous(numbers));
  CHECK(rig.watch.starts == 2);
  CHECK(rig.watch.stops == 1);
}

TEST_CASE(
    "camera still: a call that begins meanwhile has its pictures from a key frame on, once each") {
  Rig rig;
  rig.watch.key_frames = false;
  Asked asked(*rig.media);
  REQUIRE(asked.Waits());
  REQUIRE(Eventually([&] { return rig.watch.reads(); }));
  rig.media->WantVideo(true);
  REQUIRE(Eventually([&] { return rig.watch.starts == 3; }));
  rig.watch.key_frames = true;
  const std::vector<std::uint64_t> numbers = rig.Pictures(3 * kGroup);
  asked.Join();
  CHECK(asked.outcome == Outcome::kTaken);
  CHECK(rig.first_is_key);
  CHECK(Continuous(numbers));
  CHECK(asked.picture.back() == static_cast<std::uint8_t>(numbers[0]));
  CHECK(rig.watch.starts == 3);
  CHECK(rig.watch.stops == 2);
}

TEST_CASE(
    "camera still: when the call ends before its key frame came, the stream is opened for it") {
  Rig rig;
  rig.media->WantVideo(true);
  rig.Pictures(5);
  rig.watch.key_frames = false;
  Asked asked(*rig.media);
  REQUIRE(asked.Waits());
  rig.media->WantVideo(false);
  REQUIRE(Eventually([&] { return rig.watch.starts == 3; }));
  rig.watch.key_frames = true;
  asked.Join();
  CHECK(asked.outcome == Outcome::kTaken);
  CHECK(Eventually([&] { return rig.watch.stops == 3; }));
}

TEST_CASE("camera still: a camera that sends no key frame is not read any longer than that") {
  Rig rig;
  rig.watch.key_frames = false;
  Bytes picture;
  CHECK(rig.media->key_frames()->Take(std::chrono::milliseconds(50), &picture) == Outcome::kNone);
  CHECK(Eventually([&] { return rig.watch.starts == 2 && !rig.watch.reads(); }));
}

TEST_CASE("camera still: who waits is sent away when the camera is given up") {
  Rig rig;
  rig.watch.key_frames = false;
  Asked asked(*rig.media);
  REQUIRE(asked.Waits());
  rig.media.reset();
  asked.Join();
  CHECK(asked.outcome == Outcome::kClosed);
}

}  // namespace
}  // namespace dashvoip
