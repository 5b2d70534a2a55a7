#include "dashvoip/record/adts.h"

#include <doctest/doctest.h>

namespace dashvoip {

TEST_CASE("ADTS: a header as 13818-7 has it") {
  // Of 48 kHz mono, as ffmpeg writes it before 152 bytes.
  const auto header = AdtsHeader({48000, 1}, 152);
  const std::array<std::uint8_t, 7> expected = {{0xff, 0xf1, 0x4c, 0x40, 0x13, 0xff, 0xfc}};
  CHECK(header == expected);
  CHECK(AacConfig({48000, 1}) == std::array<std::uint8_t, 2>{{0x11, 0x88}});
  CHECK(AacConfig({8000, 2}) == std::array<std::uint8_t, 2>{{0x15, 0x90}});
}

TEST_CASE("ADTS: what AAC has no number for is known") {
  CHECK(IsAac({48000, 2}));
  CHECK_FALSE(IsAac({47999, 2}));
  CHECK_FALSE(IsAac({48000, 0}));
  CHECK_FALSE(IsAac({48000, 7}));
}

}  // namespace dashvoip
