#include "fifo_table.h"

#include <utility>

#include "AmbaNetFifo.h"

namespace dashvoip {
namespace sim {

constexpr std::size_t FifoTable::kMaxFifos;

std::uint64_t FifoTable::Add(Fifo fifo) {
  if (fifos_.size() >= kMaxFifos) return 0;
  const std::uint64_t handle = next_handle_;
  next_handle_ += 0x40;  // looks like the RTOS's pointers
  fifos_.emplace(handle, std::move(fifo));
  return handle;
}

Fifo* FifoTable::Find(std::uint64_t handle) {
  const auto found = fifos_.find(handle);
  return found == fifos_.end() ? nullptr : &found->second;
}

bool FifoTable::Remove(std::uint64_t handle) {
  events_->ForgetFifo(handle);
  return fifos_.erase(handle) == 1;
}

void FifoTable::RemoveOfClient(std::uint32_t client) {
  for (auto at = fifos_.begin(); at != fifos_.end();) {
    const auto next = std::next(at);
    if (at->second.client == client) Remove(at->first);
    at = next;
  }
}

void FifoTable::RemoveReaders() {
  for (auto at = fifos_.begin(); at != fifos_.end();) {
    const auto next = std::next(at);
    if (at->second.reader) Remove(at->first);
    at = next;
  }
}

void FifoTable::NotifyReady(const BaseFifo& fifo, Time now) {
  for (auto& entry : fifos_) {
    VirtualFifo* reader = entry.second.reader.get();
    if (reader != nullptr && &reader->base() == &fifo && reader->TakesReadyEvent()) {
      events_->SendReady(entry.second.event_handle, entry.first, now);
    }
  }
}

void FifoTable::NotifyEnd(const BaseFifo& fifo) {
  for (const auto& entry : fifos_) {
    const VirtualFifo* reader = entry.second.reader.get();
    if (reader != nullptr && &reader->base() == &fifo) {
      events_->SendFifo(entry.second.event_handle, entry.first, AMBA_NETFIFO_EVENT_DATA_EOS);
    }
  }
}

void FifoTable::NotifyConsumed(std::uint32_t left) {
  for (const auto& entry : fifos_) {
    if (!entry.second.reader && left < entry.second.consumed_threshold) {
      events_->SendFifo(entry.second.event_handle, entry.first, AMBA_NETFIFO_EVENT_DATA_CONSUMED);
    }
  }
}

}  // namespace sim
}  // namespace dashvoip
