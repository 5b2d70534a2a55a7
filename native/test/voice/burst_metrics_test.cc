// Shows RFC 3611.

#include "dashvoip/voice/burst_metrics.h"

#include <doctest/doctest.h>

#include <string>

namespace dashvoip {
namespace {

/** Packets as letters: x is lost. */
BurstMetrics::Figures Of(const std::string& packets) {
  BurstMetrics metrics;
  for (const char packet : packets) {
    if (packet == 'x') {
      metrics.OnLost();
    } else {
      metrics.OnHeard();
    }
  }
  return metrics.Get();
}

std::string Heard(std::size_t count) { return std::string(count, '.'); }

TEST_CASE("bursts: a loss by itself belongs to the gap") {
  const BurstMetrics::Figures figures = Of(Heard(40) + "x" + Heard(39) + "x" + Heard(19));
  CHECK(figures.burst_density == 0);
  CHECK(figures.burst_packets == 0);
  CHECK(figures.gap_density == doctest::Approx(0.02));
  CHECK(figures.gap_packets == 100);
}

TEST_CASE("bursts: sixteen heard packets end one, fifteen do not") {
  const BurstMetrics::Figures one = Of(Heard(50) + "x" + Heard(15) + "x" + Heard(50));
  CHECK(one.burst_packets == 17);
  CHECK(one.burst_density == doctest::Approx(2.0 / 17));
  CHECK(one.gap_packets == 50);
  CHECK(one.gap_density == 0);
  const BurstMetrics::Figures none = Of(Heard(50) + "x" + Heard(16) + "x" + Heard(50));
  CHECK(none.burst_packets == 0);
  CHECK(none.gap_density == doctest::Approx(2.0 / 118));
}

TEST_CASE("bursts: the mean of several, and one that has not ended counts") {
  const BurstMetrics::Figures figures = Of(Heard(20) + "xx" + Heard(20) + "xx.x");
  CHECK(figures.burst_packets == 3);
  CHECK(figures.burst_density == doctest::Approx(5.0 / 6));
  CHECK(figures.gap_packets == doctest::Approx(40.0 / 3));
}

TEST_CASE("bursts: nothing yet") {
  const BurstMetrics::Figures figures = Of("");
  CHECK(figures.gap_density == 0);
  CHECK(figures.gap_packets == 0);
}

}  // namespace
}  // namespace dashvoip
