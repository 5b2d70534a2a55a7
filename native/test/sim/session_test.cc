#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "netfifo_client.h"
#include "simulator_process.h"

namespace dashvoip {
namespace test {
namespace {

std::vector<std::string> MakeMedia(const TempFolder& folder, std::vector<std::string> flags) {
  WriteH264(folder.Path("v.h264"), 30, 60);
  WriteWavRamp(folder.Path("a.wav"), 48000, 2);
  flags.insert(flags.end(), {"--video", folder.Path("v.h264"), "--audio", folder.Path("a.wav")});
  return flags;
}

bool Saw(const NetFifoClient& client, unsigned int command, std::size_t times = 1) {
  return Eventually([&] { return client.CountEvents(command) >= times; });
}

TEST_CASE("sim item 8: STARTENC before there are tracks, and repeated") {
  TempFolder folder;
  SimulatorProcess simulator(folder, MakeMedia(folder, {"--start-delay", "300", "--tracks-delay",
                                                        "1500", "--repeat-startenc", "2"}));
  NetFifoClient client;
  REQUIRE(Saw(client, AMBA_NETFIFO_CMD_STARTENC));
  CHECK(LiveStreamId() == -1);
  const auto info = WaitForTracks(2);
  CHECK(info.Track[0].nTrackType == AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO);
  CHECK(Saw(client, AMBA_NETFIFO_CMD_STARTENC, 3));
}

TEST_CASE("sim item 8: encoding already running at open, without STARTENC") {
  TempFolder folder;
  SimulatorProcess simulator(folder, MakeMedia(folder, {}));
  NetFifoClient client;
  const auto info = WaitForTracks(2);
  NextFrame(CreateFifo(info.Track[0], client), info.Track[0]);
  CHECK(client.CountEvents(AMBA_NETFIFO_CMD_STARTENC) == 0);
}

TEST_CASE("sim item 9: the end of a stream voids handles and codecs, the next one differs") {
  TempFolder folder;
  WriteH264(folder.Path("w.h264"), 10, 500);
  SimulatorProcess simulator(folder, MakeMedia(folder, {"--stop-grace", "0", "--restart-gap", "0",
                                                        "--switch-video", folder.Path("w.h264")}));
  NetFifoClient client;
  const auto before = WaitForTracks(2);
  const auto fifo = CreateFifo(before.Track[0], client);
  const Frame frame = NextFrame(fifo, before.Track[0]);
  simulator.Command("switchenc");
  REQUIRE(Saw(client, AMBA_NETFIFO_CMD_SWITCHENCSESSION));
  AMBA_NETFIFO_BITS_DESC_s desc;
  CHECK(Peek(fifo, 0, &desc) < 0);
  CHECK(Remove(fifo, 1) < 0);
  CHECK(AmbaNetFifo_Delete(fifo) < 0);
  // Mid-copy: the bytes stay readable, whatever they are by then.
  CHECK(CopyPayload(before.Track[0], frame.desc).size() == frame.payload.size());

  REQUIRE(Saw(client, AMBA_NETFIFO_CMD_STARTENC));
  const auto after = WaitForTracks(2);
  CHECK(after.Track[0].hCodec != before.Track[0].hCodec);
  AMBA_NETFIFO_CFG_s config = ConfigFor(before.Track[0], client);
  CHECK(AmbaNetFifo_Create(&config) == nullptr);
  const auto next = CreateFifo(after.Track[0], client);
  CHECK(next != fifo);
  CHECK(NextFrame(next, after.Track[0]).payload.size() > 500);
}

TEST_CASE("sim item 10: video only first, sound after rec av by stop and start") {
  TempFolder folder;
  SimulatorProcess simulator(folder, MakeMedia(folder, {"--no-audio", "--restart-gap", "50"}));
  NetFifoClient client;
  const auto before = WaitForTracks(1);
  CHECK(before.Track[0].nTrackType == AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO);
  REQUIRE(AmbaNetFifo_ReportStatus(AMBA_NETFIFO_STATUS_START) == 0);
  simulator.Command("recav");
  REQUIRE(Saw(client, AMBA_NETFIFO_CMD_STOPENC));
  CHECK(client.CountEvents(AMBA_NETFIFO_CMD_STARTENC) == 0);
  REQUIRE(AmbaNetFifo_ReportStatus(AMBA_NETFIFO_STATUS_END) == 0);
  REQUIRE(Saw(client, AMBA_NETFIFO_CMD_STARTENC));
  const auto after = WaitForTracks(2);
  CHECK(TrackOf(after, AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO).Info.Audio.nSampleRate == 48000);
  CHECK(after.Track[0].hCodec != before.Track[0].hCodec);
}

/** Another process that becomes a client when told to, and waits to be killed. */
class OtherClient {
 public:
  OtherClient() {
    REQUIRE(pipe(go_) == 0);
    REQUIRE(pipe(done_) == 0);
    pid_ = fork();
    if (pid_ != 0) return;
    char byte = 0;
    if (read(go_[0], &byte, 1) != 1) _exit(1);
    int handle;
    byte = AmbaNetFifo_init(&handle) == 0 ? 'y' : 'n';
    if (byte == 'y') AmbaNetFifo_ReportStatus(AMBA_NETFIFO_STATUS_START);
    if (write(done_[1], &byte, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  ~OtherClient() { Kill(); }
  /** @return whether the simulator took it. */
  bool Connect() {
    char byte = 'g';
    REQUIRE(write(go_[1], &byte, 1) == 1);
    REQUIRE(read(done_[0], &byte, 1) == 1);
    return byte == 'y';
  }
  void Kill() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
    for (const int fd : {go_[0], go_[1], done_[0], done_[1]}) close(fd);
  }

 private:
  int go_[2], done_[2];
  pid_t pid_;
};

TEST_CASE("sim item 15: a second client is refused in exclusive mode only") {
  bool exclusive = false;
  SUBCASE("daemon build") {}
  SUBCASE("DIRECT build") { exclusive = true; }
  TempFolder folder;
  std::vector<std::string> flags;
  if (exclusive) flags.push_back("--exclusive");
  SimulatorProcess simulator(folder, MakeMedia(folder, flags));
  OtherClient other;
  NetFifoClient client;
  CHECK(other.Connect() == !exclusive);
  CHECK(LiveStreamId() >= 0);
}

TEST_CASE("sim item 16: a client that dies without END stalls the next mode change") {
  TempFolder folder;
  SimulatorProcess simulator(folder, MakeMedia(folder, {"--restart-gap", "0"}));
  OtherClient other;
  NetFifoClient client;
  REQUIRE(other.Connect());
  other.Kill();
  simulator.Command("switchenc");
  REQUIRE(Saw(client, AMBA_NETFIFO_CMD_SWITCHENCSESSION));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  CHECK(client.CountEvents(AMBA_NETFIFO_CMD_STARTENC) == 0);
  REQUIRE(AmbaNetFifo_ReportStatus(AMBA_NETFIFO_STATUS_START) == 0);
  REQUIRE(AmbaNetFifo_ReportStatus(AMBA_NETFIFO_STATUS_END) == 0);
  CHECK(Saw(client, AMBA_NETFIFO_CMD_STARTENC));
}

TEST_CASE("sim: a late joiner begins at a queued key frame") {
  TempFolder folder;
  WriteH264(folder.Path("v.h264"), 20, 60);
  SimulatorProcess simulator(folder, {"--video", folder.Path("v.h264"), "--fps", "100"});
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  CHECK(info.Track[0].Info.Video.nGOPSize == 20);
  const auto plain = CreateFifo(info.Track[0], client);
  REQUIRE(Eventually([&] { return Available(plain) > 45; }));

  AMBA_NETFIFO_CFG_s config = ConfigFor(info.Track[0], client);
  config.InitData.CreateFifoWithInitData = 1;
  config.InitData.FristFrameType = AMBA_FRAMEINFO_TYPE_IDR_FRAME;
  SUBCASE("within so many frames") {
    config.InitData.InitCondition = AMBA_NETFIFO_CFG_INIT_WITH_NUM_FRAME;
    config.InitData.InitParam.NumFrame = 20;
  }
  SUBCASE("within so much time") {
    config.InitData.InitCondition = AMBA_NETFIFO_CFG_INIT_WITH_TIME;
    config.InitData.InitParam.TimeLength = 195;
  }
  const auto fifo = AmbaNetFifo_Create(&config);
  REQUIRE(fifo != nullptr);
  AMBA_NETFIFO_BITS_DESC_s desc;
  REQUIRE(Peek(fifo, 0, &desc) == 0);
  CHECK(desc.Type == AMBA_FRAMEINFO_TYPE_IDR_FRAME);
  CHECK(desc.Pts == config.InitData.OnCreateFirstFramePts);
  CHECK(desc.Pts % (20 * 600) == 0);
  CHECK(config.InitData.OnCreateTimeLength <= 200);
}

TEST_CASE("sim: without a queued key frame the late joiner is told so") {
  TempFolder folder;
  WriteH264(folder.Path("v.h264"), 5000, 20);
  SimulatorProcess simulator(
      folder, {"--video", folder.Path("v.h264"), "--fps", "100", "--descriptors", "8"});
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  const auto plain = CreateFifo(info.Track[0], client);
  AMBA_NETFIFO_BITS_DESC_s desc;
  REQUIRE(Eventually([&] { return Peek(plain, 0, &desc) == 0 && desc.SeqNum > 10; }));
  AMBA_NETFIFO_CFG_s config = ConfigFor(info.Track[0], client);
  config.InitData.CreateFifoWithInitData = 1;
  config.InitData.InitCondition = AMBA_NETFIFO_CFG_INIT_WITH_NUM_FRAME;
  config.InitData.InitParam.NumFrame = 256;
  config.InitData.FristFrameType = AMBA_FRAMEINFO_TYPE_IDR_FRAME;
  const auto fifo = AmbaNetFifo_Create(&config);
  REQUIRE(fifo != nullptr);
  CHECK(config.InitData.OnCreateFirstFramePts == ~0ull);
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
