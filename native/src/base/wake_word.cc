#include "dashvoip/base/wake_word.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t), "a futex is one word");

/** What SYS_futex takes where the C library's timespec may be another (Linux's old_timespec). */
struct KernelTime {
  long seconds;
  long nanoseconds;
};

/** Waits while `word` is `value`. @return 0, or errno. Unlike FUTEX_WAIT, until an instant of
 * CLOCK_MONOTONIC and not for a while. */
int WaitUntil(std::atomic<std::uint32_t>* word, std::uint32_t value,
              std::int64_t monotonic_ns) noexcept {
  KernelTime until;
  until.seconds = static_cast<long>(monotonic_ns / kNsPerSecond);
  until.nanoseconds = static_cast<long>(monotonic_ns % kNsPerSecond);
  const KernelTime* limit = monotonic_ns == WakeWord::kNever ? nullptr : &until;
  return syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value, limit, nullptr,
                 FUTEX_BITSET_MATCH_ANY) == 0
             ? 0
             : errno;
}

void WakeOne(std::atomic<std::uint32_t>* word) noexcept {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace

constexpr std::int64_t WakeWord::kNever;

void WakeWord::Signal() noexcept {
  if (state_.exchange(kSignalled, std::memory_order_acq_rel) == kAsleep) WakeOne(&state_);
}

bool WakeWord::SleepUntil(std::int64_t monotonic_ns) noexcept {
  std::uint32_t state = kQuiet;
  // Only the sleeper leaves kSignalled, so that no signal is lost in between.
  if (state_.compare_exchange_strong(state, kAsleep, std::memory_order_acq_rel)) {
    // A signal of the process, or a wake that was meant for an earlier sleep, is none of ours.
    while (WaitUntil(&state_, kAsleep, monotonic_ns) != ETIMEDOUT &&
           state_.load(std::memory_order_acquire) == kAsleep) {
    }
  }
  return state_.exchange(kQuiet, std::memory_order_acq_rel) == kSignalled;
}

}  // namespace dashvoip
