#include "dashvoip/voice/voice_activity.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "dashvoip/base/random_source.h"
#include "voice/speech_like.h"

namespace dashvoip {
namespace {

constexpr std::size_t kFrame = 160;

/** The hum of a car: a random walk that comes back, most of it below 100 Hz. */
std::vector<std::int16_t> Rumble(std::size_t samples, double rms) {
  SeededRandom random(7);
  std::vector<double> walk(samples);
  double at = 0;
  double sum = 0;
  for (double& value : walk) {
    at = 0.97 * at + random.NextUnit() - 0.5;
    value = at;
    sum += at * at;
  }
  const double scale = rms / std::sqrt(sum / static_cast<double>(samples));
  std::vector<std::int16_t> out(samples);
  for (std::size_t i = 0; i < samples; ++i) out[i] = static_cast<std::int16_t>(walk[i] * scale);
  return out;
}

/** A voice of `loudness` from the third to the fifth second of eight, in noise. */
std::vector<std::int16_t> Spoken(double loudness, double noise) {
  std::vector<std::int16_t> out = Rumble(8 * 8000, noise);
  const auto voice = test::SpeechLike(2 * 8000);
  for (std::size_t i = 0; i < voice.size(); ++i) {
    out[3 * 8000 + i] = static_cast<std::int16_t>(out[3 * 8000 + i] + loudness * voice[i]);
  }
  return out;
}

/** Part of the frames from one second to another in which somebody is said to speak. */
double Part(VoiceActivity* activity, const std::vector<std::int16_t>& sound, double from,
            double to) {
  int spoke = 0;
  int frames = 0;
  for (std::size_t at = 0; at + kFrame <= sound.size(); at += kFrame) {
    const bool speaks = activity->Take(&sound[at], kFrame);
    const double second = static_cast<double>(at) / 8000;
    if (second < from || second >= to) continue;
    ++frames;
    if (speaks) ++spoke;
  }
  return static_cast<double>(spoke) / frames;
}

TEST_CASE("voice activity: a voice stands out of a car's noise at every level of it") {
  for (const double noise : {0.0, 30.0, 300.0, 1500.0}) {
    CAPTURE(noise);
    const auto sound = Spoken(1, noise);
    VoiceActivity before(8000);
    CHECK(Part(&before, sound, 0.2, 3) <= 0.02);
    VoiceActivity meanwhile(8000);
    CHECK(Part(&meanwhile, sound, 3.04, 5) >= 0.98);
    VoiceActivity after(8000);
    CHECK(Part(&after, sound, 5.3, 8) <= 0.02);
  }
}

TEST_CASE("voice activity: the end of a word is not cut off, and a pause comes soon") {
  VoiceActivity activity(8000);
  const auto sound = Spoken(1, 100);
  CHECK(Part(&activity, sound, 5.0, 5.2) == 1);
  VoiceActivity again(8000);
  CHECK(Part(&again, sound, 5.28, 6) == 0);
}

TEST_CASE("voice activity: noise that grows is noise again after some seconds") {
  auto sound = Rumble(10 * 8000, 40);
  const auto loud = Rumble(8 * 8000, 900);
  std::copy(loud.begin(), loud.end(), sound.begin() + 2 * 8000);
  VoiceActivity activity(8000);
  CHECK(Part(&activity, sound, 5, 10) <= 0.02);
}

TEST_CASE("voice activity: tells how loud the noise is, whatever is spoken") {
  VoiceActivity activity(8000);
  CHECK(activity.noise_dbov() == -127);
  Part(&activity, Spoken(1, 300), 0, 8);
  CHECK(activity.noise_dbov() == doctest::Approx(20 * std::log10(300 / 32768.0)).epsilon(0.04));
}

TEST_CASE("voice activity: silence is never a voice, and nothing of before outlives a reset") {
  VoiceActivity activity(8000);
  const std::vector<std::int16_t> silence(3 * 8000);
  CHECK(Part(&activity, silence, 0, 3) == 0);
  Part(&activity, test::SpeechLike(8000), 0, 1);
  activity.Reset();
  CHECK_FALSE(activity.speaks());
  CHECK(activity.noise_dbov() == -127);
}

}  // namespace
}  // namespace dashvoip
