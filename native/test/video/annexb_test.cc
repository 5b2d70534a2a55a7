#include "dashvoip/video/annexb.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dashvoip/base/random_source.h"

namespace dashvoip {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string Sizes(const Bytes& bytes) {
  AnnexBReader reader(bytes.data(), bytes.size());
  NalUnit nal;
  std::string sizes;
  while (reader.Next(&nal)) {
    sizes += std::to_string(nal.type()) + ":" + std::to_string(nal.size) + " ";
  }
  return sizes;
}

TEST_CASE("Annex B: start codes of three and four bytes, zeros behind") {
  CHECK(Sizes({0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 0, 0, 0, 0, 1, 0x65, 0, 9, 0, 0}) ==
        "7:2 8:1 5:3 ");
  CHECK(Sizes({0, 0, 1, 0x41, 0, 0, 3, 1}) == "1:5 ");
}

TEST_CASE("Annex B: nothing, garbage in front, empty units") {
  CHECK(Sizes({}).empty());
  CHECK(Sizes({1, 2, 3, 4}).empty());
  CHECK(Sizes({0, 0, 1}).empty());
  CHECK(Sizes({0, 0, 0, 0, 0}).empty());
  CHECK(Sizes({0, 0, 1, 0, 0, 1, 0, 0, 1, 0x65}) == "5:1 ");
  CHECK(Sizes({9, 9, 0, 0, 1, 0x65, 1}) == "5:2 ");
  CHECK(Sizes({0, 0, 1, 0x65, 0, 0}) == "5:1 ");
}

TEST_CASE("Annex B: agrees with a byte-by-byte search on random bytes") {
  SeededRandom random(8);
  for (int round = 0; round < 500; ++round) {
    Bytes bytes(random.Next() % 60);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.Next() % 3);
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i + 3 <= bytes.size(); ++i) {
      if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1) begins.push_back(i + 3);
    }
    std::string expected;
    for (std::size_t k = 0; k < begins.size(); ++k) {
      std::size_t end = k + 1 < begins.size() ? begins[k + 1] - 3 : bytes.size();
      while (end > begins[k] && bytes[end - 1] == 0) --end;
      if (end == begins[k]) continue;
      expected +=
          std::to_string(bytes[begins[k]] & 0x1f) + ":" + std::to_string(end - begins[k]) + " ";
    }
    CHECK(Sizes(bytes) == expected);
  }
}

}  // namespace
}  // namespace dashvoip
