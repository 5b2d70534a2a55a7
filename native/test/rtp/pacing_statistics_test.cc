#include "dashvoip/rtp/pacing_statistics.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "dashvoip/base/random_source.h"

namespace dashvoip {
namespace {

TEST_CASE("pacing: nothing sent, nothing said") {
  const PacingSnapshot snapshot = PacingStatistics().Snapshot();
  CHECK(snapshot.packets == 0);
  CHECK(snapshot.p99_us == 0);
}

TEST_CASE("pacing: one packet, early as late") {
  PacingStatistics late;
  late.OnSent(1000000000, 1000123000);
  CHECK(late.Snapshot().mean_us == doctest::Approx(123));
  CHECK(late.Snapshot().max_us == 123);
  CHECK(late.Snapshot().p99_us == 123);
  PacingStatistics early;
  early.OnSent(1000123000, 1000000000);
  CHECK(early.Snapshot().max_us == 123);
}

TEST_CASE("pacing: p99 agrees with a sorted list within its bin, over all sizes") {
  for (const double scale : {100.0, 3000.0, 200000.0}) {
    SeededRandom random(7);
    PacingStatistics statistics;
    std::vector<double> values;
    for (int i = 0; i < 20000; ++i) {
      const double us = random.NextUnit() * random.NextUnit() * scale;
      values.push_back(us);
      statistics.OnSent(0, static_cast<std::int64_t>(us * 1000));
    }
    std::sort(values.begin(), values.end());
    const double exact = values[values.size() * 99 / 100];
    CHECK(statistics.Snapshot().p99_us >= exact * 0.99 - 1);
    CHECK(statistics.Snapshot().p99_us <= exact * 1.07 + 6);
    CHECK(statistics.Snapshot().max_us == static_cast<std::uint32_t>(values.back()));
  }
}

TEST_CASE("pacing: beyond the last bin the greatest is said") {
  PacingStatistics statistics;
  statistics.OnSent(0, 5000000000);
  CHECK(statistics.Snapshot().p99_us == 5000000);
}

}  // namespace
}  // namespace dashvoip
