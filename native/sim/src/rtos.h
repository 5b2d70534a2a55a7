#ifndef DASHVOIP_SIM_RTOS_H_
#define DASHVOIP_SIM_RTOS_H_

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "encoder.h"
#include "event_hub.h"
#include "fifo_table.h"
#include "options.h"
#include "shared_memory.h"
#include "speaker.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

/**
 * The camera's RTOS: encoder, loudspeaker, FIFOs and clients behind one lock, and one function for
 * each procedure that Linux can call. Results are 0 or -1, as the camera's.
 */
class Rtos {
 public:
  /** @throws std::runtime_error when a file or memory is not to be had. */
  explicit Rtos(const Options& options);
  ~Rtos();

  /**
   * A client connects.
   * @param events its end of the event channel.
   * @return its number, which is its event handle as well; 0 when it is refused.
   */
  std::uint32_t Attach(Fd events);
  void Detach(std::uint32_t client);
  wire::Greeting Greet(std::uint32_t client) const;
  int memory_fd() const { return memory_.fd(); }

  int GetDefaultConfig(wire::Config* config);
  int Create(std::uint32_t client, const wire::Config& config, wire::Created* created);
  int Delete(std::uint64_t handle);
  int EraseAll(std::uint64_t handle);
  int GetInfo(std::uint64_t handle, wire::FifoInfo* info);
  int Peek(const wire::Entry& entry, bool reverse, wire::Descriptor* descriptor);
  int Remove(const wire::Entry& entry, wire::Removed* removed);
  int Prepare(std::uint64_t handle, wire::Descriptor* descriptor);
  int Write(const wire::WriteRequest& request);
  int GetStreamIds(wire::StreamIds* ids);
  int GetMediaInfo(std::uint32_t stream_id, wire::MovieInfo* info);
  int PlaybackOp(const wire::Parameters& in, wire::Parameters* out);
  int ReportStatus(std::uint32_t client, std::uint32_t status);
  int StreamInMessage(const wire::Parameters& in, wire::Parameters* out);

  /** Calls `change` with the encoder, under the lock. */
  template <typename Change>
  auto WithEncoder(Change change) -> decltype(change(static_cast<Encoder*>(nullptr))) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return change(&encoder_);
  }

  /** Ends both threads and closes the files. */
  void Stop();
  /** Members of the exit report, without braces. Call after Stop(). */
  std::string CountersJson() const;

 private:
  const bool exclusive_;
  const std::uint32_t read_cost_us_per_kib_;
  SharedMemory memory_;
  mutable std::mutex mutex_;
  EventHub events_;
  FifoTable fifos_;
  Encoder encoder_;
  Speaker speaker_;
  std::set<std::uint32_t> clients_;
  std::uint64_t clients_seen_ = 0;
  std::thread encoder_thread_, speaker_thread_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_RTOS_H_
