#include "dashvoip/voice/voice_codec.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/realtime_watch.h"
#include "codec/coders.h"
#include "dashvoip/base/realtime_section.h"

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;

/** Level of `frequency` in the second half of the sound, as the height of its sine. */
double Height(const Sound& sound, double frequency, double rate) {
  double re = 0;
  double im = 0;
  const std::size_t from = sound.size() / 2;
  for (std::size_t n = from; n < sound.size(); ++n) {
    const double phase = 2 * 3.14159265358979 * frequency * static_cast<double>(n) / rate;
    re += sound[n] * std::cos(phase);
    im += sound[n] * std::sin(phase);
  }
  return 2 * std::sqrt(re * re + im * im) / static_cast<double>(sound.size() - from);
}

TEST_CASE("voice codec: every codec on every bus, packet by packet, at its own length") {
  for (const AudioCodecInfo& info : kAudioCodecs) {
    for (const std::uint32_t bus : {8000u, 16000u, 48000u}) {
      const std::string name = info.name;
      CAPTURE(name);
      CAPTURE(bus);
      if (!test::Coders().Has(info.id)) continue;
      VoiceCodec sender(test::MakeCoder(info.id, bus), bus);
      VoiceCodec receiver(test::MakeCoder(info.id, bus), bus);
      const std::uint32_t packet_ms = test::PacketMs(info);
      const std::size_t frame = packet_ms * bus / 1000;
      Sound tone(bus * 6 / 10);
      for (std::size_t n = 0; n < tone.size(); ++n) {
        tone[n] = static_cast<std::int16_t>(8000 * std::sin(2 * 3.14159265358979 * 1000 * n / bus));
      }
      Sound heard(tone.size());
      std::vector<std::uint8_t> payload(sender.MaxPayload(frame));
      for (std::size_t at = 0; at < tone.size(); at += frame) {
        const std::size_t size = sender.Encode(&tone[at], frame, payload.data());
        REQUIRE(size <= payload.size());
        REQUIRE(receiver.Duration(payload.data(), size) == info.clock_rate * packet_ms / 1000);
        receiver.Decode(payload.data(), size, &heard[at], frame);
      }
      // What models a voice is not made for tones.
      const double tolerance = info.module == nullptr ? 0.05 : 0.25;
      CHECK(Height(heard, 1000, bus) == doctest::Approx(8000).epsilon(tolerance));
      // No packet begins or ends with a step that is not in the tone.
      int largest = 0;
      for (std::size_t n = tone.size() / 2; n < tone.size(); ++n) {
        largest = std::max(largest, std::abs(heard[n] - heard[n - 1]));
      }
      CHECK(largest < 8000 * 2 * 3.15 * 1000 / bus * (info.module == nullptr ? 1.6 : 2));
    }
  }
}

TEST_CASE("voice codec: no codec takes memory, but for one whose library does and which says so") {
  for (const AudioCodecInfo& info : kAudioCodecs) {
    const std::string name = info.name;
    CAPTURE(name);
    std::unique_ptr<AudioCoder> coder = test::MakeCoder(info.id);
    if (coder == nullptr) continue;
    CHECK(coder->TakesMemory() == (info.id == AudioCodec::kG723));
    VoiceCodec codec(std::move(coder), 16000);
    const std::size_t count = test::PacketMs(info) * 16;
    Sound sound(count, 1000);
    std::vector<std::uint8_t> payload(codec.MaxPayload(count));
    test::TakeRealtimeFaults();
    bool heard = true;
    {
      const RealtimeSection realtime;
      for (int n = 0; n < 10; ++n) {
        const std::size_t size = codec.Encode(sound.data(), count, payload.data());
        heard = heard && codec.Decode(payload.data(), size, sound.data(), count);
        codec.Conceal(sound.data(), count);
        codec.Recover(payload.data(), size, sound.data(), count);
      }
    }
    CHECK(heard);
    CHECK(test::TakeRealtimeFaults().total() == 0);
  }
}

TEST_CASE("voice codec: wideband needs a bus that can carry it") {
  for (const std::uint32_t bus : {8000u, 16000u}) {
    CAPTURE(bus);
    VoiceCodec codec(BuiltInCoder(AudioCodec::kG722), bus);
    const auto wide = BuiltInCoder(AudioCodec::kG722);
    Sound tone(8000);
    for (std::size_t n = 0; n < tone.size(); ++n) {
      tone[n] = static_cast<std::int16_t>(8000 * std::sin(2 * 3.14159265358979 * 5000 * n / 16000));
    }
    std::vector<std::uint8_t> payload(tone.size() / 2);
    wide->Encode(tone.data(), tone.size(), payload.data());
    Sound heard(bus / 2);
    const std::size_t frame = bus / 50;
    for (std::size_t i = 0; i < 25; ++i) {
      codec.Decode(&payload[i * 160], 160, &heard[i * frame], frame);
    }
    // At 8 kHz it is gone, and does not come back mirrored at 3 kHz.
    if (bus == 8000) CHECK(Height(heard, 3000, bus) < 200);
    if (bus == 16000) CHECK(Height(heard, 5000, bus) > 7000);
  }
}

}  // namespace
}  // namespace dashvoip
