#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "dashvoip/audio/alsa_device.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/realtime_thread.h"

namespace dashvoip {
namespace {
constexpr std::chrono::milliseconds kTick(10);
constexpr std::chrono::milliseconds kFirstRetry(500);
constexpr std::chrono::milliseconds kLastRetry(8000);
// Frames that may move per second of our clock, in units of the card's rate: a real card's clock
// differs by far less, a plugin without a clock knows no end.
constexpr double kCreditRate = 1.02;
}  // namespace

AlsaWorker::AlsaWorker(std::string device, AlsaPcm::Direction direction, std::uint32_t bus_rate_hz,
                       int fifo_priority, Client& client)
    : device_(std::move(device)),
      bus_rate_hz_(bus_rate_hz),
      fifo_priority_(fifo_priority),
      client_(client),
      pcm_(direction) {
  thread_ = StartThread("alsa", [this] { Run(); });
}

AlsaWorker::~AlsaWorker() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    quit_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void AlsaWorker::SetActive(bool active) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    active_ = active;
  }
  changed_.notify_one();
}

DeviceSnapshot AlsaWorker::Status() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

bool AlsaWorker::TryOpen() {
  std::string error = pcm_.Open(device_, bus_rate_hz_);
  if (error.empty()) {
    try {
      client_.OnOpen(pcm_);
    } catch (const std::exception& refused) {
      error = refused.what();
      pcm_.Close();
    }
  }
  credit_ = static_cast<double>(pcm_.buffer()) / 2;
  ticked_ns_ = MonotonicNs();
  std::lock_guard<std::mutex> lock(mutex_);
  if (error.empty() && !status_.error.empty()) ++status_.reopens;
  status_.open = error.empty();
  status_.error = error;
  return status_.open;
}

void AlsaWorker::Tick() {
  const std::int64_t now_ns = MonotonicNs();
  const double earned = static_cast<double>(now_ns - ticked_ns_) * pcm_.rate_hz() * kCreditRate /
                        static_cast<double>(kNsPerSecond);
  ticked_ns_ = now_ns;
  credit_ = std::min(credit_ + earned, static_cast<double>(pcm_.buffer()));
  const long moved = client_.OnTick(pcm_, static_cast<std::size_t>(credit_));
  if (moved >= 0) credit_ -= static_cast<double>(moved);
  if (moved < 0) pcm_.Close();
  std::lock_guard<std::mutex> lock(mutex_);
  status_.underruns = pcm_.recoveries();
  if (moved >= 0) return;
  status_.open = false;
  status_.error = "lost '" + device_ + "': " + AlsaPcm::Describe(moved);
}

void AlsaWorker::Run() {
  RunBeforeOthers(fifo_priority_);
  if (TryOpen()) pcm_.Close();
  auto retry = kFirstRetry;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!quit_) {
    const bool active = active_;
    const bool usable = status_.open;
    lock.unlock();
    if (!active) pcm_.Close();
    std::chrono::milliseconds wait = kTick;
    if (active && pcm_.is_open()) {
      Tick();
    } else if (active || !usable) {
      // Idle and unusable: looks rarely whether the card came, for the status.
      if (TryOpen()) {
        retry = kFirstRetry;
        if (!active) pcm_.Close();
      } else {
        wait = active ? retry : kLastRetry;
        retry = std::min(retry * 2, kLastRetry);
      }
    }
    lock.lock();
    const auto changed = [this, active] { return quit_ || active_ != active; };
    if (!active && status_.open) {
      changed_.wait(lock, changed);
    } else {
      changed_.wait_for(lock, wait, changed);
    }
  }
}

}  // namespace dashvoip
