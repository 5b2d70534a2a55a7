#include "dashvoip/video/packet_ring.h"

#include <doctest/doctest.h>

#include <cstring>
#include <deque>
#include <vector>

#include "dashvoip/base/random_source.h"

namespace dashvoip {
namespace {

TEST_CASE("packet ring: only what is committed is seen, a rollback leaves no trace") {
  PacketRing ring(8, 100);
  REQUIRE(ring.Append(10) != nullptr);
  CHECK(ring.size() == 0);
  CHECK(ring.Commit() == 1);
  CHECK(ring.size() == 1);
  REQUIRE(ring.Append(40) != nullptr);
  REQUIRE(ring.Append(40) != nullptr);
  CHECK(ring.Append(40) == nullptr);
  ring.Rollback();
  CHECK(ring.size() == 1);
  CHECK(ring.Append(80) != nullptr);
  CHECK(ring.Commit() == 1);
  CHECK(ring.at(1).size == 80);
}

TEST_CASE("packet ring: too many, too large, empty") {
  PacketRing ring(2, 100);
  CHECK(ring.Append(101) == nullptr);
  CHECK(ring.Append(0) == nullptr);
  CHECK(ring.Append(1) != nullptr);
  CHECK(ring.Append(1) != nullptr);
  CHECK(ring.Append(1) == nullptr);
  ring.Commit();
  ring.Pop(5);
  CHECK(ring.size() == 0);
  CHECK(ring.Append(100) != nullptr);
  ring.Clear();
  CHECK(ring.size() == 0);
}

TEST_CASE("packet ring: first in, first out, whatever the sizes") {
  SeededRandom random(12);
  PacketRing ring(40, 4000);
  std::deque<std::vector<std::uint8_t>> expected;
  std::uint64_t passed = 0;
  for (int round = 0; round < 20000; ++round) {
    if (random.Next() % 2 == 0) {
      std::vector<std::vector<std::uint8_t>> picture;
      bool fits = true;
      const std::size_t packets = 1 + random.Next() % 5;
      for (std::size_t i = 0; i < packets && fits; ++i) {
        const std::vector<std::uint8_t> bytes(1 + random.Next() % 600,
                                              static_cast<std::uint8_t>(random.Next()));
        std::uint8_t* p = ring.Append(bytes.size());
        fits = p != nullptr;
        if (fits) std::memcpy(p, bytes.data(), bytes.size());
        picture.push_back(bytes);
      }
      if (fits) {
        CHECK(ring.Commit() == packets);
        expected.insert(expected.end(), picture.begin(), picture.end());
      } else {
        ring.Rollback();
      }
    } else if (!expected.empty()) {
      const RingPacket packet = ring.at(0);
      const std::vector<std::uint8_t> got(packet.data, packet.data + packet.size);
      REQUIRE(got == expected.front());
      expected.pop_front();
      ring.Pop(1);
      ++passed;
    }
    REQUIRE(ring.size() == expected.size());
  }
  CHECK(passed > 5000);
}

}  // namespace
}  // namespace dashvoip
