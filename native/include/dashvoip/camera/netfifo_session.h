#ifndef DASHVOIP_CAMERA_NETFIFO_SESSION_H_
#define DASHVOIP_CAMERA_NETFIFO_SESSION_H_

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

#include "dashvoip/base/inheriting_mutex.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/realtime_section.h"
#include "dashvoip/camera/netfifo_vendor.h"

namespace dashvoip {

/** What the camera said since the last look. */
struct NetfifoSignals {
  bool lost = false;         ///< the event thread ended by itself: nobody answers any more
  bool interrupted = false;  ///< Interrupt() was called
  bool has_command = false;
  unsigned command = 0;    ///< AMBA_NETFIFO_CMD_*, one at a time in the order they came
  std::uint32_t data = 0;  ///< bit per watched slot: DATA_READY
  std::uint32_t eos = 0;   ///< bit per watched slot: DATA_EOS
};

/**
 * libnetfifo's connection, of which a process has one: its event thread, what the events said, and
 * whether the camera was told START. Reports END even when the process exits around it.
 */
class NetfifoSession {
 public:
  /** Lives until the process is gone, so that other threads may still use it during exit(). */
  static NetfifoSession& Instance();

  /** @return CL_OK, CL_BUSY when it is open, CL_LINK when no camera answers. */
  int Open();
  /** Disconnects. Every FIFO has been deleted before, and with the last one END was reported. */
  void Close();

  unsigned event_handle() const noexcept { return static_cast<unsigned>(event_handle_); }

  /**
   * Owner: runs one or more calls of the library, never beside another one.
   * @return what `call` gave; false once the process exits.
   */
  template <typename Call>
  bool Rpc(Call call) {
    std::lock_guard<std::mutex> lock(rpc_);
    if (exiting_) return false;
    const RealtimePause vendor;  // what its library does is not ours to say
    const std::int64_t began_ns = MonotonicNs();
    rpc_began_ns_.store(began_ns, std::memory_order_relaxed);
    const bool done = call();
    rpc_began_ns_.store(0, std::memory_order_relaxed);
    last_rpc_us_ = static_cast<std::uint32_t>((MonotonicNs() - began_ns) / kNsPerUs);
    return done;
  }
  /** Any thread: how long the Rpc in progress has waited for its answer; 0 when there is none. */
  std::int64_t PendingNs() const noexcept {
    const std::int64_t began_ns = rpc_began_ns_.load(std::memory_order_relaxed);
    return began_ns == 0 ? 0 : MonotonicNs() - began_ns;
  }
  /** Owner: how long the last Rpc took. */
  std::uint32_t last_rpc_us() const noexcept { return last_rpc_us_; }

  /** Owner: something begins to be read or played; the first use reports START. */
  void BeginUse();
  /** Owner: one use ended; the last reports `status`, END or SWITCHENCSESSION. */
  void EndUse(unsigned status);
  /**
   * Owner: the camera ended its stream, which is reported even while its speaker plays on: it
   * begins no other before.
   */
  void EndStream(unsigned status);

  /** Owner: events of this FIFO set bit `slot`, below CL_MAX_TRACKS. */
  void Watch(std::uint32_t slot, netfifo::FifoId fifo);
  void Unwatch(std::uint32_t slot);
  /** Owner: the signals since the last call. */
  NetfifoSignals Take();
  /** Owner: returns when there is a signal, or at `until_ns`. */
  void Wait(std::int64_t until_ns);
  /** Owner: a command waits that ends the stream, so its memory is about to change. */
  bool ending() const noexcept { return ending_.load(std::memory_order_acquire); }

  /** Any thread. */
  void Interrupt();

 private:
  NetfifoSession() = default;
  static int OnFifoEvent(void* fifo, unsigned event, void* info, void* self);
  static int OnControlEvent(unsigned command, unsigned param1, unsigned param2, void* self);
  static void OnExit();
  void RunEvents();
  void ReportEndAtExit();
  bool Pending() const;

  std::atomic<bool> open_{false};
  int event_handle_ = 0;
  std::thread events_;
  std::uint32_t last_rpc_us_ = 0;
  std::atomic<std::int64_t> rpc_began_ns_{0};
  int uses_ = 0;

  InheritingMutex rpc_;  // guards the library, and the next two
  bool exiting_ = false;
  bool started_ = false;  // START was reported, END not yet

  std::atomic<bool> ending_{false};
  InheritingMutex mutex_;  // guards what follows
  std::condition_variable signalled_;
  bool lost_ = false;
  bool interrupted_ = false;
  std::deque<unsigned> commands_;
  std::array<netfifo::FifoId, CL_MAX_TRACKS> watched_{};
  std::uint32_t data_ = 0;
  std::uint32_t eos_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_NETFIFO_SESSION_H_
