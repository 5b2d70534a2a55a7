#ifndef DASHVOIP_BASE_WAKE_WORD_H_
#define DASHVOIP_BASE_WAKE_WORD_H_

#include <atomic>
#include <cstdint>

namespace dashvoip {

/**
 * A word that one thread sleeps on until an absolute instant, and that any thread wakes it by
 * (futex(2)). Who signals a thread that is not asleep pays no system call, and signals that were
 * not slept for yet are one.
 */
class WakeWord {
 public:
  static constexpr std::int64_t kNever = INT64_MAX;

  /** Any thread, RT included: never waits. */
  void Signal() noexcept;
  /**
   * The one sleeper: until `monotonic_ns`, or until signalled. Takes the signal, which may be older
   * than the call. @return whether there was one.
   */
  bool SleepUntil(std::int64_t monotonic_ns) noexcept;

 private:
  enum State : std::uint32_t { kQuiet, kAsleep, kSignalled };

  std::atomic<std::uint32_t> state_{kQuiet};
};

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_WAKE_WORD_H_
