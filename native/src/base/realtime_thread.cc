#include "dashvoip/base/realtime_thread.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <future>
#include <memory>
#include <utility>

#include "dashvoip/base/resident_code.h"

namespace dashvoip {
namespace {

constexpr std::size_t kStackBytes = 64 * 1024;
constexpr std::size_t kPageBytes = 4096;
constexpr int kNice = -10;

/** Touches the stack below, so that its pages are there before the first deadline. */
__attribute__((noinline)) void PrefaultStack() {
  volatile unsigned char stack[kStackBytes];
  for (std::size_t i = 0; i < kStackBytes; i += kPageBytes) stack[i] = 0;
  static_cast<void>(stack[0]);
}

}  // namespace

bool AskForFifo(int priority) {
  if (priority <= 0) return false;
  sched_param parameters;
  parameters.sched_priority = priority;
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0;
}

void RunBeforeOthers(int fifo_priority) {
  if (AskForFifo(fifo_priority)) return;
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice);
}

std::thread StartThread(const char* name, std::function<void()> body) {
  // Threads inherit the mask: nothing can arrive between their start and their first line.
  sigset_t all;
  sigset_t former;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &former);
  std::thread thread(std::move(body));
  pthread_sigmask(SIG_SETMASK, &former, nullptr);
  pthread_setname_np(thread.native_handle(), name);
  return thread;
}

RealtimeThread::RealtimeThread(const char* name, int priority, std::function<void()> body) {
  const auto granted = std::make_shared<std::promise<bool>>();
  std::future<bool> answer = granted->get_future();
  thread_ = StartThread(name, [priority, granted, run = std::move(body)] {
    // Without this the ordinary scheduler may wake us 50 us late by design; SCHED_FIFO ignores it.
    prctl(PR_SET_TIMERSLACK, 1);
    PrefaultStack();
    granted->set_value(AskForFifo(priority));
    run();
  });
  realtime_ = answer.get();
  if (realtime_) KeepCodeResident();
}

RealtimeThread::~RealtimeThread() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace dashvoip
