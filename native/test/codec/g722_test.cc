// Shows RFC 3551.

#include "dashvoip/codec/g722.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;
using Bytes = std::vector<std::uint8_t>;

/** A rising square wave, one with noise on it, and noise of full scale; half a second each. */
Sound Signal() {
  std::uint32_t seed = 1;
  Sound sound(24000);
  for (int n = 0; n < 24000; ++n) {
    seed = seed * 1664525u + 1013904223u;
    const int noise = static_cast<int>(seed >> 16) - 32768;
    const int height = n < 8000 ? 6 * (n / 8) : 6000;
    const int square = n * 37 % 400 < 200 ? height : -height;
    const int value = n >= 16000 ? noise : n >= 8000 ? square + (noise >> 3) : square;
    sound[static_cast<std::size_t>(n)] = static_cast<std::int16_t>(value);
  }
  return sound;
}

/** FNV-1a, over little-endian bytes. */
class Hash {
 public:
  void Add(std::uint8_t byte) { value = (value ^ byte) * 0x100000001b3u; }
  void Add(const Sound& sound) {
    for (const std::int16_t sample : sound) {
      Add(static_cast<std::uint8_t>(sample & 0xff));
      Add(static_cast<std::uint8_t>(sample >> 8 & 0xff));
    }
  }
  std::uint64_t value = 0xcbf29ce484222325u;
};

Bytes Encoded(const Sound& sound) {
  Bytes bytes(sound.size() / 2);
  G722Encoder().Encode(sound.data(), sound.size(), bytes.data());
  return bytes;
}

Sound Decoded(const Bytes& bytes) {
  Sound sound(2 * bytes.size());
  G722Decoder().Decode(bytes.data(), bytes.size(), sound.data());
  return sound;
}

// The three numbers are of what FFmpeg 5.1 makes of the same input: -c:a g722, and back.

TEST_CASE("G.722: encodes bit for bit as another implementation does") {
  Hash hash;
  for (const std::uint8_t byte : Encoded(Signal())) hash.Add(byte);
  CHECK(hash.value == 0xbd29840f37316fadu);
}

TEST_CASE("G.722: decodes bit for bit as another implementation does, any bytes too") {
  Hash hash;
  hash.Add(Decoded(Encoded(Signal())));
  CHECK(hash.value == 0xa3855c04795daa3cu);

  Bytes noise;
  std::uint32_t seed = 9;
  for (int n = 0; n < 12000; ++n) {
    seed = seed * 1664525u + 1013904223u;
    noise.push_back(static_cast<std::uint8_t>(seed >> 24));
  }
  Hash of_noise;
  of_noise.Add(Decoded(noise));
  CHECK(of_noise.value == 0x421442807c297540u);
}

TEST_CASE("G.722: in pieces as in one") {
  const Sound sound = Signal();
  Bytes bytes(sound.size() / 2);
  G722Encoder encoder;
  for (std::size_t at = 0; at < sound.size(); at += 320) {
    encoder.Encode(&sound[at], 320, &bytes[at / 2]);
  }
  CHECK(bytes == Encoded(sound));
}

TEST_CASE("G.722: a tone above 4 kHz, which G.711 cannot carry, comes through") {
  Sound tone(16000);
  for (std::size_t n = 0; n < tone.size(); ++n) {
    tone[n] = static_cast<std::int16_t>(
        8000 * std::sin(2 * 3.14159265358979 * 5500 * static_cast<double>(n) / 16000));
  }
  const Sound heard = Decoded(Encoded(tone));
  double level = 0;
  for (std::size_t n = 8000; n < heard.size(); ++n) level += std::pow(heard[n] / 8000.0, 2);
  CHECK(std::sqrt(2 * level / 8000) == doctest::Approx(1).epsilon(0.1));
}

}  // namespace
}  // namespace dashvoip
