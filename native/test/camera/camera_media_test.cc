#include "dashvoip/camera/camera_media.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "places.h"
#include "sim/netfifo_client.h"
#include "sim/simulator_process.h"
#include "sim/synthetic_media.h"

namespace dashvoip {
namespace {

using test::Eventually;
using test::SimulatorProcess;
using test::TempFolder;

constexpr std::size_t kBlock = 160;

class StateLog : public CameraMedia::Listener {
 public:
  void OnCameraState(CameraState state) override {
    std::lock_guard<std::mutex> lock(mutex_);
    states_.push_back(state);
  }
  std::vector<CameraState> states() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return states_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<CameraState> states_;
};

/** A simulator, its material and a CameraMedia with everything switched on. */
struct Rig {
  explicit Rig(std::vector<std::string> more = {}) {
    test::WriteH264(folder.Path("v.h264"), 30, 700);
    test::WriteWavRamp(folder.Path("a.wav"), 48000, 2);
    flags = {"--video", folder.Path("v.h264"), "--audio", folder.Path("a.wav"), "--fps",
             "60",      "--rpc-latency",       "0-100",   "--restart-gap",      "20"};
    flags.insert(flags.end(), more.begin(), more.end());
    setenv("H22_SIM_SOCKET", folder.Path("rtos.sock").c_str(), 1);
  }
  void StartCamera() { sim.reset(new SimulatorProcess(folder, flags)); }
  void StartMedia() {
    CameraMedia::Settings settings;
    settings.use_microphone = true;
    settings.use_speaker = true;
    settings.use_video = true;
    settings.hung_after_ms = hung_after_ms;
    settings.module_dir = DASHVOIP_BUILD_DIR "/lib";
    media.reset(new CameraMedia(settings, log));
  }
  bool Reaches(CameraState state) {
    return Eventually([&] { return media->Status().state == state; });
  }
  /** Pulls until this many blocks of sound came that are not silent. */
  bool Hears(int blocks) {
    return Eventually([&] {
      std::int16_t out[kBlock];
      const bool loud = media->microphone().Pull(out, kBlock) &&
                        std::any_of(out, out + kBlock, [](std::int16_t s) { return s != 0; });
      blocks -= loud ? 1 : 0;
      return blocks <= 0;
    });
  }
  /** What was under way has come, and nothing after it for a dozen frames' time. */
  bool ReadsNoMore() {
    return Eventually([&] {
      const std::uint64_t read = media->Status().frames_read;
      usleep(200000);
      return media->Status().frames_read == read;
    });
  }
  bool Sees(int pictures) {
    std::vector<std::uint8_t> data;
    data.reserve(1U << 20);
    return Eventually([&] {
      AccessUnit unit;
      while (media->video().Pop(&unit, &data)) {
        if (first_picture_is_key < 0) first_picture_is_key = unit.key_frame ? 1 : 0;
        generation = unit.generation;
        --pictures;
      }
      return pictures <= 0;
    });
  }

  TempFolder folder;
  std::uint32_t hung_after_ms = 5000;
  std::vector<std::string> flags;
  StateLog log;
  std::unique_ptr<SimulatorProcess> sim;
  std::unique_ptr<CameraMedia> media;  // before the simulator goes, this goes
  int first_picture_is_key = -1;
  std::uint32_t generation = 0;
};

TEST_CASE("camera media: without a backend nothing is touched") {
  StateLog log;
  CameraMedia::Settings settings;
  settings.backend = "none";
  CameraMedia media(settings, log);
  CHECK(media.Status().state == CameraState::kNone);
  std::int16_t out[kBlock] = {1};
  media.microphone().SetActive(true);
  media.speaker().SetActive(true);
  media.WantVideo(true);
  CHECK_FALSE(media.microphone().Pull(out, kBlock));
  CHECK(out[0] == 0);
  media.speaker().Push(out, kBlock);
  CHECK(media.video().size() == 0);
  ParameterSets sets;
  CHECK_FALSE(media.VideoParameters(&sets));
  CHECK(log.states().empty());
}

TEST_CASE("camera media: a backend that does not exist is none, with words") {
  StateLog log;
  CameraMedia::Settings settings;
  settings.backend = "semaphore";
  CameraMedia media(settings, log);
  CHECK(Eventually([&] { return media.Status().state == CameraState::kNone; }));
  CHECK_FALSE(media.Status().error.empty());
}

TEST_CASE("camera media: parameter sets are known before any call, and then nothing is read") {
  Rig rig;
  rig.StartCamera();
  rig.StartMedia();
  ParameterSets sets;
  REQUIRE(Eventually([&] { return rig.media->VideoParameters(&sets); }));
  CHECK(sets.parameters().width == 64);
  CHECK(sets.parameters().height == 48);
  CHECK(rig.media->video().size() == 0);
  CHECK(rig.media->Status().has_video);
  CHECK(rig.media->Status().has_audio);
  CHECK_FALSE(rig.media->Status().has_speaker);
  REQUIRE(rig.Reaches(CameraState::kStreaming));
  CHECK(rig.ReadsNoMore());
}

TEST_CASE("camera media: a copy of a key frame is had between calls and in one") {
  Rig rig;
  rig.StartCamera();
  rig.StartMedia();
  REQUIRE(rig.Reaches(CameraState::kStreaming));
  for (const bool in_call : {false, true, false}) {
    rig.media->WantVideo(in_call);
    if (in_call) CHECK(rig.Sees(10));
    std::vector<std::uint8_t> copy;
    REQUIRE(rig.media->key_frames()->Take(std::chrono::seconds(20), &copy) ==
            KeyFrameDesk::Outcome::kTaken);
    ParameterSets sets;
    sets.UpdateFrom(copy.data(), copy.size());
    CHECK(sets.parameters().width == 64);
    REQUIRE(copy.size() > 700);
    CHECK(std::all_of(copy.end() - 600, copy.end(),
                      [](std::uint8_t byte) { return byte == test::FillOf(0); }));
  }
  CHECK(rig.ReadsNoMore());
}

TEST_CASE("camera media: sound and pictures flow while wanted, from a key frame on") {
  Rig rig;
  rig.StartCamera();
  rig.StartMedia();
  rig.media->microphone().SetActive(true);
  rig.media->WantVideo(true);
  CHECK(rig.Hears(20));
  CHECK(rig.Sees(40));
  CHECK(rig.first_picture_is_key == 1);
  CHECK(rig.media->microphone().Status().open);
  rig.media->WantVideo(false);
  rig.media->microphone().SetActive(false);
  std::int16_t out[kBlock];
  CHECK_FALSE(rig.media->microphone().Pull(out, kBlock));
  CHECK(rig.ReadsNoMore());
  rig.Sees(0);
  CHECK(rig.media->video().size() == 0);
  // And again.
  rig.first_picture_is_key = -1;
  rig.media->WantVideo(true);
  CHECK(rig.Sees(10));
  CHECK(rig.first_picture_is_key == 1);
}

TEST_CASE("camera media: a camera that starts later, dies and comes back") {
  Rig rig;
  rig.StartMedia();
  rig.media->microphone().SetActive(true);
  rig.media->WantVideo(true);
  CHECK(rig.media->Status().state == CameraState::kAbsent);
  CHECK_FALSE(rig.media->Status().error.empty());
  for (std::uint32_t life = 1; life <= 2; ++life) {
    rig.StartCamera();
    REQUIRE(rig.Reaches(CameraState::kStreaming));
    CHECK(rig.Hears(5));
    CHECK(rig.Sees(5));
    CHECK(rig.media->Status().generation == life);
    rig.sim->Kill();
    REQUIRE(rig.Reaches(CameraState::kAbsent));
    CHECK_FALSE(rig.media->microphone().Status().open);
    CHECK_FALSE(rig.media->microphone().Status().error.empty());
    rig.Sees(0);
  }
  const std::vector<CameraState> expected = {
      CameraState::kAbsent, CameraState::kIdle,      CameraState::kStreaming, CameraState::kAbsent,
      CameraState::kIdle,   CameraState::kStreaming, CameraState::kAbsent};
  CHECK(rig.log.states() == expected);
}

TEST_CASE("camera media: mode switches in the middle of a call") {
  Rig rig({"--stop-grace", "0"});
  rig.StartCamera();
  rig.StartMedia();
  rig.media->microphone().SetActive(true);
  rig.media->WantVideo(true);
  for (std::uint32_t stream = 1; stream <= 4; ++stream) {
    CHECK(rig.Hears(5));
    CHECK(rig.Sees(5));
    CHECK(rig.media->Status().generation == stream);
    if (stream % 2 == 0) {
      rig.sim->Command("switchenc");
    } else {
      rig.sim->Command("stopenc");
      REQUIRE(rig.Reaches(CameraState::kIdle));
      CHECK_FALSE(rig.media->Status().has_video);
      rig.sim->Command("startenc");
    }
    REQUIRE(Eventually([&] { return rig.media->Status().generation == stream + 1; }));
    rig.Sees(0);
  }
  CHECK(rig.Sees(5));
}

TEST_CASE("camera media: a stream without sound says so, and is heard once it has some") {
  Rig rig({"--no-audio"});
  rig.StartCamera();
  rig.StartMedia();
  rig.media->microphone().SetActive(true);
  REQUIRE(rig.Reaches(CameraState::kStreaming));
  CHECK_FALSE(rig.media->Status().has_audio);
  CHECK(rig.media->microphone().Status().error.find("no sound") != std::string::npos);
  rig.sim->Command("recav");
  CHECK(rig.Hears(5));
  CHECK(rig.media->microphone().Status().error.empty());
}

TEST_CASE(
    "camera media: without stream-in the far end's voice is discarded, and the status says why") {
  Rig rig;
  rig.StartCamera();
  rig.StartMedia();
  REQUIRE(rig.Reaches(CameraState::kStreaming));
  rig.media->speaker().SetActive(true);
  const std::vector<std::int16_t> block(kBlock, 100);
  for (int i = 0; i < 50; ++i) rig.media->speaker().Push(block.data(), block.size());
  REQUIRE(Eventually(
      [&] { return rig.media->speaker().Status().error.find("stream-in") != std::string::npos; }));
  CHECK_FALSE(rig.media->speaker().Status().open);
  CHECK(rig.media->speaker().Status().queued_ms < 300);
}

TEST_CASE("camera media: what is pushed comes out of the camera's speaker, tail included") {
  Rig rig;
  const std::string heard_file = rig.folder.Path("heard.wav");
  rig.flags.insert(rig.flags.end(), {"--stream-in", "pcm", "--speaker-out", heard_file});
  rig.StartCamera();
  rig.StartMedia();
  REQUIRE(Eventually([&] { return rig.media->Status().has_speaker; }));
  CameraMedia& media = *rig.media;
  // That nothing is missing is camera_speaker_test.cc's to show, in virtual time: here a late
  // machine makes the speaker trim, but never what was said last.
  constexpr std::int16_t kBody = 8000;
  constexpr std::int16_t kTail = 3000;
  constexpr int kTailBlocks = 5;
  for (int call = 0; call < 2; ++call) {
    media.speaker().SetActive(true);
    for (int i = 0; i < 50; ++i) {
      const std::vector<std::int16_t> block(kBlock, i < 50 - kTailBlocks ? kBody : kTail);
      media.speaker().Push(block.data(), block.size());
      usleep(20000);
    }
    media.speaker().SetActive(false);
    REQUIRE(Eventually([&] { return media.speaker().Status().queued_ms == 0; }));
  }
  rig.media.reset();
  rig.sim->Stop();
  const test::Wav heard = test::ReadWavStrictly(heard_file);
  CHECK(heard.rate == 48000);
  const auto seconds_of = [&heard](std::int16_t level) {
    const auto count =
        std::count_if(heard.samples.begin(), heard.samples.end(),
                      [level](std::int16_t sample) { return std::abs(sample - level) < 300; });
    return static_cast<double>(count) / heard.channels / heard.rate;
  };
  // Neighbours of a cut swing a little; nothing may be louder than that.
  for (const std::int16_t sample : heard.samples) REQUIRE(std::abs(sample) < 10000);
  CHECK(seconds_of(kBody) > 0.1);
  CHECK(seconds_of(kBody) <= 2 * 45 * 0.02);
  CHECK(seconds_of(kTail) > 2 * (kTailBlocks - 1) * 0.02);
  CHECK(seconds_of(kTail) <= 2 * kTailBlocks * 0.02 + 0.001);
}

#ifdef DASHVOIP_HAVE_AAC
TEST_CASE("camera media: a damaged AAC stream is silence and counted, not an end") {
  Rig rig;
  test::WriteAdts(rig.folder.Path("a.aac"), 50, 100);  // no real AAC inside
  for (auto& flag : rig.flags) {
    if (flag == rig.folder.Path("a.wav")) flag = rig.folder.Path("a.aac");
  }
  rig.StartCamera();
  rig.StartMedia();
  rig.media->microphone().SetActive(true);
  REQUIRE(Eventually([&] { return rig.media->Status().dropped_frames > 10; }));
  CHECK(rig.media->microphone().Status().open);
  CHECK(rig.media->Status().state == CameraState::kStreaming);
}
#endif

TEST_CASE("camera media: a missing AAC module is told as the microphone's error") {
  Rig rig;
  test::WriteAdts(rig.folder.Path("a.aac"), 50, 100);
  for (auto& flag : rig.flags) {
    if (flag == rig.folder.Path("a.wav")) flag = rig.folder.Path("a.aac");
  }
  rig.StartCamera();
  CameraMedia::Settings settings;
  settings.use_microphone = true;
  settings.module_dir = rig.folder.Path("empty");
  rig.media.reset(new CameraMedia(settings, rig.log));
  REQUIRE(rig.Reaches(CameraState::kStreaming));
  CHECK(rig.media->microphone().Status().error.find("dashvoip-aac.so") != std::string::npos);
  CHECK_FALSE(rig.media->Status().has_audio);
}

TEST_CASE("camera media: a camera that hangs in mid-stream is absent until it answers again") {
  Rig rig;
  rig.hung_after_ms = 300;
  rig.StartCamera();
  rig.StartMedia();
  rig.media->microphone().SetActive(true);
  REQUIRE(rig.Hears(3));
  rig.media->Watch();
  CHECK(rig.log.states().back() == CameraState::kStreaming);
  rig.sim->Command("hang");
  REQUIRE(rig.Reaches(CameraState::kAbsent));
  CHECK(rig.media->Status().error.find("it has not answered for") == 0);
  rig.media->Watch();
  rig.media->Watch();
  CHECK(rig.log.states().back() == CameraState::kAbsent);
  const std::size_t told = rig.log.states().size();
  rig.sim->Command("resume");
  REQUIRE(rig.Reaches(CameraState::kStreaming));
  CHECK(rig.media->Status().error.empty());
  CHECK(rig.Hears(3));
  rig.media->Watch();
  REQUIRE(rig.log.states().size() == told + 1);
  CHECK(rig.log.states().back() == CameraState::kStreaming);
}

TEST_CASE("camera media: a camera that answers no more does not keep us from leaving") {
  Rig rig;
  rig.StartCamera();
  rig.StartMedia();
  rig.media->WantVideo(true);
  CHECK(rig.Sees(5));
  rig.sim->Command("hang");
  rig.media->WantVideo(false);
  usleep(100000);
  rig.media.reset();  // leaves the stuck thread behind
  rig.sim->Command("resume");
  // It ends once the camera answers; then the link is free for the next one.
  rig.StartMedia();
  CHECK(rig.Reaches(CameraState::kStreaming));
}

}  // namespace
}  // namespace dashvoip
