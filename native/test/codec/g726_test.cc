// Shows RFC 3551.

#include "dashvoip/codec/g726.h"

#include <doctest/doctest.h>

#include <vector>

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;
using Bytes = std::vector<std::uint8_t>;

/** A rising square wave, one with noise on it, and noise; a second each. Louder, FFmpeg wraps
 * around. */
Sound Signal() {
  std::uint32_t seed = 1;
  Sound sound(24000);
  for (int n = 0; n < 24000; ++n) {
    seed = seed * 1664525u + 1013904223u;
    const int noise = static_cast<int>(seed >> 16) - 32768;
    const int height = n < 8000 ? 6 * (n / 8) : 6000;
    const int square = n * 37 % 400 < 200 ? height : -height;
    const int value = n >= 16000 ? noise >> 2 : n >= 8000 ? square + (noise >> 3) : square;
    sound[static_cast<std::size_t>(n)] = static_cast<std::int16_t>(value);
  }
  return sound;
}

/** FNV-1a. */
std::uint64_t HashOf(const Bytes& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3u;
  return hash;
}

std::uint64_t HashOf(const Sound& sound) {
  Bytes bytes;
  for (const std::int16_t sample : sound) {
    bytes.push_back(static_cast<std::uint8_t>(sample & 0xff));
    bytes.push_back(static_cast<std::uint8_t>(sample >> 8 & 0xff));
  }
  return HashOf(bytes);
}

struct Case {
  unsigned bits;
  std::uint64_t low;      // packed as RFC 3551 does
  std::uint64_t high;     // packed as AAL2 does
  std::uint64_t decoded;  // from either
};

// Of what FFmpeg 5.1 makes of the same input: -c:a g726le, -c:a g726, and back.
constexpr Case kCases[] = {
    {5, 0x715081932671f6d4u, 0xc3a6ae130c11b497u, 0x47fd4b9ce6bc654au},
    {4, 0xb3f9dee7edc28bb6u, 0x7e24c4176e77f5f1u, 0xf8cd5c2a8f83a72au},
    {3, 0x9770327bd6e2683eu, 0x2bf8dca1826364feu, 0xb79b73aff296a6b5u},
    {2, 0x0fcff14e43b81579u, 0x2957669ef412e140u, 0x43941add65cb6dabu},
};

TEST_CASE(
    "G.726: encodes and decodes bit for bit as another implementation does, in both packings") {
  const Sound signal = Signal();
  for (const Case& it : kCases) {
    CAPTURE(it.bits);
    for (const G726Packing packing : {G726Packing::kLow, G726Packing::kHigh}) {
      const bool low = packing == G726Packing::kLow;
      CAPTURE(low);
      G726 encoder(it.bits);
      Bytes bytes(signal.size() * it.bits / 8);
      // In pieces, as packets are.
      for (std::size_t at = 0; at < signal.size(); at += 80) {
        REQUIRE(G726EncodePacked(&encoder, packing, &signal[at], 80, &bytes[at * it.bits / 8]) ==
                10 * it.bits);
      }
      CHECK(HashOf(bytes) == (low ? it.low : it.high));
      G726 decoder(it.bits);
      Sound heard(signal.size());
      G726DecodePacked(&decoder, packing, bytes.data(), bytes.size(), heard.data());
      CHECK(HashOf(heard) == it.decoded);
    }
  }
}

}  // namespace
}  // namespace dashvoip
