#ifndef DASHVOIP_SIM_REPLY_DELAY_H_
#define DASHVOIP_SIM_REPLY_DELAY_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <random>

#include "event_hub.h"
#include "options.h"

namespace dashvoip {
namespace sim {

/** How long the RTOS takes to answer a call: a random time, a stall, or for ever. */
class ReplyDelay {
 public:
  explicit ReplyDelay(const RpcOptions& options);

  /** Holds up one answer. @return false when the simulator ends instead. */
  bool Hold();

  void Stall(std::chrono::milliseconds time);
  void Hang(bool on);
  void Quit();
  std::uint64_t calls() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::minstd_rand random_;
  std::uniform_int_distribution<std::int64_t> latency_us_;
  std::uint64_t hang_after_;
  std::uint64_t calls_ = 0;
  Time stall_until_;
  bool hung_ = false;
  bool quit_ = false;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_REPLY_DELAY_H_
