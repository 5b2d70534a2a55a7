#include "dashvoip/voice/time_scale.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "voice/speech_like.h"

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;
constexpr std::size_t kFrame = 160;

TEST_CASE("time scale: shortened and lengthened speech joins what follows without a step") {
  const Sound sound = test::SpeechLike(40000);
  const int natural = test::LargestStep(sound.data(), sound.size());
  int shortened = 0;
  int lengthened = 0;
  for (std::size_t at = 0; at + 3 * kFrame < sound.size(); at += 777) {
    Sound out(kFrame + 40);
    const std::size_t removed = ShortenSpeech(sound.data() + at, kFrame, kFrame, out.data(), 1);
    std::copy_n(sound.data() + at + kFrame + removed, 40, out.data() + kFrame);
    CHECK(test::LargestStep(out.data(), out.size()) <= natural);
    CHECK(std::abs(out[0] - sound[at]) <= natural / 80);
    CHECK(removed <= kFrame);
    if (removed > 0) ++shortened;

    const std::size_t inserted = LengthenSpeech(sound.data() + at, kFrame, kFrame, out.data(), 1);
    std::copy_n(sound.data() + at + kFrame - inserted, 40, out.data() + kFrame);
    CHECK(test::LargestStep(out.data(), out.size()) <= natural);
    CHECK(out[0] == sound[at]);
    CHECK(inserted < kFrame);
    if (inserted > 0) ++lengthened;
  }
  CHECK(shortened > 40);
  CHECK(lengthened > 40);
}

TEST_CASE("time scale: the energy of speech stays") {
  const Sound sound = test::SpeechLike(8000);
  Sound out(kFrame);
  REQUIRE(ShortenSpeech(sound.data() + 800, kFrame, kFrame, out.data(), 1) > 0);
  const double energy = test::Energy(sound.data() + 800, kFrame);
  CHECK(test::Energy(out.data(), kFrame) > 0.7 * energy);
  REQUIRE(LengthenSpeech(sound.data() + 800, kFrame, kFrame, out.data(), 1) > 0);
  CHECK(test::Energy(out.data(), kFrame) > 0.7 * energy);
}

TEST_CASE("time scale: in quiet sound exactly the limit goes") {
  SeededRandom random(2);
  Sound quiet(2 * kFrame);
  for (auto& sample : quiet) sample = static_cast<std::int16_t>(random.NextUnit() * 60 - 30);
  CHECK(IsQuiet(quiet.data(), quiet.size(), 1));
  Sound out(kFrame);
  for (const std::size_t limit : {1u, 13u, 80u, 160u}) {
    CHECK(ShortenSpeech(quiet.data(), kFrame, limit, out.data(), 1) == limit);
  }
  CHECK(LengthenSpeech(quiet.data(), kFrame, 60, out.data(), 1) == 60);
  CHECK(LengthenSpeech(quiet.data(), kFrame, kFrame, out.data(), 1) == kFrame / 2);
}

TEST_CASE("time scale: where no seam is good, and at the limits, nothing changes") {
  SeededRandom random(3);
  Sound noise(2 * kFrame);
  for (auto& sample : noise) sample = static_cast<std::int16_t>(random.NextUnit() * 20000 - 10000);
  CHECK_FALSE(IsQuiet(noise.data(), noise.size(), 1));
  Sound out(kFrame);
  CHECK(ShortenSpeech(noise.data(), kFrame, kFrame, out.data(), 1) == 0);
  CHECK(std::equal(out.begin(), out.end(), noise.begin()));
  CHECK(LengthenSpeech(noise.data(), kFrame, kFrame, out.data(), 1) == 0);
  CHECK(std::equal(out.begin(), out.end(), noise.begin()));
  CHECK(ShortenSpeech(noise.data(), kFrame, 0, out.data(), 1) == 0);
  CHECK(ShortenSpeech(noise.data(), kFrame, 19, out.data(), 1) == 0);
  CHECK(LengthenSpeech(noise.data(), 30, 30, out.data(), 1) == 0);
}

TEST_CASE("quiet: one loud piece of 10 ms is enough to be heard") {
  Sound sound(kFrame, 0);
  CHECK(IsQuiet(sound.data(), sound.size(), 1));
  std::fill(sound.begin() + 100, sound.begin() + 110, std::int16_t{2000});
  CHECK_FALSE(IsQuiet(sound.data(), sound.size(), 1));
}

TEST_CASE("time scale: at 16 and 48 kHz as at 8") {
  for (const std::size_t scale : {2u, 6u}) {
    CAPTURE(scale);
    const std::size_t frame = kFrame * scale;
    const std::size_t after = 40 * scale;
    const Sound sound = test::SpeechLike(40000 * scale, 8000.0 * static_cast<double>(scale));
    const int natural = test::LargestStep(sound.data(), sound.size());
    int shortened = 0;
    int lengthened = 0;
    for (std::size_t at = 0; at + 3 * frame < sound.size(); at += 777 * scale) {
      const std::int16_t* in = &sound[at];
      Sound out(frame + after);
      const std::size_t removed = ShortenSpeech(in, frame, frame, out.data(), scale);
      std::copy_n(in + frame + removed, after, &out[frame]);
      CHECK(test::LargestStep(out.data(), out.size()) <= natural);
      if (removed > 0) ++shortened;
      const std::size_t inserted = LengthenSpeech(in, frame, frame, out.data(), scale);
      std::copy_n(in + frame - inserted, after, &out[frame]);
      CHECK(test::LargestStep(out.data(), out.size()) <= natural);
      if (inserted > 0) ++lengthened;
    }
    CHECK(shortened > 40);
    CHECK(lengthened > 40);
  }
}

}  // namespace
}  // namespace dashvoip
