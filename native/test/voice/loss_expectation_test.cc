#include "dashvoip/voice/loss_expectation.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "dashvoip/base/random_source.h"
#include "dashvoip/voice/recent_loss.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kRate = 8000;
constexpr std::uint32_t kSlot = kRate / 50;

/** A call whose link loses ten of a hundred packets, both ways, from some moment on. */
struct Onset {
  double by_reports;  // s, until the far end has said so
  double by_both;     // s, until it has, or we have seen it
};

Onset Begin(std::uint32_t seed) {
  SeededRandom random(seed);
  // RFC 3550 §6.3.1: of an interval of 4.5 s.
  const auto interval = [&random] { return 4.5 * (0.5 + random.NextUnit()) / 1.21828; };
  const double begin = 10 + 5 * random.NextUnit();
  JitterBufferSnapshot buffer;
  RecentLoss ours(kRate);
  LossExpectation expectation;
  double report = interval();
  double theirs = 0;  // lost since the last report
  double sent = 0;
  Onset onset = {0, 0};
  for (double now = 0; onset.by_reports == 0 || onset.by_both == 0; now += 0.02) {
    const double loss = now < begin ? 0 : 0.1;
    (random.NextUnit() < loss ? buffer.concealed : buffer.played) += kSlot;
    theirs += random.NextUnit() < loss ? 1 : 0;
    ++sent;
    ours.OnSlot(buffer);
    double expected = expectation.OnSlot(ours.share());
    if (now >= report) {
      const double reported = expectation.OnReport(theirs / sent, ours.share());
      if (reported > 0 && onset.by_reports == 0) onset.by_reports = now - begin;
      expected = std::max(expected, reported);
      theirs = sent = 0;
      report = now + interval();
    }
    if (expected > 0 && onset.by_both == 0) onset.by_both = now - begin;
  }
  return onset;
}

TEST_CASE("loss expectation: what we lose ourselves tells of a bad link before a report does") {
  constexpr int kCalls = 500;
  Onset mean = {0, 0};
  Onset worst = {0, 0};
  for (std::uint32_t seed = 1; seed <= kCalls; ++seed) {
    const Onset onset = Begin(seed);
    CHECK(onset.by_both > 0);
    CHECK(onset.by_both <= onset.by_reports);
    mean.by_reports += onset.by_reports / kCalls;
    mean.by_both += onset.by_both / kCalls;
    worst.by_reports = std::max(worst.by_reports, onset.by_reports);
    worst.by_both = std::max(worst.by_both, onset.by_both);
  }
  CHECK(mean.by_both < 0.6 * mean.by_reports);
  CHECK(worst.by_both < 0.75 * worst.by_reports);
}

TEST_CASE("loss expectation: the far end's word counts, until we lose more than we did then") {
  LossExpectation expectation;
  CHECK(expectation.OnSlot(0.009) == 0);
  CHECK(expectation.OnSlot(0.011) == doctest::Approx(0.011));
  CHECK(expectation.OnSlot(0.012) == 0);
  CHECK(expectation.OnSlot(0.05) == doctest::Approx(0.05));
  // It loses nothing: what we lose is ours alone.
  CHECK(expectation.OnReport(0, 0.05) == 0);
  CHECK(expectation.OnSlot(0.055) == 0);
  CHECK(expectation.OnSlot(0.07) == doctest::Approx(0.07));
  // What is over is no measure of what comes.
  CHECK(expectation.OnReport(0.02, 0) == doctest::Approx(0.02));
  CHECK(expectation.OnSlot(0.02) == doctest::Approx(0.02));
}

}  // namespace
}  // namespace dashvoip
