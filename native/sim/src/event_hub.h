#ifndef DASHVOIP_SIM_EVENT_HUB_H_
#define DASHVOIP_SIM_EVENT_HUB_H_

#include <chrono>
#include <cstdint>
#include <map>

#include "fd.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

using Time = std::chrono::steady_clock::time_point;

/** Ways in which DATA_READY falls short of one event per frame. */
struct EventFaults {
  std::uint32_t lose_every;            // 0: none; n: every n-th DATA_READY vanishes
  std::chrono::milliseconds coalesce;  // at most one DATA_READY per FIFO in this time
};

/** The reverse channel: events to the clients. Never waits; a full channel loses the event. */
class EventHub {
 public:
  explicit EventHub(const EventFaults& faults) : faults_(faults) {}

  /** @return the number by which FIFOs name this client. */
  std::uint32_t Add(Fd channel);
  void Remove(std::uint32_t event_handle) { channels_.erase(event_handle); }

  void SendControl(std::uint32_t command, std::uint32_t param1, std::uint32_t param2);
  void SendFifo(std::uint32_t event_handle, std::uint64_t fifo, std::uint32_t event);
  /** DATA_READY, subject to the faults. */
  void SendReady(std::uint32_t event_handle, std::uint64_t fifo, Time now);
  void ForgetFifo(std::uint64_t fifo) { last_ready_.erase(fifo); }

  std::uint64_t sent() const { return sent_; }
  std::uint64_t lost() const { return lost_; }

 private:
  void Send(const Fd& channel, const wire::Event& event);

  EventFaults faults_;
  std::map<std::uint32_t, Fd> channels_;
  std::map<std::uint64_t, Time> last_ready_;
  std::uint32_t next_handle_ = 1;
  std::uint32_t ready_count_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_EVENT_HUB_H_
