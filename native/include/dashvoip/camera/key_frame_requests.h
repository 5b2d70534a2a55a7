#ifndef DASHVOIP_CAMERA_KEY_FRAME_REQUESTS_H_
#define DASHVOIP_CAMERA_KEY_FRAME_REQUESTS_H_

#include <atomic>
#include <cstdint>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

/**
 * What far ends ask for by PLI, FIR or SIP INFO, of all calls together: requests that come close
 * behind one another are one, and the encoder is asked every 500 ms at most.
 */
class KeyFrameRequests {
 public:
  static constexpr std::int64_t kIntervalNs = 500 * kNsPerMs;
  static constexpr std::int64_t kNever = INT64_MAX;

  /** Any thread. */
  void Ask() noexcept { asked_.store(true, std::memory_order_release); }

  /** Camera thread: when `Take` will be true. */
  std::int64_t due() const noexcept {
    return asked_.load(std::memory_order_acquire) ? earliest_ : kNever;
  }
  /** Camera thread. @return whether the encoder is to be asked now. */
  bool Take(std::int64_t now_ns) noexcept {
    if (now_ns < due()) return false;
    asked_.store(false, std::memory_order_release);
    earliest_ = now_ns + kIntervalNs;
    return true;
  }

 private:
  std::atomic<bool> asked_{false};
  std::int64_t earliest_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_KEY_FRAME_REQUESTS_H_
