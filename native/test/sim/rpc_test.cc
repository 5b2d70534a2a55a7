#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "netfifo_client.h"
#include "simulator_process.h"

namespace dashvoip {
namespace test {
namespace {

using Ms = std::chrono::milliseconds;

template <typename Body>
Ms TimeOf(Body body) {
  const auto begin = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration_cast<Ms>(std::chrono::steady_clock::now() - begin);
}

std::vector<std::string> Video(const TempFolder& folder, std::vector<std::string> flags) {
  WriteH264(folder.Path("v.h264"), 10, 5000);
  flags.insert(flags.end(), {"--video", folder.Path("v.h264")});
  return flags;
}

TEST_CASE("sim item 13: every call takes its time") {
  TempFolder folder;
  SimulatorProcess simulator(folder, Video(folder, {"--rpc-latency", "20000-21000"}));
  NetFifoClient client;
  AMBA_NETFIFO_CFG_s config;
  CHECK(TimeOf([&] { CHECK(AmbaNetFifo_GetDefaultCFG(&config) == 0); }) >= Ms(20));
}

TEST_CASE("sim item 13: a stall of the RTOS holds up calls, and they go on after it") {
  TempFolder folder;
  SimulatorProcess simulator(folder, Video(folder, {}));
  NetFifoClient client;
  simulator.Command("stall 500");
  // The command takes effect a little later than it is sent.
  CHECK(Eventually([] { return TimeOf([] { LiveStreamId(); }) >= Ms(300); }));
  CHECK(LiveStreamId() >= 0);
}

TEST_CASE("sim item 13: calls that never return end with the simulator") {
  TempFolder folder;
  SimulatorProcess simulator(folder, Video(folder, {"--hang-after", "3"}));
  NetFifoClient client;
  for (int i = 0; i < 3; ++i) LiveStreamId();
  std::atomic<bool> returned{false};
  int result = 0;
  std::thread caller([&] {
    AMBA_NETFIFO_MEDIA_STREAMID_LIST_s list;
    result = AmbaNetFifo_GetMediaStreamIDList(&list);
    returned = true;
  });
  std::this_thread::sleep_for(Ms(200));
  CHECK(!returned);
  simulator.Kill();
  caller.join();
  CHECK(result < 0);
}

TEST_CASE("sim item 14: operations succeed without effect") {
  TempFolder folder;
  SimulatorProcess simulator(folder, Video(folder, {}));
  NetFifoClient client;
  AMBA_NETFIFO_PLAYBACK_OP_PARAM_s in = {AMBA_NETFIFO_PLAYBACK_OP_GET_LIVE_BITRATE, {0}}, out;
  REQUIRE(AmbaNetFifo_PlayBack_OP(&in, &out) == 0);
  const unsigned int before = out.OP;
  CHECK(before > 100000);
  in.OP = AMBA_NETFIFO_PLAYBACK_OP_SET_LIVE_BITRATE;
  const unsigned int wanted = 64000;
  std::memcpy(in.Param, &wanted, sizeof(wanted));
  REQUIRE(AmbaNetFifo_PlayBack_OP(&in, &out) == 0);
  CHECK(out.OP == 0);
  in.OP = AMBA_NETFIFO_PLAYBACK_OP_GET_LIVE_BITRATE;
  REQUIRE(AmbaNetFifo_PlayBack_OP(&in, &out) == 0);
  CHECK(out.OP == before);
  in.OP = AMBA_NETFIFO_PLAYBACK_OP_OPEN;
  REQUIRE(AmbaNetFifo_PlayBack_OP(&in, &out) == 0);
  CHECK(static_cast<int>(out.OP) < 0);
}

TEST_CASE("sim item 18: reading costs time by the KiB") {
  TempFolder folder;
  SimulatorProcess simulator(folder, Video(folder, {"--read-cost", "10000"}));
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  const auto fifo = CreateFifo(info.Track[0], client);
  REQUIRE(Eventually([&] { return Available(fifo) > 0; }));
  CHECK(TimeOf([&] { CHECK(Remove(fifo, 1) == 0); }) >= Ms(48));
}

TEST_CASE("sim: calls before init and after release fail") {
  AMBA_NETFIFO_MEDIA_STREAMID_LIST_s list;
  AMBA_NETFIFO_CFG_s config = {};
  CHECK(AmbaNetFifo_GetMediaStreamIDList(&list) < 0);
  CHECK(AmbaNetFifo_Create(&config) == nullptr);
  CHECK(AmbaNetFifo_ReportStatus(AMBA_NETFIFO_STATUS_START) < 0);
  CHECK(AmbaNetFifo_ExecEventProcess(nullptr) == nullptr);
  AmbaNetFifo_StopEventProcess();
  AmbaNetFifo_release();
  int handle = 0;
  TempFolder folder;
  setenv("H22_SIM_SOCKET", folder.Path("nobody").c_str(), 1);
  CHECK(AmbaNetFifo_init(&handle) < 0);
}

TEST_CASE("sim: a dead simulator fails calls and ends the event thread; a new one is found") {
  TempFolder folder;
  std::unique_ptr<SimulatorProcess> simulator(new SimulatorProcess(folder, Video(folder, {})));
  int handle = 0;
  REQUIRE(AmbaNetFifo_init(&handle) == 0);
  int again = 0;
  CHECK(AmbaNetFifo_init(&again) < 0);
  std::thread events([] { AmbaNetFifo_ExecEventProcess(nullptr); });
  simulator->Kill();
  events.join();
  AMBA_NETFIFO_MEDIA_STREAMID_LIST_s list;
  CHECK(AmbaNetFifo_GetMediaStreamIDList(&list) < 0);
  CHECK(AmbaNetFifo_ReportStatus(AMBA_NETFIFO_STATUS_END) < 0);
  AmbaNetFifo_release();
  CHECK(AmbaNetFifo_init(&handle) < 0);

  simulator.reset(new SimulatorProcess(folder, Video(folder, {})));
  REQUIRE(AmbaNetFifo_init(&handle) == 0);
  CHECK(AmbaNetFifo_GetMediaStreamIDList(&list) == 0);
  AmbaNetFifo_release();
}

TEST_CASE("sim: an orderly end is told with RELEASE") {
  TempFolder folder;
  SimulatorProcess simulator(folder, Video(folder, {}));
  NetFifoClient client;
  WaitForTracks(1);
  const std::string report = simulator.Stop();
  CHECK(simulator.exit_code() == 0);
  CHECK(JsonNumber(report, "clients") == 1);
  CHECK(JsonNumber(report, "videoFrames") > 0);
  CHECK(Eventually([&] { return client.CountEvents(AMBA_NETFIFO_CMD_RELEASE) == 1; }));
}

TEST_CASE("sim: the command line is checked, word by word") {
  TempFolder folder;
  WriteBytes(folder.Path("junk"), {1, 2, 3});
  const struct {
    std::vector<std::string> flags;
    int code;
    const char* text;
  } wrong[] = {
      {{"--vide", "x"}, 2, "unknown flag --vide"},
      {{"--no-audio=yes"}, 2, "--no-audio: takes no value"},
      {{"x"}, 2, "expected a flag, found 'x'"},
      {{}, 2, "nothing to play"},
      {{"--video", "v", "--fps", "0"}, 2, "--fps: expected a whole number from 1"},
      {{"--video", "v", "--drop", "all"}, 2, "expected one of oldest, newest; found 'all'"},
      {{"--video"}, 2, "--video: expected FILE"},
      {{"--speaker-out", "x"}, 2, "nothing to play"},
      {{"--video", folder.Path("junk"), "--socket", folder.Path("s")}, 1, "no Annex-B H.264"},
      {{"--audio", folder.Path("junk"), "--socket", folder.Path("s")}, 1, ".aac or .wav"},
      {{"--video", folder.Path("none"), "--socket", folder.Path("s")}, 1, "cannot open"},
  };
  for (const auto& run : wrong) {
    std::string output;
    CHECK(RunSimulator(run.flags, &output) == run.code);
    INFO(output);
    CHECK(output.find(run.text) != std::string::npos);
  }
  std::string help;
  CHECK(RunSimulator({"--help"}, &help) == 0);
  for (const char* grade :
       {"[observed on board]", "[vendor caller code]", "[older generation]", "[assumed]"}) {
    CHECK(help.find(grade) != std::string::npos);
  }
}

/** A packet connection that speaks for itself. */
int ConnectRaw(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  REQUIRE(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  return fd;
}

TEST_CASE("sim: a client that talks nonsense is cut off, the others go on") {
  TempFolder folder;
  SimulatorProcess simulator(folder, Video(folder, {}));
  NetFifoClient client;
  for (std::uint32_t first = 0; first < 20; ++first) {
    const int fd = ConnectRaw(folder.Path("rtos.sock"));
    const std::uint32_t hello[2] = {0, 0};
    // Every other one greets properly before it goes wrong.
    if (first % 2 == 0) CHECK(send(fd, hello, sizeof(hello), MSG_NOSIGNAL) == sizeof(hello));
    std::vector<std::uint32_t> junk(1 + first * 37, first);
    send(fd, junk.data(), junk.size() * 4, MSG_NOSIGNAL);
    char answer[4096];
    while (recv(fd, answer, sizeof(answer), 0) > 0) continue;
    close(fd);
  }
  WaitForTracks(1);
  simulator.Stop();
}

TEST_CASE("sim: a second simulator on the same socket is turned away") {
  TempFolder folder;
  SimulatorProcess simulator(folder, Video(folder, {}));
  std::string output;
  CHECK(RunSimulator(Video(folder, {"--socket", folder.Path("rtos.sock")}), &output) == 1);
  CHECK(output.find("in use") != std::string::npos);
  NetFifoClient client;
  WaitForTracks(1);
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
