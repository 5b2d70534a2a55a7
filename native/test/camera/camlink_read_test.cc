#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <thread>

#include "camera/open_link.h"
#include "dashvoip/camera/netfifo_vendor.h"
#include "sim/netfifo_client.h"

namespace dashvoip {
namespace {

using test::Bytes;
using test::Eventually;
using test::OpenLink;
using test::SimulatorProcess;
using test::TempFolder;

constexpr std::size_t kPictures = 30;
constexpr std::size_t kSlice = 2000;

std::vector<std::string> VideoFlags(const TempFolder& folder, std::vector<std::string> more = {}) {
  test::WriteH264(folder.Path("v.h264"), kPictures, kSlice);
  std::vector<std::string> flags = {"--video", folder.Path("v.h264"), "--rpc-latency", "0-100"};
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

std::vector<std::string> PcmFlags(const TempFolder& folder, std::vector<std::string> more = {}) {
  test::WriteWavRamp(folder.Path("a.wav"), 48000, 1);
  std::vector<std::string> flags = {"--audio", folder.Path("a.wav"), "--rpc-latency", "0-100"};
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

/** The byte that fills the slice, if the whole slice has it; 0 for a mixture. */
std::uint8_t FillOfFrame(const Bytes& unit) {
  REQUIRE(unit.size() >= kSlice);
  const auto slice = unit.end() - static_cast<std::ptrdiff_t>(kSlice) + 2;  // behind its header
  return std::all_of(slice, unit.end(), [&](std::uint8_t b) { return b == unit.back(); })
             ? unit.back()
             : 0;
}

TEST_CASE("camlink: no camera is CL_LINK, an unknown backend CL_NOTSUP") {
  const TempFolder folder;
  setenv("H22_SIM_SOCKET", folder.Path("nobody.sock").c_str(), 1);
  camlink* link = nullptr;
  CHECK(cl_open("netfifo", &link) == CL_LINK);
  CHECK(link == nullptr);
  CHECK(cl_open("smoke-signals", &link) == CL_NOTSUP);
  CHECK(cl_open(nullptr, &link) == CL_BADARG);
  cl_close(nullptr);
}

TEST_CASE("camlink: one link per process, and another after it was closed") {
  const TempFolder folder;
  SimulatorProcess sim(folder, VideoFlags(folder));
  {
    OpenLink first;
    camlink* second = nullptr;
    CHECK(cl_open("netfifo", &second) == CL_BUSY);
    CHECK(second == nullptr);
  }
  OpenLink again;
  CHECK(again.WaitFor(CL_EV_UP));
}

TEST_CASE("camlink: the track table in our words") {
  const TempFolder folder;
  test::WriteWavRamp(folder.Path("a.wav"), 48000, 2);
  SimulatorProcess sim(folder, VideoFlags(folder, {"--audio", folder.Path("a.wav"), "--timescale",
                                                   "30000", "--fps", "30000/1001"}));
  OpenLink link;
  const cl_track video = link.TrackOf(CL_VIDEO);
  CHECK(video.codec == CL_H264);
  CHECK(video.vendor_id == 2);
  CHECK(video.timescale == 30000);
  CHECK(video.ticks_per_frame == 1001);
  CHECK(video.width == 64);
  CHECK(video.height == 48);
  CHECK(video.gop == kPictures);
  CHECK(video.gen == 1);
  const cl_track audio = link.TrackOf(CL_AUDIO);
  CHECK(audio.codec == CL_PCM_S16LE);
  CHECK(audio.timescale == 30000);
  CHECK(audio.ticks_per_frame == 640);
  CHECK(audio.sample_rate == 48000);
  CHECK(audio.channels == 2);
  CHECK(audio.bits == 16);
}

TEST_CASE("camlink: media ids 1 and 4 are H.264 and H.265 too") {
  const TempFolder folder;
  {
    SimulatorProcess sim(folder, VideoFlags(folder, {"--video-media-id", "1"}));
    OpenLink link;
    CHECK(link.TrackOf(CL_VIDEO).codec == CL_H264);
  }
  test::WriteH265(folder.Path("v.h265"), kPictures, kSlice);
  SimulatorProcess sim(folder, {"--video", folder.Path("v.h265"), "--codec", "h265"});
  OpenLink link;
  CHECK(link.TrackOf(CL_VIDEO).codec == CL_H265);
}

TEST_CASE("camlink: audio without time scale and channels gets 90000 and 2") {
  const TempFolder folder;
  SimulatorProcess sim(folder,
                       PcmFlags(folder, {"--audio-timescale", "0", "--audio-channels", "0"}));
  OpenLink link;
  const cl_track audio = link.TrackOf(CL_AUDIO);
  CHECK(audio.timescale == 90000);
  CHECK(audio.channels == 2);
  CHECK(audio.ticks_per_frame == 1920);
}

TEST_CASE("camlink: frames come whole, in order, over the ring's end and the wrap of numbers") {
  const TempFolder folder;
  constexpr std::uint32_t kFirstSeq = 4294967290U;
  // A ring of an odd size: frames straddle its end at ever other places.
  SimulatorProcess sim(folder, VideoFlags(folder, {"--by-command", "--ring-size", "60001",
                                                   "--first-seq", std::to_string(kFirstSeq)}));
  OpenLink link;
  const std::uint32_t track = link.Started(CL_VIDEO, 1).id;
  sim.WriteFrames(1);
  OpenLink::Frame last = link.ReadNext(track);
  CHECK(last.info.type == CL_F_IDR);
  bool wrapped = false;
  for (int i = 0; i < 120; ++i) {
    sim.WriteFrames(1);
    const OpenLink::Frame frame = link.ReadNext(track);
    const std::uint32_t index = frame.info.seq - kFirstSeq;
    CHECK(FillOfFrame(frame.bytes) == test::FillOf(index % kPictures));
    CHECK(frame.info.seq - last.info.seq == 1U);
    CHECK(frame.info.lost == 0);
    CHECK(frame.info.complete == 1);
    wrapped = wrapped || frame.info.wrapped != 0;
    last = frame;
  }
  CHECK(wrapped);
  CHECK(link.Stats().frames == 121);
}

TEST_CASE("camlink: a frame that is overwritten while it is copied is never delivered") {
  const TempFolder folder;
  // Room for two pictures, a new one every 4 ms, calls of 2 to 6 ms: most copies come too late.
  SimulatorProcess sim(folder, VideoFlags(folder, {"--fps", "250", "--ring-size", "4500", "--aud",
                                                   "off", "--rpc-latency", "2000-6000"}));
  OpenLink link;
  const std::uint32_t track = link.Started(CL_VIDEO, 0).id;
  Bytes buffer(1U << 16);
  cl_frame frame = {};
  REQUIRE(Eventually([&] {
    cl_wake wake = {};
    cl_wait(link.get(), 20, &wake);
    if (cl_read(link.get(), track, buffer.data(), 1U << 16, &frame) == CL_OK) {
      CHECK(FillOfFrame(Bytes(buffer.begin(), buffer.begin() + frame.size)) != 0);
    }
    const cl_stats stats = link.Stats();
    return stats.torn >= 20 && stats.frames >= 5;
  }));
  CHECK(link.Stats().seq_gaps > 0);
  CHECK(link.Stats().rpc_us_max >= 2000);
}

TEST_CASE(
    "camlink: an entry that took the place of another is noticed although its number is the same") {
  const TempFolder folder;
  // One entry only, and calls of 40 ms: what comes in between takes the place of what is read.
  SimulatorProcess sim(
      folder, PcmFlags(folder, {"--by-command", "--audio-seq", "constant", "--descriptors", "1",
                                "--rpc-latency", "40000-40000"}));
  OpenLink link;
  const std::uint32_t track = link.Started(CL_AUDIO, 0).id;
  Bytes buffer(1U << 16);
  cl_frame frame = {};
  for (int tries = 0; tries < 40 && link.Stats().torn == 0; ++tries) {
    sim.WriteFrames(1);
    std::thread other([&sim] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      sim.WriteFrames(1);
    });
    cl_read(link.get(), track, buffer.data(), 1U << 16, &frame);
    other.join();
    while (cl_read(link.get(), track, buffer.data(), 1U << 16, &frame) == CL_OK) continue;
  }
  CHECK(link.Stats().torn > 0);
}

TEST_CASE("camlink: an entry has to lie in its ring") {
  std::array<std::uint8_t, 100> memory{};
  netfifo::Ring ring;
  ring.base = memory.data();
  ring.size = memory.size();
  CHECK(netfifo::Holds(ring, memory.data(), 100));
  CHECK(netfifo::Holds(ring, memory.data() + 99, 1));
  CHECK(netfifo::Holds(ring, memory.data() + 99, 100));
  CHECK_FALSE(netfifo::Holds(ring, memory.data() - 1, 1));
  CHECK_FALSE(netfifo::Holds(ring, memory.data() + 100, 1));
  CHECK_FALSE(netfifo::Holds(ring, memory.data(), 0));
  CHECK_FALSE(netfifo::Holds(ring, memory.data(), 101));
}

TEST_CASE("camlink: a late joiner begins at the queued key frame, or with the next frame") {
  const TempFolder folder;
  SimulatorProcess sim(folder, VideoFlags(folder, {"--by-command"}));
  OpenLink link;
  const std::uint32_t track = link.TrackOf(CL_VIDEO).id;
  sim.WriteFrames(kPictures + 10);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(cl_start(link.get(), track, 1) == CL_OK);
    const OpenLink::Frame first = link.ReadNext(track);
    CHECK(first.info.type == CL_F_IDR);
    CHECK(first.info.seq == kPictures);
    REQUIRE(cl_stop(link.get(), track) == CL_OK);
  }
  REQUIRE(cl_start(link.get(), track, 0) == CL_OK);
  CHECK(cl_start(link.get(), track, 0) == CL_BADARG);
  cl_frame frame = {};
  Bytes buffer(1U << 16);
  CHECK(cl_read(link.get(), track, buffer.data(), 1U << 16, &frame) == CL_AGAIN);
}

TEST_CASE("camlink: of several queued key frames a late joiner begins at the newest") {
  const TempFolder folder;
  SimulatorProcess sim(folder, VideoFlags(folder, {"--by-command", "--no-gop"}));
  OpenLink link;
  const cl_track video = link.TrackOf(CL_VIDEO);
  CHECK(video.gop == 0);
  const std::uint32_t track = video.id;
  sim.WriteFrames(2 * kPictures + 5);
  REQUIRE(cl_start(link.get(), track, 1) == CL_OK);
  const OpenLink::Frame first = link.ReadNext(track);
  CHECK(first.info.type == CL_F_IDR);
  CHECK(first.info.seq == 2 * kPictures);
}

TEST_CASE("camlink: looking for a key frame that lies far back is given up, for sound waits") {
  const TempFolder folder;
  SimulatorProcess sim(
      folder, VideoFlags(folder, {"--by-command", "--no-gop", "--rpc-latency", "4000-4000"}));
  OpenLink link;
  const std::uint32_t track = link.TrackOf(CL_VIDEO).id;
  // The newest lies 29 calls of 4 ms back, of which there is time for 15.
  sim.WriteFrames(2 * kPictures);
  REQUIRE(cl_start(link.get(), track, 1) == CL_OK);
  CHECK(link.ReadNext(track).info.seq == 0);
}

TEST_CASE("camlink: a frame larger than the buffer is dropped and counted") {
  const TempFolder folder;
  SimulatorProcess sim(folder, VideoFlags(folder, {"--by-command"}));
  OpenLink link;
  const std::uint32_t track = link.Started(CL_VIDEO, 1).id;
  sim.WriteFrames(2);
  Bytes buffer(100);
  cl_frame frame = {};
  CHECK(cl_read(link.get(), track, buffer.data(), 100, &frame) == CL_TOOSMALL);
  CHECK(link.Stats().oversize == 1);
  const OpenLink::Frame next = link.ReadNext(track);
  CHECK(next.info.type == CL_F_P);
}

TEST_CASE("camlink: lost and coalesced events delay nothing for long") {
  const TempFolder folder;
  const std::vector<std::string> trouble[] = {{"--event-loss", "1"}, {"--event-coalesce", "300"}};
  for (const auto& flags : trouble) {
    SimulatorProcess sim(folder, VideoFlags(folder, flags));
    OpenLink link;
    const std::uint32_t track = link.Started(CL_VIDEO, 1).id;
    for (int i = 0; i < 20; ++i) link.ReadNext(track);
    CHECK(link.Stats().frames == 20);
  }
}

TEST_CASE("camlink: a gap in sound is found by PTS although its numbers stand still") {
  const TempFolder folder;
  SimulatorProcess sim(
      folder, PcmFlags(folder, {"--by-command", "--audio-seq", "constant", "--descriptors", "4"}));
  OpenLink link;
  const std::uint32_t track = link.Started(CL_AUDIO, 0).id;
  cl_frame before = {};
  for (int i = 0; i < 6; ++i) {
    sim.WriteFrames(1);
    before = link.ReadNext(track).info;
    CHECK(before.lost == 0);
  }
  // Nobody reads ten frames, and there is room for four: the oldest go.
  sim.WriteFrames(10);
  const cl_frame after = link.ReadNext(track).info;
  CHECK(after.seq == before.seq);
  CHECK(after.lost == 6);
  CHECK(after.pts - before.pts == 7 * 1280);
}

TEST_CASE("camlink: PTS that begins at zero again is marked") {
  const TempFolder folder;
  SimulatorProcess sim(folder, PcmFlags(folder, {"--by-command"}));
  OpenLink link;
  const std::uint32_t track = link.Started(CL_AUDIO, 0).id;
  sim.WriteFrames(5);
  for (int i = 0; i < 5; ++i) link.ReadNext(track);
  sim.Command("ptsreset");
  sim.WriteFrames(1);
  CHECK(link.ReadNext(track).info.lost == 255);
}

TEST_CASE(
    "camlink: a frame that the camera does not take back is neither read again nor delivered") {
  const TempFolder folder;
  SimulatorProcess sim(folder, PcmFlags(folder, {"--by-command"}));
  OpenLink link;
  const std::uint32_t track = link.Started(CL_AUDIO, 0).id;
  sim.WriteFrames(1);
  const std::uint32_t first = link.ReadNext(track).info.seq;
  sim.Command("refuse remove 3");
  sim.WriteFrames(2);
  Bytes buffer(1U << 16);
  cl_frame frame = {};
  for (int i = 0; i < 3; ++i) {
    CHECK(cl_read(link.get(), track, buffer.data(), 1U << 16, &frame) == CL_AGAIN);
    CHECK(link.Stats().frames == 1);
  }
  CHECK(link.Stats().rpc_errors == 3);
  CHECK(link.ReadNext(track).info.seq == first + 1);
  CHECK(link.ReadNext(track).info.seq == first + 2);
}

TEST_CASE("camlink: PTS beyond any clock harm nothing") {
  const TempFolder folder;
  SimulatorProcess sim(folder,
                       VideoFlags(folder, {"--by-command", "--first-pts", "18446744073709551000"}));
  OpenLink link;
  const std::uint32_t track = link.Started(CL_VIDEO, 0).id;
  for (int i = 0; i < 10; ++i) {
    sim.WriteFrames(1);
    CHECK(FillOfFrame(link.ReadNext(track).bytes) != 0);
  }
}

TEST_CASE("camlink: marks and unknown frame types pass without harm") {
  const TempFolder folder;
  SimulatorProcess sim(folder, VideoFlags(folder, {"--by-command"}));
  OpenLink link;
  const std::uint32_t track = link.Started(CL_VIDEO, 1).id;
  sim.WriteFrames(2);
  for (const char* type : {"0", "5", "9", "101", "255", "eos", "eos-pause"}) {
    sim.Command(std::string("inject ") + type);
  }
  sim.WriteFrames(1);
  std::map<int, int> seen;
  for (int i = 0; i < 10; ++i) {
    const OpenLink::Frame frame = link.ReadNext(track);
    ++seen[frame.info.type];
    if (frame.info.type == CL_F_EOS) CHECK(frame.info.size == 0);
  }
  CHECK(seen[CL_F_IDR] == 1);
  CHECK(seen[CL_F_P] == 2);
  CHECK(seen[CL_F_EOS] == 4);
  CHECK(seen[CL_F_OTHER] == 3);
}

TEST_CASE("camlink: calls that the camera cannot serve say so") {
  const TempFolder folder;
  SimulatorProcess sim(folder, VideoFlags(folder));
  OpenLink link;
  cl_track format = {};
  std::uint32_t caps = 99;
  CHECK(cl_keyframe(link.get()) == CL_NOTSUP);
  CHECK(cl_play_open(link.get(), &format) == CL_NOTSUP);
  CHECK(cl_caps(link.get(), &caps) == CL_OK);
  CHECK(caps == 0);
  CHECK(cl_start(link.get(), 0, 0) == CL_NOSTREAM);
  REQUIRE(link.WaitFor(CL_EV_UP));
  CHECK(cl_start(link.get(), 7, 0) == CL_STALE);
}

}  // namespace
}  // namespace dashvoip
