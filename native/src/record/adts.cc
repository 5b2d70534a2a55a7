#include "dashvoip/record/adts.h"

#include <algorithm>

namespace dashvoip {
namespace {

// ISO/IEC 14496-3 table 1.18.
constexpr std::array<std::uint32_t, 13> kRates = {
    {96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}};
constexpr std::uint32_t kMostChannels = 6;  // of which the number is the configuration, table 1.19
constexpr unsigned kAacLc = 2;

unsigned RateIndex(std::uint32_t rate_hz) noexcept {
  return static_cast<unsigned>(std::find(kRates.begin(), kRates.end(), rate_hz) - kRates.begin());
}

}  // namespace

bool IsAac(const AacFormat& format) noexcept {
  return RateIndex(format.rate_hz) < kRates.size() && format.channels >= 1 &&
         format.channels <= kMostChannels;
}

std::array<std::uint8_t, 2> AacConfig(const AacFormat& format) noexcept {
  const unsigned bits = kAacLc << 11 | RateIndex(format.rate_hz) << 7 | format.channels << 3;
  return {{static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)}};
}

std::array<std::uint8_t, kAdtsHeader> AdtsHeader(const AacFormat& format,
                                                 std::size_t size) noexcept {
  const auto length = static_cast<unsigned>(size + kAdtsHeader);
  const unsigned rate = RateIndex(format.rate_hz);
  const auto byte = [](unsigned bits) { return static_cast<std::uint8_t>(bits); };
  return {{
      0xFF,
      0xF1,  // MPEG-4, layer 0, no CRC
      byte((kAacLc - 1) << 6 | rate << 2 | format.channels >> 2),
      byte((format.channels & 3) << 6 | length >> 11),
      byte(length >> 3),
      byte((length & 7) << 5 | 0x1F),  // buffer fullness: 0x7FF, not told
      0xFC,
  }};
}

}  // namespace dashvoip
