#include "dashvoip/talker/talker.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <vector>

#include "dashvoip/audio/silence.h"
#include "talker/scene.h"
#include "talker/talk.h"

namespace dashvoip {
namespace {

using test::Scene;
using test::Sound;

constexpr std::uint32_t kRate = 8000;

VoiceSettings Everything() {
  VoiceSettings settings{};
  settings.high_pass = true;
  settings.echo_canceller = true;
  settings.noise_suppression = true;
  settings.automatic_gain = true;
  settings.duplex = Duplex::kFull;
  settings.echo_tail_ms = 128;
  return settings;
}

VoiceSettings Nothing() {
  VoiceSettings settings{};
  settings.duplex = Duplex::kFull;
  settings.echo_tail_ms = 128;
  return settings;
}

/** The hiss of a quiet car. */
Sound Quiet(double seconds) {
  SeededRandom random(4);
  Sound out(static_cast<std::size_t>(seconds * kRate));
  for (std::int16_t& sample : out) sample = RoundToSample(6 * (random.NextUnit() - 0.5));
  return out;
}

Scene::Options Short() {
  Scene::Options options;
  options.response_seconds = 0.04;  // 20 dB of the cabin's answer
  return options;
}

Sound Together(const Sound& one, const Sound& other, std::size_t from) {
  Sound sum = one;
  for (std::size_t i = from; i < sum.size() && i - from < other.size(); ++i) {
    sum[i] = RoundToSample(sum[i] + other[i - from]);
  }
  return sum;
}

TEST_CASE("talker: the echo of a cabin is 25 dB lower after 3 s, and 40 dB after 10 s") {
  Talker talker(Everything(), kRate);
  Scene scene(Short());
  const Scene::Heard heard = scene.Run(&talker, test::Talk(13, kRate, 1), Quiet(13));
  CHECK(scene.ReturnLoss(heard, 3, 5) >= 25);
  CHECK(scene.ReturnLoss(heard, 10, 13) >= 40);
  CHECK(talker.Status().converged);
}

TEST_CASE(
    "talker: from the first word on the echo is soft, and the speaker only until it is known") {
  Talker talker(Everything(), kRate);
  Scene scene(Short());
  const Sound far = test::Talk(6, kRate, 1);
  const Scene::Heard heard = scene.Run(&talker, far, Quiet(6));
  CHECK(scene.ReturnLoss(heard, 0.1, 1) >= 12);
  const std::int16_t* played = nullptr;
  for (std::int64_t slot = 0; slot < 3; ++slot) {
    played = talker.Play(8 * kNsPerSecond + slot * 20 * kNsPerMs, &far[8000], 160, 50);
  }
  CHECK(Sound(played, played + 160) == Sound(&far[8000], &far[8160]));
}

TEST_CASE("talker: the second call begins with what the first one learned") {
  Talker talker(Everything(), kRate);
  Scene scene(Short());
  scene.Run(&talker, test::Talk(8, kRate, 1), Quiet(8));
  talker.Begin();
  const Scene::Heard heard = scene.Run(&talker, test::Talk(2, kRate, 2), Quiet(2));
  CHECK(scene.ReturnLoss(heard, 0.2, 2) >= 25);
}

TEST_CASE("talker: who speaks near is not softer while the far end speaks, too") {
  Talker alone(Everything(), kRate);
  Talker both(Everything(), kRate);
  Scene scene(Short());
  const Sound near = Together(Quiet(9), test::Talk(3, kRate, 3, 4500), 6 * kRate);
  const Scene::Heard wanted = scene.Run(&alone, Sound(near.size()), near);
  const Scene::Heard heard = scene.Run(&both, test::Talk(9, kRate, 1), near);
  // The gain follows nobody while both speak: it is taken out of what is compared.
  CHECK(scene.LossOf(wanted.sent, heard.sent, 6.2, 9) +
            (both.Status().gain_db - alone.Status().gain_db) <=
        1);
}

TEST_CASE("talker: a delay that no device tells of is found, told, and kept for the next start") {
  Scene::Options options = Short();
  options.hidden_ms = 170;
  Scene scene(options);
  Talker talker(Everything(), kRate);
  const Scene::Heard heard = scene.Run(&talker, test::Talk(9, kRate, 1), Quiet(9));
  REQUIRE(talker.Status().echo_delay_ms);
  const int found = *talker.Status().echo_delay_ms;
  CHECK(std::abs(found - 170) <= 10);
  CHECK(scene.ReturnLoss(heard, 6, 9) >= 25);
  VoiceSettings settings = Everything();
  settings.echo_delay_ms = found;
  Talker next(settings, kRate);
  const Scene::Heard again = scene.Run(&next, test::Talk(5, kRate, 1), Quiet(5));
  CHECK(scene.ReturnLoss(again, 3, 5) >= 25);
}

TEST_CASE("talker: clocks that are 100 ppm apart cost no more than what leaves 25 dB") {
  Scene::Options options = Short();
  options.ppm = 100;
  Scene scene(options);
  Talker talker(Everything(), kRate);
  const Scene::Heard heard = scene.Run(&talker, test::Talk(8, kRate, 1), Quiet(8));
  CHECK(scene.ReturnLoss(heard, 3, 5) >= 25);
  CHECK(scene.ReturnLoss(heard, 5, 8) >= 25);
}

TEST_CASE("talker: whoever speaks softly or loudly is heard alike") {
  for (const double loudness : {600.0, 2000.0, 12000.0}) {
    CAPTURE(loudness);
    Talker talker(Everything(), kRate);
    Scene scene(Short());
    const Sound near = Together(Quiet(6), test::Talk(6, kRate, 3, loudness), 0);
    const Scene::Heard heard = scene.Run(&talker, Sound(near.size()), near);
    const double dbov = 10 * std::log10(scene.Power(heard.sent, 4, 6) / (32768.0 * 32768.0));
    // Pauses are counted in.
    CHECK(dbov > -32);
    CHECK(dbov < -20);
  }
}

TEST_CASE("talker: nothing clips, whatever comes") {
  Talker talker(Everything(), kRate);
  Sound loud = test::Talk(3, kRate, 3, 200000);
  const Sound sent = Scene(Short()).Run(&talker, Sound(loud.size()), loud).sent;
  CHECK(PeakOf(sent.data(), sent.size()) < 32767);
  CHECK(PeakOf(sent.data(), sent.size()) > 20000);
}

TEST_CASE("talker: where nothing is on, sound goes through as it is") {
  Talker talker(Nothing(), kRate);
  Sound near = test::Talk(1, kRate, 3, 2000);
  const Scene::Heard heard = Scene(Short()).Run(&talker, Sound(near.size()), near);
  CHECK(heard.sent == near);
}

TEST_CASE("talker: adds 5 ms of delay at most, and none where nothing is suppressed") {
  const auto delay_of = [](const VoiceSettings& settings) {
    Talker talker(settings, kRate);
    Sound frame(160);
    Sound sent;
    for (int slot = 0; slot < 100; ++slot) {
      std::fill(frame.begin(), frame.end(), std::int16_t{0});
      if (slot == 60) frame[80] = 20000;
      talker.Capture((50 + slot) * 20 * kNsPerMs, frame.data(), frame.size(), true, 20);
      sent.insert(sent.end(), frame.begin(), frame.end());
    }
    const auto peak = std::max_element(sent.begin(), sent.end(),
                                       [](int a, int b) { return std::abs(a) < std::abs(b); });
    return peak - sent.begin() - (60 * 160 + 80);
  };
  CHECK(delay_of(Everything()) <= 40);
  VoiceSettings filter = Nothing();
  filter.high_pass = true;
  CHECK(delay_of(filter) == 0);
}

TEST_CASE("talker: a device that is gone, a reference that is missing and slots that were missed") {
  Talker talker(Everything(), kRate);
  Sound frame(160);
  const Sound far = test::Talk(4, kRate, 1);
  std::int64_t now = kNsPerSecond;
  for (int slot = 0; slot < 200; ++slot, now += 20 * kNsPerMs) {
    const bool microphone = slot % 50 < 30;
    const bool speaker = slot % 70 < 50;
    if (slot % 60 == 59) now += 3 * kNsPerSecond;
    const std::size_t at = static_cast<std::size_t>(slot) * 160;
    if (microphone) {
      std::copy(&far[at], &far[at] + 160, frame.begin());
    } else {
      std::fill(frame.begin(), frame.end(), std::int16_t{0});
    }
    // Slots of 10 ms come in halves.
    if (slot % 2 == 0) {
      talker.Capture(now, frame.data(), 160, microphone, 20);
    } else {
      talker.Capture(now - 10 * kNsPerMs, frame.data(), 80, microphone, 1e9);
      talker.Capture(now, frame.data() + 80, 80, microphone, -1e9);
    }
    if (speaker) talker.Play(now, &far[at], 160, slot % 3 == 0 ? -1e9 : 1e9);
    CHECK(PeakOf(frame.data(), frame.size()) < 32767);
  }
}

TEST_CASE("talker: full scale, silence and noise at every rate of the bus") {
  for (const std::uint32_t rate : {8000U, 16000U, 48000U}) {
    CAPTURE(rate);
    Talker talker(Everything(), rate);
    SeededRandom random(9);
    Sound frame(rate / 50);
    for (int slot = 0; slot < 60; ++slot) {
      const std::int64_t now = (slot + 1) * 20 * kNsPerMs;
      for (std::size_t i = 0; i < frame.size(); ++i) {
        frame[i] = slot < 20   ? (i % 40 < 20 ? 32767 : -32768)
                   : slot < 40 ? 0
                               : RoundToSample(65535 * (random.NextUnit() - 0.5));
      }
      const Sound far = frame;
      talker.Capture(now, frame.data(), frame.size(), true, 20);
      talker.Play(now, far.data(), far.size(), 40);
    }
    CHECK(talker.Status().gain_db <= GainControl::kMostDb);
  }
}

}  // namespace
}  // namespace dashvoip
