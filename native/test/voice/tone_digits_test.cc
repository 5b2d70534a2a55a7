#include "dashvoip/voice/tone_digits.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "dashvoip/base/random_source.h"
#include "voice/speech_like.h"

namespace dashvoip {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr char kAllDigits[] = "0123456789*#ABCD";

/** How keys are pressed; levels in dBm0, of which 3.14 is the loudest sine. */
struct Press {
  double tone_ms = 70;
  double gap_ms = 70;
  double low_dbm0 = -9;
  double high_dbm0 = -7;
  double off = 0;  // of both frequencies, a part of them
  double noise_dbm0 = -99;
  double hole_ms = 0;  // in the middle of each
  double rate = 8000;
};

double AmplitudeOf(double dbm0) { return 32767 * std::pow(10, (dbm0 - 3.14) / 20); }

std::vector<std::int16_t> Pressed(const std::string& digits, const Press& press) {
  static const std::string rows[] = {"123A", "456B", "789C", "*0#D"};
  static const double low[] = {697, 770, 852, 941};
  static const double high[] = {1209, 1336, 1477, 1633};
  SeededRandom random(3);
  // Of uniform noise.
  const double noise = press.noise_dbm0 < -90 ? 0 : AmplitudeOf(press.noise_dbm0) * std::sqrt(6.0);
  std::vector<std::int16_t> out;
  const auto put = [&](double value) {
    value += noise * (random.NextUnit() - 0.5);
    out.push_back(static_cast<std::int16_t>(std::max(-32768.0, std::min(32767.0, value))));
  };
  const auto silence = [&](double ms) {
    for (int i = 0; i < ms * press.rate / 1000; ++i) put(0);
  };
  silence(100);
  for (const char digit : digits) {
    std::size_t row = 0;
    while (rows[row].find(digit) == std::string::npos) ++row;
    const double w1 = 2 * kPi * low[row] * (1 + press.off) / press.rate;
    const double w2 = 2 * kPi * high[rows[row].find(digit)] * (1 + press.off) / press.rate;
    const double a1 = AmplitudeOf(press.low_dbm0);
    const double a2 = AmplitudeOf(press.high_dbm0);
    for (int i = 0; i < press.tone_ms * press.rate / 1000; ++i) {
      const double from_middle = std::fabs(i * 1000 / press.rate - press.tone_ms / 2);
      const bool hole = from_middle < press.hole_ms / 2;
      put(hole ? 0 : a1 * std::sin(w1 * i) + a2 * std::sin(w2 * i + 1));
    }
    silence(press.gap_ms);
  }
  silence(100);
  return out;
}

struct Found {
  std::string digits;
  std::vector<std::uint32_t> durations;
};

Found FindIn(const std::vector<std::int16_t>& sound, double rate = 8000) {
  ToneDigits tones(static_cast<std::uint32_t>(rate));
  Found found;
  const auto slot = static_cast<std::size_t>(rate / 50);
  for (std::size_t at = 0; at < sound.size(); at += slot) {
    tones.Take(&sound[at], std::min(slot, sound.size() - at));
    ToneDigits::Key key{};
    while (tones.Next(&key)) {
      found.digits += key.digit;
      found.durations.push_back(key.duration_ms);
    }
  }
  return found;
}

TEST_CASE("tone digits: all sixteen are found, at every rate, and how long they were held") {
  for (const double rate : {8000.0, 16000.0, 48000.0}) {
    CAPTURE(rate);
    Press press;
    press.rate = rate;
    press.tone_ms = 200;
    const Found found = FindIn(Pressed(kAllDigits, press), rate);
    CHECK(found.digits == kAllDigits);
    for (const std::uint32_t ms : found.durations) CHECK(ms == doctest::Approx(200).epsilon(0.1));
  }
}

TEST_CASE("tone digits: as short as 40 ms with pauses of 40 ms, in whatever phase, Q.24") {
  for (double gap = 40; gap < 53; gap += 1.3) {
    CAPTURE(gap);
    Press press;
    press.tone_ms = 40;
    press.gap_ms = gap;
    CHECK(FindIn(Pressed(kAllDigits, press)).digits == kAllDigits);
    CHECK(FindIn(Pressed("5555", press)).digits == "5555");
  }
}

TEST_CASE("tone digits: what is shorter than 20 ms is none, Q.24") {
  for (double gap = 60; gap < 73; gap += 1.1) {
    CAPTURE(gap);
    Press press;
    press.tone_ms = 20;
    press.gap_ms = gap;
    CHECK(FindIn(Pressed(kAllDigits, press)).digits.empty());
  }
}

TEST_CASE("tone digits: a hole of 10 ms makes no second one, Q.24") {
  for (double tone = 90; tone < 103; tone += 1.1) {
    CAPTURE(tone);
    Press press;
    press.tone_ms = tone;
    press.hole_ms = 10;
    CHECK(FindIn(Pressed(kAllDigits, press)).digits == kAllDigits);
  }
}

TEST_CASE("tone digits: at every level and twist of Q.24, and not far beyond") {
  const auto at = [](double low, double high) {
    Press press;
    press.low_dbm0 = low;
    press.high_dbm0 = high;
    return FindIn(Pressed(kAllDigits, press)).digits;
  };
  CHECK(at(-3, -3) == kAllDigits);
  CHECK(at(-27, -27) == kAllDigits);
  CHECK(at(-10, -6) == kAllDigits);  // 4 dB
  CHECK(at(-10, -4) == kAllDigits);  // 6 dB
  CHECK(at(-8, -16) == kAllDigits);  // -8 dB
  CHECK(at(-8, -18) == kAllDigits);  // -10 dB
  CHECK(at(-18, -6).empty());        // 12 dB
  CHECK(at(-6, -20).empty());        // -14 dB
  CHECK(at(-40, -40).empty());
}

TEST_CASE("tone digits: 1.5 % off are keys, 3.5 % are none, Q.24") {
  for (const double sign : {-1.0, 1.0}) {
    CAPTURE(sign);
    Press press;
    press.off = 0.015 * sign;
    CHECK(FindIn(Pressed(kAllDigits, press)).digits == kAllDigits);
    press.off = 0.035 * sign;
    CHECK(FindIn(Pressed(kAllDigits, press)).digits.empty());
  }
}

TEST_CASE("tone digits: are found under noise 15 dB below them") {
  Press press;
  press.tone_ms = 50;
  press.gap_ms = 50;
  press.low_dbm0 = press.high_dbm0 = -10;
  press.noise_dbm0 = -22;
  std::string many;
  for (int i = 0; i < 8; ++i) many += kAllDigits;
  CHECK(FindIn(Pressed(many, press)).digits == many);
}

TEST_CASE("tone digits: neither a voice nor noise nor one tone is any") {
  CHECK(FindIn(test::SpeechLike(20 * 8000)).digits.empty());
  Press press;
  press.noise_dbm0 = -8;
  CHECK(FindIn(Pressed("", press)).digits.empty());
  press.noise_dbm0 = -99;
  press.high_dbm0 = -60;
  CHECK(FindIn(Pressed(kAllDigits, press)).digits.empty());
}

TEST_CASE("tone digits: more than wait are dropped, and a reset forgets them") {
  ToneDigits tones(8000);
  const auto sound = Pressed("123456789*0#", Press());
  tones.Take(sound.data(), sound.size());
  ToneDigits::Key key{};
  std::string found;
  while (tones.Next(&key)) found += key.digit;
  CHECK(found == "12345678");
  tones.Take(sound.data(), sound.size() / 2);
  tones.Reset();
  CHECK_FALSE(tones.Next(&key));
}

}  // namespace
}  // namespace dashvoip
