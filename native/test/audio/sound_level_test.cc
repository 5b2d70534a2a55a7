#include "dashvoip/audio/sound_level.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

using dashvoip::SoundLevel;

namespace {

using Slot = std::array<std::int16_t, 160>;

void AddSlots(const Slot& slot, int count, SoundLevel* level) {
  for (int i = 0; i < count; ++i) level->Add(slot.data(), slot.size());
}

Slot Square(std::int16_t amplitude) {
  Slot slot{};
  for (std::size_t i = 0; i < slot.size(); ++i) {
    slot[i] = static_cast<std::int16_t>(i % 2 == 0 ? amplitude : -amplitude);
  }
  return slot;
}

}  // namespace

TEST_CASE("SoundLevel: a square wave of full scale is 0 dBov, half of it 6 less") {
  SoundLevel level;
  AddSlots(Square(32767), 100, &level);
  CHECK(level.dbov() == doctest::Approx(0).epsilon(0.001));
  AddSlots(Square(16384), 100, &level);
  CHECK(level.dbov() == doctest::Approx(-6.02).epsilon(0.001));
}

TEST_CASE("SoundLevel: a tone is 3 dB below a square wave of its height") {
  Slot slot{};
  for (std::size_t i = 0; i < slot.size(); ++i) {
    slot[i] = static_cast<std::int16_t>(std::lround(32767 * std::sin(0.785398163 * i)));
  }
  SoundLevel level;
  AddSlots(slot, 100, &level);
  CHECK(level.dbov() == doctest::Approx(-3.01).epsilon(0.001));
}

TEST_CASE("SoundLevel: the loudest there can be does not overflow") {
  Slot slot{};
  slot.fill(-32768);
  SoundLevel level;
  AddSlots(slot, 100, &level);
  CHECK(level.dbov() <= 0);
  CHECK(level.dbov() > -0.001);
}

TEST_CASE("SoundLevel: silence is -127, and sound sinks away in a second") {
  SoundLevel level;
  CHECK(level.dbov() == -127);
  AddSlots(Square(16384), 50, &level);
  level.AddSilence();
  CHECK(level.dbov() == doctest::Approx(-6.6).epsilon(0.01));
  for (int i = 0; i < 50; ++i) level.AddSilence();
  CHECK(level.dbov() < -30);
  for (int i = 0; i < 5000; ++i) level.AddSilence();
  CHECK(level.dbov() == -127);
  AddSlots(Square(16384), 50, &level);
  level.Reset();
  CHECK(level.dbov() == -127);
  level.Add(nullptr, 0);
  CHECK(level.dbov() == -127);
}
