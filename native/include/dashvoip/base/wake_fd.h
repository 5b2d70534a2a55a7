#ifndef DASHVOIP_BASE_WAKE_FD_H_
#define DASHVOIP_BASE_WAKE_FD_H_

namespace dashvoip {

/** An eventfd: one thread sleeps on it, any thread wakes it. */
class WakeFd {
 public:
  /** @throws std::system_error when the process has no descriptor left. */
  WakeFd();
  ~WakeFd();
  WakeFd(const WakeFd&) = delete;
  WakeFd& operator=(const WakeFd&) = delete;

  /** Any thread, RT included: one write that never waits. */
  void Signal() noexcept;
  /**
   * Sleeps until signalled, for at most `timeout_ms` (-1 for ever); takes all signals at once.
   * @param other wakes as well once it is readable; -1 for none.
   */
  void Wait(int timeout_ms, int other = -1) noexcept;
  /** For poll(), beside others: readable once it is signalled. */
  int descriptor() const noexcept { return fd_; }

 private:
  const int fd_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_WAKE_FD_H_
