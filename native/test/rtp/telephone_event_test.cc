// Shows RFC 4733.

#include "dashvoip/rtp/telephone_event.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kSlot = 160;

/** Keys heard, as "5:800 1:480 ". */
class Listener {
 public:
  void Hear(std::uint8_t event, std::uint32_t timestamp, std::uint16_t duration, bool end = false,
            bool marker = false, std::uint32_t ssrc = 1) {
    RtpHeader header;
    header.timestamp = timestamp;
    header.marker = marker;
    header.ssrc = ssrc;
    TelephoneEvent packet;
    packet.event = event;
    packet.duration = duration;
    packet.end = end;
    receiver_.OnPacket(header, packet, now_);
    Pass(20);
  }
  void Pass(int ms) {
    now_ += ms * kNsPerMs;
    TelephoneEventReceiver::Key key;
    while (receiver_.Take(now_, &key)) {
      heard_ += std::string(1, key.digit) + ":" + std::to_string(key.duration) + " ";
    }
  }
  TelephoneEventReceiver& receiver() { return receiver_; }
  const std::string& heard() const { return heard_; }

 private:
  TelephoneEventReceiver receiver_;
  std::int64_t now_ = 1000 * kNsPerMs;
  std::string heard_;
};

TEST_CASE("telephone-event: the sixteen keys") {
  const std::string digits = "0123456789*#ABCD";
  for (std::uint8_t event = 0; event < 16; ++event) {
    CHECK(DigitOfEvent(event) == digits[event]);
    std::uint8_t back = 99;
    REQUIRE(EventOfDigit(digits[event], &back));
    CHECK(back == event);
  }
  std::uint8_t event = 0;
  for (const char other : {'a', 'E', ' ', '\0', '+'}) CHECK_FALSE(EventOfDigit(other, &event));
}

TEST_CASE("telephone-event: the payload of RFC 4733 section 2.3") {
  const std::uint8_t bytes[] = {11, 0x8a, 0x03, 0x20};
  TelephoneEvent event;
  REQUIRE(TelephoneEvent::Parse(bytes, 4, &event));
  CHECK(event.event == 11);
  CHECK(event.end);
  CHECK(event.volume == 10);
  CHECK(event.duration == 800);
  std::uint8_t back[4];
  event.Write(back);
  CHECK(std::string(back, back + 4) == std::string(bytes, bytes + 4));
  CHECK_FALSE(TelephoneEvent::Parse(bytes, 3, &event));
}

TEST_CASE("telephone-event: a key is told once, when it was let go, with its duration") {
  Listener listener;
  for (std::uint16_t n = 1; n <= 4; ++n) {
    listener.Hear(5, 1000, static_cast<std::uint16_t>(n * kSlot), false, n == 1);
  }
  CHECK(listener.heard().empty());
  for (int i = 0; i < 3; ++i) listener.Hear(5, 1000, 800, true);
  CHECK(listener.heard() == "5:800 ");
  listener.Pass(1000);
  CHECK(listener.heard() == "5:800 ");
}

TEST_CASE("telephone-event: one packet of the three ends is enough, also as the only one") {
  Listener listener;
  listener.Hear(1, 1000, 320, true);
  CHECK(listener.heard() == "1:320 ");
}

TEST_CASE("telephone-event: all ends lost: silence ends the key, or the next key") {
  Listener silent;
  silent.Hear(7, 1000, 160, false, true);
  silent.Hear(7, 1000, 320);
  silent.Pass(200);
  CHECK(silent.heard().empty());
  silent.Pass(100);
  CHECK(silent.heard() == "7:320 ");
  // It was late, not lost: it is not told again.
  silent.Hear(7, 1000, 480, true);
  silent.Pass(500);
  CHECK(silent.heard() == "7:320 ");

  Listener next;
  next.Hear(7, 1000, 160, false, true);
  next.Hear(7, 1600, 160, false, true);
  CHECK(next.heard() == "7:160 ");
  next.Hear(7, 1600, 320, true);
  CHECK(next.heard() == "7:160 7:320 ");
}

TEST_CASE("telephone-event: reordered packets shorten and repeat nothing") {
  Listener listener;
  listener.Hear(3, 1000, 480, false, true);
  listener.Hear(3, 1000, 320);
  listener.Hear(3, 1000, 640, true);
  listener.Hear(4, 2000, 160, false, true);
  listener.Hear(3, 1000, 640, true);
  listener.Hear(4, 2000, 320, true);
  CHECK(listener.heard() == "3:640 4:320 ");
}

TEST_CASE("telephone-event: a key held past the field's end is one key") {
  Listener listener;
  listener.Hear(9, 1000, 65000, false, true);
  listener.Hear(9, 1000, 0xffff);
  listener.Hear(9, 1000 + 0xffff, 160);
  listener.Hear(9, 1000 + 0xffff, 320, true);
  CHECK(listener.heard() == "9:" + std::to_string(0xffff + 320) + " ");
}

TEST_CASE("telephone-event: tones and lines are no keys; another source begins anew") {
  Listener listener;
  listener.Hear(36, 1000, 800, true);
  listener.Hear(16, 1000, 800, true);
  CHECK(listener.heard().empty());
  listener.Hear(2, 5000, 160, true);
  listener.Hear(2, 1000, 160, true, true, 2);
  CHECK(listener.heard() == "2:160 2:160 ");
}

TEST_CASE("telephone-event: a flood between two slots is bounded and counted") {
  TelephoneEventReceiver receiver;
  RtpHeader header;
  TelephoneEvent event;
  event.end = true;
  for (std::uint32_t n = 1; n <= 20; ++n) {
    header.timestamp = n * 1000;
    receiver.OnPacket(header, event, 0);
  }
  int taken = 0;
  TelephoneEventReceiver::Key key;
  while (receiver.Take(0, &key)) ++taken;
  CHECK(taken == 16);
  CHECK(receiver.dropped() == 4);
}

TEST_CASE("telephone-event: a held key is told when the stream ends") {
  Listener listener;
  listener.Hear(8, 1000, 160, false, true);
  listener.receiver().Reset();
  listener.Pass(20);
  CHECK(listener.heard() == "8:160 ");
}

// What leaves for each packet, "S" sound, "_" silence, "[m?key:duration e?]".
std::string Leave(TelephoneEventSender* sender, std::uint32_t* clock, int packets,
                  std::uint32_t samples = kSlot) {
  std::string out;
  std::uint32_t begin = 0;
  for (int i = 0; i < packets; ++i, *clock += samples) {
    TelephoneEventSender::Packet packet;
    switch (sender->Next(*clock, samples, &packet)) {
      case TelephoneEventSender::Action::kSound:
        out += "S";
        break;
      case TelephoneEventSender::Action::kSilence:
        out += "_";
        break;
      case TelephoneEventSender::Action::kEvent:
        if (packet.marker) begin = *clock;
        // The same for all packets of a key: its beginning.
        CHECK(packet.timestamp == begin);
        CHECK(packet.event.volume == 10);
        out += std::string("[") + (packet.marker ? "m" : "") + DigitOfEvent(packet.event.event) +
               ":" + std::to_string(packet.event.duration) + (packet.event.end ? "e" : "") + "]";
        break;
    }
  }
  return out;
}

TEST_CASE("telephone-event: a key of 100 ms, its end three times, silence, then sound again") {
  TelephoneEventSender sender;
  std::uint32_t clock = 0xffffff00u;
  CHECK(Leave(&sender, &clock, 2) == "SS");
  sender.Push(5, 800, 800);
  CHECK(Leave(&sender, &clock, 12) == "[m5:160][5:320][5:480][5:640][5:800e][5:800e][5:800e]___SS");
}

TEST_CASE("telephone-event: keys follow each other; odd lengths are kept") {
  TelephoneEventSender sender;
  std::uint32_t clock = 0;
  sender.Push(1, 400, 400);
  sender.Push(1, 400, 400);
  CHECK(Leave(&sender, &clock, 10) ==
        "[m1:160][1:320][1:400e][1:400e][1:400e][m1:160][1:320][1:400e][1:400e][1:400e]");
  CHECK(Leave(&sender, &clock, 1) == "S");
  // Packets longer than the key.
  sender.Push(11, 320, 320);
  CHECK(Leave(&sender, &clock, 4, 480) == "[m#:320e][#:320e][#:320e]S");
}

TEST_CASE("telephone-event: keys that find the queue full are counted, a hold forgets them") {
  TelephoneEventSender sender;
  for (int i = 0; i < 70; ++i) sender.Push(1, 800, 800);
  CHECK(sender.dropped() == 6);
  std::uint32_t clock = 0;
  Leave(&sender, &clock, 3);
  sender.Clear();
  CHECK(Leave(&sender, &clock, 1) == "S");
  sender.Push(2, 800, 800);
  CHECK(Leave(&sender, &clock, 1) == "[m2:160]");
}

}  // namespace
}  // namespace dashvoip
