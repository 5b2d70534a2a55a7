#include "dashvoip/codec/g711.h"

namespace dashvoip {

namespace {

/** What each code stands for, computed by the compiler. */
struct DecodeTables {
  std::int16_t a_law[256];
  std::int16_t mu_law[256];

  constexpr DecodeTables() noexcept : a_law(), mu_law() {
    for (int code = 0; code < 256; ++code) {
      a_law[code] = ExpandALaw(code);
      mu_law[code] = ExpandMuLaw(code);
    }
  }

  // G.711 table 1: even bits are inverted on the line; segment and mantissa in the middle.
  static constexpr std::int16_t ExpandALaw(int code) noexcept {
    const int bits = code ^ 0x55;
    const int segment = bits >> 4 & 7;
    const int step = (bits & 0x0f) << 4;
    const int magnitude = segment == 0 ? step + 8 : (step + 0x108) << (segment - 1);
    return static_cast<std::int16_t>((bits & 0x80) != 0 ? magnitude : -magnitude);
  }

  // G.711 table 2: all bits are inverted on the line; the bias of 33 is 132 at 16 bits.
  static constexpr std::int16_t ExpandMuLaw(int code) noexcept {
    const int bits = ~code & 0xff;
    const int magnitude = ((((bits & 0x0f) << 3) + 0x84) << (bits >> 4 & 7)) - 0x84;
    return static_cast<std::int16_t>((bits & 0x80) != 0 ? -magnitude : magnitude);
  }
};

constexpr DecodeTables kTables;

int HighestBit(unsigned value) noexcept { return 31 - __builtin_clz(value); }

}  // namespace

std::uint8_t ALawFromLinear(std::int16_t sample) noexcept {
  // Negative values are taken in one's complement, so that both halves are symmetrical.
  const bool negative = sample < 0;
  const auto magnitude = static_cast<unsigned>(negative ? ~sample : sample);
  const unsigned sign = negative ? 0x00 : 0x80;
  unsigned bits = magnitude >> 4;
  if (magnitude >= 256) {
    const int segment = HighestBit(magnitude) - 7;
    bits = static_cast<unsigned>(segment) << 4 | (magnitude >> (segment + 3) & 0x0f);
  }
  return static_cast<std::uint8_t>((sign | bits) ^ 0x55);
}

std::uint8_t MuLawFromLinear(std::int16_t sample) noexcept {
  constexpr int kBias = 0x84;
  constexpr int kClip = 32635;
  const bool negative = sample < 0;
  int magnitude = negative ? ~sample : sample;
  if (magnitude > kClip) magnitude = kClip;
  magnitude += kBias;
  const int segment = HighestBit(static_cast<unsigned>(magnitude)) - 7;
  const unsigned bits = static_cast<unsigned>(segment) << 4 |
                        (static_cast<unsigned>(magnitude) >> (segment + 3) & 0x0f);
  return static_cast<std::uint8_t>(~(bits | (negative ? 0x80u : 0u)));
}

std::int16_t LinearFromALaw(std::uint8_t code) noexcept { return kTables.a_law[code]; }

std::int16_t LinearFromMuLaw(std::uint8_t code) noexcept { return kTables.mu_law[code]; }

void G711Encode(G711Law law, const std::int16_t* in, std::size_t count,
                std::uint8_t* out) noexcept {
  if (law == G711Law::kALaw) {
    for (std::size_t i = 0; i < count; ++i) out[i] = ALawFromLinear(in[i]);
  } else {
    for (std::size_t i = 0; i < count; ++i) out[i] = MuLawFromLinear(in[i]);
  }
}

void G711Decode(G711Law law, const std::uint8_t* in, std::size_t count,
                std::int16_t* out) noexcept {
  const auto& table = law == G711Law::kALaw ? kTables.a_law : kTables.mu_law;
  for (std::size_t i = 0; i < count; ++i) out[i] = table[in[i]];
}

}  // namespace dashvoip
