#include "dashvoip/video/still_maker.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "dashvoip/video/annexb.h"
#include "places.h"

namespace dashvoip {
namespace {

using Bytes = std::vector<std::uint8_t>;

#ifdef DASHVOIP_HAVE_STILL

constexpr const char* kModules = DASHVOIP_BUILD_DIR "/lib";

/** A key frame of the fuzzer's corpus, each made by x264 from a test card. */
Bytes KeyFrame(const std::string& name) {
  std::ifstream file(DASHVOIP_TEST_DATA "/../../native/fuzz/corpus/still_module/" + name,
                     std::ios::binary);
  const Bytes bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  REQUIRE_FALSE(bytes.empty());
  return bytes;
}

/** The NAL units of an access unit, but those of a type. */
Bytes Without(const Bytes& access_unit, std::uint8_t type) {
  Bytes out;
  AnnexBReader reader(access_unit.data(), access_unit.size());
  NalUnit nal;
  while (reader.Next(&nal)) {
    if (nal.type() == type) continue;
    for (const std::uint8_t byte : {0, 0, 1}) out.push_back(byte);
    out.insert(out.end(), nal.data, nal.data + nal.size);
  }
  return out;
}

std::string WordsFor(const Bytes& key_frame) {
  Still still;
  std::string words;
  if (MakeStill(kModules, key_frame.data(), key_frame.size(), &still, &words)) return "none";
  CHECK(still.jpeg.empty());
  const std::string begin = "no still can be made of the camera's key frame: ";
  REQUIRE(words.compare(0, begin.size(), begin) == 0);
  return words.substr(begin.size());
}

/** Width and height of the frame header, ITU-T T.81 section B.2.2; its only form here is SOF0. */
std::pair<int, int> SizeIn(const Bytes& jpeg) {
  for (std::size_t i = 0; i + 8 < jpeg.size(); ++i) {
    if (jpeg[i] != 0xff || jpeg[i + 1] != 0xc0) continue;
    return {jpeg[i + 7] << 8 | jpeg[i + 8], jpeg[i + 5] << 8 | jpeg[i + 6]};
  }
  return {0, 0};
}

TEST_CASE("still: key frames of all forms that a JPEG can hold, at their size") {
  struct Form {
    const char* name;
    int width, height;
  };
  for (const Form& form :
       {Form{"baseline", 64, 48}, Form{"cropped-high", 62, 46}, Form{"full-range", 32, 32},
        Form{"interlaced", 32, 32}, Form{"sampled-422", 32, 32}, Form{"sampled-444", 32, 32},
        Form{"two-slices", 64, 48}}) {
    CAPTURE(form.name);
    const Bytes key_frame = KeyFrame(form.name);
    Still still;
    std::string words;
    REQUIRE(MakeStill(kModules, key_frame.data(), key_frame.size(), &still, &words));
    CHECK(words.empty());
    CHECK(SizeIn(still.jpeg) == std::make_pair(form.width, form.height));
    CHECK(still.width == static_cast<std::uint32_t>(form.width));
    CHECK(still.height == static_cast<std::uint32_t>(form.height));
  }
}

TEST_CASE("still: what a camera puts beside the picture does not matter") {
  Bytes key_frame = {0, 0, 0, 1, 9, 0x10, 0, 0, 0, 1, 0x1a, 1, 2, 3, 0, 0, 1, 6, 5, 0xff};
  const Bytes plain = KeyFrame("baseline");
  key_frame.insert(key_frame.end(), plain.begin(), plain.end());
  CHECK(WordsFor(key_frame) == "none");
}

TEST_CASE("still: what is missing is named") {
  const Bytes key_frame = KeyFrame("baseline");
  CHECK(WordsFor(Without(key_frame, kNalSps)) == "it came without a sequence parameter set");
  CHECK(WordsFor(Without(key_frame, kNalPps)) == "it came without a picture parameter set");
  CHECK(WordsFor(Without(key_frame, kNalIdr)) == "it is no key frame");
  CHECK(WordsFor({}) == "it came without a sequence parameter set");
  CHECK(WordsFor(KeyFrame("ten-bits")) == "a JPEG cannot hold its kind of colours");
}

TEST_CASE(
    "still: a picture that is cut off anywhere, or lacks a slice, is damaged and not made up") {
  for (const char* const name : {"baseline", "cropped-high", "two-slices"}) {
    CAPTURE(name);
    Bytes cut = KeyFrame(name);
    const std::size_t whole = cut.size();
    // CABAC reads ahead: its last macroblocks may be whole without the last bytes.
    for (cut.resize(whole - 16); !cut.empty(); cut.pop_back()) CHECK(WordsFor(cut) != "none");
  }
  const Bytes both = KeyFrame("two-slices");
  std::size_t second = both.size() - 4;
  while (both[second] != 0 || both[second + 1] != 0 || both[second + 2] != 1) --second;
  CHECK(WordsFor(Bytes(both.begin(), both.begin() + static_cast<std::ptrdiff_t>(second))) ==
        "it is damaged");
}

TEST_CASE("still: a size beyond any camera's is refused before memory is taken for it") {
  // 16384 x 16384 pixels, all but 16 x 16 of them cropped away.
  const Bytes huge = {0x00, 0x00, 0x00, 0x01, 0x67, 0x42, 0x00, 0x33, 0xda, 0x00, 0x10, 0x00,
                      0x00, 0x80, 0x1e, 0x00, 0x1f, 0xf9, 0x80, 0x07, 0xfe, 0x50, 0x00, 0x00,
                      0x00, 0x01, 0x68, 0xce, 0x38, 0x80, 0x00, 0x00, 0x01, 0x65, 0x88, 0x84};
  const Bytes key_frame = KeyFrame("baseline");
  Bytes both = huge;
  both.insert(both.end(), key_frame.begin(), key_frame.end());
  CHECK(WordsFor(huge) == "it is too large");
  CHECK(WordsFor(both) == "it is too large");
}

TEST_CASE("still: damage of any kind is a picture or words") {
  std::uint32_t noise = 12345;
  int made = 0;
  for (int round = 0; round < 400; ++round) {
    Bytes damaged = KeyFrame(round % 2 == 0 ? "baseline" : "cropped-high");
    for (int i = 0; i <= round % 4; ++i) {
      noise = noise * 1664525 + 1013904223;
      damaged[(noise >> 8) % damaged.size()] ^= static_cast<std::uint8_t>(1U << (noise >> 28) % 8);
    }
    if (WordsFor(damaged) == "none") ++made;
  }
  // Not each flipped bit can be told from another picture.
  CHECK(made < 300);
  CHECK(WordsFor(KeyFrame("baseline")) == "none");
}

#endif  // DASHVOIP_HAVE_STILL

TEST_CASE("still: a module that is not there is named, and what to build") {
  std::string words;
  Still still;
  CHECK_FALSE(MakeStill("/nowhere", nullptr, 0, &still, &words));
  CHECK(words.find("/nowhere/dashvoip-still.so") != std::string::npos);
  CHECK(words.find("DASHVOIP_STILL") != std::string::npos);
}

}  // namespace
}  // namespace dashvoip
