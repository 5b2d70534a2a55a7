#include "dashvoip/rtp/round_trip.h"

#include <doctest/doctest.h>

#include "dashvoip/base/time_units.h"
#include "dashvoip/rtp/ntp_time.h"

namespace dashvoip {
namespace {

/** Blocks about one report each, every five seconds. */
struct Fixture {
  /** @param elapsed ms from our report to the block. @param held DLSR as the peer tells it. */
  void Block(std::int64_t elapsed, std::int64_t held) {
    now += 5 * kNsPerSecond;
    round_trip.OnReportSent(NtpFromUnix(now));
    ReportBlock block;
    block.last_sr = NtpMiddle(NtpFromUnix(now));
    block.delay_since_last_sr = NtpShortFromNs(held * kNsPerMs);
    round_trip.OnBlock(block, NtpFromUnix(now + elapsed * kNsPerMs), jitter_ms);
  }

  std::int64_t now = 1700000000 * kNsPerSecond;
  double jitter_ms = 0;
  RoundTrip round_trip;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "round trip: what the peer did not hold, from the second block on") {
  Block(2000, 1980);
  CHECK_FALSE(round_trip.plausible());
  Block(700, 682);
  CHECK(round_trip.plausible());
  CHECK(round_trip.value() == doctest::Approx(18.0 * kNsPerMs).epsilon(0.01));
}

TEST_CASE_FIXTURE(Fixture, "round trip: a peer that leaves DLSR out, or counts it otherwise") {
  for (int i = 0; i < 8; ++i) Block(150 + 10 * (i % 3), 0);
  CHECK_FALSE(round_trip.plausible());
  for (int i = 0; i < 8; ++i) Block(300 * (i % 4), i % 4);  // far too small
  CHECK_FALSE(round_trip.plausible());
  for (int i = 0; i < 8; ++i) Block(300, 5000);  // far too large
  CHECK_FALSE(round_trip.plausible());
}

TEST_CASE_FIXTURE(Fixture, "round trip: figures that jitter cannot explain are not told") {
  for (const int trip : {76, 208, 131, 92, 190, 80}) Block(1000 + trip, 1000);
  CHECK_FALSE(round_trip.plausible());
  // A way that is like that shows it in its jitter.
  jitter_ms = 35;
  for (const int trip : {76, 208, 131, 92}) Block(1000 + trip, 1000);
  CHECK(round_trip.plausible());
  jitter_ms = 0;
  for (const int trip : {20, 21, 20, 22}) Block(1000 + trip, 1000);
  CHECK(round_trip.plausible());
}

TEST_CASE_FIXTURE(Fixture, "round trip: a little below nothing is rounding") {
  Block(1000, 1002);
  Block(1000, 1001);
  CHECK(round_trip.plausible());
  CHECK(round_trip.value() == 0);
}

TEST_CASE_FIXTURE(Fixture, "round trip: of the last four reports, and of no other") {
  ReportBlock block;
  block.last_sr = NtpMiddle(NtpFromUnix(now));
  block.delay_since_last_sr = 65536;
  for (int i = 0; i < 4; ++i) {
    round_trip.OnBlock(block, NtpFromUnix(now + kNsPerSecond), 0);
    CHECK_FALSE(round_trip.plausible());
  }
  round_trip.OnReportSent(NtpFromUnix(now));
  for (int i = 1; i < 4; ++i) round_trip.OnReportSent(NtpFromUnix(now + i * kNsPerSecond));
  for (int i = 0; i < 2; ++i) round_trip.OnBlock(block, NtpFromUnix(now + kNsPerSecond), 0);
  CHECK(round_trip.plausible());
  RoundTrip forgetful;
  for (int i = 0; i < 5; ++i) forgetful.OnReportSent(NtpFromUnix(now + i * kNsPerSecond));
  for (int i = 0; i < 2; ++i) forgetful.OnBlock(block, NtpFromUnix(now + kNsPerSecond), 0);
  CHECK_FALSE(forgetful.plausible());
}

}  // namespace dashvoip
