#ifndef DASHVOIP_BASE_REALTIME_SECTION_H_
#define DASHVOIP_BASE_REALTIME_SECTION_H_

#include <atomic>

namespace dashvoip {

/**
 * Marks the calling thread for a scope. Where the mark is up, a real-time thread is behind its
 * set-up: it allocates and frees nothing, and of mutexes it takes an InheritingMutex alone. The
 * tests count what breaks this; in the product it is one store at either end.
 */
class RealtimeMark {
 public:
  RealtimeMark(const RealtimeMark&) = delete;
  RealtimeMark& operator=(const RealtimeMark&) = delete;

  static bool IsUp() noexcept { return Flag(); }

 protected:
  explicit RealtimeMark(bool up) noexcept : former_(Flag()) { Set(up); }
  ~RealtimeMark() { Set(former_); }

 private:
  /** The compiler knows that malloc reads no flag, and would leave out a store that it alone sees.
   */
  static void Set(bool up) noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    Flag() = up;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  static bool& Flag() noexcept {
    static thread_local bool up = false;
    return up;
  }

  const bool former_;
};

/** What a real-time thread does once it is set up. */
class RealtimeSection : public RealtimeMark {
 public:
  RealtimeSection() noexcept : RealtimeMark(true) {}
};

/**
 * Within such a section: a set-up in between, when a device opens or a stream begins or ends, or
 * code of others of which we know no better.
 */
class RealtimePause : public RealtimeMark {
 public:
  /** @param needed false: all goes on as it was. */
  explicit RealtimePause(bool needed = true) noexcept : RealtimeMark(IsUp() && !needed) {}
};

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_REALTIME_SECTION_H_
