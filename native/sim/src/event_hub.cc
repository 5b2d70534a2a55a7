#include "event_hub.h"

#include <utility>

#include "AmbaNetFifo.h"
#include "unix_socket.h"

namespace dashvoip {
namespace sim {

std::uint32_t EventHub::Add(Fd channel) {
  const std::uint32_t handle = next_handle_++;
  channels_.emplace(handle, std::move(channel));
  return handle;
}

void EventHub::SendControl(std::uint32_t command, std::uint32_t param1, std::uint32_t param2) {
  for (const auto& channel : channels_) {
    Send(channel.second, {wire::EventKind::kControl, command, 0, param1, param2});
  }
}

void EventHub::SendFifo(std::uint32_t event_handle, std::uint64_t fifo, std::uint32_t event) {
  const auto found = channels_.find(event_handle);
  if (found != channels_.end()) {
    Send(found->second, {wire::EventKind::kFifo, event, fifo, 0, 0});
  }
}

void EventHub::SendReady(std::uint32_t event_handle, std::uint64_t fifo, Time now) {
  ++ready_count_;
  if (faults_.lose_every != 0 && ready_count_ % faults_.lose_every == 0) {
    ++lost_;
    return;
  }
  if (faults_.coalesce.count() > 0) {
    const auto last = last_ready_.find(fifo);
    if (last != last_ready_.end() && now - last->second < faults_.coalesce) return;
    last_ready_[fifo] = now;
  }
  SendFifo(event_handle, fifo, AMBA_NETFIFO_EVENT_DATA_READY);
}

void EventHub::Send(const Fd& channel, const wire::Event& event) {
  ++(SendPacket(channel.get(), &event, sizeof(event), false) ? sent_ : lost_);
}

}  // namespace sim
}  // namespace dashvoip
