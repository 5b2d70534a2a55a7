#include "dashvoip/base/wake_fd.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "dashvoip/base/monotonic.h"

using dashvoip::kNsPerMs;
using dashvoip::MonotonicNs;
using dashvoip::WakeFd;

namespace {

constexpr int kForEver = -1;

std::int64_t Slept(WakeFd* wake, int timeout_ms) {
  const std::int64_t before = MonotonicNs();
  wake->Wait(timeout_ms);
  return MonotonicNs() - before;
}

}  // namespace

TEST_CASE("WakeFd: a signal before the sleep is not lost, and many are one") {
  WakeFd wake;
  for (int i = 0; i < 3; ++i) wake.Signal();
  wake.Wait(kForEver);
  CHECK(Slept(&wake, 20) >= 20 * kNsPerMs);
  wake.Signal();
  wake.Wait(kForEver);
}

TEST_CASE("WakeFd: without a signal the sleep ends with its time") {
  WakeFd wake;
  CHECK(Slept(&wake, 20) >= 20 * kNsPerMs);
  wake.Wait(0);
}

TEST_CASE("WakeFd: what was written before a signal is there for who was woken, each time") {
  constexpr int kRounds = 2000;
  WakeFd ball;
  WakeFd back;
  std::atomic<int> thrown{0};
  std::atomic<int> caught{0};
  std::thread catcher([&] {
    for (int round = 1; round <= kRounds; ++round) {
      while (thrown.load(std::memory_order_relaxed) < round) ball.Wait(kForEver);
      caught.store(round, std::memory_order_relaxed);
      back.Signal();
    }
  });
  for (int round = 1; round <= kRounds; ++round) {
    thrown.store(round, std::memory_order_relaxed);
    ball.Signal();
    while (caught.load(std::memory_order_relaxed) < round) back.Wait(kForEver);
  }
  catcher.join();
  CHECK(caught.load() == kRounds);
}
