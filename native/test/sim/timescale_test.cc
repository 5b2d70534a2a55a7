#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "netfifo_client.h"
#include "simulator_process.h"

namespace dashvoip {
namespace test {
namespace {

struct AvSetup {
  explicit AvSetup(std::vector<std::string> flags) {
    WriteH264(folder.Path("v.h264"), 30, 60);
    WriteWavRamp(folder.Path("a.wav"), 48000, 2);
    flags.insert(flags.end(), {"--video", folder.Path("v.h264"), "--audio", folder.Path("a.wav")});
    simulator.reset(new SimulatorProcess(folder, flags));
    client.reset(new NetFifoClient);
    info = WaitForTracks(2);
  }
  const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& video() const {
    return TrackOf(info, AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO);
  }
  const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& audio() const {
    return TrackOf(info, AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO);
  }

  TempFolder folder;
  std::unique_ptr<SimulatorProcess> simulator;
  std::unique_ptr<NetFifoClient> client;
  AMBA_NETFIFO_MOVIE_INFO_CFG_s info;
};

TEST_CASE("sim item 7: PTS in an odd time scale, sound on the picture's scale") {
  unsigned int scale = 0;
  SUBCASE("30000") { scale = 30000; }
  SUBCASE("60000") { scale = 60000; }
  SUBCASE("240000") { scale = 240000; }
  AvSetup setup({"--timescale", std::to_string(scale)});
  CHECK(setup.video().nTimeScale == scale);
  CHECK(setup.video().nTimePerFrame == scale / 30);
  CHECK(setup.audio().nTimeScale == scale);
  CHECK(setup.audio().nTimePerFrame == scale * 1024 / 48000);
  for (const auto* track : {&setup.video(), &setup.audio()}) {
    const auto fifo = CreateFifo(*track, *setup.client);
    const Frame first = NextFrame(fifo, *track);
    for (unsigned long long i = 1; i <= 5; ++i) {
      CHECK(NextFrame(fifo, *track).desc.Pts == first.desc.Pts + i * track->nTimePerFrame);
    }
  }
}

TEST_CASE("sim item 7: fractions of ticks do not add up") {
  AvSetup setup({"--timescale", "1000", "--fps", "30000/1001"});
  const auto fifo = CreateFifo(setup.video(), *setup.client);
  const Frame first = NextFrame(fifo, setup.video());
  const std::uint64_t number = (first.desc.Pts * 30000 + 1000999) / 1001000;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    CHECK(NextFrame(fifo, setup.video()).desc.Pts == (number + i) * 1001 * 1000 / 30000);
  }
}

TEST_CASE("sim item 7: a sound track that reports scale 0 counts in 90000") {
  AvSetup setup({"--audio-timescale", "0"});
  CHECK(setup.audio().nTimeScale == 0);
  const auto fifo = CreateFifo(setup.audio(), *setup.client);
  const Frame first = NextFrame(fifo, setup.audio());
  CHECK(first.desc.Pts % 1920 == 0);
  CHECK(NextFrame(fifo, setup.audio()).desc.Pts == first.desc.Pts + 1920);
}

TEST_CASE("sim item 7: PTS begins anywhere and can fall back to 0") {
  AvSetup setup({"--first-pts", "6000000", "--fps", "100"});
  const auto fifo = CreateFifo(setup.video(), *setup.client);
  Frame frame = NextFrame(fifo, setup.video());
  CHECK(frame.desc.Pts >= 6000000);
  setup.simulator->Command("ptsreset");
  const unsigned int before = frame.desc.SeqNum;
  const bool fell = Eventually([&] {
    frame = NextFrame(fifo, setup.video());
    return frame.desc.Pts < 6000000;
  });
  CHECK(fell);
  CHECK(frame.desc.Pts == 0);
  CHECK(frame.desc.SeqNum > before);
  CHECK(NextFrame(fifo, setup.video()).desc.Pts == 600);
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
