// Shows RFC 5104.

#include "dashvoip/video/rate_control.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>

#include "dashvoip/base/time_units.h"
#include "dashvoip/video/bitrate_limiter.h"
#include "dashvoip/video/video_pacer.h"

namespace dashvoip {
namespace {

struct Reports {
  void Say(double lost, std::int64_t round_trip_ms, std::uint32_t sent, bool limited = true) {
    now += kNsPerSecond;
    control.OnReport({lost, round_trip_ms * kNsPerMs, sent, limited}, now);
  }
  RateControl control;
  std::int64_t now = kNsPerSecond;
};

constexpr std::size_t kPacketBytes = 1200;
constexpr std::size_t kSoundBytes = 200;

/** A way with a queue in front of it, drop-tail. */
struct Way {
  bool Take(std::size_t bytes, std::int64_t now) {
    Drain(now);
    if (queued + static_cast<double>(bytes) > kQueueBytes) return false;
    queued += static_cast<double>(bytes);
    return true;
  }
  void Drain(std::int64_t now) {
    queued = std::max(0.0, queued - static_cast<double>(now - last) / kNsPerSecond * rate / 8);
    last = now;
  }
  std::int64_t Delay() const { return static_cast<std::int64_t>(queued * 8 / rate * kNsPerSecond); }

  static constexpr double kQueueBytes = 64 * 1024;
  double rate = 4e6;
  double queued = 0;
  std::int64_t last = 0;
};

/** Sound, and 2 Mbit/s of picture in groups of a second, over a way; a report each second. */
struct Call {
  static constexpr std::int64_t kSteps = 5;  // ms
  static constexpr std::size_t kCameraQueue = 16;

  void Run(int seconds) {
    for (const std::int64_t end = now + seconds * kNsPerSecond; now < end;
         now += kSteps * kNsPerMs) {
      const std::int64_t ms = now / kNsPerMs;
      if (ms % 20 == 0 && !way.Take(kSoundBytes, now)) ++sound_lost;
      if (ms % 35 == 0) Show();
      SendDue();
      worst_delay = std::max(worst_delay, way.Delay());
      if (ms % 1000 == 0) Report();
    }
  }
  void Show() {
    const bool key = picture++ % 30 == 0;
    if (waiting.size() < kCameraQueue && (key || !awaits_key)) {
      awaits_key = false;
      waiting.push_back(key);
    } else {
      awaits_key = kept_back = true;
    }
  }
  void Admit() {
    for (; !waiting.empty() && pacer.has_room(); waiting.pop_front()) {
      const bool key = waiting.front();
      const std::size_t packets = key ? 38 : 6;
      if ((!key && torn && !limiter.leaving_out()) ||
          !limiter.Admit(key, packets * kPacketBytes, now)) {
        torn = kept_back = true;
        continue;
      }
      torn = false;
      ++shown;
      pacer.OnPicture(packets, key, 35 * kNsPerMs, now);
    }
  }
  void SendDue() {
    Admit();
    for (std::size_t due = pacer.TakeDue(now); due > 0; --due) {
      ++sent;
      meter.OnSent(kPacketBytes, now);
      if (!way.Take(kPacketBytes, now)) ++lost;
    }
  }
  void Report() {
    const double share = sent == 0 ? 0 : static_cast<double>(lost) / sent;
    const auto rate = static_cast<std::uint32_t>(meter.Rate(now));
    control.OnReport({share, 50 * kNsPerMs + way.Delay(), rate, kept_back}, now);
    kept_back = false;
    sent = lost = 0;
    limiter.SetLimit(control.limit(), 1);
    pacer.SetDistance(control.Distance(kPacketBytes));
  }

  Way way;
  RateControl control;
  BitrateLimiter limiter;
  VideoPacer pacer{2};
  RateMeter meter;
  std::int64_t now = 0;
  std::int64_t worst_delay = 0;
  std::deque<bool> waiting;
  bool torn = false;
  int picture = 0;
  int shown = 0;
  int sent = 0;
  int lost = 0;
  int sound_lost = 0;
  bool kept_back = false;
  bool awaits_key = false;
};

}  // namespace

TEST_CASE_FIXTURE(Reports, "rate control: nothing suffers, nothing is limited") {
  for (int i = 0; i < 100; ++i) Say(i % 2 == 0 ? 0.0 : 0.09, 50, 2000000, false);
  CHECK(control.limit() == 0);
}

TEST_CASE_FIXTURE(Reports,
                  "rate control: heavy loss falls by half of it, a narrow way to what arrives") {
  Say(0.2, 50, 2000000);
  CHECK(control.limit() == 1800000);
  Say(0.8, 50, 1800000);
  CHECK(control.limit() == doctest::Approx(360000));
  for (int i = 0; i < 30; ++i) Say(0.9, 50, 1000000);
  CHECK(control.limit() == 64000);
}

TEST_CASE_FIXTURE(Reports, "rate control: of what is sent, not of a limit that was never reached") {
  Say(0.2, 50, 2000000);
  Say(0.2, 50, 1000000);
  CHECK(control.limit() == 900000);
  Say(0.2, 50, 1000000);  // by the mean of seconds: already less
  CHECK(control.limit() == 810000);
  Say(0.2, 50, 0);
  CHECK(control.limit() == 729000);
}

TEST_CASE_FIXTURE(Reports, "rate control: a queue that grows is a sign before anything is lost") {
  for (int i = 0; i < 10; ++i) Say(0, 50, 1000000, false);
  Say(0, 110, 1000000, false);
  CHECK(control.limit() == 0);
  Say(0, 111, 1000000, false);
  CHECK(control.limit() == 0);  // it may be a stall
  Say(0, 50, 1000000, false);
  Say(0, 111, 1000000, false);
  Say(0, 111, 1000000, false);
  CHECK(control.limit() == 850000);
  Say(0, 351, 850000);  // it is full
  CHECK(control.limit() == 425000);
  Say(0, 0, 425000);  // not known: no sign
  CHECK(control.limit() == 425000);
}

TEST_CASE_FIXTURE(Reports,
                  "rate control: a way that has become longer is the measure after a minute") {
  for (int i = 0; i < 10; ++i) Say(0, 50, 1000000, false);
  for (int i = 0; i < 49; ++i) Say(0, 200, control.limit() == 0 ? 1000000 : control.limit());
  const std::uint32_t fallen = control.limit();
  CHECK(fallen < 100000);
  for (int i = 0; i < 16; ++i) Say(0, 200, control.limit());
  CHECK(control.limit() > fallen);
}

TEST_CASE_FIXTURE(Reports,
                  "rate control: returns quickly to what was good, then carefully, then is free") {
  Say(0, 50, 2000000, false);
  Say(0, 400, 2000000, false);
  Say(0.03, 50, 2000000, false);
  Say(0.03, 400, 2000000);  // full
  Say(0, 400, 1000000);
  CHECK(control.limit() == 500000);
  Say(0, 50, 500000);
  CHECK(control.limit() == 500000);  // one report is no calm
  for (int i = 0; i < 4; ++i) Say(0, 50, control.limit());
  const double near = 500000 * 1.35 * 1.35 * 1.35 * 1.35;
  CHECK(control.limit() == doctest::Approx(near));
  Say(0.05, 50, 1500000);  // between good and bad: holds, and is no calm
  Say(0, 50, 1500000);
  CHECK(control.limit() == doctest::Approx(near));
  Say(0, 50, 1500000);
  CHECK(control.limit() == doctest::Approx(near * 1.05));
  for (int i = 0; i < 3; ++i) Say(0, 50, 1500000);
  CHECK(control.limit() == doctest::Approx(near * 1.05 * 1.05 * 1.05 * 1.05));
  const std::uint32_t before = control.limit();
  Say(0, 50, 1500000);
  Say(0, 50, 1500000);
  CHECK(control.limit() == doctest::Approx(before * 1.11 * 1.17));
  Say(0, 50, 1500000, false);
  CHECK(control.limit() == 0);
}

TEST_CASE_FIXTURE(Reports, "rate control: what was lost on the way back is the new measure") {
  Say(0.9, 50, 4000000);
  for (int i = 0; i < 4; ++i) Say(0, 50, control.limit());
  const std::uint32_t reached = control.limit();
  Say(0.2, 50, reached);
  Say(0, 50, control.limit());
  Say(0, 50, control.limit());
  const std::uint32_t limit = control.limit();
  Say(0, 50, limit);
  CHECK(control.limit() == doctest::Approx(limit * 1.05).epsilon(0.001));
}

TEST_CASE_FIXTURE(Reports,
                  "rate control: what the far end asks for holds, and the lesser of both") {
  CHECK(control.Distance(1210) == 0);
  control.OnRequest(500000);
  CHECK(control.limit() == 500000);
  CHECK(control.Distance(1210) == doctest::Approx(1250 * 8 * 1e9 / 425000));
  Say(0.9, 50, 2000000);
  CHECK(control.limit() == doctest::Approx(200000));
  control.OnRequest(100000);
  CHECK(control.limit() == 100000);
  control.OnRequest(0);
  CHECK(control.limit() == doctest::Approx(200000));
}

TEST_CASE(
    "rate control: a way falls from 4 Mbit/s to 400 kbit/s and returns, and the picture follows") {
  Call call;
  call.Run(20);
  CHECK(call.shown > 560);
  CHECK(call.sound_lost == 0);
  call.way.rate = 4e5;
  call.Run(5);  // as many reports, and what lies in the queue
  call.worst_delay = 0;
  call.sound_lost = 0;
  call.shown = 0;
  call.Run(15);
  CHECK(call.worst_delay < 200 * kNsPerMs);
  CHECK(call.sound_lost == 0);
  CHECK(call.shown >= 8);  // a key frame every second or two
  call.way.rate = 4e6;
  call.Run(10);
  call.shown = 0;
  call.Run(10);
  CHECK(call.shown > 280);
  CHECK(call.sound_lost == 0);
  CHECK(call.control.limit() == 0);
}

}  // namespace dashvoip
