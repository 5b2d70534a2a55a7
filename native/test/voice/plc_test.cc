#include "dashvoip/voice/plc.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "voice/speech_like.h"

namespace dashvoip {
namespace {

constexpr std::size_t kFrame = 160;

using Sound = std::vector<std::int16_t>;

// Plays `sound` with some frames lost.
template <typename IsLost>
Sound PlayWithLoss(Sound sound, IsLost is_lost) {
  PacketLossConcealer concealer(1);
  for (std::size_t frame = 0; frame * kFrame < sound.size(); ++frame) {
    std::int16_t* at = sound.data() + frame * kFrame;
    if (is_lost(frame)) {
      concealer.Conceal(at, kFrame);
    } else {
      concealer.Good(at, kFrame);
    }
  }
  return sound;
}

TEST_CASE("concealment: without loss nothing is touched") {
  const Sound sound = test::SpeechLike(8000);
  CHECK(PlayWithLoss(sound, [](std::size_t) { return false; }) == sound);
}

TEST_CASE("concealment: a lost frame is far nearer to the voice than silence is") {
  const Sound sound = test::SpeechLike(80000);
  const auto lost = [](std::size_t frame) { return frame % 10 == 7; };
  const Sound played = PlayWithLoss(sound, lost);
  double original = 0;
  double kept = 0;
  double error = 0;
  for (std::size_t frame = 0; frame * kFrame < sound.size(); ++frame) {
    if (!lost(frame)) continue;
    const std::int16_t* was = sound.data() + frame * kFrame;
    const std::int16_t* is = played.data() + frame * kFrame;
    original += test::Energy(was, kFrame);
    kept += test::Energy(is, kFrame);
    for (std::size_t i = 0; i < kFrame; ++i) error += std::pow(was[i] - is[i], 2);
  }
  // The error of silence is the original itself. Its half is 3 dB of signal to noise, in a voice
  // whose pitch never stands still.
  CHECK(error < original / 2);
  CHECK(kept > 0.7 * original);
  CHECK(kept < 1.3 * original);
}

TEST_CASE("concealment: no step at the beginning, at the seams of the repetition, or at the end") {
  const Sound sound = test::SpeechLike(16000);
  const int natural = test::LargestStep(sound.data(), sound.size());
  for (std::size_t length = 1; length <= 5; ++length) {
    const Sound played = PlayWithLoss(
        sound, [length](std::size_t frame) { return frame % 12 >= 6 && frame % 12 < 6 + length; });
    CAPTURE(length);
    CHECK(test::LargestStep(played.data(), played.size()) < natural * 5 / 4);
  }
}

/** A voice of 100 Hz whose last 2 ms do not go the way of the period before. */
Sound Leaving() {
  Sound sound(800);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    sound[i] =
        static_cast<std::int16_t>(6000 * std::sin(2 * 3.14159265 * static_cast<double>(i) / 80));
    if (i >= 784)
      sound[i] = static_cast<std::int16_t>(sound[i] + 250 * (static_cast<int>(i) - 783));
  }
  return sound;
}

TEST_CASE("concealment: begins where the sound ended, not where its period was") {
  Sound sound = Leaving();
  PacketLossConcealer concealer(1);
  concealer.Good(sound.data(), sound.size());
  Sound gap(kFrame);
  concealer.Conceal(gap.data(), kFrame);
  // A period ago it was 4000 lower.
  CHECK(std::abs(gap[0] - sound.back()) < 1200);
  CHECK(std::abs(sound.back() - sound[sound.size() - 81]) > 3500);
  // That step is soon forgotten.
  CHECK(std::abs(gap[60] - sound[sound.size() - 80 + 60]) < 1500);
}

TEST_CASE("concealment: what returns is faded in over the continuation") {
  Sound sound = Leaving();
  PacketLossConcealer concealer(1);
  concealer.Good(sound.data(), 720);
  Sound gap(80);
  concealer.Conceal(gap.data(), gap.size());
  // The sound comes back with the opposite sign.
  Sound back(kFrame);
  for (std::size_t i = 0; i < back.size(); ++i) {
    back[i] =
        static_cast<std::int16_t>(-6000 * std::cos(2 * 3.14159265 * static_cast<double>(i) / 80));
  }
  const Sound returned = back;
  concealer.Good(back.data(), back.size());
  CHECK(std::abs(back[0] - gap.back()) < 1200);
  CHECK(std::abs(returned[0] - gap.back()) > 4000);
  // Half of each in the middle of the fade, itself behind it.
  CHECK(std::abs(back[10] - returned[10]) > 500);
  CHECK(std::equal(back.begin() + 80, back.end(), returned.begin() + 80));
}

TEST_CASE("concealment: fades from 10 ms on and is silent after 60 ms") {
  const Sound played =
      PlayWithLoss(test::SpeechLike(8000), [](std::size_t frame) { return frame >= 25; });
  const std::int16_t* gap = played.data() + 25 * kFrame;
  CHECK(test::Energy(gap, kFrame) > test::Energy(gap + kFrame, kFrame));
  CHECK(test::Energy(gap + kFrame, kFrame) > test::Energy(gap + 2 * kFrame, kFrame));
  CHECK(test::Energy(gap + 2 * kFrame, kFrame) > 0);
  CHECK(test::Energy(gap + 3 * kFrame, 10 * kFrame) == 0);
}

TEST_CASE("concealment: a steady tone, which loses nothing by itself, fades too") {
  Sound tone(800);
  for (std::size_t i = 0; i < tone.size(); ++i) {
    tone[i] =
        static_cast<std::int16_t>(6000 * std::sin(2 * 3.14159265 * static_cast<double>(i) / 80));
  }
  PacketLossConcealer concealer(1);
  concealer.Good(tone.data(), tone.size());
  Sound gap(3 * kFrame);
  concealer.Conceal(gap.data(), gap.size());
  const double first = test::Energy(gap.data(), kFrame / 2);
  // From 10 ms to 60 ms in a straight line: 0.6 on average of the second 20 ms, 0.2 of the third.
  CHECK(test::Energy(gap.data() + kFrame, kFrame) < 2 * first * 0.5);
  CHECK(test::Energy(gap.data() + 2 * kFrame, kFrame) < 2 * first * 0.1);
}

TEST_CASE("concealment: the stretch that is repeated has no seam") {
  Sound sound = Leaving();
  PacketLossConcealer concealer(1);
  concealer.Good(sound.data(), sound.size());
  Sound gap(kFrame);
  concealer.Conceal(gap.data(), gap.size());
  // Its end is 4000 above its beginning.
  CHECK(test::LargestStep(gap.data() + 40, kFrame - 40) < 1500);
}

TEST_CASE("concealment: the voice is itself again 10 ms after its return") {
  const Sound sound = test::SpeechLike(8000);
  const Sound played =
      PlayWithLoss(sound, [](std::size_t frame) { return frame >= 20 && frame < 30; });
  CHECK(
      std::equal(sound.begin() + 30 * kFrame + 80, sound.end(), played.begin() + 30 * kFrame + 80));
}

TEST_CASE("concealment: from the very beginning there is silence; any length goes") {
  PacketLossConcealer concealer(1);
  Sound out(1000, 99);
  concealer.Conceal(out.data(), 1);
  concealer.Conceal(out.data() + 1, 999);
  CHECK(test::Energy(out.data(), out.size()) == 0);
  Sound loud(1000, 32767);
  for (std::size_t size = 1; size <= 40; ++size) {
    concealer.Good(loud.data(), size);
    concealer.Conceal(out.data(), size);
  }
  concealer.Good(loud.data(), 1000);
  CHECK(loud[999] == 32767);
}

TEST_CASE("concealment: at 16 and 48 kHz as at 8") {
  for (const std::size_t scale : {2u, 6u}) {
    CAPTURE(scale);
    const std::size_t frame = kFrame * scale;
    const Sound sound = test::SpeechLike(40000 * scale, 8000.0 * static_cast<double>(scale));
    const int natural = test::LargestStep(sound.data(), sound.size());
    Sound played = sound;
    PacketLossConcealer concealer(scale);
    double original = 0;
    double error = 0;
    for (std::size_t at = 0; at < sound.size(); at += frame) {
      if (at / frame % 10 != 7) {
        concealer.Good(&played[at], frame);
        continue;
      }
      concealer.Conceal(&played[at], frame);
      original += test::Energy(&sound[at], frame);
      for (std::size_t i = at; i < at + frame; ++i) error += std::pow(sound[i] - played[i], 2);
    }
    CHECK(error < original / 2);
    CHECK(test::LargestStep(played.data(), played.size()) < natural * 5 / 4);
    // 60 ms to silence.
    Sound gap(4 * frame);
    concealer.Conceal(gap.data(), gap.size());
    CHECK(test::Energy(&gap[2 * frame], frame) > 0);
    CHECK(test::Energy(&gap[3 * frame], frame) == 0);
  }
}

}  // namespace
}  // namespace dashvoip
