#include <doctest/doctest.h>

#include <vector>

#include "camera/open_link.h"
#include "sim/netfifo_client.h"

namespace dashvoip {
namespace {

using test::Eventually;
using test::OpenLink;
using test::SimulatorProcess;
using test::TempFolder;

constexpr std::size_t kFrameSamples = 1024;

std::vector<std::int16_t> RampFrame(std::size_t index, std::uint32_t channels) {
  std::vector<std::int16_t> frame(kFrameSamples * channels);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    frame[i] = static_cast<std::int16_t>(1 + (index * kFrameSamples + i / channels) % 30000);
  }
  return frame;
}

TEST_CASE("camlink play: what is written is heard, over the inclusive end of the ring") {
  const TempFolder folder;
  // No multiple of a frame: frames straddle the ring's end.
  SimulatorProcess sim(
      folder, {"--stream-in", "pcm", "--stream-in-channels", "1", "--stream-in-ring", "9001",
               "--speaker-out", folder.Path("out.wav"), "--rpc-latency", "0-100"});
  OpenLink link;
  cl_track format = {};
  REQUIRE(cl_play_open(link.get(), &format) == CL_OK);
  CHECK(format.codec == CL_PCM_S16LE);
  CHECK(format.sample_rate == 48000);
  CHECK(format.channels == 1);
  CHECK(format.bits == 16);
  std::uint32_t caps = 0;
  cl_caps(link.get(), &caps);
  CHECK(caps == CL_CAP_PLAY);
  std::uint32_t capacity = 0;
  REQUIRE(cl_play_free(link.get(), &capacity) == CL_OK);

  std::size_t written = 0;
  bool full = false;
  REQUIRE(Eventually([&] {
    const auto frame = RampFrame(written, 1);
    const int result = cl_play_write(link.get(), frame.data(), kFrameSamples * 2, 0);
    if (result == CL_OK && ++written == 2) CHECK(cl_play_start(link.get()) == CL_OK);
    full = full || result == CL_AGAIN;
    return written == 20;
  }));
  CHECK(full);
  std::uint32_t room = 0;
  REQUIRE(Eventually([&] { return cl_play_free(link.get(), &room) == CL_OK && room == capacity; }));
  CHECK(cl_play_stop(link.get()) == CL_OK);
  link.Close();
  sim.Stop();

  const test::Wav heard = test::ReadWavStrictly(folder.Path("out.wav"));
  std::vector<std::int16_t> sound;
  for (const std::int16_t sample : heard.samples) {
    if (sample != 0) sound.push_back(sample);
  }
  REQUIRE(sound.size() == written * kFrameSamples);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    REQUIRE(sound[i] == static_cast<std::int16_t>(1 + i % 30000));
  }
}

TEST_CASE("camlink play: stopping throws away what is queued, and it can begin again") {
  const TempFolder folder;
  SimulatorProcess sim(folder, {"--stream-in", "pcm", "--speaker-out", folder.Path("out.wav"),
                                "--rpc-latency", "0-100"});
  OpenLink link;
  cl_track format = {};
  REQUIRE(cl_play_open(link.get(), &format) == CL_OK);
  CHECK(cl_play_open(link.get(), &format) == CL_BADARG);
  std::uint32_t capacity = 0;
  std::uint32_t room = 0;
  REQUIRE(cl_play_free(link.get(), &capacity) == CL_OK);
  const auto frame = RampFrame(0, format.channels);
  const auto bytes = static_cast<std::uint32_t>(frame.size() * 2);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 50; ++i) {
      REQUIRE(cl_play_write(link.get(), frame.data(), bytes, 0) == CL_OK);
    }
    REQUIRE(cl_play_start(link.get()) == CL_OK);
    CHECK(cl_play_start(link.get()) == CL_BADARG);
    REQUIRE(cl_play_stop(link.get()) == CL_OK);
    REQUIRE(cl_play_free(link.get(), &room) == CL_OK);
    CHECK(room == capacity);
  }
  CHECK(cl_play_close(link.get()) == CL_OK);
  CHECK(cl_play_write(link.get(), frame.data(), bytes, 0) == CL_BADARG);
}

TEST_CASE("camlink play: the stream may end and another begin while the speaker plays on") {
  const TempFolder folder;
  test::WriteH264(folder.Path("v.h264"), 30, 500);
  SimulatorProcess sim(folder, {"--video", folder.Path("v.h264"), "--stream-in", "pcm"});
  OpenLink link;
  cl_track format = {};
  REQUIRE(cl_play_open(link.get(), &format) == CL_OK);
  const auto frame = RampFrame(0, format.channels);
  const auto bytes = static_cast<std::uint32_t>(frame.size() * 2);
  REQUIRE(cl_play_write(link.get(), frame.data(), bytes, 0) == CL_OK);
  REQUIRE(cl_play_start(link.get()) == CL_OK);
  const cl_track video = link.Started(CL_VIDEO, 1);
  link.ReadNext(video.id);
  sim.Command("stopenc");
  REQUIRE(link.WaitFor(CL_EV_DOWN));
  sim.Command("startenc");
  REQUIRE(link.WaitFor(CL_EV_UP));
  CHECK(link.TrackOf(CL_VIDEO).gen == 2);
  CHECK(cl_play_write(link.get(), frame.data(), bytes, 0) == CL_OK);
}

}  // namespace
}  // namespace dashvoip
