#include "dashvoip/video/parameter_sets.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "video/h264_capture.h"

namespace dashvoip {
namespace {

using test::Bytes;

Bytes FromHex(const std::string& hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

NalUnit Nal(const Bytes& bytes) {
  NalUnit nal;
  nal.data = bytes.data();
  nal.size = bytes.size();
  return nal;
}

struct SpsCase {
  const char* hex;
  const char* profile_level_id;
  std::uint32_t width;
  std::uint32_t height;
};

// Written by x264 for pictures of known size: cropping, emulation prevention, interlace, 4:4:4.
const SpsCase kCases[] = {
    {"6742c028d900780227e5c044000003000400000300f03c60c920", "42c028", 1920, 1080},
    {"674d4028eca03c0113f2e022000003000200000300781e30632c", "4d4028", 1920, 1080},
    {"67640028acd940780227e5c044000003000400000300f03c60c658", "640028", 1920, 1080},
    {"6742c01fd9005005bb0110000003001000000303c0f1832480", "42c01f", 1280, 720},
    {"674d401eeca05017fcb80880000003008000001e078b16cb", "4d401e", 640, 360},
    {"6764001facd940d43db0110000030001000003003c0f183196", "64001f", 848, 480},
    {"6742c00dd90150878888c044000003000400000300f03c50a920", "42c00d", 322, 242},
    {"67640028acd94078044fde0220000003002000000783e2c5b2c0", "640028", 1920, 1080},
    {"67f4001e919b281407b60220000003002000000781e2c5b2c0", "f4001e", 640, 480},
};

// Likewise by x265; what ffprobe says of them: Main, level 2 (60); Main, 4 (120); Main 10, 2.1
// (63); format range extensions, 3 (90).
const SpsCase kH265Cases[] = {
    {"42010101600000030090000003000003003ca00a8804071111965654a4c2f016808000000300800000030284",
     "01600000009000000000003c", 322, 242},
    {"420101016000000300900000030000030078a003c0801107cb965654a4c2f016808000000300800000030284",
     "016000000090000000000078", 1920, 1080},
    {"42010102200000030090000003000003003fa005020171f2b6595952930bc05a020000030002000003000a10",
     "02200000009000000000003f", 640, 360},
    {"4201010408000003009e0800000300005a9000d4403c2cb2b2a5261780b4040000030004000003001420",
     "04080000009e08000000005a", 848, 480},
};

TEST_CASE("SPS of H.265: profile, tier, level and size of what x265 writes") {
  for (const SpsCase& one : kH265Cases) {
    const Bytes sps = FromHex(one.hex);
    SpsParameters parameters;
    REQUIRE(ParseSps(PictureCodec::kH265, Nal(sps), &parameters));
    CHECK(parameters.ProfileLevelId() == one.profile_level_id);
    CHECK(parameters.width == one.width);
    CHECK(parameters.height == one.height);
    for (std::size_t size = 0; size < 20; ++size) {
      const Bytes cut(sps.begin(), sps.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK_FALSE(ParseSps(PictureCodec::kH265, Nal(cut), &parameters));
    }
  }
  SpsParameters parameters;
  CHECK_FALSE(ParseSps(PictureCodec::kH264, Nal(FromHex(kH265Cases[0].hex)), &parameters));
}

TEST_CASE("SPS of H.265: the profiles of sub-layers are passed over, too many refused") {
  // The first case, with two sub-layers below: one has profile and level, the other a level.
  Bytes sps = FromHex(
      "4201"
      "05"
      "016000000300900000030000"
      "03003c");
  sps.insert(sps.end(), {0xd0, 0x00});  // flags 11 01, and six pairs of zeros
  sps.insert(sps.end(), 11 + 1 + 1, 0x55);
  // sps_id 0, chroma 1, 322 + 6, 242 + 6, as in the first case.
  const Bytes rest = FromHex("a00a8804071111965654a4");
  sps.insert(sps.end(), rest.begin(), rest.end());
  SpsParameters parameters;
  REQUIRE(ParseSps(PictureCodec::kH265, Nal(sps), &parameters));
  CHECK(parameters.width == 322);
  CHECK(parameters.height == 242);
  sps[2] = 0x0f;  // seven
  CHECK_FALSE(ParseSps(PictureCodec::kH265, Nal(sps), &parameters));
}

TEST_CASE("ParameterSets of H.265: VPS, SPS and PPS in their order, each is of the one before") {
  const Bytes vps = FromHex("40010c01ffff01600000030090000003000003003c959409");
  const Bytes sps = FromHex(kH265Cases[0].hex);
  const Bytes pps = FromHex("4401c073c189");
  ParameterSets sets(PictureCodec::kH265);
  CHECK_FALSE(sets.Update(Nal(sps)));
  CHECK_FALSE(sets.Update(Nal(pps)));
  CHECK(sets.Update(Nal(vps)));
  CHECK_FALSE(sets.Update(Nal(pps)));
  CHECK(sets.Update(Nal(sps)));
  CHECK_FALSE(sets.complete());
  CHECK(sets.Update(Nal(pps)));
  CHECK(sets.complete());
  CHECK_FALSE(sets.Update(Nal(pps)));
  CHECK(sets.count() == 3);
  CHECK(sets.SpropParameterSets() ==
        "QAEMAf//AWAAAAMAkAAAAwAAAwA8lZQJ,"
        "QgEBAWAAAAMAkAAAAwAAAwA8oAqIBAcREZZWVKTC8BaAgAAAAwCAAAADAoQ=,RAHAc8GJ");
  Bytes other = vps;
  other.back() ^= 0x40;
  CHECK(sets.Update(Nal(other)));
  CHECK_FALSE(sets.complete());
  CHECK(sets.count() == 1);
  sets.SetCodec(PictureCodec::kH264);
  CHECK(sets.count() == 0);
  CHECK_FALSE(sets.Update(Nal(vps)));
}

TEST_CASE("SPS: profile, level and size of what x264 writes") {
  for (const SpsCase& one : kCases) {
    const Bytes sps = FromHex(one.hex);
    SpsParameters parameters;
    REQUIRE(ParseSps(PictureCodec::kH264, Nal(sps), &parameters));
    CHECK(parameters.ProfileLevelId() == one.profile_level_id);
    CHECK(parameters.width == one.width);
    CHECK(parameters.height == one.height);
  }
}

TEST_CASE("SPS: cut short or not an SPS") {
  const Bytes whole = FromHex(kCases[0].hex);
  SpsParameters parameters;
  for (std::size_t size = 1; size < 10; ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_FALSE(ParseSps(PictureCodec::kH264, Nal(cut), &parameters));
  }
  CHECK_FALSE(ParseSps(PictureCodec::kH264, Nal(FromHex("68fba3cb3002c0")), &parameters));
  CHECK_FALSE(ParseSps(PictureCodec::kH264, Nal(Bytes(40, 0x67)), &parameters));
}

TEST_CASE("Base64: the vectors of RFC 4648") {
  const auto encode = [](const std::string& text) {
    return Base64(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  CHECK(encode("") == "");
  CHECK(encode("f") == "Zg==");
  CHECK(encode("fo") == "Zm8=");
  CHECK(encode("foo") == "Zm9v");
  CHECK(encode("foobar") == "Zm9vYmFy");
}

TEST_CASE("parameter sets: kept in order, replaced when they change") {
  const Bytes sps = FromHex(kCases[2].hex);
  const Bytes pps = FromHex("68ebe3c44844");
  ParameterSets sets;
  CHECK_FALSE(sets.Update(Nal(pps)));  // means nothing without its SPS
  CHECK(sets.Update(Nal(sps)));
  CHECK_FALSE(sets.complete());
  CHECK(sets.Update(Nal(pps)));
  CHECK(sets.complete());
  CHECK_FALSE(sets.Update(Nal(sps)));
  CHECK_FALSE(sets.Update(Nal(pps)));
  CHECK(sets.parameters().width == 1920);
  CHECK(sets.SpropParameterSets() ==
        Base64(sps.data(), sps.size()) + "," + Base64(pps.data(), pps.size()));

  // Another picture size: the PPS of the old one goes.
  CHECK(sets.Update(Nal(FromHex(kCases[3].hex))));
  CHECK(sets.count() == 1);
  CHECK(sets.parameters().width == 1280);
}

TEST_CASE("parameter sets: bounded in size and number") {
  ParameterSets sets;
  REQUIRE(sets.Update(Nal(FromHex(kCases[0].hex))));
  CHECK_FALSE(sets.Update(Nal(Bytes(ParameterSets::kMaxSize + 1, 0x68))));
  CHECK(sets.refused() == 1);
  // Identifiers 0 to 3: ue(v) 1, 010, 011, 00100.
  for (const std::uint8_t id : {0x80, 0x40, 0x60}) CHECK(sets.Update(Nal({0x68, id, 1})));
  CHECK_FALSE(sets.Update(Nal({0x68, 0x20, 1})));
  CHECK(sets.refused() == 2);
  CHECK(sets.count() == ParameterSets::kMaxSets);
  CHECK(sets.Update(Nal({0x68, 0x60, 2})));
  CHECK(sets.count() == ParameterSets::kMaxSets);
}

TEST_CASE("parameter sets: of a captured stream") {
  const auto pictures = test::CapturedPictures();
  const Bytes first = test::AnnexB(pictures.front().nal_units);
  ParameterSets sets;
  CHECK(sets.UpdateFrom(first.data(), first.size()));
  CHECK(sets.complete());
  // As ffprobe reads it.
  CHECK(sets.parameters().ProfileLevelId() == "42c01e");
  CHECK(sets.parameters().width == 494);
  CHECK(sets.parameters().height == 370);
}

TEST_CASE("parameter sets: what is too large is refused before it is read") {
  ParameterSets sets;
  const Bytes sps = FromHex(kCases[0].hex);
  REQUIRE(sets.Update(Nal(sps)));
  REQUIRE(sets.Update(Nal(FromHex("68ebe3c44844"))));
  // Of 380 KB, with an id that is known: as a camera's memory may look behind a torn frame.
  Bytes large(380 * 1024, 0xeb);
  large[0] = 0x68;
  CHECK_FALSE(sets.Update(Nal(large)));
  CHECK(sets.refused() == 1);
  // Also before its SPS is there.
  ParameterSets none;
  CHECK_FALSE(none.Update(Nal(large)));
  CHECK(none.refused() == 1);
  CHECK(sets.count() == 2);
}

}  // namespace
}  // namespace dashvoip
