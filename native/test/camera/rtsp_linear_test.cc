#include <doctest/doctest.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "dashvoip/base/time_units.h"
#include "dashvoip/camera/rtsp_track.h"
#include "sim/synthetic_media.h"

namespace dashvoip {
namespace {

using test::Bytes;

constexpr std::size_t kShort = 8 * 1024;
/** Long enough for a quadratic step to take seconds. */
constexpr std::size_t kTimes = 8;
/** Nobody is kept waiting by that, whatever the growth. */
constexpr std::int64_t kUnnoticedNs = 100 * kNsPerMs;
constexpr int kRounds = 5;

/** What this thread alone has used of a processor: how busy the machine is says nothing. */
std::int64_t SpentNs() {
  timespec spent = {};
  REQUIRE(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent) == 0);
  return spent.tv_sec * kNsPerSecond + spent.tv_nsec;
}

Bytes Repeated(const Bytes& filler, std::size_t size) {
  Bytes bytes;
  bytes.reserve(size + filler.size());
  while (bytes.size() < size) bytes.insert(bytes.end(), filler.begin(), filler.end());
  return bytes;
}

/** The shortest of some runs; one that goes unnoticed needs no second. */
template <typename Run>
std::int64_t Best(const Run& run, const Bytes& input) {
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  for (int round = 0; round < kRounds && best >= kUnnoticedNs; ++round) {
    const std::int64_t begun = SpentNs();
    run(input);
    best = std::min(best, SpentNs() - begun);
  }
  return best;
}

/** Eight times as much may take 24 times as long, where a quadratic step would take 64 times. */
template <typename Run>
void CheckLinear(const Bytes& filler, const Run& run) {
  const std::int64_t longer = Best(run, Repeated(filler, kTimes * kShort));
  if (longer < kUnnoticedNs) return;
  const std::int64_t shorter = Best(run, Repeated(filler, kShort));
  CAPTURE(shorter);
  CHECK(longer < std::max(kUnnoticedNs, 3 * static_cast<std::int64_t>(kTimes) * shorter));
}

dashvoip_rtsp_track TrackOf(std::uint32_t codec) {
  dashvoip_rtsp_track track = {};
  track.codec = codec;
  track.kind = codec == DASHVOIP_RTSP_H264 ? CL_VIDEO : CL_AUDIO;
  track.timescale = 90000;
  track.sample_rate = 8000;
  track.channels = 1;
  return track;
}

/** What a server may send without end: start codes, NAL units of each kind, zeros, emulation
 * prevention. */
const Bytes kFillers[] = {
    {0},
    {0xFF},
    {0, 0, 1},
    {0, 0, 0, 1},
    {0, 0, 3},
    {0, 0, 1, 0x67, 66, 0, 30, 0xFF},
    {0, 0, 1, 0x67},
    {0, 0, 1, 0x68, 0xCE},
    {0, 0, 1, 0x09, 0xF0},
    {0, 0, 1, 0x06, 0x05, 0xFF},
    {0, 0, 1, 0x65, 0x88},
    {0, 0, 1, 0x41, 0, 0, 3},
    {0, 0, 1, 0x67, 0, 0, 3, 0},
};
const std::uint32_t kCodecs[] = {DASHVOIP_RTSP_H264, DASHVOIP_RTSP_AAC,  DASHVOIP_RTSP_L16,
                                 DASHVOIP_RTSP_PCMA, DASHVOIP_RTSP_PCMU, DASHVOIP_RTSP_OTHER};

}  // namespace

TEST_CASE("rtsp track: the time that a frame takes grows with its length and no faster") {
  for (const std::uint32_t codec : kCodecs) {
    for (const Bytes& filler : kFillers) {
      CAPTURE(codec);
      CAPTURE(filler.size());
      CAPTURE(static_cast<unsigned>(filler.back()));
      CheckLinear(filler, [codec](const Bytes& input) {
        RtspTrack track(TrackOf(codec));
        dashvoip_rtsp_packet packet = {};
        packet.data = input.data();
        packet.size = static_cast<std::uint32_t>(input.size());
        // The second one meets what the first has left.
        track.Take(packet);
        track.Take(packet);
      });
    }
  }
}

TEST_CASE("rtsp track: the time that a description's parameter sets take grows with their length") {
  for (const std::uint32_t codec : kCodecs) {
    for (const Bytes& filler : kFillers) {
      CAPTURE(codec);
      CAPTURE(filler.size());
      CheckLinear(filler, [codec](const Bytes& input) {
        dashvoip_rtsp_track from = TrackOf(codec);
        from.setup = input.data();
        from.setup_size = static_cast<std::uint32_t>(input.size());
        RtspTrack track(from);
        CHECK(track.info().kind == from.kind);
      });
    }
  }
}

}  // namespace dashvoip
