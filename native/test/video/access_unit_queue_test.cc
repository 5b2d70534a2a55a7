#include "dashvoip/video/access_unit_queue.h"

#include <doctest/doctest.h>

#include <vector>

namespace dashvoip {
namespace {

AccessUnit Unit(std::uint32_t size, bool key_frame) {
  AccessUnit unit;
  unit.size = size;
  unit.key_frame = key_frame;
  return unit;
}

TEST_CASE("access unit queue: bytes and description come out as they went in") {
  AccessUnitQueue queue(4, 1024);
  const std::vector<std::uint8_t> picture = {1, 2, 3, 4, 5};
  AccessUnit in = Unit(5, true);
  in.pts = 77;
  in.timescale = 30000;
  in.generation = 3;
  REQUIRE(queue.Push(in, picture.data()));
  AccessUnit out;
  std::vector<std::uint8_t> data;
  data.reserve(16);
  REQUIRE(queue.Pop(&out, &data));
  CHECK(data == picture);
  CHECK(out.pts == 77);
  CHECK(out.generation == 3);
  CHECK_FALSE(queue.Pop(&out, &data));
}

TEST_CASE("access unit queue: behind a dropped picture only a key frame enters") {
  AccessUnitQueue queue(2, 1024);
  const std::vector<std::uint8_t> bytes(2000);
  CHECK_FALSE(queue.Push(Unit(10, false), bytes.data()));
  CHECK(queue.Push(Unit(10, true), bytes.data()));
  CHECK_FALSE(queue.Push(Unit(2000, false), bytes.data()));
  CHECK_FALSE(queue.Push(Unit(10, false), bytes.data()));
  CHECK(queue.dropped() == 3);
  REQUIRE(queue.Push(Unit(10, true), bytes.data()));
  AccessUnit out;
  std::vector<std::uint8_t> data;
  data.reserve(16);
  REQUIRE(queue.Pop(&out, &data));
  CHECK(out.gap_before);  // what came before the stream began counts as lost
  REQUIRE(queue.Pop(&out, &data));
  CHECK(out.gap_before);
}

TEST_CASE(
    "access unit queue: a reader whose memory is too small loses one picture, not the order") {
  AccessUnitQueue queue(4, 1024);
  const std::vector<std::uint8_t> large(100, 1);
  const std::vector<std::uint8_t> small(4, 2);
  REQUIRE(queue.Push(Unit(100, true), large.data()));
  REQUIRE(queue.Push(Unit(4, false), small.data()));
  AccessUnit out;
  std::vector<std::uint8_t> data;
  data.reserve(8);
  CHECK_FALSE(queue.Pop(&out, &data));
  REQUIRE(queue.Pop(&out, &data));
  CHECK(data == small);
  CHECK(queue.dropped() == 1);
}

}  // namespace
}  // namespace dashvoip
