#include "dashvoip/audio/pull_buffer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <vector>

#include "dashvoip/audio/resampler.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kRate = 8000;
constexpr std::size_t kBlock = 160;

/** A device and a media thread on virtual time, each with a clock of its own. */
struct Rig {
  PullBuffer buffer{kRate};
  std::size_t chunk = 171;          // 21.3 ms
  double chunk_ns = 171e9 / kRate;  // how often the device delivers
  double block_ns = 160e9 / kRate;  // how often the media thread pulls
  std::function<double()> late = [] { return 0.0; };
  double next_chunk = 0;
  double next_block = 3e6;
  std::int16_t counter = 0;
  int good = 0;
  int silent = 0;
  std::vector<std::int16_t> heard;
  double level_sum = 0;

  void Run(double seconds, bool deliver = true) {
    const double until = next_block + seconds * 1e9;
    while (next_block < until) {
      if (next_chunk < next_block) {
        std::vector<std::int16_t> samples(chunk);
        for (auto& sample : samples)
          sample = counter = static_cast<std::int16_t>((counter + 1) % 30000);
        const double at = next_chunk + late();
        if (deliver) buffer.Write(samples.data(), chunk, static_cast<std::int64_t>(at));
        next_chunk += chunk_ns;
        continue;
      }
      std::int16_t out[kBlock];
      if (buffer.Pull(out, kBlock, static_cast<std::int64_t>(next_block))) {
        ++good;
        heard.insert(heard.end(), out, out + kBlock);
      } else {
        ++silent;
      }
      level_sum += buffer.queued_ms();
      next_block += block_ns;
    }
  }
  double MeanLevelMs() const { return level_sum / (good + silent); }
  int Jumps() const {
    int jumps = 0;
    for (std::size_t i = 1; i < heard.size(); ++i) {
      if (heard[i] != (heard[i - 1] + 1) % 30000) ++jumps;
    }
    return jumps;
  }
};

struct Range {
  double lowest_ms = 1e9;
  double highest_ms = -1e9;
};

/** A device on a clock of its own that resamples as it is told, in virtual time. */
struct DriftingRig {
  static constexpr std::size_t kChunk = 171;

  explicit DriftingRig(double ppm) : chunk_ns(kChunk * 1e9 / kRate / (1 + ppm * 1e-6)) {}

  PullBuffer buffer{kRate};
  Resampler resampler{kRate, kRate, Resampler::Ratio::kAdjustable};
  const double chunk_ns;
  double next_chunk = 0;
  double next_block = 3e6;
  double written = 0;
  double pulled = 0;
  int silent = 0;

  Range Run(double seconds) {
    Range range;
    const std::vector<std::int16_t> chunk(kChunk, 1000);
    std::vector<std::int16_t> resampled(resampler.MaxOutput(kChunk));
    for (const double until = next_block + seconds * 1e9; next_block < until;) {
      if (next_chunk < next_block) {
        resampler.Adjust(buffer.drift_ppm());
        const std::size_t n = resampler.Process(chunk.data(), kChunk, resampled.data());
        buffer.Write(resampled.data(), n, static_cast<std::int64_t>(next_chunk));
        written += static_cast<double>(n);
        next_chunk += chunk_ns;
        continue;
      }
      std::int16_t out[kBlock];
      const bool heard = buffer.Pull(out, kBlock, static_cast<std::int64_t>(next_block));
      heard ? pulled += kBlock : ++silent;
      // The delay without the sawtooth of chunks.
      const double delay = written + (next_block - (next_chunk - chunk_ns)) * kRate / 1e9 - pulled;
      range.lowest_ms = std::min(range.lowest_ms, delay * 1000 / kRate);
      range.highest_ms = std::max(range.highest_ms, delay * 1000 / kRate);
      next_block += 160e9 / kRate;
    }
    return range;
  }
};

constexpr std::size_t DriftingRig::kChunk;

TEST_CASE("pull buffer: equal clocks lose and double nothing, whatever the phase") {
  for (double phase = 0; phase < 21e6; phase += 1.7e6) {
    Rig rig;
    rig.next_block = phase;
    rig.Run(20);
    CHECK(rig.silent <= 4);
    CHECK(rig.buffer.underruns() == 0);
    CHECK(rig.Jumps() == 0);
    // A chunk, half a block and the margin, less what the block takes: the same at every phase.
    CHECK(rig.MeanLevelMs() < 25);
  }
}

TEST_CASE("pull buffer: clocks 200 ppm apart, an hour: nothing lost, the delay within 5 ms") {
  for (const double ppm : {-200.0, 200.0}) {
    DriftingRig rig(ppm);
    rig.Run(60);
    const Range settled = rig.Run(3540);
    CHECK(rig.buffer.underruns() == 0);
    CHECK(rig.buffer.overruns() == 0);
    CHECK(rig.silent <= 4);
    CHECK(settled.highest_ms - settled.lowest_ms < 5);
    CHECK(rig.buffer.drift_ppm() == doctest::Approx(ppm).epsilon(0.2));
  }
}

TEST_CASE("pull buffer: what a stall left behind goes in silence, and only there") {
  for (const bool silent : {false, true}) {
    PullBuffer buffer(kRate);
    std::vector<std::int16_t> chunk(kBlock, silent ? 3 : 3000);
    std::int16_t out[kBlock];
    std::int64_t now_ns = 0;
    const auto run = [&](int blocks) {
      for (int i = 0; i < blocks; ++i, now_ns += 20 * kNsPerMs) {
        buffer.Write(chunk.data(), kBlock, now_ns);
        buffer.Pull(out, kBlock, now_ns);
      }
    };
    run(400);
    const std::uint32_t before = buffer.queued_ms();
    for (int i = 0; i < 3; ++i) buffer.Write(chunk.data(), kBlock, now_ns);
    run(400);
    CHECK(buffer.overruns() == 0);
    CHECK(buffer.queued_ms() - before >= (silent ? 0 : 50));
    CHECK(buffer.queued_ms() - before <= (silent ? 20 : 60));
  }
}

TEST_CASE("pull buffer: a device that stops is silence, and starts anew with more margin") {
  Rig rig;
  rig.Run(1);
  const int before = rig.silent;
  rig.Run(1, false);
  CHECK(rig.buffer.underruns() == 1);
  CHECK(rig.silent - before >= 45);
  const int stopped = rig.silent;
  rig.Run(1);
  CHECK(rig.silent - stopped <= 5);
  CHECK(rig.buffer.underruns() == 1);
}

TEST_CASE("pull buffer: what came late is allowed for in the next call, and in time forgotten") {
  Rig rig;
  const auto level = [&rig] {
    rig.level_sum = 0;
    rig.good = rig.silent = 0;
    rig.Run(20);
    return rig.MeanLevelMs();
  };
  const double at_first = level();
  rig.Run(1, false);
  const double after = level();
  CHECK(after == doctest::Approx(at_first + 10).epsilon(0.05));
  rig.buffer.Restart();
  CHECK(level() == doctest::Approx(at_first + 5).epsilon(0.05));
  rig.buffer.Restart();
  CHECK(level() == doctest::Approx(at_first).epsilon(0.05));
  rig.buffer.Restart();
  CHECK(level() == doctest::Approx(at_first).epsilon(0.05));
  CHECK(rig.buffer.underruns() == 1);
}

TEST_CASE("pull buffer: the delay that an underrun brought is eased off by 100 ppm") {
  DriftingRig rig(0);
  const Range before = rig.Run(30);
  rig.next_chunk += 30e6;  // the device stalls and has lost that sound
  const Range after = rig.Run(4);
  REQUIRE(rig.buffer.underruns() == 1);
  CHECK(after.highest_ms - before.highest_ms > 8);
  int steepest = 0;
  for (int second = 0; second < 180; ++second) {
    rig.Run(1);
    steepest = std::max(steepest, std::abs(rig.buffer.drift_ppm()));
  }
  const Range eased = rig.Run(5);
  CHECK(std::abs(eased.highest_ms - before.highest_ms) < 3);
  CHECK(steepest <= 100 + 12);
  CHECK(steepest >= 50);
  CHECK(rig.buffer.underruns() == 1);
}

TEST_CASE(
    "pull buffer: in silence it is taken back within seconds, in pieces of less than a block") {
  for (const bool silent : {true, false}) {
    PullBuffer buffer(kRate);
    std::vector<std::int16_t> chunk(kBlock, silent ? 3 : 3000);
    std::int16_t out[kBlock];
    std::int64_t now_ns = 0;
    const auto run = [&](int blocks, bool deliver = true) {
      for (int i = 0; i < blocks; ++i, now_ns += 20 * kNsPerMs) {
        if (deliver) buffer.Write(chunk.data(), kBlock, now_ns);
        buffer.Pull(out, kBlock, now_ns + kNsPerMs);
      }
    };
    run(400);
    const std::uint32_t before = buffer.delay_ms();
    run(4, false);
    run(200);
    REQUIRE(buffer.underruns() == 1);
    const std::uint32_t grown = buffer.delay_ms();
    CHECK(grown - before >= 9);
    run(600);
    CHECK(buffer.delay_ms() == doctest::Approx(silent ? before : grown).epsilon(0.15));
    CHECK(buffer.underruns() == 1);
  }
}

TEST_CASE("pull buffer: tells the delay, the chunk that the device fills included") {
  Rig rig;
  rig.Run(10);
  // A chunk of 21.3 ms, 10 ms of margin and a block of 20 ms.
  CHECK(rig.buffer.delay_ms() >= 40);
  CHECK(rig.buffer.delay_ms() <= 56);
}

TEST_CASE("pull buffer: what nobody pulls is bounded, and the oldest goes") {
  PullBuffer buffer(kRate);
  std::vector<std::int16_t> chunk(160);
  std::int64_t now_ns = 0;
  for (int i = 0; i < 100; ++i, now_ns += 20 * kNsPerMs) {
    std::fill(chunk.begin(), chunk.end(), static_cast<std::int16_t>(i));
    buffer.Write(chunk.data(), chunk.size(), now_ns);
  }
  CHECK(buffer.overruns() > 0);
  CHECK(buffer.queued_ms() <= 300);
  std::int16_t out[kBlock];
  REQUIRE(buffer.Pull(out, kBlock, now_ns));
  CHECK(buffer.queued_ms() <= 120);
}

TEST_CASE("pull buffer: a restart forgets what was queued") {
  PullBuffer buffer(kRate);
  std::vector<std::int16_t> chunk(800, 7);
  buffer.Write(chunk.data(), chunk.size(), 0);
  buffer.Restart();
  std::int16_t out[kBlock] = {1};
  CHECK_FALSE(buffer.Pull(out, kBlock, 0));
  CHECK(out[0] == 0);
  CHECK(buffer.queued_ms() == 0);
}

}  // namespace
}  // namespace dashvoip
