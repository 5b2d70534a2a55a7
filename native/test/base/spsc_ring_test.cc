#include "dashvoip/base/spsc_ring.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <thread>
#include <vector>

#include "dashvoip/base/random_source.h"

using namespace dashvoip;  // NOLINT: a test of one part

namespace {

/** Resident memory of this process, kB. */
long ResidentKb() {
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  REQUIRE(file != nullptr);
  long size = 0;
  long pages = 0;
  REQUIRE(std::fscanf(file, "%ld %ld", &size, &pages) == 2);
  std::fclose(file);
  return pages * 4;
}

}  // namespace

TEST_CASE("SpscRing: gives back what was written, in order, whatever the lengths") {
  SeededRandom random(5);
  SpscRing<std::uint16_t> ring(100);
  CHECK(ring.capacity() == 128);
  std::deque<std::uint16_t> model;
  std::uint16_t next = 0;
  bool was_full = false;
  for (int step = 0; step < 20000; ++step) {
    std::vector<std::uint16_t> some(random.Next() % 60);
    for (std::uint16_t& value : some) value = next++;
    const std::size_t written = ring.Write(some.data(), some.size());
    CHECK(written == std::min(some.size(), ring.capacity() - model.size()));
    model.insert(model.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(written));
    was_full = was_full || model.size() == ring.capacity();
    CHECK(ring.size() == model.size());
    std::vector<std::uint16_t> out(random.Next() % 60);
    const std::size_t taken = std::min(out.size(), model.size());
    if (random.Next() % 4 == 0) {
      CHECK(ring.Discard(out.size()) == taken);
    } else {
      CHECK(ring.Read(out.data(), out.size()) == taken);
      CHECK(
          std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(taken), model.begin()));
    }
    model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  CHECK(was_full);
}

TEST_CASE("SpscRing: two threads, nothing lost, doubled or torn") {
  struct Pair {
    std::uint32_t number;
    std::uint32_t check;
  };
  constexpr std::uint32_t kCount = 200000;
  SpscRing<Pair> ring(16);
  std::thread writer([&] {
    for (std::uint32_t i = 0; i < kCount;) {
      if (ring.Push({i, ~i})) {
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  std::uint32_t expected = 0;
  std::uint32_t wrong = 0;
  while (expected < kCount) {
    Pair some[5];
    const std::size_t taken = ring.Read(some, 5);
    if (taken == 0) std::this_thread::yield();
    for (std::size_t i = 0; i < taken; ++i, ++expected) {
      if (some[i].number != expected || some[i].check != ~expected) ++wrong;
    }
  }
  writer.join();
  CHECK(wrong == 0);
}

TEST_CASE("SpscRing: memory that is never needed at once is never touched") {
  constexpr std::size_t kBytes = 64U << 20;
  const long before = ResidentKb();
  SpscRing<std::uint8_t> ring(kBytes);
  std::vector<std::uint8_t> piece(100000);
  for (std::size_t total = 0; total < 3 * kBytes; total += piece.size()) {
    REQUIRE(ring.Write(piece.data(), piece.size()) == piece.size());
    REQUIRE(ring.Read(piece.data(), piece.size()) == piece.size());
  }
  // Half of it, for what a sanitizer notes about so much memory.
  CHECK(ResidentKb() - before < static_cast<long>(kBytes / 2 / 1024));
}
