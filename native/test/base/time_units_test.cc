#include "dashvoip/base/time_units.h"

#include <doctest/doctest.h>

using namespace dashvoip;  // NOLINT: a test of one part

TEST_CASE("time units: a duration of ticks, to the nanosecond below") {
  CHECK(NsOfTicks(0, 8000) == 0);
  CHECK(NsOfTicks(1, 8000) == 125 * kNsPerUs);
  CHECK(NsOfTicks(160, 8000) == 20 * kNsPerMs);
  CHECK(NsOfTicks(48000, 48000) == kNsPerSecond);
  CHECK(NsOfTicks(1, 90000) == 11111);
  CHECK(NsOfTicks(-160, 8000) == -20 * kNsPerMs);
}

TEST_CASE("time units: the whole ticks of a duration") {
  CHECK(TicksOfNs(20 * kNsPerMs, 8000) == 160);
  CHECK(TicksOfNs(20 * kNsPerMs - 1, 8000) == 159);
  CHECK(TicksOfNs(kNsPerSecond, 44100) == 44100);
  CHECK(TicksOfNs(-20 * kNsPerMs, 8000) == -160);
}

TEST_CASE("time units: months of ticks, where the simple product would overflow") {
  constexpr std::int64_t kMonths = std::int64_t{1} << 40;  // 141 days at 90 kHz
  CHECK(NsOfTicks(kMonths, 90000) == 12216795864177777);
  CHECK(TicksOfNs(12216795864177778, 90000) == kMonths);
  constexpr std::int64_t kYear = 365 * 24 * 3600 * kNsPerSecond;
  CHECK(TicksOfNs(kYear, 48000) == std::int64_t{365} * 24 * 3600 * 48000);
  CHECK(NsOfTicks(std::int64_t{365} * 24 * 3600 * 48000, 48000) == kYear);
}
