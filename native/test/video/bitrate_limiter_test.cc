#include "dashvoip/video/bitrate_limiter.h"

#include <doctest/doctest.h>

#include <initializer_list>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kLimit = 1024000;

struct Stream {
  BitrateLimiter limiter;
  std::int64_t now = 0;
  double bits = 0;
  int sent = 0;
  int torn = 0;  // sent behind one of its group that was left out
  int began = 0;

  /** Pictures of 33 ms, groups of `group`, `rate` bit/s, for `seconds`. */
  void Run(double rate, int group, int seconds) {
    bool whole = true;
    for (int i = 0; i < seconds * 30; ++i, now += 33333333) {
      const auto bytes = static_cast<std::size_t>(rate / 30 / 8);
      const bool key = i % group == 0;
      const bool admitted = limiter.Admit(key, bytes, now);
      if (key) whole = true;
      if (admitted && !whole) ++torn;
      whole = whole && admitted;
      if (!admitted) continue;
      if (key) ++began;
      ++sent;
      bits += static_cast<double>(bytes) * 8;
    }
  }
};

TEST_CASE("bitrate limiter: what keeps to the limit, or has none, goes whole") {
  Stream within;
  within.limiter.SetLimit(kLimit);
  within.Run(900000, 30, 60);
  CHECK(within.limiter.left_out() == 0);
  Stream unlimited;
  unlimited.Run(20e6, 30, 60);
  CHECK(unlimited.limiter.left_out() == 0);
}

TEST_CASE("bitrate limiter: twice the limit is every second group, none of them torn") {
  for (const int group : {10, 30, 60}) {
    CAPTURE(group);
    Stream stream;
    stream.limiter.SetLimit(kLimit);
    stream.Run(2.07e6, group, 120);
    CHECK(stream.torn == 0);
    CHECK(stream.sent == stream.began * group);
    CHECK(stream.bits / 120 < kLimit);
    CHECK(stream.bits / 120 > 0.75 * kLimit);
    CHECK(static_cast<std::uint64_t>(stream.sent) + stream.limiter.left_out() == 3600);
  }
}

TEST_CASE("bitrate limiter: a group without end is cut short, and the next one begins") {
  Stream stream;
  stream.limiter.SetLimit(kLimit);
  stream.Run(8e6, 300, 120);
  CHECK(stream.torn == 0);
  CHECK(stream.began == 12);
  CHECK(stream.bits / 120 < kLimit);
}

TEST_CASE("bitrate limiter: when the limit goes, the next key frame begins at once") {
  Stream stream;
  stream.limiter.SetLimit(kLimit);
  stream.Run(8e6, 300, 5);
  REQUIRE(stream.limiter.leaving_out());
  stream.limiter.SetLimit(0);
  CHECK_FALSE(stream.limiter.Admit(false, 1000, stream.now));
  CHECK(stream.limiter.Admit(true, 1000, stream.now));
  CHECK(stream.limiter.Admit(false, 1000, stream.now));
}

TEST_CASE("rate meter: the mean of two seconds, and nothing when nothing is sent") {
  RateMeter meter;
  CHECK(meter.Rate(0) == 0);
  std::int64_t now = 1000000 * kNsPerMs;
  for (int i = 0; i < 500; ++i, now += 10 * kNsPerMs) meter.OnSent(1250, now);
  CHECK(meter.Rate(now) == doctest::Approx(1e6).epsilon(0.03));
  CHECK(meter.Rate(now + 1000 * kNsPerMs) == doctest::Approx(4.3e5).epsilon(0.1));
  CHECK(meter.Rate(now + 3000 * kNsPerMs) == 0);
}

}  // namespace
}  // namespace dashvoip
