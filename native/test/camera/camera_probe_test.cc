#include "dashvoip/camera/camera_probe.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "sim/netfifo_client.h"
#include "sim/simulator_process.h"
#include "sim/synthetic_media.h"

namespace dashvoip {
namespace {

using test::Eventually;
using test::SimulatorProcess;
using test::TempFolder;

const CameraProbeSettings kLong = {12000, 6000};

/** A camera with pictures and sound, whose queues are soon full. */
struct Rig {
  explicit Rig(const std::vector<std::string>& more, bool sound = true) {
    test::WriteH264(folder.Path("v.h264"), 30, 700);
    std::vector<std::string> flags = {
        "--video", folder.Path("v.h264"), "--fps", "50", "--rpc-latency",
        "0-100",   "--descriptors",       "32"};
    if (sound) {
      test::WriteWavRamp(folder.Path("a.wav"), 48000, 2);
      flags.insert(flags.end(), {"--audio", folder.Path("a.wav")});
    }
    flags.insert(flags.end(), more.begin(), more.end());
    setenv("H22_SIM_SOCKET", folder.Path("rtos.sock").c_str(), 1);
    sim.reset(new SimulatorProcess(folder, flags));
  }
  CameraReport Probe() {
    const CameraProbe probe(CameraProbeSettings{4000, 2500});
    REQUIRE(Eventually([&] { return probe.Report().done; }));
    return probe.Report();
  }

  TempFolder folder;
  std::unique_ptr<SimulatorProcess> sim;
};

TEST_CASE("camera probe: tracks, times and the speaker of a camera that drops its oldest") {
  Rig rig({"--stream-in", "pcm", "--stream-in-channels", "1"});
  const CameraReport report = rig.Probe();
  CHECK(report.connected);
  CHECK(report.error.empty());
  CHECK(report.encoding);
  REQUIRE(report.tracks.size() == 2);
  const ProbedTrack& picture = report.tracks[0];
  CHECK(picture.codec == TrackCodec::kH264);
  CHECK(*picture.width == 64);
  CHECK(picture.ring_bytes == 4U << 20);
  CHECK(picture.frames > 100);
  CHECK(*picture.key_frames >= 3);
  CHECK(picture.largest_frame > 700);
  for (const unsigned type : {5U, 7U, 8U, 9U, 26U}) {
    CAPTURE(type);
    CHECK(std::count(picture.nal_types->begin(), picture.nal_types->end(), type) == 1);
  }
  const ProbedTrack& sound = report.tracks[1];
  CHECK(sound.codec == TrackCodec::kPcm);
  CHECK(*sound.sample_rate == 48000);
  CHECK(sound.frames > 100);
  for (const ProbedTrack& track : report.tracks) {
    CHECK(track.sequence_gaps == 0);
    CHECK(track.pts_jumps == 0);
    CHECK(track.watched_s > 3);
    REQUIRE(track.clock);
    CHECK(track.clock->seconds == track.watched_s);
    CHECK(track.clock->spread_us > 0);
    CHECK(track.pts_origin_s);
    CHECK(track.copied_bytes == track.bytes);
    CHECK(track.copied_s > 0);
    CHECK(track.outside_ring == 0);
  }
  CHECK(report.rpc.peek.count > 200);
  CHECK(report.rpc.peek.min_us > 0);
  CHECK(report.rpc.peek.min_us <= report.rpc.peek.median_us);
  CHECK(report.rpc.peek.median_us <= report.rpc.peek.max_us);
  CHECK(report.overflow.drops == OverflowPolicy::kOldest);
  CHECK(report.overflow.total_entries == 32);
  CHECK(report.overflow.held_entries == 32);
  CHECK(report.speaker.present);
  CHECK(report.speaker.error.empty());
  CHECK(*report.speaker.format.channels == 1);
  CHECK(report.speaker.buffer_bytes > 1U << 20);
  REQUIRE(report.speaker.clock);
  CHECK(report.speaker.clock->seconds > 1);
  CHECK(report.speaker.clock->spread_us > 0);
  REQUIRE(report.speaker.microphone_frames);
  CHECK(*report.speaker.microphone_frames > 20);
  REQUIRE(report.header);
  CHECK(report.header->handle == FifoHandle::kPointer);
  CHECK(report.header->entry_bytes == 40);
  CHECK(report.header->op_receiver_report == 16);
}

TEST_CASE("camera probe: a camera that drops its newest") {
  Rig rig({"--drop", "newest"});
  const CameraReport report = rig.Probe();
  CHECK(report.overflow.drops == OverflowPolicy::kNewest);
  CHECK_FALSE(report.speaker.present);
}

TEST_CASE("camera probe: what a camera leaves unsaid, and payloads over the ring's end") {
  Rig rig({"--audio-timescale", "0", "--audio-channels", "0", "--ring-size", "20011", "--audio-seq",
           "constant"});
  const CameraReport report = rig.Probe();
  REQUIRE(report.tracks.size() == 2);
  CHECK(report.tracks[0].told_timescale == 60000);
  CHECK(report.tracks[0].wraps > 3);
  CHECK(report.tracks[0].outside_ring == 0);
  CHECK(report.tracks[0].sequence_gaps == 0);
  const ProbedTrack& sound = report.tracks[1];
  CHECK(sound.told_timescale == 0);
  CHECK(sound.timescale == 90000);
  CHECK(*sound.told_channels == 0);
  CHECK(*sound.channels == 2);
  CHECK(sound.sequence_gaps + 1 == sound.frames);
}

TEST_CASE("camera probe: a queue that stops growing with its stream is not taken for full") {
  Rig rig({"--control", "--eos", "none", "--descriptors", "256"});
  const CameraProbe probe(CameraProbeSettings{5000, 6000});
  REQUIRE(Eventually([&] { return probe.Report().overflow.held_entries > 5; }));
  rig.sim->Command("stopenc");
  REQUIRE(Eventually([&] { return probe.Report().done; }));
  CHECK(probe.Report().overflow.drops == OverflowPolicy::kNotReached);
  CHECK_FALSE(probe.Report().error.empty());
}

TEST_CASE("camera probe: no sound, and a queue too long to be filled") {
  Rig rig({"--descriptors", "256", "--fps", "5"}, false);
  const CameraReport report = rig.Probe();
  REQUIRE(report.tracks.size() == 1);
  CHECK(report.tracks[0].kind == TrackKind::kVideo);
  CHECK(report.overflow.drops == OverflowPolicy::kNotReached);
  CHECK(report.overflow.held_entries > 10);
}

TEST_CASE("camera probe: nothing is encoded") {
  Rig rig({"--start-delay", "60000"});
  const CameraProbe probe(kLong, 200);
  REQUIRE(Eventually([&] { return probe.Report().done; }));
  CHECK(probe.Report().connected);
  CHECK_FALSE(probe.Report().encoding);
  CHECK(probe.Report().rpc.track_table.count > 1);
}

TEST_CASE("camera probe: no camera") {
  TempFolder folder;
  setenv("H22_SIM_SOCKET", folder.Path("rtos.sock").c_str(), 1);
  const CameraProbe probe(kLong);
  REQUIRE(Eventually([&] { return probe.Report().done; }));
  CHECK_FALSE(probe.Report().connected);
  CHECK_FALSE(probe.Report().error.empty());
}

TEST_CASE("camera probe: where the camera hangs can be read") {
  Rig rig({"--control"});
  const CameraProbe probe(kLong);
  REQUIRE(Eventually([&] { return probe.Report().rpc.peek.count > 10; }));
  rig.sim->Command("stall 3000");
  usleep(300000);
  const CameraReport before = probe.Report();
  usleep(1000000);
  const CameraReport report = probe.Report();
  CHECK_FALSE(report.done);
  CHECK(report.stage == "reading the live stream");
  CHECK(report.tracks.size() == 2);
  CHECK(report.rpc.peek.count == before.rpc.peek.count);
}

}  // namespace
}  // namespace dashvoip
