#include "dashvoip/video/video_clock.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <limits>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

TEST_CASE("video clock: any scale becomes 90 kHz, without drift over hours") {
  for (const std::uint32_t timescale : {90000u, 30000u, 60000u, 240000u, 1001u, 0u}) {
    CAPTURE(timescale);
    const std::uint64_t scale = timescale == 0 ? 90000 : timescale;
    VideoClock clock(1000);
    std::uint32_t timestamp = 0;
    for (std::uint64_t second = 0; second <= 20000; ++second) {
      timestamp = clock.OnPicture(77 + second * scale, timescale, 1,
                                  static_cast<std::int64_t>(second) * 1000 * kNsPerMs);
    }
    CHECK(timestamp == 1000 + 20000u * 90000u);
  }
}

TEST_CASE("video clock: a queued start keeps the distances of the camera") {
  VideoClock clock(0);
  // Thirty pictures come at once.
  std::uint32_t timestamp = 0;
  for (std::uint64_t n = 0; n < 30; ++n)
    timestamp = clock.OnPicture(n * 1001, 30000, 1, 5 * kNsPerMs);
  CHECK(timestamp == 29 * 3003);
  // The last was taken just now, so the first nearly a second ago.
  CHECK(clock.sampling_instant() == 5 * kNsPerMs);
}

TEST_CASE("video clock: a new stream goes on by the time that passed") {
  VideoClock clock(0);
  clock.OnPicture(1000000, 90000, 1, 0);
  const std::uint32_t before = clock.OnPicture(1003000, 90000, 1, 33 * kNsPerMs);
  const std::uint32_t after = clock.OnPicture(0, 30000, 2, 533 * kNsPerMs);
  CHECK(after - before == 45000);
  CHECK(clock.OnPicture(1000, 30000, 2, 566 * kNsPerMs) - after == 3000);
}

TEST_CASE("video clock: PTS that restarts or leaps without notice is a new stream too") {
  VideoClock clock(0);
  std::uint32_t previous = clock.OnPicture(std::uint64_t{1} << 62, 90000, 1, 0);
  std::uint32_t next = clock.OnPicture(0, 90000, 1, 40 * kNsPerMs);
  CHECK(next - previous == 3600);
  previous = next;
  next = clock.OnPicture(std::numeric_limits<std::uint64_t>::max(), 90000, 1, 80 * kNsPerMs);
  CHECK(next - previous == 3600);
  // At the same instant it still moves.
  CHECK(clock.OnPicture(0, 90000, 1, 80 * kNsPerMs) - next == 1);
}

TEST_CASE("video clock: a pause of the camera is a pause of the clock") {
  VideoClock clock(0);
  clock.OnPicture(0, 90000, 1, 0);
  CHECK(clock.OnPicture(90000 * 60, 90000, 1, 60000 * kNsPerMs) == 90000 * 60);
}

TEST_CASE("video clock: the sampling instant follows the fastest picture") {
  VideoClock clock(0);
  clock.OnPicture(0, 90000, 1, 100 * kNsPerMs);
  clock.OnPicture(3600, 90000, 1, 130 * kNsPerMs);  // 10 ms faster on its way
  CHECK(clock.sampling_instant() == 130 * kNsPerMs);
  clock.OnPicture(7200, 90000, 1, 190 * kNsPerMs);  // 20 ms slower
  CHECK(clock.sampling_instant() == doctest::Approx(170.0 * kNsPerMs).epsilon(0.0001));
}

}  // namespace
}  // namespace dashvoip
