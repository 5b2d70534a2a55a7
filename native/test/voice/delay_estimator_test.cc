#include "dashvoip/voice/delay_estimator.h"

#include <doctest/doctest.h>

#include "dashvoip/base/random_source.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr std::int64_t kPacket = 20 * kNsPerMs;

// Packets that leave every 20 ms and take what `way` says, ns.
template <typename Way>
void Feed(DelayEstimator* estimator, int first, int count, Way way) {
  for (int n = first; n < first + count; ++n) {
    const std::int64_t transit = way(n);
    estimator->OnPacket(n * kPacket + transit, transit, kPacket, false);
  }
}

TEST_CASE("delay: an even stream needs nothing but a bin") {
  DelayEstimator estimator;
  CHECK(estimator.Percentile97() == 0);
  Feed(&estimator, 0, 500, [](int) { return 50 * kNsPerMs; });
  CHECK(estimator.fastest() == 50 * kNsPerMs);
  CHECK(estimator.Percentile97() == 2 * kNsPerMs);
}

TEST_CASE("delay: the percentile of an even spread") {
  SeededRandom random(4);
  DelayEstimator estimator;
  Feed(&estimator, 0, 3000,
       [&random](int) { return static_cast<std::int64_t>(random.NextUnit() * 40 * kNsPerMs); });
  CHECK(estimator.Percentile97() >= 36 * kNsPerMs);
  CHECK(estimator.Percentile97() <= 42 * kNsPerMs);
}

TEST_CASE("delay: one packet in fifty may be late, one in twenty may not") {
  DelayEstimator rare;
  Feed(&rare, 0, 2000, [](int n) { return n % 50 == 0 ? 15 * kNsPerMs : 0; });
  CHECK(rare.Percentile97() == 2 * kNsPerMs);
  DelayEstimator frequent;
  Feed(&frequent, 0, 2000, [](int n) { return n % 20 == 0 ? 15 * kNsPerMs : 0; });
  CHECK(frequent.Percentile97() == 16 * kNsPerMs);
}

TEST_CASE("delay: a stall counts once, however many packets waited") {
  DelayEstimator estimator;
  Feed(&estimator, 0, 300, [](int) { return std::int64_t{0}; });
  Feed(&estimator, 300, 30, [](int n) { return (330 - n) * kPacket; });
  CHECK(estimator.Percentile97() == 2 * kNsPerMs);
  CHECK(estimator.newest_variation() == kPacket);
}

TEST_CASE("delay: packets that always come in fives need the wait of the first") {
  DelayEstimator estimator;
  Feed(&estimator, 0, 500, [](int n) { return (4 - n % 5) * kPacket; });
  CHECK(estimator.Percentile97() == 82 * kNsPerMs);
}

TEST_CASE("delay: a longer way for good is no jitter, once the old one is forgotten") {
  DelayEstimator estimator;
  Feed(&estimator, 0, 500, [](int) { return std::int64_t{0}; });
  Feed(&estimator, 500, 400, [](int) { return 60 * kNsPerMs; });
  CHECK(estimator.Percentile97() >= 60 * kNsPerMs);
  Feed(&estimator, 900, 200, [](int) { return 60 * kNsPerMs; });
  CHECK(estimator.fastest() == 60 * kNsPerMs);
  CHECK(estimator.Percentile97() <= 4 * kNsPerMs);
}

TEST_CASE("delay: what was needed once fades in tens of seconds") {
  DelayEstimator estimator;
  Feed(&estimator, 0, 500, [](int n) { return n % 2 == 0 ? 80 * kNsPerMs : 0; });
  CHECK(estimator.Percentile97() >= 80 * kNsPerMs);
  Feed(&estimator, 500, 3000, [](int) { return std::int64_t{0}; });
  CHECK(estimator.Percentile97() == 2 * kNsPerMs);
}

}  // namespace
}  // namespace dashvoip
