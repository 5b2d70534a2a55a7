#ifndef DASHVOIP_BASE_REALTIME_THREAD_H_
#define DASHVOIP_BASE_REALTIME_THREAD_H_

#include <functional>
#include <thread>

namespace dashvoip {

/**
 * A thread with SCHED_FIFO priority where the kernel grants it, and otherwise with the finest timer
 * slack of the ordinary scheduler. All signals are blocked in it: they belong to Node's main
 * thread. Its stack is touched before the body starts, so that it never faults later.
 */
class RealtimeThread {
 public:
  /** @param priority 1..99, 0 for the ordinary scheduler. Returns once the scheduler has decided.
   */
  RealtimeThread(const char* name, int priority, std::function<void()> body);
  /** Joins: the body must have been told to return. */
  ~RealtimeThread();
  RealtimeThread(const RealtimeThread&) = delete;
  RealtimeThread& operator=(const RealtimeThread&) = delete;

  /** Whether SCHED_FIFO was granted. */
  bool realtime() const noexcept { return realtime_; }

 private:
  bool realtime_ = false;
  std::thread thread_;
};

/** Asks for SCHED_FIFO for the calling thread. @return false: not granted, or `priority` is 0. */
bool AskForFifo(int priority);

/**
 * For a thread that sound waits for: asks for SCHED_FIFO, else for a better place in the ordinary
 * scheduler. Where neither is permitted, all goes on with a little less margin.
 * @param fifo_priority 0: not SCHED_FIFO.
 */
void RunBeforeOthers(int fifo_priority);

/** Starts an ordinary thread that takes no signals. @param name at most 15 characters. */
std::thread StartThread(const char* name, std::function<void()> body);

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_REALTIME_THREAD_H_
