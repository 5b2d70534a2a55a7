#include "voice/network.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace test {
namespace {

constexpr int kPackets = 20000;
constexpr std::size_t kBytes = 200;

/** Ways of packets every 20 ms, ms, -1 for a lost one. */
std::vector<double> Ways(const NetworkForm& form, std::uint64_t seed = 3) {
  Network network(form, seed);
  std::vector<double> ways;
  for (std::int64_t n = 0; n < kPackets; ++n) {
    const std::int64_t sent = n * 20 * kNsPerMs;
    const Delivery delivery = network.Carry(sent, kBytes);
    ways.push_back(delivery.count == 0 ? -1 : static_cast<double>(delivery.at[0] - sent) / 1e6);
  }
  return ways;
}

double Share(const std::vector<double>& ways, bool (*of)(double)) {
  return static_cast<double>(std::count_if(ways.begin(), ways.end(), of)) / ways.size();
}

bool IsLost(double way) { return way < 0; }

TEST_CASE("network: loss has the share and the bursts that are asked for") {
  for (const double burst : {1.0, 3.0, 8.0}) {
    CAPTURE(burst);
    NetworkForm form;
    form.bad_to_good = 1 / burst;
    form.good_to_bad = 0.1 / 0.9 / burst;
    const std::vector<double> ways = Ways(form);
    int bursts = 0;
    for (std::size_t i = 1; i < ways.size(); ++i) bursts += IsLost(ways[i]) && !IsLost(ways[i - 1]);
    const double lost = Share(ways, IsLost);
    CHECK(lost == doctest::Approx(0.1).epsilon(0.12));
    CHECK(lost * kPackets / bursts == doctest::Approx(burst).epsilon(0.1));
  }
}

TEST_CASE("network: jitter has the form that is asked for, and the fastest packet the way") {
  NetworkForm form;
  form.jitter_ms = 30;
  const struct {
    NetworkForm::Jitter jitter;
    double mean;
    double deviation;
  } forms[] = {{NetworkForm::Jitter::kUniform, 15, 30 / std::sqrt(12.0)},
               {NetworkForm::Jitter::kNormal, 90, 30},
               {NetworkForm::Jitter::kExponential, 30, 30}};
  for (const auto& expected : forms) {
    form.jitter = expected.jitter;
    const std::vector<double> ways = Ways(form);
    double sum = 0;
    double squares = 0;
    for (const double way : ways) sum += way - form.way_ms;
    const double mean = sum / kPackets;
    for (const double way : ways) squares += std::pow(way - form.way_ms - mean, 2);
    CHECK(mean == doctest::Approx(expected.mean).epsilon(0.03));
    CHECK(std::sqrt(squares / kPackets) == doctest::Approx(expected.deviation).epsilon(0.03));
    CHECK(*std::min_element(ways.begin(), ways.end()) >= form.way_ms);
  }
}

TEST_CASE("network: packets overtake one another unless order is kept") {
  NetworkForm form;
  form.jitter = NetworkForm::Jitter::kUniform;
  form.jitter_ms = 100;
  const auto overtaken = [&] {
    const std::vector<double> ways = Ways(form);
    int count = 0;
    for (std::size_t i = 1; i < ways.size(); ++i) count += ways[i] + 20.01 < ways[i - 1];
    return count;
  };
  CHECK(overtaken() > kPackets / 5);
  form.overtaking = false;
  CHECK(overtaken() == 0);
  form.jitter = NetworkForm::Jitter::kNone;
  form.reordered = 0.02;
  form.held_ms = 50;
  CHECK(overtaken() == doctest::Approx(0.02 * kPackets).epsilon(0.2));
}

TEST_CASE("network: a line that is too slow fills its queue, and loses what finds it full") {
  NetworkForm form;
  form.rate_kbit = 64;  // of 80 that are sent
  form.queue_ms = 150;
  const std::vector<double> ways = Ways(form);
  CHECK(Share(ways, IsLost) == doctest::Approx(0.2).epsilon(0.05));
  const double longest = *std::max_element(ways.begin(), ways.end());
  CHECK(longest <= form.way_ms + form.queue_ms + 25);
  CHECK(longest > form.way_ms + form.queue_ms);
  form.rate_kbit = 100;
  CHECK(Share(Ways(form), IsLost) == 0);
}

TEST_CASE("network: behind a stall all comes at once") {
  NetworkForm form;
  form.stall_every_s = 10;
  form.stall_ms = 2000;
  const std::vector<double> ways = Ways(form);
  CHECK(ways[490] == form.way_ms);
  CHECK(ways[500] == 2000);  // would come 40 ms after the stall began, and comes at its end
  CHECK(ways[550] == 1000);
  CHECK(ways[599] == form.way_ms);
  Network network(form, 1);
  CHECK_FALSE(network.Stalled(1 * kNsPerSecond));
  CHECK_FALSE(network.Stalled(9999 * kNsPerMs));
  CHECK(network.Stalled(10001 * kNsPerMs));
  CHECK_FALSE(network.Stalled(12001 * kNsPerMs));
}

TEST_CASE("network: duplicates, a longer way and a trace") {
  NetworkForm form;
  form.duplicated = 1;
  Network network(form, 1);
  CHECK(network.Carry(0, kBytes).count == 2);
  form.shifts.push_back({5, 70});
  form.jitter = NetworkForm::Jitter::kTrace;
  form.trace = {1, -1, 3};
  const std::vector<double> ways = Ways(form);
  CHECK(ways[0] == form.way_ms + 1);
  CHECK(ways[1] == -1);
  CHECK(ways[2] == form.way_ms + 3);
  CHECK(ways[3] == form.way_ms + 1);
  CHECK(ways[252] == form.way_ms + 71);
}

TEST_CASE("network: the same seed makes the same network") {
  NetworkForm form;
  form.jitter = NetworkForm::Jitter::kNormal;
  form.jitter_ms = 10;
  form.good_to_bad = 0.05;
  form.bad_to_good = 0.5;
  CHECK(Ways(form, 9) == Ways(form, 9));
  CHECK(Ways(form, 9) != Ways(form, 10));
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
