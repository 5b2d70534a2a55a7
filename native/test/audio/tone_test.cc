#include "dashvoip/audio/tone.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "audio/goertzel.h"
#include "dashvoip/audio/clip_port.h"

namespace dashvoip {

using test::Amplitude;

namespace {

ToneSettings Ring() {
  TonePart on;
  on.ms = 1000;
  on.frequencies.Add(440);
  on.frequencies.Add(480);
  TonePart off;
  off.ms = 2000;
  ToneSettings tone;
  tone.parts.Add(on);
  tone.parts.Add(off);
  return tone;
}

}  // namespace

TEST_CASE("Tone: its frequencies for as long as they sound, and silence between") {
  for (const std::uint32_t rate : {8000U, 16000U, 48000U}) {
    const std::vector<std::int16_t> sound = RenderTone(Ring(), rate);
    REQUIRE(sound.size() == std::size_t{3} * rate);
    CHECK(Amplitude(sound, 440, rate, rate / 10, rate / 2) == doctest::Approx(4000).epsilon(0.02));
    CHECK(Amplitude(sound, 480, rate, rate / 10, rate / 2) == doctest::Approx(4000).epsilon(0.02));
    CHECK(Amplitude(sound, 620, rate, rate / 10, rate / 2) < 50);
    CHECK(std::count(sound.begin() + rate, sound.end(), 0) == 2 * rate);
    CHECK(std::abs(sound[1]) < 200);  // no click
  }
}

TEST_CASE("Clip: once, and the rest of the last block is silent") {
  ClipPort clip({1, 2, 3, 4, 5}, false);
  std::int16_t out[3];
  CHECK(clip.speaks());
  CHECK(clip.Read(0, out, 3));
  CHECK_FALSE(clip.done());
  CHECK(clip.Read(0, out, 3));
  CHECK(out[0] == 4);
  CHECK(out[1] == 5);
  CHECK(out[2] == 0);
  CHECK(clip.done());
  CHECK_FALSE(clip.speaks());
}

TEST_CASE("Clip: again and again") {
  ClipPort clip({1, 2}, true);
  std::int16_t out[5];
  CHECK(clip.Read(0, out, 5));
  CHECK(out[4] == 1);
  CHECK(clip.speaks());
}

}  // namespace dashvoip
