#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "netfifo_client.h"
#include "simulator_process.h"

namespace dashvoip {
namespace test {
namespace {

/** A simulator that shows `pictures` of `slice_size` bytes over and over. */
struct VideoSetup {
  VideoSetup(std::size_t pictures, std::size_t slice_size, std::vector<std::string> flags) {
    WriteH264(folder.Path("v.h264"), pictures, slice_size);
    flags.insert(flags.end(), {"--video", folder.Path("v.h264"), "--rpc-latency", "0-0"});
    simulator.reset(new SimulatorProcess(folder, flags));
    client.reset(new NetFifoClient);
    info = WaitForTracks(1);
  }
  const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track() const { return info.Track[0]; }
  AMBA_NETFIFO_FIFO_t Create() { return CreateFifo(track(), *client); }

  TempFolder folder;
  std::unique_ptr<SimulatorProcess> simulator;
  std::unique_ptr<NetFifoClient> client;
  AMBA_NETFIFO_MOVIE_INFO_CFG_s info;
};

/** Encoding stops, and what is queued stays as it is. */
const std::vector<std::string> kFreezable = {"--stop-grace", "600000", "--eos", "none"};

void Freeze(VideoSetup* setup) {
  setup->simulator->Command("stopenc");
  REQUIRE(Eventually([&] { return setup->client->CountEvents(AMBA_NETFIFO_CMD_STOPENC) == 1; }));
}

TEST_CASE("sim item 1: 256 descriptors, a read position per consumer over one ring") {
  VideoSetup setup(8, 60, {"--fps", "100"});
  const auto first = setup.Create();
  const auto second = setup.Create();
  AMBA_NETFIFO_FIFO_INFO_s info;
  REQUIRE(AmbaNetFifo_GetInfo(first, &info) == 0);
  CHECK(info.TotalEntries == 256);
  REQUIRE(Eventually([&] { return Available(second) >= 4; }));

  AMBA_NETFIFO_BITS_DESC_s mine, other;
  REQUIRE(Peek(second, 0, &other) == 0);
  while (Peek(first, 0, &mine) == 0 && mine.SeqNum != other.SeqNum) REQUIRE(Remove(first, 1) == 0);
  CHECK(mine.SeqNum == other.SeqNum);
  CHECK(mine.StartAddr == other.StartAddr);
  REQUIRE(Remove(first, 2) == 0);
  REQUIRE(Peek(first, 0, &mine) == 0);
  CHECK(mine.SeqNum == other.SeqNum + 2);
  REQUIRE(Peek(second, 0, &mine) == 0);
  CHECK(mine.SeqNum == other.SeqNum);
}

TEST_CASE("sim item 1: the RTOS has 64 FIFO handles") {
  VideoSetup setup(2, 60, {});
  std::set<AMBA_NETFIFO_FIFO_t> fifos;
  for (int i = 0; i < 64; ++i) fifos.insert(setup.Create());
  CHECK(fifos.size() == 64);
  AMBA_NETFIFO_CFG_s config = ConfigFor(setup.track(), *setup.client);
  CHECK(AmbaNetFifo_Create(&config) == nullptr);
  CHECK(AmbaNetFifo_Delete(*fifos.begin()) == 0);
  CHECK(AmbaNetFifo_Create(&config) != nullptr);
  CHECK(AmbaNetFifo_Delete(*fifos.begin()) < 0);
}

TEST_CASE("sim item 2: Peek oldest, RevPeek newest, Remove, and empty fails at once") {
  auto flags = kFreezable;
  flags.insert(flags.end(), {"--fps", "100"});
  VideoSetup setup(8, 60, flags);
  const auto fifo = setup.Create();
  REQUIRE(Eventually([&] { return Available(fifo) >= 6; }));
  Freeze(&setup);

  const unsigned int count = Available(fifo);
  AMBA_NETFIFO_BITS_DESC_s oldest, desc;
  REQUIRE(Peek(fifo, 0, &oldest) == 0);
  for (unsigned int i = 0; i < count; ++i) {
    REQUIRE(Peek(fifo, i, &desc) == 0);
    CHECK(desc.SeqNum == oldest.SeqNum + i);
    REQUIRE(RevPeek(fifo, count - 1 - i, &desc) == 0);
    CHECK(desc.SeqNum == oldest.SeqNum + i);
  }
  CHECK(Peek(fifo, count, &desc) < 0);
  CHECK(RevPeek(fifo, count, &desc) < 0);
  CHECK(Remove(fifo, count + 1) < 0);
  CHECK(Available(fifo) == count);
  CHECK(Remove(fifo, 2) == 0);
  REQUIRE(Peek(fifo, 0, &desc) == 0);
  CHECK(desc.SeqNum == oldest.SeqNum + 2);

  REQUIRE(AmbaNetFifo_EraseAll(fifo) == 0);
  CHECK(Available(fifo) == 0);
  CHECK(Peek(fifo, 0, &desc) < 0);
  CHECK(RevPeek(fifo, 0, &desc) < 0);
  CHECK(Remove(fifo, 1) < 0);
}

TEST_CASE("sim item 3: drop-oldest on descriptors is silent, a gap in SeqNum shows it") {
  auto flags = kFreezable;
  flags.insert(flags.end(), {"--fps", "500", "--descriptors", "16"});
  VideoSetup setup(8, 60, flags);
  const auto fifo = setup.Create();
  AMBA_NETFIFO_BITS_DESC_s first, desc;
  REQUIRE(Eventually([&] { return Peek(fifo, 0, &first) == 0; }));
  REQUIRE(Remove(fifo, 1) == 0);
  REQUIRE(
      Eventually([&] { return RevPeek(fifo, 0, &desc) == 0 && desc.SeqNum > first.SeqNum + 40; }));
  Freeze(&setup);
  CHECK(Available(fifo) == 16);
  REQUIRE(RevPeek(fifo, 0, &desc) == 0);
  const unsigned int newest = desc.SeqNum;
  REQUIRE(Peek(fifo, 0, &desc) == 0);
  CHECK(desc.SeqNum == newest - 15);
  CHECK(desc.SeqNum > first.SeqNum + 1);
  CHECK(JsonNumber(setup.simulator->Stop(), "evictedUnread") > 20);
}

TEST_CASE("sim item 3: drop-oldest on payload overwrites the bytes of a slow reader") {
  VideoSetup setup(50, 300, {"--fps", "500", "--ring-size", "2048"});
  const auto fifo = setup.Create();
  AMBA_NETFIFO_BITS_DESC_s held, desc;
  REQUIRE(Eventually([&] { return Peek(fifo, 0, &held) == 0; }));
  const Bytes before = CopyPayload(setup.track(), held);
  // Seven frames of 300 bytes do not fit into 2048.
  REQUIRE(Eventually([&] { return Peek(fifo, 0, &desc) == 0 && desc.SeqNum > held.SeqNum + 10; }));
  CHECK(Available(fifo) < 7);
  CHECK(CopyPayload(setup.track(), held) != before);
}

TEST_CASE("sim item 3: drop-newest keeps what is queued and loses what comes") {
  VideoSetup setup(8, 60, {"--fps", "500", "--descriptors", "16", "--drop", "newest"});
  const auto fifo = setup.Create();
  REQUIRE(Eventually([&] { return Available(fifo) == 16; }));
  AMBA_NETFIFO_BITS_DESC_s oldest, newest, desc;
  REQUIRE(Peek(fifo, 0, &oldest) == 0);
  REQUIRE(RevPeek(fifo, 0, &newest) == 0);
  CHECK(newest.SeqNum == oldest.SeqNum + 15);
  // What came while the queue was full is missing behind what comes after it.
  unsigned int removed = 0;
  const bool gap = Eventually([&] {
    REQUIRE(Remove(fifo, 1) == 0);
    ++removed;
    REQUIRE(Eventually([&] { return Available(fifo) == 16; }));
    REQUIRE(RevPeek(fifo, 0, &desc) == 0);
    return desc.SeqNum > newest.SeqNum + removed;
  });
  CHECK(gap);
  REQUIRE(Peek(fifo, 0, &desc) == 0);
  if (removed < 16) CHECK(desc.SeqNum == oldest.SeqNum + removed);
  CHECK(JsonNumber(setup.simulator->Stop(), "lostNew") > 0);
}

TEST_CASE("sim item 5: SeqNum wraps at 32 bits") {
  VideoSetup setup(8, 60, {"--fps", "100", "--start-delay", "300", "--first-seq", "0xfffffffa"});
  const auto fifo = setup.Create();
  Frame last = NextFrame(fifo, setup.track());
  bool wrapped = false;
  for (int i = 0; i < 12; ++i) {
    const Frame frame = NextFrame(fifo, setup.track());
    CHECK(frame.desc.SeqNum == last.desc.SeqNum + 1);
    wrapped = wrapped || frame.desc.SeqNum == 0;
    last = frame;
  }
  // The FIFO was made at the stream's beginning or shortly after it.
  CHECK((wrapped || last.desc.SeqNum < 1000));
}

TEST_CASE("sim item 5: the sound's SeqNum may not count, its PTS does") {
  std::string mode;
  SUBCASE("constant") { mode = "constant"; }
  SUBCASE("repeating") { mode = "repeating"; }
  TempFolder folder;
  WriteWavRamp(folder.Path("a.wav"), 48000, 1);
  SimulatorProcess simulator(folder, {"--audio", folder.Path("a.wav"), "--audio-seq", mode});
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  const auto& track = TrackOf(info, AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO);
  const auto fifo = CreateFifo(track, client);
  Frame last = NextFrame(fifo, track);
  unsigned int repeats = 0;
  for (int i = 0; i < 8; ++i) {
    const Frame frame = NextFrame(fifo, track);
    repeats += frame.desc.SeqNum == last.desc.SeqNum ? 1 : 0;
    CHECK(frame.desc.Pts == last.desc.Pts + 1280);
    last = frame;
  }
  CHECK(repeats >= (mode == "constant" ? 8u : 4u));
}

/** Reads on until a frame of that type comes. */
Frame NextOfType(AMBA_NETFIFO_FIFO_t fifo, const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track,
                 unsigned int type, unsigned int size) {
  Frame frame;
  const bool found = Eventually([&] {
    frame = NextFrame(fifo, track);
    return frame.desc.Type == type && (size == 0 || frame.desc.Size == size);
  });
  REQUIRE(found);
  return frame;
}

TEST_CASE("sim item 6: frames of every type and marks without bytes") {
  VideoSetup setup(8, 60, {"--fps", "50"});
  const auto fifo = setup.Create();
  for (unsigned int type = 0; type <= 9; ++type) {
    setup.simulator->Command("inject " + std::to_string(type));
    const Frame frame = NextOfType(fifo, setup.track(), type, 16);
    CHECK(frame.payload ==
          Bytes{0, 0, 0, 1, static_cast<std::uint8_t>(type), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  }
  const struct {
    const char* command;
    unsigned int type, size;
  } marks[] = {{"inject 101", AMBA_FRAMEINFO_TYPE_DECODE_MARK, AMBA_NETFIFO_MARK_EOS},
               {"inject eos", AMBA_FRAMEINFO_TYPE_EOS, AMBA_NETFIFO_MARK_EOS},
               {"inject eos-pause", AMBA_FRAMEINFO_TYPE_EOS, AMBA_NETFIFO_MARK_EOS_PAUSE}};
  for (const auto& mark : marks) {
    setup.simulator->Command(mark.command);
    const Frame frame = NextOfType(fifo, setup.track(), mark.type, mark.size);
    CHECK(frame.desc.StartAddr == nullptr);
  }
}

TEST_CASE("sim item 6: the end of a stream comes as an event and as a mark") {
  std::string mode;
  SUBCASE("both") { mode = "both"; }
  SUBCASE("event") { mode = "event"; }
  SUBCASE("mark") { mode = "mark"; }
  VideoSetup setup(8, 60, {"--fps", "50", "--stop-grace", "600000", "--eos", mode});
  const auto fifo = setup.Create();
  NextFrame(fifo, setup.track());
  setup.simulator->Command("stopenc");
  REQUIRE(Eventually([&] { return setup.client->CountEvents(AMBA_NETFIFO_CMD_STOPENC) == 1; }));
  CHECK(setup.client->CountEvents(AMBA_NETFIFO_EVENT_DATA_EOS, fifo) == (mode == "mark" ? 0 : 1));
  AMBA_NETFIFO_BITS_DESC_s last = {};
  if (mode == "event") {
    if (RevPeek(fifo, 0, &last) == 0) CHECK(last.Type != AMBA_FRAMEINFO_TYPE_EOS);
  } else {
    REQUIRE(RevPeek(fifo, 0, &last) == 0);
    CHECK(last.Type == AMBA_FRAMEINFO_TYPE_EOS);
    CHECK(last.Size == AMBA_NETFIFO_MARK_EOS);
    CHECK(last.StartAddr == nullptr);
  }
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
