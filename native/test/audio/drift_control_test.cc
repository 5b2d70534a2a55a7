#include "dashvoip/audio/drift_control.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <vector>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kRate = 8000;
constexpr double kBlock = 160;
constexpr double kMs = kRate / 1000.0;

/** A buffer between two clocks, in virtual time: what comes in runs fast by `drift_ppm`. */
struct Buffer {
  DriftControl control{kRate};
  std::function<double()> noise = [] { return 0.0; };
  double level = 30 * kMs;
  std::int64_t now_ns = 0;
  double lowest = 1e9;
  double highest = -1e9;
  int steepest = 0;

  void Run(double seconds, double drift_ppm) {
    for (int i = 0; i < seconds * 50; ++i) {
      now_ns += 20 * kNsPerMs;
      level += kBlock * (drift_ppm - control.ppm()) * 1e-6;
      control.Update(level + noise(), now_ns);
      lowest = std::min(lowest, level);
      highest = std::max(highest, level);
      steepest = std::max(steepest, std::abs(control.ppm()));
    }
  }
};

TEST_CASE(
    "drift control: equal clocks are left alone, whatever the beat of blocks against frames") {
  Buffer buffer;
  unsigned step = 0;
  buffer.noise = [&step] { return step++ % 16 * 10 - 75.0; };
  buffer.Run(600, 0);
  CHECK(buffer.steepest == 0);
  CHECK(buffer.level == 30 * kMs);
}

TEST_CASE("drift control: crystals 200 ppm apart, an hour: within 5 ms all the time") {
  for (const double ppm : {-200.0, -20.0, 20.0, 200.0}) {
    Buffer buffer;
    buffer.Run(3600, ppm);
    CHECK(buffer.highest - buffer.lowest < 5 * kMs);
    CHECK(std::fabs(buffer.level - 30 * kMs) < 1 * kMs);
    CHECK(buffer.steepest < 300);
  }
}

TEST_CASE("drift control: what it knows of the clocks outlives a new beginning") {
  Buffer buffer;
  buffer.Run(600, 150);
  CHECK(std::abs(buffer.control.ppm() - 150) < 15);
  buffer.level = 80 * kMs;
  buffer.control.Learn();
  CHECK(std::abs(buffer.control.ppm() - 150) < 15);
  buffer.Run(60, 150);
  CHECK(std::fabs(buffer.level - 80 * kMs) < 1 * kMs);
}

TEST_CASE("drift control: a stall hardly bends the sound, and goes while nobody speaks") {
  Buffer buffer;
  const std::int16_t spoken[] = {0, 1000, 0, -1000};
  const std::vector<std::int16_t> silent(static_cast<std::size_t>(kBlock));
  buffer.Run(600, 100);
  const int ppm = buffer.control.ppm();
  buffer.level += 60 * kMs;
  buffer.Run(60, 100);
  CHECK(buffer.steepest < 250);
  CHECK(buffer.level > 80 * kMs);
  CHECK_FALSE(buffer.control.SkipSilent(spoken, 4));
  while (buffer.control.SkipSilent(silent.data(), silent.size())) buffer.level -= kBlock;
  CHECK(buffer.level < 51 * kMs);
  buffer.Run(400, 100);
  CHECK(buffer.steepest < 250);
  CHECK(std::fabs(buffer.level - 30 * kMs) < 1 * kMs);
  CHECK(std::abs(buffer.control.ppm() - ppm) < 15);
}

TEST_CASE("drift control: where it never gets silent a stall is taken back slowly") {
  Buffer buffer;
  buffer.Run(10, 0);
  buffer.level += 60 * kMs;
  buffer.Run(700, 0);
  CHECK(buffer.steepest < 150);
  CHECK(std::fabs(buffer.level - 30 * kMs) < 1 * kMs);
}

TEST_CASE("drift control: a stall that its user knows of is the same") {
  Buffer buffer;
  const std::vector<std::int16_t> silent(static_cast<std::size_t>(kBlock));
  buffer.Run(10, 0);
  CHECK_FALSE(buffer.control.SkipSilent(silent.data(), silent.size()));
  buffer.level += 2 * kMs;
  buffer.control.Stalled(2 * kMs);
  buffer.Run(60, 0);
  CHECK(buffer.steepest < 150);
  buffer.control.Stalled(45 * kMs);
  CHECK(buffer.control.SkipSilent(silent.data(), silent.size()));
  CHECK(buffer.control.SkipSilent(silent.data(), silent.size()));
  CHECK_FALSE(buffer.control.SkipSilent(silent.data(), silent.size()));
}

TEST_CASE("drift control: a margin that was lost is made good") {
  Buffer buffer;
  buffer.Run(10, 0);
  buffer.level -= 15 * kMs;
  buffer.Run(200, 0);
  CHECK(buffer.steepest == DriftControl::kMostPpm);
  CHECK(std::fabs(buffer.level - 30 * kMs) < 2 * kMs);
}

}  // namespace
}  // namespace dashvoip
