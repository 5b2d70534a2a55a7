#include "reply_delay.h"

#include <algorithm>

namespace dashvoip {
namespace sim {

ReplyDelay::ReplyDelay(const RpcOptions& options)
    : random_(options.seed),
      latency_us_(options.latency_min.count(), options.latency_max.count()),
      hang_after_(options.hang_after) {}

bool ReplyDelay::Hold() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (++calls_ > hang_after_ && hang_after_ != 0) hung_ = true;
  const Time answer_at =
      std::chrono::steady_clock::now() + std::chrono::microseconds(latency_us_(random_));
  while (!quit_) {
    const Time until = std::max(answer_at, stall_until_);
    if (hung_) {
      changed_.wait(lock);
    } else if (std::chrono::steady_clock::now() < until) {
      changed_.wait_until(lock, until);
    } else {
      return true;
    }
  }
  return false;
}

void ReplyDelay::Stall(std::chrono::milliseconds time) {
  const std::lock_guard<std::mutex> lock(mutex_);
  stall_until_ = std::chrono::steady_clock::now() + time;
}

void ReplyDelay::Hang(bool on) {
  const std::lock_guard<std::mutex> lock(mutex_);
  hung_ = on;
  if (!on) hang_after_ = 0;
  changed_.notify_all();
}

void ReplyDelay::Quit() {
  const std::lock_guard<std::mutex> lock(mutex_);
  quit_ = true;
  changed_.notify_all();
}

std::uint64_t ReplyDelay::calls() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return calls_;
}

}  // namespace sim
}  // namespace dashvoip
