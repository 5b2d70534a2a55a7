#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "netfifo_client.h"
#include "simulator_process.h"

namespace dashvoip {
namespace test {
namespace {

/** First key frame and the picture after it. */
struct Pair {
  Frame key, next;
};

Pair ReadPair(const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track, const NetFifoClient& client) {
  const auto fifo = CreateFifo(track, client);
  Pair pair;
  REQUIRE(Eventually([&] {
    pair.key = NextFrame(fifo, track);
    return pair.key.desc.Type == AMBA_FRAMEINFO_TYPE_IDR_FRAME;
  }));
  pair.next = NextFrame(fifo, track);
  CHECK(pair.key.desc.Completed == 1);
  return pair;
}

TEST_CASE("sim item 11: H.264 with AUD, SEI and NAL 26, parameter sets at key frames only") {
  TempFolder folder;
  WriteH264(folder.Path("v.h264"), 10, 60);
  SimulatorProcess simulator(folder, {"--video", folder.Path("v.h264"), "--fps", "50"});
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  const auto& track = info.Track[0];
  CHECK(track.nMediaId == AMP_FORMAT_MID_AVC);
  CHECK(track.Info.Video.nWidth == 64);
  CHECK(track.Info.Video.nHeight == 48);
  CHECK(track.Info.Video.nGOPSize == 10);
  const Pair pair = ReadPair(track, client);
  CHECK(ListNals(pair.key.payload, false).types == std::vector<int>{9, 7, 8, 6, 26, 5});
  CHECK(ListNals(pair.key.payload, false).start_codes == std::vector<int>(6, 4));
  CHECK(ListNals(pair.next.payload, false).types == std::vector<int>{9, 1});
  CHECK(pair.next.desc.Type == AMBA_FRAMEINFO_TYPE_P_FRAME);
  // The AUD is 6 bytes with its start code, the slice the rest.
  CHECK(pair.next.payload.size() == 6 + 4 + 60);
}

TEST_CASE("sim item 11: AUD, SEI and NAL 26 can be left out, and the media id be H264") {
  TempFolder folder;
  WriteH264(folder.Path("v.h264"), 10, 60);
  SimulatorProcess simulator(
      folder, {"--video", folder.Path("v.h264"), "--fps", "50", "--aud", "off", "--sei", "off",
               "--nal26", "off", "--video-media-id", "1", "--start-codes", "3"});
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  CHECK(info.Track[0].nMediaId == AMP_FORMAT_MID_H264);
  const Pair pair = ReadPair(info.Track[0], client);
  CHECK(ListNals(pair.key.payload, false).types == std::vector<int>{7, 8, 5});
  CHECK(ListNals(pair.key.payload, false).start_codes == std::vector<int>{4, 3, 3});
  CHECK(ListNals(pair.next.payload, false).types == std::vector<int>{1});
}

TEST_CASE("sim item 11: H.265 with start codes of both lengths") {
  TempFolder folder;
  WriteH265(folder.Path("v.h265"), 10, 61);
  SimulatorProcess simulator(folder, {"--video", folder.Path("v.h265"), "--codec", "h265", "--fps",
                                      "50", "--start-codes", "mixed"});
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  CHECK(info.Track[0].nMediaId == AMP_FORMAT_MID_HVC);
  CHECK(info.Track[0].Info.Video.nWidth == 64);
  CHECK(info.Track[0].Info.Video.nHeight == 48);
  const Pair pair = ReadPair(info.Track[0], client);
  const NalList key = ListNals(pair.key.payload, true);
  CHECK(key.types == std::vector<int>{35, 32, 33, 34, 39, 19});
  CHECK(std::count(key.start_codes.begin(), key.start_codes.end(), 3) > 0);
  CHECK(std::count(key.start_codes.begin(), key.start_codes.end(), 4) > 0);
  CHECK(ListNals(pair.next.payload, true).types == std::vector<int>{35, 1});
}

TEST_CASE("sim item 11: AAC comes raw, without ADTS, and may report 0 channels") {
  TempFolder folder;
  WriteAdts(folder.Path("a.aac"), 7, 90);
  SimulatorProcess simulator(folder, {"--audio", folder.Path("a.aac"), "--audio-channels", "0"});
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  const auto& track = TrackOf(info, AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO);
  CHECK(track.nMediaId == AMP_FORMAT_MID_AAC);
  CHECK(track.Info.Audio.nSampleRate == 48000);
  CHECK(track.Info.Audio.nChannels == 0);
  const auto fifo = CreateFifo(track, client);
  for (int i = 0; i < 9; ++i) {
    const Frame frame = NextFrame(fifo, track);
    CHECK(frame.desc.Type == AMBA_FRAMEINFO_TYPE_AUDIO_FRAME);
    const std::size_t index = frame.desc.Pts / 1280 % 7;
    CHECK(frame.payload == Bytes(90, FillOf(index)));
  }
}

TEST_CASE("sim item 11: PCM comes in frames of 1024 samples, endless and without a seam") {
  TempFolder folder;
  WriteWavRamp(folder.Path("a.wav"), 3000, 2);
  SimulatorProcess simulator(folder, {"--audio", folder.Path("a.wav")});
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  const auto& track = TrackOf(info, AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO);
  CHECK(track.nMediaId == AMP_FORMAT_MID_PCM);
  CHECK(track.Info.Audio.nChannels == 2);
  CHECK(track.Info.Audio.nBitsPerSample == 16);
  const auto fifo = CreateFifo(track, client);
  for (int i = 0; i < 6; ++i) {
    const Frame frame = NextFrame(fifo, track);
    REQUIRE(frame.payload.size() == 1024 * 2 * 2);
    const std::size_t first = frame.desc.Pts / 1280 * 1024;
    std::size_t wrong = 0;
    for (std::size_t at = 0; at < frame.payload.size(); at += 2) {
      const int sample = frame.payload[at] | frame.payload[at + 1] << 8;
      wrong += sample == RampSample((first + at / 4) % 3000) ? 0 : 1;
    }
    CHECK(wrong == 0);
  }
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
