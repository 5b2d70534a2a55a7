#include "dashvoip/audio/file_device.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "dashvoip/audio/resampler.h"
#include "dashvoip/base/realtime_thread.h"

namespace dashvoip {
namespace {
// Six minutes of stereo at 48 kHz; what stays in memory is mono at the bus rate.
constexpr std::size_t kMaxFileBytes = 64U << 20;
constexpr std::size_t kQueueSeconds = 4;
// Rare enough to cost nothing, often enough that little is lost when the power goes.
constexpr std::chrono::milliseconds kWriteInterval(200);
constexpr std::chrono::seconds kReopenInterval(2);
}  // namespace

FileSource::FileSource(const std::string& path, std::uint32_t bus_rate_hz)
    : path_(path), bus_rate_hz_(bus_rate_hz) {
  Load();
}

void FileSource::Load() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (loaded_) return;
  WavSound sound;
  error_ = ReadWav(path_, kMaxFileBytes, &sound);
  if (!error_.empty()) return;
  Resampler resampler(sound.rate_hz, bus_rate_hz_);
  samples_.resize(resampler.MaxOutput(sound.samples.size()));
  samples_.resize(resampler.Process(sound.samples.data(), sound.samples.size(), samples_.data()));
  samples_.shrink_to_fit();
  if (samples_.empty()) {
    error_ = path_ + ": too short to be resampled";
    return;
  }
  loaded_.store(true, std::memory_order_release);
}

void FileSource::SetActive(bool active) {
  if (active) {
    Load();
    rewind_.store(true, std::memory_order_release);
  }
  active_.store(active, std::memory_order_release);
}

bool FileSource::Pull(std::int16_t* out, std::size_t count) noexcept {
  if (!active_.load(std::memory_order_acquire) || !loaded_.load(std::memory_order_acquire)) {
    std::fill(out, out + count, std::int16_t{0});
    return false;
  }
  if (rewind_.exchange(false, std::memory_order_acq_rel)) at_ = 0;
  for (std::size_t done = 0; done < count;) {
    const std::size_t n = std::min(count - done, samples_.size() - at_);
    std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(at_), n, out + done);
    done += n;
    at_ = (at_ + n) % samples_.size();
  }
  return true;
}

DeviceSnapshot FileSource::Status() const {
  std::lock_guard<std::mutex> lock(mutex_);
  DeviceSnapshot status;
  status.open = loaded_;
  status.error = error_;
  return status;
}

FileSink::FileSink(const std::string& path, std::uint32_t bus_rate_hz)
    : path_(path), bus_rate_hz_(bus_rate_hz), ring_(bus_rate_hz * kQueueSeconds) {
  OpenFile(WavWriter::Mode::kCreate);
  thread_ = StartThread("wav-writer", [this] { Run(); });
}

FileSink::~FileSink() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    quit_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void FileSink::SetActive(bool active) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    active_ = active;
  }
  changed_.notify_one();
}

void FileSink::Push(const std::int16_t* samples, std::size_t count) noexcept {
  if (ring_.Write(samples, count) < count) overruns_.fetch_add(1, std::memory_order_relaxed);
}

DeviceSnapshot FileSink::Status() const {
  std::lock_guard<std::mutex> lock(mutex_);
  DeviceSnapshot status = status_;
  status.overruns = overruns_.load(std::memory_order_relaxed);
  status.queued_ms = static_cast<std::uint32_t>(ring_.size() * 1000 / bus_rate_hz_);
  return status;
}

void FileSink::OpenFile(WavWriter::Mode mode) {
  const std::string error = writer_.Open(path_, bus_rate_hz_, mode);
  std::lock_guard<std::mutex> lock(mutex_);
  status_.error = error;
  status_.open = error.empty();
  if (status_.open && mode == WavWriter::Mode::kResume) ++status_.reopens;
}

// Writes all that is queued. False when the file failed.
bool FileSink::Drain() {
  std::array<std::int16_t, 4096> block;
  bool wrote = false;
  for (;;) {
    const std::size_t n = ring_.Read(block.data(), block.size());
    if (n == 0) return !wrote || writer_.Flush();
    if (!writer_.Write(block.data(), n)) return false;
    wrote = true;
  }
}

void FileSink::Run() {
  auto reopen_at = std::chrono::steady_clock::now() + kReopenInterval;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!quit_) {
    if (active_ || ring_.size() > 0) {
      changed_.wait_for(lock, kWriteInterval, [this] { return quit_; });
    } else {
      changed_.wait(lock, [this] { return quit_ || active_ || ring_.size() > 0; });
    }
    lock.unlock();
    const auto now = std::chrono::steady_clock::now();
    if (!writer_.is_open() && now >= reopen_at) {
      OpenFile(WavWriter::Mode::kResume);
      reopen_at = now + kReopenInterval;
    }
    if (writer_.is_open() && !Drain()) {
      writer_.Close();
      reopen_at = now + kReopenInterval;
      lock.lock();
      status_.open = false;
      status_.error = path_ + ": writing failed; is the card full or gone?";
      lock.unlock();
    }
    lock.lock();
  }
  lock.unlock();
  if (writer_.is_open()) Drain();
}

}  // namespace dashvoip
