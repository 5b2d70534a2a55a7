#include "dashvoip/voice/sender_clock.h"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "dashvoip/base/random_source.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kFrame = 160;

/** A sender of 20 ms packets whose timestamp goes on by whatever it likes. */
class Sender {
 public:
  explicit Sender(std::function<std::uint32_t()> step) : step_(std::move(step)) {}

  std::uint32_t Next(std::int64_t later_ms = 20) {
    now_ += later_ms * kNsPerMs;
    header.sequence_number++;
    header.timestamp += step_();
    return clock.OnPacket(header, kFrame, now_);
  }

  SenderClock clock{8000};
  RtpHeader header;

 private:
  std::function<std::uint32_t()> step_;
  std::int64_t now_ = 0;
};

TEST_CASE("sender clock: timestamps that make no sense are replaced by the sequence number") {
  SeededRandom random(3);
  const std::function<std::uint32_t()> steps[] = {
      [] { return 320u; },
      [] { return 20u; },
      [] { return 0u; },
      [] { return 0u - 160u; },
      [&random] { return static_cast<std::uint32_t>(153 + random.Next() % 15); },
  };
  for (const auto& step : steps) {
    Sender sender(step);
    sender.header.timestamp = 0xfffffff0u;
    for (int i = 0; i < 12; ++i) sender.Next();
    REQUIRE(sender.clock.by_sequence());
    std::uint32_t last = sender.Next();
    for (int i = 0; i < 200; ++i) {
      const std::uint32_t now = sender.Next();
      REQUIRE(now - last == kFrame);
      last = now;
    }
    // Lost ones leave their place, old ones go where they belong.
    sender.header.sequence_number += 2;
    CHECK(sender.Next() - last == 3 * kFrame);
    last += 3 * kFrame;
    sender.header.sequence_number = static_cast<std::uint16_t>(sender.header.sequence_number - 3);
    CHECK(sender.Next() == last - 2 * kFrame);
  }
}

TEST_CASE("sender clock: a sender that counts samples is believed, through pauses and bursts") {
  Sender sender([] { return kFrame; });
  sender.header.timestamp = 0xffffff00u;
  for (int i = 0; i < 100; ++i) {
    CHECK(sender.Next() == sender.header.timestamp);
    // Silence suppression: its clock runs on.
    if (i % 10 == 0) {
      sender.header.timestamp += 20 * kFrame;
      CHECK(sender.Next(420) == sender.header.timestamp);
    }
    // A stall, then several at once.
    if (i % 17 == 0) {
      CHECK(sender.Next(300) == sender.header.timestamp);
      for (int k = 0; k < 14; ++k) CHECK(sender.Next(0) == sender.header.timestamp);
    }
  }
  CHECK_FALSE(sender.clock.by_sequence());
}

TEST_CASE("sender clock: packets of mixed lengths count by their own") {
  SenderClock clock(8000);
  RtpHeader header;
  std::int64_t now = 0;
  for (const std::uint32_t samples : {80u, 160u, 480u, 240u, 80u, 80u, 320u, 160u, 240u}) {
    CHECK(clock.OnPacket(header, samples, now) == header.timestamp);
    ++header.sequence_number;
    header.timestamp += samples;
    now += samples * 125000;
  }
  CHECK_FALSE(clock.by_sequence());
}

TEST_CASE("sender clock: two odd steps are a mishap, three in a row a habit") {
  std::uint32_t step = kFrame;
  Sender sender([&step] { return step; });
  for (int i = 0; i < 10; ++i) {
    step = kFrame + 37;
    for (int k = 0; k < 2; ++k) CHECK(sender.Next() == sender.header.timestamp);
    step = kFrame;
    CHECK(sender.Next() == sender.header.timestamp);
  }
  CHECK_FALSE(sender.clock.by_sequence());
  step = kFrame + 37;
  for (int k = 0; k < 3; ++k) sender.Next();
  CHECK(sender.clock.by_sequence());
}

TEST_CASE("sender clock: a pause after each packet is no nonsense") {
  Sender sender([] { return 6 * kFrame; });
  for (int i = 0; i < 20; ++i) CHECK(sender.Next(120) == sender.header.timestamp);
  CHECK_FALSE(sender.clock.by_sequence());
  // The same steps without the time for them are.
  for (int i = 0; i < 3; ++i) sender.Next(20);
  CHECK(sender.clock.by_sequence());
}

TEST_CASE("sender clock: packets that grow count by the length of the one before") {
  SenderClock clock(8000);
  RtpHeader header;
  for (std::uint32_t frames = 1; frames <= 12; ++frames) {
    CHECK(clock.OnPacket(header, 80 * frames, 0) == header.timestamp);
    ++header.sequence_number;
    header.timestamp += 80 * frames;
  }
  CHECK_FALSE(clock.by_sequence());
}

TEST_CASE("sender clock: by sequence number, too, a packet follows the one before it") {
  Sender sender([] { return 0u; });
  for (int i = 0; i < 20; ++i) sender.Next();
  const std::uint32_t last = sender.Next();
  ++sender.header.sequence_number;
  CHECK(sender.clock.OnPacket(sender.header, 3 * kFrame, 0) - last == kFrame);
  ++sender.header.sequence_number;
  CHECK(sender.clock.OnPacket(sender.header, kFrame, 0) - last == 4 * kFrame);
}

TEST_CASE("sender clock: after a second of good timestamps they are believed again, seamlessly") {
  std::uint32_t step = 20;
  Sender sender([&step] { return step; });
  std::uint32_t last = 0;
  for (int i = 0; i < 20; ++i) last = sender.Next();
  REQUIRE(sender.clock.by_sequence());
  step = kFrame;
  for (int i = 0; i < 60; ++i) {
    const std::uint32_t now = sender.Next();
    REQUIRE(now - last == kFrame);
    last = now;
  }
  CHECK_FALSE(sender.clock.by_sequence());
  // Another source is innocent.
  sender.header.ssrc = 9;
  CHECK(sender.Next() == sender.header.timestamp);
}

TEST_CASE("sender clock: by sequence number, a marker or a second of nothing is a pause") {
  Sender sender([] { return 0u; });
  std::uint32_t last = 0;
  for (int i = 0; i < 20; ++i) last = sender.Next();
  CHECK(sender.Next(300) - last == kFrame);  // late
  last += kFrame;
  sender.header.marker = true;
  CHECK(sender.Next(300) - last == 300 * 8);
  last += 300 * 8;
  sender.header.marker = false;
  CHECK(sender.Next(2000) - last == 2000 * 8);
}

}  // namespace
}  // namespace dashvoip
