#include "dashvoip/base/realtime_section.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/realtime_watch.h"
#include "dashvoip/base/inheriting_mutex.h"

using namespace dashvoip;  // NOLINT: a test of one part
using test::RealtimeFaults;
using test::TakeRealtimeFaults;

namespace {

/** @return what was noted of `body`, on a thread of its own that is marked. */
template <typename Body>
RealtimeFaults FaultsOf(Body body) {
  std::thread thread([&body] {
    const RealtimeSection section;
    body();
  });
  thread.join();
  return TakeRealtimeFaults();
}

void* volatile kept = nullptr;  // what the compiler must not leave out

}  // namespace

TEST_CASE("RealtimeSection: memory taken and given back is noted, whoever asks for it") {
  CHECK(FaultsOf([] {
          std::unique_ptr<int> number(new int(1));
          kept = number.get();
        }).allocations == 2);
  CHECK(FaultsOf([] {
          kept = std::malloc(10);
          std::free(kept);
        }).allocations == 2);
  std::vector<int> numbers;
  numbers.reserve(1);
  CHECK(FaultsOf([&numbers] { numbers.push_back(1); }).allocations == 0);
  CHECK(FaultsOf([&numbers] { numbers.push_back(2); }).allocations == 2);
}

TEST_CASE("RealtimeSection: a plain mutex is noted, one that inherits a priority is not") {
  std::mutex plain;
  InheritingMutex inheriting;
  CHECK(FaultsOf([&plain] { const std::lock_guard<std::mutex> lock(plain); }).plain_locks == 1);
  CHECK(FaultsOf([&inheriting] { const std::lock_guard<std::mutex> lock(inheriting); }).total() ==
        0);
  // Who only tries never waits.
  CHECK(FaultsOf([&plain] {
          const std::unique_lock<std::mutex> lock(plain, std::try_to_lock);
        }).total() == 0);
}

TEST_CASE("RealtimeSection: a pause lifts the mark for as long as it lasts") {
  const RealtimeFaults faults = FaultsOf([] {
    {
      const RealtimePause pause;
      CHECK_FALSE(RealtimeMark::IsUp());
      kept = std::malloc(10);
    }
    CHECK(RealtimeMark::IsUp());
    std::free(kept);
  });
  CHECK(faults.allocations == 1);
}

TEST_CASE("RealtimeSection: other threads are not meant") {
  const RealtimeSection section;
  std::uint64_t elsewhere = 1;
  {
    const RealtimePause pause;
    TakeRealtimeFaults();
    std::thread([&elsewhere] {
      kept = std::malloc(10);
      std::free(kept);
      elsewhere = TakeRealtimeFaults().total();
    }).join();
  }
  CHECK(elsewhere == 0);
}
