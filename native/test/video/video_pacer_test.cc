#include "dashvoip/video/video_pacer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "dashvoip/base/random_source.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr std::int64_t kInterval = 33 * kNsPerMs;

struct Burst {
  std::int64_t at;
  std::size_t packets;
};

// Sends at the deadlines until `until`.
std::vector<Burst> Run(VideoPacer* pacer, std::int64_t until) {
  std::vector<Burst> bursts;
  while (pacer->next_deadline() <= until) {
    const std::int64_t now = pacer->next_deadline();
    const std::size_t due = pacer->TakeDue(now);
    REQUIRE(due > 0);
    bursts.push_back(Burst{now, due});
  }
  return bursts;
}

std::size_t Total(const std::vector<Burst>& bursts) {
  std::size_t total = 0;
  for (const Burst& burst : bursts) total += burst.packets;
  return total;
}

TEST_CASE("pacer: nothing waits, nothing is due") {
  VideoPacer pacer(4);
  CHECK(pacer.next_deadline() == VideoPacer::kNever);
  CHECK(pacer.TakeDue(1000) == 0);
  CHECK_FALSE(pacer.OnPicture(0, false, kInterval, 0));
}

TEST_CASE("pacer: a picture begins at once and is spread over four fifths of its interval") {
  VideoPacer pacer(4);
  REQUIRE(pacer.OnPicture(10, false, kInterval, 100 * kNsPerMs));
  CHECK(pacer.next_deadline() == 100 * kNsPerMs);
  const std::vector<Burst> bursts = Run(&pacer, 200 * kNsPerMs);
  REQUIRE(bursts.size() == 10);
  CHECK(bursts[1].at - bursts[0].at == kInterval * 8 / 100);
  CHECK(bursts.back().at < 100 * kNsPerMs + kInterval * 8 / 10);
}

TEST_CASE("pacer: packets within a millisecond go together") {
  VideoPacer pacer(4);
  REQUIRE(pacer.OnPicture(100, true, kInterval, 0));
  const std::vector<Burst> bursts = Run(&pacer, 100 * kNsPerMs);
  CHECK(Total(bursts) == 100);
  CHECK(bursts.size() <= 27);
  for (const Burst& burst : bursts) CHECK(burst.packets <= 5);
}

TEST_CASE("pacer: pictures in their rhythm never wait for each other") {
  VideoPacer pacer(4);
  SeededRandom random(1);
  std::size_t sent = 0;
  std::size_t given = 0;
  for (int n = 0; n < 300; ++n) {
    const std::int64_t now = n * kInterval;
    const std::size_t packets = 1 + random.Next() % 20;
    REQUIRE(pacer.OnPicture(packets, n % 30 == 0, kInterval, now));
    given += packets;
    CHECK(pacer.next_deadline() == now);
    sent += Total(Run(&pacer, now + kInterval - 1));
    CHECK(pacer.waiting_pictures() == 0);
  }
  CHECK(sent == given);
}

TEST_CASE("pacer: a second of backlog goes out at up to eight times, the key frame within 30 ms") {
  VideoPacer pacer(64);
  REQUIRE(pacer.OnPicture(60, true, kInterval, 0));
  for (int n = 0; n < 29; ++n) REQUIRE(pacer.OnPicture(8, false, kInterval, 0));
  std::vector<Burst> bursts = Run(&pacer, 30 * kNsPerMs);
  std::size_t sent = Total(bursts);
  CHECK(sent >= 60);
  CHECK(sent <= 60 + 16);
  const std::vector<Burst> rest = Run(&pacer, 400 * kNsPerMs);
  bursts.insert(bursts.end(), rest.begin(), rest.end());
  CHECK(Total(bursts) == 60 + 29 * 8);
  CHECK(bursts.back().at > 29 * kInterval / 8);
  CHECK(bursts.back().at < 200 * kNsPerMs);
  // Never more than a handful at once, never more than eight times real time.
  for (const Burst& burst : bursts) CHECK(burst.packets <= 6);
  for (std::size_t i = 0; i < bursts.size(); ++i) {
    std::size_t within = 0;
    for (std::size_t k = i; k < bursts.size() && bursts[k].at < bursts[i].at + 10 * kNsPerMs; ++k) {
      within += bursts[k].packets;
    }
    CHECK(within <= 32);
  }
}

TEST_CASE("pacer: of slow pictures too, a key frame that others wait for takes 30 ms") {
  constexpr std::int64_t kSlow = 100 * kNsPerMs;
  VideoPacer pacer(4);
  REQUIRE(pacer.OnPicture(60, true, kSlow, 0));
  REQUIRE(pacer.OnPicture(1, false, kSlow, 0));
  std::vector<Burst> bursts = Run(&pacer, 25 * kNsPerMs);
  CHECK(Total(bursts) > 45);
  CHECK(Total(bursts) < 56);
  const std::vector<Burst> rest = Run(&pacer, 30 * kNsPerMs);
  CHECK(Total(bursts) + Total(rest) >= 60);
}

TEST_CASE("pacer: a backlog that trickles in loses nothing and ends in the usual rhythm") {
  VideoPacer pacer(8);
  SeededRandom random(4);
  std::size_t given = 0;
  std::size_t sent = 0;
  std::int64_t now = 0;
  int refused = 0;
  for (int n = 0; n < 500; ++n) {
    const std::size_t packets = 1 + random.Next() % 10;
    if (pacer.OnPicture(packets, random.Next() % 20 == 0, kInterval, now)) {
      given += packets;
    } else {
      ++refused;
    }
    CHECK(pacer.waiting_pictures() <= 8);
    const auto gap = static_cast<std::int64_t>(random.Next() % 50) * kNsPerMs;
    sent += Total(Run(&pacer, now + gap));
    now += gap;
  }
  sent += Total(Run(&pacer, now + 1000 * kNsPerMs));
  CHECK(sent == given);
  CHECK(refused < 20);
  REQUIRE(pacer.OnPicture(1, false, 0, now + 2000 * kNsPerMs));
  CHECK(pacer.next_deadline() == now + 2000 * kNsPerMs);
}

TEST_CASE("pacer: a thread that wakes late sends what is due, and no more") {
  VideoPacer pacer(4);
  REQUIRE(pacer.OnPicture(10, false, kInterval, 0));
  REQUIRE(pacer.OnPicture(10, false, kInterval, 1 * kNsPerMs));
  const std::size_t due = pacer.TakeDue(500 * kNsPerMs);
  CHECK(due >= 10);
  CHECK(due <= 11);
  pacer.Clear();
  CHECK(pacer.next_deadline() == VideoPacer::kNever);
}

}  // namespace
}  // namespace dashvoip
