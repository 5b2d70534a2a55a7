#include "dashvoip/camera/netfifo_session.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "dashvoip/base/realtime_thread.h"

namespace dashvoip {
namespace {

// Commands come a few per minute. Should the owner be stuck for long, the oldest go: what counts
// is the last state, and the owner looks at the track table after each.
constexpr std::size_t kMaxCommands = 16;
// How long exit() waits for a call in progress before it gives up telling the camera END.
constexpr int kExitTries = 500;
constexpr std::chrono::milliseconds kExitPause(1);

bool EndsStream(unsigned command) {
  return command == AMBA_NETFIFO_CMD_STOPENC || command == AMBA_NETFIFO_CMD_SWITCHENCSESSION;
}

}  // namespace

NetfifoSession& NetfifoSession::Instance() {
  // Never destroyed: at exit() the owner's thread and the event thread may still be running.
  static NetfifoSession& instance = *[] {
    std::atexit(OnExit);
    return new NetfifoSession;
  }();
  return instance;
}

int NetfifoSession::Open() {
  if (open_.exchange(true)) return CL_BUSY;
  last_rpc_us_ = 0;
  uses_ = 0;
  lost_ = false;
  interrupted_ = false;
  commands_.clear();
  ending_ = false;
  const bool connected = Rpc([this] {
    if (AmbaNetFifo_init(&event_handle_) < 0) return false;
    AmbaNetFifo_Reg_cbFifoEvent(OnFifoEvent, this);
    AmbaNetFifo_Reg_cbControlEvent(OnControlEvent, this);
    return true;
  });
  if (!connected) {
    open_ = false;
    return CL_LINK;
  }
  events_ = StartThread("camera-events", [this] { RunEvents(); });
  return CL_OK;
}

void NetfifoSession::Close() {
  // Not under the lock of calls: a callback may be in the middle of one.
  AmbaNetFifo_StopEventProcess();
  events_.join();
  Rpc([] {
    AmbaNetFifo_release();
    return true;
  });
  open_ = false;
}

void NetfifoSession::BeginUse() {
  ++uses_;
  Rpc([this] {
    if (started_) return true;
    // Whatever the answer: an END too many does no harm, one too few leaves the camera busy.
    started_ = true;
    return AmbaNetFifo_ReportStatus(AMBA_NETFIFO_STATUS_START) >= 0;
  });
}

void NetfifoSession::EndUse(unsigned status) {
  if (--uses_ == 0) EndStream(status);
}

void NetfifoSession::EndStream(unsigned status) {
  Rpc([this, status] {
    if (started_) AmbaNetFifo_ReportStatus(status);
    started_ = false;
    return true;
  });
}

void NetfifoSession::OnExit() { Instance().ReportEndAtExit(); }

void NetfifoSession::ReportEndAtExit() {
  std::unique_lock<std::mutex> lock(rpc_, std::try_to_lock);
  for (int tries = 0; !lock && tries < kExitTries; ++tries) {
    std::this_thread::sleep_for(kExitPause);
    lock.try_lock();
  }
  if (!lock) return;
  if (started_) AmbaNetFifo_ReportStatus(AMBA_NETFIFO_STATUS_END);
  started_ = false;
  exiting_ = true;
}

void NetfifoSession::RunEvents() {
  AmbaNetFifo_ExecEventProcess(nullptr);
  std::lock_guard<std::mutex> lock(mutex_);
  lost_ = true;
  signalled_.notify_one();
}

int NetfifoSession::OnFifoEvent(void* fifo, unsigned event, void*, void* self) {
  auto& session = *static_cast<NetfifoSession*>(self);
  const bool data = event == AMBA_NETFIFO_EVENT_DATA_READY;
  if (fifo == nullptr || (!data && event != AMBA_NETFIFO_EVENT_DATA_EOS)) return 0;
  std::lock_guard<std::mutex> lock(session.mutex_);
  const auto slot = std::find(session.watched_.begin(), session.watched_.end(),
                              netfifo::ToId(static_cast<char*>(fifo)));
  if (slot == session.watched_.end()) return 0;
  std::uint32_t& signals = data ? session.data_ : session.eos_;
  const std::uint32_t bit = 1U << (slot - session.watched_.begin());
  if ((signals & bit) == 0) session.signalled_.notify_one();
  signals |= bit;
  return 0;
}

int NetfifoSession::OnControlEvent(unsigned command, unsigned, unsigned, void* self) {
  auto& session = *static_cast<NetfifoSession*>(self);
  std::lock_guard<std::mutex> lock(session.mutex_);
  if (session.commands_.size() == kMaxCommands) session.commands_.pop_front();
  session.commands_.push_back(command);
  if (EndsStream(command)) session.ending_ = true;
  session.signalled_.notify_one();
  return 0;
}

void NetfifoSession::Watch(std::uint32_t slot, netfifo::FifoId fifo) {
  std::lock_guard<std::mutex> lock(mutex_);
  watched_[slot] = fifo;
  data_ &= ~(1U << slot);
  eos_ &= ~(1U << slot);
}

void NetfifoSession::Unwatch(std::uint32_t slot) { Watch(slot, netfifo::FifoId{}); }

NetfifoSignals NetfifoSession::Take() {
  std::lock_guard<std::mutex> lock(mutex_);
  NetfifoSignals signals;
  signals.lost = lost_;
  signals.interrupted = interrupted_;
  interrupted_ = false;
  // The end of a track is told before the end of its stream.
  signals.has_command = !commands_.empty() && eos_ == 0;
  if (signals.has_command) {
    signals.command = commands_.front();
    commands_.pop_front();
    ending_ = std::any_of(commands_.begin(), commands_.end(), EndsStream);
  }
  signals.data = data_;
  signals.eos = eos_;
  data_ = 0;
  eos_ = 0;
  return signals;
}

bool NetfifoSession::Pending() const {
  return lost_ || interrupted_ || !commands_.empty() || data_ != 0 || eos_ != 0;
}

void NetfifoSession::Wait(std::int64_t until_ns) {
  const std::chrono::steady_clock::time_point until{std::chrono::nanoseconds(until_ns)};
  std::unique_lock<std::mutex> lock(mutex_);
  signalled_.wait_until(lock, until, [this] { return Pending(); });
}

void NetfifoSession::Interrupt() {
  std::lock_guard<std::mutex> lock(mutex_);
  interrupted_ = true;
  signalled_.notify_one();
}

}  // namespace dashvoip
