#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "netfifo_client.h"
#include "simulator_process.h"

namespace dashvoip {
namespace test {
namespace {

constexpr std::size_t kFrameSamples = 1024;

std::vector<std::string> SpeakerFlags(const TempFolder& folder, int channels,
                                      std::vector<std::string> flags = {}) {
  flags.insert(flags.end(), {"--stream-in", "pcm", "--stream-in-channels", std::to_string(channels),
                             "--speaker-out", folder.Path("s.wav")});
  return flags;
}

/** The stream-in side of a client. */
class SpeakerClient {
 public:
  SpeakerClient() {
    AMBA_NETFIFO_MOVIE_INFO_CFG_s info;
    REQUIRE(AmbaNetFifo_GetMediaInfo(AMBA_NETFIFO_STREAM_ID_STREAMIN, &info) == 0);
    REQUIRE(info.nTrack == 1);
    track_ = info.Track[0];
    fifo_ = CreateFifo(track_, client_);
  }

  /** Queues one frame of ramp samples that goes on from the last one. @return as WriteEntry. */
  int WriteFrame() {
    AMBA_NETFIFO_BITS_DESC_s desc = {};
    REQUIRE(AmbaNetFifo_PrepareEntry(fifo_, &desc) == 0);
    const std::size_t channels = track_.Info.Audio.nChannels;
    const std::size_t size = kFrameSamples * channels * 2;
    for (std::size_t i = 0; i < size && desc.Size >= size; i += 2) {
      const std::int16_t sample = RampSample(written_ + i / 2 / channels);
      Put(desc.StartAddr, i, static_cast<std::uint8_t>(sample));
      Put(desc.StartAddr, i + 1, static_cast<std::uint8_t>(sample >> 8));
    }
    desc.Size = static_cast<unsigned int>(size);
    desc.Type = AMBA_FRAMEINFO_TYPE_AUDIO_FRAME;
    desc.Completed = 1;
    const int result = AmbaNetFifo_WriteEntry(fifo_, &desc);
    if (result == 0) written_ += kFrameSamples;
    return result;
  }
  void WriteFrames(int count) {
    for (int i = 0; i < count; ++i) REQUIRE(WriteFrame() == 0);
  }
  int Send(unsigned int message) {
    AMBA_NETFIFO_STREAMIN_MSG_PARAM_s in = {message, {0}}, out;
    return AmbaNetFifo_StreamIn_MSG(&in, &out);
  }
  void Start() { REQUIRE(Send(AMBA_NETFIFO_STREAMIN_MSG_START) == 0); }
  void StopPlaying() { REQUIRE(Send(AMBA_NETFIFO_STREAMIN_MSG_STOP) == 0); }
  unsigned int FreeBytes() {
    AMBA_NETFIFO_BITS_DESC_s desc = {};
    REQUIRE(AmbaNetFifo_PrepareEntry(fifo_, &desc) == 0);
    return desc.Size;
  }
  void WaitUntilPlayed() {
    REQUIRE(Eventually([&] { return Available(fifo_) == 0; }));
  }

  AMBA_NETFIFO_FIFO_t fifo() const { return fifo_; }
  const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track() const { return track_; }
  NetFifoClient& client() { return client_; }

 private:
  void Put(unsigned char* start, std::size_t offset, std::uint8_t value) {
    unsigned char* at = start + offset;
    if (at > track_.pBufferLimit) at -= track_.pBufferLimit - track_.pBufferBase + 1;
    *at = value;
  }

  NetFifoClient client_;
  AMBA_NETFIFO_MEDIA_TRACK_CFG_s track_;
  AMBA_NETFIFO_FIFO_t fifo_;
  std::size_t written_ = 0;
};

/** Ramp samples of channel 0 that stand in a row from an offset on. */
std::size_t RampLength(const Wav& wav, std::size_t from, std::size_t ramp_from) {
  std::size_t length = 0;
  while ((from + length) * wav.channels < wav.samples.size() &&
         wav.samples[(from + length) * wav.channels] == RampSample(ramp_from + length)) {
    ++length;
  }
  return length;
}

TEST_CASE("sim item 17: no loudspeaker on a stock image") {
  TempFolder folder;
  WriteH264(folder.Path("v.h264"), 5, 60);
  SimulatorProcess simulator(folder, {"--video", folder.Path("v.h264")});
  NetFifoClient client;
  AMBA_NETFIFO_MOVIE_INFO_CFG_s info;
  REQUIRE(AmbaNetFifo_GetMediaInfo(AMBA_NETFIFO_STREAM_ID_STREAMIN, &info) == 0);
  CHECK(info.nTrack == 0);
  AMBA_NETFIFO_STREAMIN_MSG_PARAM_s in = {AMBA_NETFIFO_STREAMIN_MSG_START, {0}}, out;
  CHECK(AmbaNetFifo_StreamIn_MSG(&in, &out) < 0);
}

TEST_CASE("sim item 17: queued frames sound from START on, whole and in order") {
  int channels = 0;
  SUBCASE("mono") { channels = 1; }
  SUBCASE("stereo") { channels = 2; }
  TempFolder folder;
  SimulatorProcess simulator(folder, SpeakerFlags(folder, channels));
  SpeakerClient speaker;
  CHECK(speaker.track().nMediaId == AMP_FORMAT_MID_PCM);
  CHECK(speaker.track().Info.Audio.nSampleRate == 48000);
  CHECK(speaker.track().Info.Audio.nChannels == static_cast<unsigned int>(channels));
  speaker.WriteFrames(5);
  CHECK(Available(speaker.fifo()) == 5);
  CHECK(ReadWavStrictly(folder.Path("s.wav")).samples.empty());
  speaker.Start();
  speaker.WaitUntilPlayed();
  speaker.StopPlaying();
  const std::string report = simulator.Stop();
  const Wav wav = ReadWavStrictly(folder.Path("s.wav"));
  CHECK(wav.rate == 48000);
  CHECK(wav.channels == static_cast<std::uint32_t>(channels));
  CHECK(RampLength(wav, 0, 0) == 5 * kFrameSamples);
  CHECK(JsonNumber(report, "frames") == 5);
  CHECK(JsonNumber(report, "samples") == static_cast<long long>(wav.samples.size() / wav.channels));
}

TEST_CASE("sim item 17: an underrun is silence, and nobody is told") {
  TempFolder folder;
  SimulatorProcess simulator(folder, SpeakerFlags(folder, 1));
  SpeakerClient speaker;
  speaker.WriteFrames(2);
  speaker.Start();
  speaker.WaitUntilPlayed();
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  speaker.WriteFrames(2);
  speaker.WaitUntilPlayed();
  speaker.StopPlaying();
  CHECK(speaker.client().events().empty());
  const std::string report = simulator.Stop();
  const Wav wav = ReadWavStrictly(folder.Path("s.wav"));
  CHECK(RampLength(wav, 0, 0) == 2 * kFrameSamples);
  std::size_t silent = 0;
  while (wav.samples.at(2 * kFrameSamples + silent) == 0) ++silent;
  CHECK(silent > 480);
  CHECK(RampLength(wav, 2 * kFrameSamples + silent, 2 * kFrameSamples) == 2 * kFrameSamples);
  CHECK(JsonNumber(report, "underruns") >= 1);
}

TEST_CASE("sim item 17: free space is the only flow control") {
  TempFolder folder;
  SimulatorProcess simulator(folder, SpeakerFlags(folder, 1, {"--stream-in-ring", "8192"}));
  SpeakerClient speaker;
  CHECK(speaker.FreeBytes() == 8192);
  speaker.WriteFrames(4);
  CHECK(speaker.FreeBytes() == 0);
  CHECK(speaker.WriteFrame() < 0);
  speaker.Start();
  CHECK(Eventually([&] { return speaker.FreeBytes() >= 2048; }));
  CHECK(speaker.WriteFrame() == 0);
}

TEST_CASE("sim item 17: the descriptors can run out before the bytes") {
  TempFolder folder;
  SimulatorProcess simulator(folder, SpeakerFlags(folder, 1, {"--stream-in-descriptors", "3"}));
  SpeakerClient speaker;
  speaker.WriteFrames(3);
  CHECK(speaker.FreeBytes() == 0);
  CHECK(speaker.WriteFrame() < 0);
}

TEST_CASE("sim item 17: after STOP and START stale sound plays unless it was erased") {
  bool erase = false;
  SUBCASE("left") {}
  SUBCASE("erased") { erase = true; }
  TempFolder folder;
  SimulatorProcess simulator(folder, SpeakerFlags(folder, 1));
  SpeakerClient speaker;
  speaker.WriteFrames(3);
  if (erase) REQUIRE(AmbaNetFifo_EraseAll(speaker.fifo()) == 0);
  REQUIRE(AmbaNetFifo_Delete(speaker.fifo()) == 0);

  // The same client comes back with a new FIFO.
  const auto fifo = CreateFifo(speaker.track(), speaker.client());
  speaker.Start();
  REQUIRE(Eventually([&] { return Available(fifo) == 0; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  speaker.StopPlaying();
  simulator.Stop();
  const Wav wav = ReadWavStrictly(folder.Path("s.wav"));
  const bool sounded =
      std::any_of(wav.samples.begin(), wav.samples.end(), [](std::int16_t s) { return s != 0; });
  CHECK(sounded == !erase);
}

TEST_CASE("sim item 17: the sample clock runs from START to STOP, as fast as it was set") {
  double ppm = 0;
  SUBCASE("exact") {}
  SUBCASE("fast") { ppm = 100000; }
  SUBCASE("slow") { ppm = -100000; }
  TempFolder folder;
  SimulatorProcess simulator(folder,
                             SpeakerFlags(folder, 1, {"--speaker-ppm", std::to_string(ppm)}));
  SpeakerClient speaker;
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::duration d) { return std::chrono::duration<double>(d).count(); };
  const auto before_start = Clock::now();
  speaker.Start();
  const auto after_start = Clock::now();
  std::this_thread::sleep_for(std::chrono::milliseconds(800));
  const auto before_stop = Clock::now();
  speaker.StopPlaying();
  const auto after_stop = Clock::now();
  const auto samples = static_cast<double>(JsonNumber(simulator.Stop(), "samples"));
  const double rate = 48000 * (1 + ppm * 1e-6);
  // Bounds that hold however slow this machine is; the device takes 480 samples at a time.
  CHECK(samples >= seconds(before_stop - after_start) * rate);
  CHECK(samples <= seconds(after_stop - before_start) * rate + 480);
}

TEST_CASE("sim item 17: the file is a valid WAV at any moment of a kill") {
  TempFolder folder;
  SimulatorProcess simulator(folder, SpeakerFlags(folder, 2));
  SpeakerClient speaker;
  speaker.WriteFrames(60);
  speaker.Start();
  REQUIRE(Eventually([&] { return Available(speaker.fifo()) < 50; }));
  simulator.Kill();
  const Wav wav = ReadWavStrictly(folder.Path("s.wav"));
  CHECK(RampLength(wav, 0, 0) >= 8 * kFrameSamples);
}

TEST_CASE("sim item 17: what cannot be a frame is refused") {
  TempFolder folder;
  SimulatorProcess simulator(folder, SpeakerFlags(folder, 2));
  SpeakerClient speaker;
  AMBA_NETFIFO_BITS_DESC_s desc = {};
  REQUIRE(AmbaNetFifo_PrepareEntry(speaker.fifo(), &desc) == 0);
  desc.Type = AMBA_FRAMEINFO_TYPE_AUDIO_FRAME;
  desc.Size = 4095;  // half a sample
  CHECK(AmbaNetFifo_WriteEntry(speaker.fifo(), &desc) < 0);
  desc.Size = 4096;
  desc.StartAddr += 4;  // not where it was told to write
  CHECK(AmbaNetFifo_WriteEntry(speaker.fifo(), &desc) < 0);
  desc.StartAddr -= 4;
  desc.Type = AMBA_FRAMEINFO_TYPE_IDR_FRAME;
  CHECK(AmbaNetFifo_WriteEntry(speaker.fifo(), &desc) < 0);
  CHECK(speaker.Send(77) < 0);
  AMBA_NETFIFO_BITS_DESC_s peeked;
  CHECK(Peek(speaker.fifo(), 0, &peeked) < 0);
}

TEST_CASE("sim item 17: the end of the sound is told by a mark, and DATA_CONSUMED by threshold") {
  TempFolder folder;
  SimulatorProcess simulator(folder, SpeakerFlags(folder, 1));
  SpeakerClient speaker;
  AMBA_NETFIFO_CFG_s config = ConfigFor(speaker.track(), speaker.client());
  config.EventDataConsumedThreshold = 2;
  const auto fifo = AmbaNetFifo_Create(&config);
  REQUIRE(fifo != nullptr);
  speaker.WriteFrames(4);
  AMBA_NETFIFO_BITS_DESC_s mark = {};
  mark.Type = AMBA_FRAMEINFO_TYPE_EOS;
  mark.Size = AMBA_NETFIFO_MARK_EOS;
  REQUIRE(AmbaNetFifo_WriteEntry(fifo, &mark) == 0);
  speaker.Start();
  speaker.WaitUntilPlayed();
  speaker.StopPlaying();
  CHECK(JsonNumber(simulator.Stop(), "underruns") == 0);
  // Of the five entries taken, the last two left fewer than two behind.
  CHECK(Eventually(
      [&] { return speaker.client().CountEvents(AMBA_NETFIFO_EVENT_DATA_CONSUMED, fifo) == 2; }));
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
