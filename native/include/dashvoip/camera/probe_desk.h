#ifndef DASHVOIP_CAMERA_PROBE_DESK_H_
#define DASHVOIP_CAMERA_PROBE_DESK_H_

#include <atomic>
#include <mutex>

#include "dashvoip/camera/camera_probe.h"

namespace dashvoip {

/** Where a probe lays down what it found, for others to read at any time. */
class ProbeDesk {
 public:
  /** Asks the probe to end. */
  void Quit() noexcept { quit_.store(true, std::memory_order_release); }
  bool quitting() const noexcept { return quit_.load(std::memory_order_acquire); }

  template <typename Change>
  void Edit(Change change) {
    const std::lock_guard<std::mutex> lock(mutex_);
    change(&report_);
  }
  void Stage(const char* stage) {
    Edit([stage](CameraReport* report) { report->stage = stage; });
  }
  CameraReport Read() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return report_;
  }

 private:
  std::atomic<bool> quit_{false};
  mutable std::mutex mutex_;
  CameraReport report_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_PROBE_DESK_H_
