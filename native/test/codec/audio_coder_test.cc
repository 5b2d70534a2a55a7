#include "dashvoip/codec/audio_coder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;

Sound Tone(std::uint32_t rate) {
  Sound tone(rate / 10);
  for (std::size_t n = 0; n < tone.size(); ++n) {
    tone[n] = static_cast<std::int16_t>(9000 * std::sin(2 * 3.14159265 * 440 * n / rate));
  }
  return tone;
}

TEST_CASE("audio codecs: each of the table takes in a tone and gives it back") {
  for (const AudioCodecInfo& info : kAudioCodecs) {
    const std::string name = info.name;
    CAPTURE(name);
    const auto codec = AudioCoder::Create(info.id);
    REQUIRE(codec != nullptr);
    CHECK(codec->info().name == name);
    CHECK(kAudioCodecs[static_cast<std::size_t>(info.id)].id == info.id);
    const Sound tone = Tone(info.sample_rate);
    std::vector<std::uint8_t> payload(codec->MaxPayload(tone.size()));
    const std::size_t size = codec->Encode(tone.data(), tone.size(), payload.data());
    REQUIRE(size <= payload.size());
    REQUIRE(codec->SamplesIn(payload.data(), size) == tone.size());
    CHECK(codec->SamplesIn(payload.data(), 0) == 0);
    Sound heard(tone.size());
    codec->Decode(payload.data(), size, heard.data());
    double level = 0;
    for (std::size_t n = tone.size() / 2; n < tone.size(); ++n) level += std::pow(heard[n], 2);
    CHECK(std::sqrt(4 * level / tone.size()) == doctest::Approx(9000).epsilon(0.05));
  }
}

TEST_CASE("audio codecs: what is reset is as new") {
  for (const AudioCodecInfo& info : kAudioCodecs) {
    const std::string name = info.name;
    CAPTURE(name);
    const Sound tone = Tone(info.sample_rate);
    const auto codec = AudioCoder::Create(info.id);
    std::vector<std::uint8_t> first(codec->MaxPayload(tone.size()));
    std::vector<std::uint8_t> again(first.size());
    Sound heard_first(tone.size());
    Sound heard_again(tone.size());
    codec->Encode(tone.data(), tone.size(), first.data());
    codec->Decode(first.data(), first.size(), heard_first.data());
    codec->ResetEncoder();
    codec->ResetDecoder();
    codec->Encode(tone.data(), tone.size(), again.data());
    codec->Decode(again.data(), again.size(), heard_again.data());
    CHECK(first == again);
    CHECK(heard_first == heard_again);
  }
}

}  // namespace
}  // namespace dashvoip
