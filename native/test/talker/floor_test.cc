#include "dashvoip/talker/floor.h"

#include <doctest/doctest.h>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

/** Slots of 20 ms in which the same is heard. */
class Turns {
 public:
  explicit Turns(Floor::Mode mode) : floor_(mode) {}

  FloorHolder For(int ms, bool near_speaks, bool far_speaks, bool pressed = false) {
    for (int at = 0; at < ms; at += 20, now_ += 20 * kNsPerMs) {
      floor_.Take({near_speaks, far_speaks, pressed}, now_);
    }
    return floor_.holder();
  }
  const Floor& floor() const { return floor_; }

 private:
  Floor floor_;
  std::int64_t now_ = kNsPerSecond;
};

TEST_CASE("floor, voice-switched: who speaks first has it, until a moment after the last word") {
  Turns turns(Floor::Mode::kVoiceSwitched);
  CHECK(turns.For(100, false, false) == FloorHolder::kNobody);
  CHECK(turns.floor().near_open());
  CHECK(turns.floor().far_open());
  CHECK(turns.For(40, true, false) == FloorHolder::kNear);
  CHECK_FALSE(turns.floor().far_open());
  CHECK(turns.For(2000, true, true) == FloorHolder::kNear);
  CHECK(turns.For(300, false, false) == FloorHolder::kNear);
  CHECK(turns.For(200, false, false) == FloorHolder::kNobody);
  CHECK(turns.For(40, false, true) == FloorHolder::kFar);
  CHECK_FALSE(turns.floor().near_open());
  // The speaker's own sound, and what the room makes of it, gets nobody the floor.
  CHECK(turns.For(300, true, false) == FloorHolder::kFar);
  CHECK(turns.For(100, true, false) == FloorHolder::kNear);
}

TEST_CASE("floor, voice-switched: of two who begin at once the far end goes first") {
  Turns turns(Floor::Mode::kVoiceSwitched);
  CHECK(turns.For(20, true, true) == FloorHolder::kFar);
}

TEST_CASE(
    "floor, voice-switched: who interrupts gets it in the next pause, and after a long turn") {
  Turns turns(Floor::Mode::kVoiceSwitched);
  turns.For(1000, true, false);
  CHECK(turns.For(440, false, true) == FloorHolder::kFar);
  Turns again(Floor::Mode::kVoiceSwitched);
  again.For(100, true, false);
  CHECK(again.For(9500, true, true) == FloorHolder::kNear);
  CHECK(again.For(600, true, true) == FloorHolder::kFar);
}

TEST_CASE("floor, push-to-talk: the near end is heard while the key is pressed and no longer") {
  Turns turns(Floor::Mode::kPushToTalk);
  CHECK(turns.For(1000, true, false) == FloorHolder::kNobody);
  CHECK_FALSE(turns.floor().near_open());
  CHECK(turns.For(20, false, false, true) == FloorHolder::kNear);
  CHECK(turns.floor().near_open());
  CHECK(turns.For(5000, false, false, true) == FloorHolder::kNear);
  CHECK(turns.For(20, true, false) == FloorHolder::kNobody);
}

TEST_CASE("floor, push-to-talk: who presses while the far end speaks waits for its next pause") {
  Turns turns(Floor::Mode::kPushToTalk);
  CHECK(turns.For(500, false, true) == FloorHolder::kFar);
  CHECK(turns.For(500, false, true, true) == FloorHolder::kNearWaits);
  CHECK_FALSE(turns.floor().near_open());
  CHECK(turns.floor().far_open());
  CHECK(turns.For(300, false, false, true) == FloorHolder::kNearWaits);
  CHECK(turns.For(100, false, false, true) == FloorHolder::kNear);
  // Who lets go while waiting has asked for nothing.
  Turns again(Floor::Mode::kPushToTalk);
  again.For(500, false, true);
  again.For(100, false, true, true);
  CHECK(again.For(100, false, true) == FloorHolder::kFar);
  CHECK(again.For(400, false, false) == FloorHolder::kNobody);
}

TEST_CASE(
    "floor, push-to-talk: who waits long gets it, and a long turn ends where the other waits") {
  Turns turns(Floor::Mode::kPushToTalk);
  turns.For(100, false, true);
  CHECK(turns.For(9500, false, true, true) == FloorHolder::kNearWaits);
  CHECK(turns.For(600, false, true, true) == FloorHolder::kNear);
  CHECK(turns.For(9500, false, true, true) == FloorHolder::kNear);
  CHECK(turns.For(600, false, true, true) == FloorHolder::kFar);
  // Who still holds the key has to press it again.
  CHECK(turns.For(2000, false, false, true) == FloorHolder::kNobody);
  turns.For(20, false, false);
  CHECK(turns.For(20, false, false, true) == FloorHolder::kNear);
}

}  // namespace
}  // namespace dashvoip
