#ifndef DASHVOIP_AUDIO_FILE_DEVICE_H_
#define DASHVOIP_AUDIO_FILE_DEVICE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dashvoip/audio/audio_port.h"
#include "dashvoip/audio/wav_file.h"
#include "dashvoip/base/spsc_ring.h"

namespace dashvoip {

/**
 * A WAV file as microphone: read and resampled once, then repeated for ever from its beginning at
 * each activation. A file that cannot be read is tried again at the next activation.
 */
class FileSource : public AudioSource {
 public:
  FileSource(const std::string& path, std::uint32_t bus_rate_hz);
  void SetActive(bool active) override;
  bool Pull(std::int16_t* out, std::size_t count) noexcept override;
  DeviceSnapshot Status() const override;

 private:
  void Load();

  const std::string path_;
  const std::uint32_t bus_rate_hz_;
  mutable std::mutex mutex_;
  std::string error_;
  std::vector<std::int16_t> samples_;  // never touched again once `loaded_`
  std::atomic<bool> loaded_{false};
  std::atomic<bool> active_{false};
  std::atomic<bool> rewind_{false};
  std::size_t at_ = 0;  // the media thread's
};

/**
 * A WAV file as loudspeaker. A thread of its own writes, so that an SD card may stall: up to four
 * seconds wait in a queue, what comes then is dropped and counted. A file that fails is opened
 * again with back-off and continued. Calls follow one another in one file.
 */
class FileSink : public AudioSink {
 public:
  FileSink(const std::string& path, std::uint32_t bus_rate_hz);
  ~FileSink() override;
  void SetActive(bool active) override;
  void Push(const std::int16_t* samples, std::size_t count) noexcept override;
  DeviceSnapshot Status() const override;

 private:
  void Run();
  void OpenFile(WavWriter::Mode mode);
  bool Drain();

  const std::string path_;
  const std::uint32_t bus_rate_hz_;
  SpscRing<std::int16_t> ring_;
  std::atomic<std::uint64_t> overruns_{0};
  WavWriter writer_;  // the thread's

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool active_ = false;
  bool quit_ = false;
  DeviceSnapshot status_;
  std::thread thread_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_FILE_DEVICE_H_
