#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "netfifo_client.h"
#include "simulator_process.h"

namespace dashvoip {
namespace test {
namespace {

TEST_CASE("sim item 4: frames straddle the ring's end at every split, outbound limit exclusive") {
  constexpr std::size_t kRing = 1009;  // prime: every split comes up
  constexpr std::size_t kFrame = 24;   // a P picture with its start code and without AUD
  TempFolder folder;
  WriteH264(folder.Path("v.h264"), 200, kFrame - 4);
  SimulatorProcess simulator(
      folder, {"--video", folder.Path("v.h264"), "--fps", "1000", "--aud", "off", "--ring-size",
               std::to_string(kRing), "--rpc-latency", "0-0"});
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  const auto& track = info.Track[0];
  CHECK(track.pBufferLimit - track.pBufferBase == kRing);
  const auto fifo = CreateFifo(track, client);

  std::set<std::size_t> splits;
  std::size_t wrong = 0;
  const auto read_one = [&] {
    AMBA_NETFIFO_BITS_DESC_s desc, again;
    if (Peek(fifo, 0, &desc) != 0) return false;
    const Bytes payload = CopyPayload(track, desc);
    // Overwritten while it was copied: the oldest entry is another one now.
    if (Peek(fifo, 0, &again) != 0 || again.SeqNum != desc.SeqNum) return true;
    REQUIRE(Remove(fifo, 1) == 0);
    if (payload.size() != kFrame) return true;
    // Whole and of one piece: start code, two bytes of header, then one value throughout.
    const Bytes start = {0, 0, 0, 1, 0x41, 0x98};
    const bool good = std::equal(start.begin(), start.end(), payload.begin()) &&
                      std::count(payload.begin() + 6, payload.end(), payload[6]) == kFrame - 6;
    wrong += good ? 0 : 1;
    const auto to_end = static_cast<std::size_t>(track.pBufferLimit - desc.StartAddr);
    if (to_end <= kFrame) splits.insert(to_end);
    return true;
  };
  const bool all = Eventually([&] {
    while (read_one() && splits.size() < kFrame) continue;
    return splits.size() == kFrame;
  });
  CHECK(all);
  CHECK(splits.count(1) == 1);
  CHECK(splits.count(kFrame - 1) == 1);
  CHECK(splits.count(kFrame) == 1);
  CHECK(wrong == 0);
}

TEST_CASE("sim item 4: stream-in wraps at an inclusive limit") {
  // 1024 samples are 2048 bytes: with 5000 of them the split moves by 904 each time.
  constexpr std::size_t kRing = 5000;
  TempFolder folder;
  SimulatorProcess simulator(folder,
                             {"--stream-in", "pcm", "--stream-in-channels", "1", "--stream-in-ring",
                              std::to_string(kRing), "--speaker-out", folder.Path("s.wav")});
  NetFifoClient client;
  AMBA_NETFIFO_MOVIE_INFO_CFG_s info;
  REQUIRE(AmbaNetFifo_GetMediaInfo(AMBA_NETFIFO_STREAM_ID_STREAMIN, &info) == 0);
  const auto& track = info.Track[0];
  CHECK(track.pBufferLimit - track.pBufferBase + 1 == kRing);
  const auto fifo = CreateFifo(track, client);
  AMBA_NETFIFO_STREAMIN_MSG_PARAM_s message = {AMBA_NETFIFO_STREAMIN_MSG_START, {0}};
  AMBA_NETFIFO_STREAMIN_MSG_PARAM_s answer;
  bool started = false;
  bool wrapped = false;
  for (std::size_t frame = 0; frame < 12; ++frame) {
    Bytes bytes;
    for (std::size_t i = 0; i < 1024; ++i) {
      const std::int16_t sample = RampSample(frame * 1024 + i);
      bytes.push_back(static_cast<std::uint8_t>(sample));
      bytes.push_back(static_cast<std::uint8_t>(sample >> 8));
    }
    AMBA_NETFIFO_BITS_DESC_s desc = {};
    REQUIRE(Eventually([&] {
      REQUIRE(AmbaNetFifo_PrepareEntry(fifo, &desc) == 0);
      if (desc.Size < bytes.size() && !started) {
        REQUIRE(AmbaNetFifo_StreamIn_MSG(&message, &answer) == 0);
        started = true;
      }
      return desc.Size >= bytes.size();
    }));
    const auto to_end = static_cast<std::size_t>(track.pBufferLimit - desc.StartAddr + 1);
    const std::size_t head = std::min(bytes.size(), to_end);
    wrapped = wrapped || head < bytes.size();
    std::copy(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(head), desc.StartAddr);
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(head), bytes.end(), track.pBufferBase);
    desc.Size = static_cast<unsigned int>(bytes.size());
    desc.Type = AMBA_FRAMEINFO_TYPE_AUDIO_FRAME;
    desc.Completed = 1;
    REQUIRE(AmbaNetFifo_WriteEntry(fifo, &desc) == 0);
  }
  CHECK(wrapped);
  AMBA_NETFIFO_FIFO_INFO_s left;
  REQUIRE(Eventually([&] { return AmbaNetFifo_GetInfo(fifo, &left) == 0 && !left.AvailEntries; }));
  simulator.Stop();

  // Underruns put silence between frames; the frames themselves must be whole and in order.
  const Wav wav = ReadWavStrictly(folder.Path("s.wav"));
  std::vector<std::int16_t> heard;
  for (const std::int16_t sample : wav.samples) {
    if (sample != 0) heard.push_back(sample);
  }
  REQUIRE(heard.size() == 12 * 1024);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < heard.size(); ++i) wrong += heard[i] == RampSample(i) ? 0 : 1;
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
