#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "camera/open_link.h"
#include "sim/netfifo_client.h"

namespace dashvoip {
namespace {

using test::OpenLink;
using test::SimulatorProcess;
using test::TempFolder;

std::vector<std::string> Flags(const TempFolder& folder, std::vector<std::string> more = {}) {
  test::WriteH264(folder.Path("v.h264"), 30, 500);
  test::WriteWavRamp(folder.Path("a.wav"), 48000, 1);
  std::vector<std::string> flags = {
      "--video", folder.Path("v.h264"), "--audio", folder.Path("a.wav"), "--rpc-latency",
      "0-100",   "--restart-gap",       "50"};
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

TEST_CASE("camlink stream: STARTENC long before the tracks, and again and again") {
  const TempFolder folder;
  SimulatorProcess sim(folder, Flags(folder, {"--start-delay", "100", "--tracks-delay", "400",
                                              "--repeat-startenc", "5"}));
  OpenLink link;
  cl_track none[CL_MAX_TRACKS];
  CHECK(cl_tracks(link.get(), none, CL_MAX_TRACKS) == 0);
  const cl_track video = link.TrackOf(CL_VIDEO);
  CHECK(video.gen == 1);
  REQUIRE(cl_start(link.get(), video.id, 1) == CL_OK);
  // The repetitions tell nothing new: the stream goes on.
  CHECK_FALSE(link.WaitFor(CL_EV_DOWN, 600));
  CHECK(link.ReadNext(video.id).info.gen == 1);
}

TEST_CASE("camlink stream: STOPENC makes tracks stale, STARTENC brings a new generation") {
  const TempFolder folder;
  for (const char* eos : {"both", "none"}) {
    SimulatorProcess sim(folder, Flags(folder, {"--eos", eos, "--stop-grace", "0"}));
    OpenLink link;
    const cl_track video = link.Started(CL_VIDEO, 1);
    link.ReadNext(video.id);
    sim.Command("stopenc");
    REQUIRE(link.WaitFor(CL_EV_DOWN));
    cl_frame frame = {};
    std::uint8_t buffer[16];
    CHECK(cl_read(link.get(), video.id, buffer, sizeof(buffer), &frame) == CL_STALE);
    CHECK(cl_tracks(link.get(), nullptr, 0) == 0);
    CHECK_FALSE(link.WaitFor(CL_EV_UP, 200));
    sim.Command("startenc");
    REQUIRE(link.WaitFor(CL_EV_UP));
    const cl_track after = link.TrackOf(CL_VIDEO);
    CHECK(after.gen == 2);
    REQUIRE(cl_start(link.get(), after.id, 1) == CL_OK);
    CHECK(link.ReadNext(after.id).info.type == CL_F_IDR);
  }
}

TEST_CASE("camlink stream: the end is told as an event too") {
  const TempFolder folder;
  SimulatorProcess sim(folder, Flags(folder, {"--eos", "event"}));
  OpenLink link;
  link.Started(CL_VIDEO, 0);
  sim.Command("stopenc");
  CHECK(link.WaitFor(CL_EV_EOS));
  CHECK(link.WaitFor(CL_EV_DOWN));
}

constexpr int kFrames = 200;
constexpr int kBefore = 5;

// A track whose frames all wait to be read, and a camera that has said that its stream ends. The
// memory stays, so that a reader which goes on would find every frame.
struct EndingStream {
  EndingStream(const TempFolder& folder, const std::string& eos)
      : sim(folder,
            Flags(folder, {"--by-command", "--no-audio", "--eos", eos, "--stop-grace", "60000"})) {
    track = link.Started(CL_VIDEO, 0).id;
    sim.WriteFrames(kFrames);
    CHECK(Read(kBefore) == kBefore);
    sim.Command("stopenc");
  }

  // A reader that has caught up says so once, then it looks again: it has come to an end with the
  // second time in a row, or with `most` frames.
  int Read(int most) {
    int read = 0;
    for (int nothing = 0; read < most && nothing < 2;) {
      cl_frame frame = {};
      const int code = cl_read(link.get(), track, buffer.data(), 1U << 16, &frame);
      nothing = code == CL_OK ? 0 : nothing + 1;
      if (code == CL_OK) ++read;
    }
    return read;
  }

  SimulatorProcess sim;
  OpenLink link;
  std::uint32_t track = 0;
  std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(1U << 16);
};

TEST_CASE("camlink stream: the ends of the tracks are told before the end of their stream") {
  const TempFolder folder;
  EndingStream stream(folder, "event");
  stream.Read(kFrames);  // until both are known
  std::string told;
  while (told.find('D') == std::string::npos) {
    cl_wake wake = {};
    REQUIRE(cl_wait(stream.link.get(), 30000, &wake) == CL_OK);
    if (wake.ev == CL_EV_EOS) told += 'E';
    if (wake.ev == CL_EV_DOWN) told += 'D';
    if (wake.ev == CL_EV_NONE) break;
  }
  CHECK(told == "ED");
}

TEST_CASE("camlink stream: a stream whose end has come is not read any more") {
  const TempFolder folder;
  EndingStream stream(folder, "none");
  CHECK(stream.Read(kFrames) < kFrames - kBefore);
}

TEST_CASE("camlink stream: a mode switch in the middle of reading") {
  const TempFolder folder;
  test::WriteH264(folder.Path("other.h264"), 12, 300);
  SimulatorProcess sim(folder, Flags(folder, {"--switch-video", folder.Path("other.h264"),
                                              "--stop-grace", "0", "--fps", "120"}));
  OpenLink link;
  for (std::uint32_t generation = 1; generation <= 5; ++generation) {
    const cl_track video = link.TrackOf(CL_VIDEO);
    CHECK(video.gen == generation);
    CHECK(video.gop == (generation % 2 == 1 ? 30 : 12));
    REQUIRE(cl_start(link.get(), video.id, 1) == CL_OK);
    REQUIRE(cl_start(link.get(), link.TrackOf(CL_AUDIO).id, 0) == CL_OK);
    link.ReadNext(video.id);
    sim.Command("switchenc");
    REQUIRE(link.WaitFor(CL_EV_DOWN));
  }
}

TEST_CASE("camlink stream: sound appears with the stream after rec av") {
  const TempFolder folder;
  SimulatorProcess sim(folder, Flags(folder, {"--no-audio"}));
  OpenLink link;
  CHECK(link.TrackOf(CL_VIDEO).gen == 1);
  CHECK_THROWS(link.TrackOf(CL_AUDIO));
  sim.Command("recav");
  REQUIRE(link.WaitFor(CL_EV_DOWN));
  const cl_track audio = link.TrackOf(CL_AUDIO);
  CHECK(audio.gen == 2);
  REQUIRE(cl_start(link.get(), audio.id, 0) == CL_OK);
  CHECK(link.ReadNext(audio.id).info.type == CL_F_AUDIO);
}

TEST_CASE("camlink stream: a camera that dies is CL_EV_LINK, and can be opened again") {
  const TempFolder folder;
  {
    SimulatorProcess sim(folder, Flags(folder));
    OpenLink link;
    const cl_track video = link.Started(CL_VIDEO, 1);
    link.ReadNext(video.id);
    sim.Kill();
    CHECK(link.WaitFor(CL_EV_LINK));
    CHECK(cl_tracks(link.get(), nullptr, 0) == CL_LINK);
  }
  SimulatorProcess sim(folder, Flags(folder));
  OpenLink link;
  CHECK(link.TrackOf(CL_VIDEO).gen == 1);
}

TEST_CASE("camlink stream: a wait ends early when somebody asks for it") {
  const TempFolder folder;
  SimulatorProcess sim(folder, Flags(folder));
  OpenLink link;
  REQUIRE(link.WaitFor(CL_EV_UP));
  std::thread other([&link] { cl_interrupt(link.get()); });
  cl_wake wake = {};
  // Nothing is started: without the interruption this would not return.
  CHECK(cl_wait(link.get(), -1, &wake) == CL_OK);
  CHECK(wake.ev == CL_EV_NONE);
  other.join();
}

TEST_CASE("camlink stream: a camera that stalls only delays") {
  const TempFolder folder;
  SimulatorProcess sim(folder, Flags(folder));
  OpenLink link;
  const cl_track video = link.Started(CL_VIDEO, 1);
  link.ReadNext(video.id);
  sim.Command("stall 700");
  while (link.Stats().rpc_us_max < 300000) link.ReadNext(video.id);
  CHECK(link.ReadNext(video.id).info.size > 0);
}

}  // namespace
}  // namespace dashvoip
