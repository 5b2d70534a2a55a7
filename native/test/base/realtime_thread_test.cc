#include "dashvoip/base/realtime_thread.h"

#include <doctest/doctest.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

using namespace dashvoip;  // NOLINT: a test of one part

namespace {

/** Of the calling thread. */
struct Circumstances {
  std::string name;
  int policy = -1;
  int nice = 99;
  long timer_slack_ns = -1;
  bool takes_signals = true;

  static Circumstances Now() {
    Circumstances now;
    char name[16] = {};
    pthread_getname_np(pthread_self(), name, sizeof(name));
    now.name = name;
    sched_param parameters;
    pthread_getschedparam(pthread_self(), &now.policy, &parameters);
    now.nice = getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)));
    now.timer_slack_ns = prctl(PR_GET_TIMERSLACK);
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    now.takes_signals = false;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1, SIGALRM}) {
      now.takes_signals = now.takes_signals || sigismember(&blocked, signal) == 0;
    }
    return now;
  }
};

/** What a thread finds once it is named, which is the last thing that its starter does. */
template <typename Start>
Circumstances Inside(Start start) {
  Circumstances inside;
  std::atomic<bool> named{false};
  const auto thread = start([&] {
    while (!named.load()) std::this_thread::yield();
    inside = Circumstances::Now();
  });
  named.store(true);
  thread();
  return inside;
}

/** An ordinary thread that does `before` first. */
template <typename Before>
Circumstances After(Before before) {
  Circumstances inside;
  StartThread("thread-test", [&] {
    before();
    inside = Circumstances::Now();
  }).join();
  return inside;
}

}  // namespace

TEST_CASE("StartThread: a thread of that name, which takes no signals; the starter still does") {
  const bool took_signals = Circumstances::Now().takes_signals;
  REQUIRE(took_signals);
  std::thread thread;
  const Circumstances inside = Inside([&thread](std::function<void()> body) {
    thread = StartThread("thread-test", std::move(body));
    return [&thread] { thread.join(); };
  });
  CHECK(inside.name == "thread-test");
  CHECK_FALSE(inside.takes_signals);
  CHECK(inside.policy == SCHED_OTHER);
  CHECK(Circumstances::Now().takes_signals);
}

TEST_CASE("RealtimeThread: tells whether the scheduler granted what was asked for") {
  for (const int priority : {0, 10}) {
    CAPTURE(priority);
    std::unique_ptr<RealtimeThread> thread;
    bool realtime = false;
    const Circumstances inside = Inside([&](std::function<void()> body) {
      thread.reset(new RealtimeThread("rt-test", priority, std::move(body)));
      realtime = thread->realtime();
      return [&thread] { thread.reset(); };
    });
    CHECK(inside.name == "rt-test");
    CHECK_FALSE(inside.takes_signals);
    CHECK(realtime == (inside.policy == SCHED_FIFO));
    if (priority == 0) CHECK_FALSE(realtime);
    // Of the ordinary scheduler: as fine as it goes.
    if (!realtime) CHECK(inside.timer_slack_ns == 1);
  }
}

TEST_CASE("RealtimeThread: its end waits for the body's") {
  std::atomic<bool> done{false};
  {
    const RealtimeThread thread("rt-test", 0, [&done] {
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      done.store(true);
    });
  }
  CHECK(done.load());
}

TEST_CASE("RunBeforeOthers: a better place of the ordinary scheduler, where that is permitted") {
  bool permitted = false;
  const Circumstances directly = After([&permitted] {
    permitted = setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), -10) == 0;
  });
  const Circumstances without_fifo = After([] { RunBeforeOthers(0); });
  CHECK(without_fifo.nice == directly.nice);
  CHECK(without_fifo.policy == SCHED_OTHER);
  if (permitted) CHECK(without_fifo.nice == -10);
  // The other threads of the process stay where they were.
  CHECK(After([] {}).nice == Circumstances::Now().nice);
}

TEST_CASE("AskForFifo: priority 0 asks for nothing") {
  CHECK(After([] { CHECK_FALSE(AskForFifo(0)); }).policy == SCHED_OTHER);
  bool granted = false;
  const int policy = After([&granted] { granted = AskForFifo(1); }).policy;
  CHECK(granted == (policy == SCHED_FIFO));
}
