#ifndef DASHVOIP_SIM_FIFO_TABLE_H_
#define DASHVOIP_SIM_FIFO_TABLE_H_

#include <cstdint>
#include <map>
#include <memory>

#include "event_hub.h"
#include "virtual_fifo.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

/** One FIFO as a client holds it. */
struct Fifo {
  std::uint32_t client;
  std::uint32_t event_handle;
  std::uint32_t consumed_threshold;
  std::unique_ptr<VirtualFifo> reader;  // null: it feeds the loudspeaker
};

/** The live FIFO handles of all clients; the RTOS has 64 at most. */
class FifoTable {
 public:
  static constexpr std::size_t kMaxFifos = 64;

  explicit FifoTable(EventHub* events) : events_(events) {}

  /** @return a handle never given out before, 0 when the table is full. */
  std::uint64_t Add(Fifo fifo);
  /** @return null for an unknown or void handle. */
  Fifo* Find(std::uint64_t handle);
  bool Remove(std::uint64_t handle);
  void RemoveOfClient(std::uint32_t client);
  /** Makes every handle on an encoder's FIFO void. */
  void RemoveReaders();

  void NotifyReady(const BaseFifo& fifo, Time now);
  void NotifyEnd(const BaseFifo& fifo);
  /** The loudspeaker took a frame and has `left` queued. */
  void NotifyConsumed(std::uint32_t left);

  std::size_t size() const { return fifos_.size(); }

 private:
  EventHub* events_;
  std::map<std::uint64_t, Fifo> fifos_;
  std::uint64_t next_handle_ = 0x25000000;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_FIFO_TABLE_H_
