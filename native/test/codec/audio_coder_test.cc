#include "dashvoip/codec/audio_coder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "codec/coders.h"

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;
using Packets = std::vector<std::vector<std::uint8_t>>;

Sound Tone(const AudioCoder& codec, double height) {
  // Whole packets of any length.
  Sound tone(codec.sample_rate() * 6 / 10);
  for (std::size_t n = 0; n < tone.size(); ++n) {
    tone[n] = static_cast<std::int16_t>(
        height * std::sin(2 * 3.14159265 * 440 * static_cast<double>(n) / codec.sample_rate()));
  }
  return tone;
}

std::size_t PacketOf(const AudioCoder& codec) {
  return test::PacketMs(codec.info()) * codec.sample_rate() / 1000;
}

Packets Encoded(AudioCoder* codec, const Sound& sound) {
  Packets packets;
  const std::size_t count = PacketOf(*codec);
  for (std::size_t at = 0; at < sound.size(); at += count) {
    std::vector<std::uint8_t> payload(codec->MaxPayload(count));
    const std::size_t size = codec->Encode(&sound[at], count, payload.data());
    REQUIRE(size > 0);
    REQUIRE(size <= payload.size());
    payload.resize(size);
    REQUIRE(codec->SamplesIn(payload.data(), size) == count);
    packets.push_back(payload);
  }
  return packets;
}

Sound Decoded(AudioCoder* codec, const Packets& packets) {
  Sound sound;
  for (const auto& payload : packets) {
    Sound part(codec->SamplesIn(payload.data(), payload.size()));
    CHECK(codec->Decode(payload.data(), payload.size(), part.data()));
    sound.insert(sound.end(), part.begin(), part.end());
  }
  return sound;
}

TEST_CASE("audio codecs: each of the table takes in a tone and gives it back") {
  for (const AudioCodecInfo& info : kAudioCodecs) {
    const std::string name = info.name;
    CAPTURE(name);
    const auto codec = test::MakeCoder(info.id);
    if (codec == nullptr) continue;
    CHECK(codec->info().name == name);
    CHECK(kAudioCodecs[static_cast<std::size_t>(info.id)].id == info.id);
    CHECK(codec->SamplesIn(nullptr, 0) == 0);
    const Sound tone = Tone(*codec, 9000);
    const Sound heard = Decoded(codec.get(), Encoded(codec.get(), tone));
    REQUIRE(heard.size() == tone.size());
    double level = 0;
    for (std::size_t n = tone.size() / 2; n < tone.size(); ++n) level += std::pow(heard[n], 2);
    const double height = std::sqrt(4 * level / static_cast<double>(tone.size()));
    // What models a voice is not made for tones.
    CHECK(height == doctest::Approx(9000).epsilon(info.module == nullptr ? 0.05 : 0.25));
  }
}

TEST_CASE("audio codecs: what is reset is as new") {
  for (const AudioCodecInfo& info : kAudioCodecs) {
    const std::string name = info.name;
    CAPTURE(name);
    const auto codec = test::MakeCoder(info.id);
    if (codec == nullptr) continue;
    // The other libraries cannot, or not quite: what they remember fades.
    if (info.module != nullptr && info.id != AudioCodec::kOpus) continue;
    const Sound tone = Tone(*codec, 9000);
    const Packets first = Encoded(codec.get(), tone);
    const Sound heard_first = Decoded(codec.get(), first);
    codec->ResetEncoder();
    codec->ResetDecoder();
    const Packets again = Encoded(codec.get(), tone);
    CHECK(first == again);
    CHECK(heard_first == Decoded(codec.get(), again));
  }
}

TEST_CASE("audio codecs: packets of each length that may be sent fit their room and a link") {
  for (const AudioCodecInfo& info : kAudioCodecs) {
    const std::string name = info.name;
    CAPTURE(name);
    const auto codec = test::MakeCoder(info.id);
    if (codec == nullptr) continue;
    const Sound tone = Tone(*codec, 9000);
    for (std::uint32_t ms = 10; ms <= 60; ms += 10) {
      if ((info.lengths & Tens(ms)) == 0) continue;
      CAPTURE(ms);
      const std::size_t count = ms * codec->sample_rate() / 1000;
      std::vector<std::uint8_t> payload(codec->MaxPayload(count));
      CHECK(payload.size() <= 1400);
      const std::size_t size = codec->Encode(tone.data(), count, payload.data());
      REQUIRE(size <= payload.size());
      CHECK(codec->SamplesIn(payload.data(), size) == count);
    }
  }
}

TEST_CASE("audio codecs: a module that is not there, or is none, is told in words") {
  CoderMaker nowhere("/nowhere");
  std::string error;
  CHECK_FALSE(nowhere.Has(AudioCodec::kOpus));
  CHECK(nowhere.Has(AudioCodec::kPcma));
  CHECK((nowhere.Make(AudioCodec::kOpus, 48000, &error) == nullptr));
  CHECK(error.find("dashvoip-opus.so") != std::string::npos);
  CHECK((nowhere.Make(AudioCodec::kPcma, 8000, &error) != nullptr));
}

}  // namespace
}  // namespace dashvoip
