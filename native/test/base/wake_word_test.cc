#include "dashvoip/base/wake_word.h"

#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "dashvoip/base/monotonic.h"

using namespace dashvoip;  // NOLINT: a test of one part

TEST_CASE("WakeWord: without a signal it sleeps until its instant, and says so") {
  WakeWord word;
  const std::int64_t until = MonotonicNs() + 5 * kNsPerMs;
  CHECK_FALSE(word.SleepUntil(until));
  CHECK(MonotonicNs() >= until);
  CHECK_FALSE(word.SleepUntil(0));
}

TEST_CASE("WakeWord: signals from before the sleep are taken by it, all at once") {
  WakeWord word;
  word.Signal();
  word.Signal();
  CHECK(word.SleepUntil(WakeWord::kNever));
  CHECK_FALSE(word.SleepUntil(MonotonicNs() + kNsPerMs));
}

TEST_CASE("WakeWord: a sleeper is woken each time, and sees what was written before the signal") {
  constexpr int kRounds = 500;
  WakeWord to;
  WakeWord back;
  int written = 0;  // plain: the signals alone order it
  int seen = 0;
  std::thread sleeper([&] {
    for (int round = 0; round < kRounds; ++round) {
      while (!to.SleepUntil(WakeWord::kNever)) continue;
      if (written == round + 1) ++seen;
      back.Signal();
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    written = round + 1;
    to.Signal();
    while (!back.SleepUntil(WakeWord::kNever)) continue;
  }
  sleeper.join();
  CHECK(seen == kRounds);
}

TEST_CASE("WakeWord: no signal is lost, whether it comes before the sleep or in it") {
  constexpr int kSignals = 20000;
  WakeWord word;
  std::atomic<int> sent{0};
  int last = 0;
  std::thread signaller([&] {
    for (int i = 0; i < kSignals; ++i) {
      sent.fetch_add(1);
      word.Signal();
    }
  });
  // Would sleep for ever behind the last one if that were lost.
  while (last < kSignals) {
    word.SleepUntil(WakeWord::kNever);
    last = sent.load();
  }
  signaller.join();
  CHECK(last == kSignals);
}

TEST_CASE("WakeWord: a signal of the process does not end the sleep") {
  struct sigaction action = {};
  struct sigaction former = {};
  action.sa_handler = [](int) {};  // without SA_RESTART
  REQUIRE(sigaction(SIGUSR1, &action, &former) == 0);
  WakeWord word;
  std::atomic<bool> told{false};
  std::thread sleeper([&] { told.store(word.SleepUntil(WakeWord::kNever)); });
  for (int i = 0; i < 20; ++i) {
    pthread_kill(sleeper.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  word.Signal();
  sleeper.join();
  CHECK(told.load());
  sigaction(SIGUSR1, &former, nullptr);
}
