#ifndef DASHVOIP_AUDIO_ALSA_DEVICE_H_
#define DASHVOIP_AUDIO_ALSA_DEVICE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dashvoip/audio/alsa_pcm.h"
#include "dashvoip/audio/audio_port.h"
#include "dashvoip/audio/drift_control.h"
#include "dashvoip/audio/pull_buffer.h"
#include "dashvoip/audio/resampler.h"
#include "dashvoip/audio/sample_clock.h"
#include "dashvoip/base/inheriting_mutex.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/spsc_ring.h"

namespace dashvoip {

/**
 * Thread of one ALSA device. While active it looks after the card every 10 ms; a card that is
 * missing, busy or pulled out is tried again with back-off. While idle the card is closed, after
 * one trial whether it can be opened at all. No more frames move than time allows, so that an ALSA
 * plugin without a clock cannot spin.
 */
class AlsaWorker {
 public:
  /** What a device does with its card. Called on the worker's thread only. */
  class Client {
   public:
    virtual ~Client() = default;
    /** The card is open; may throw for a rate that cannot be converted. */
    virtual void OnOpen(AlsaPcm& pcm) = 0;
    /** @return frames moved, at most `allowed`; below 0: the card is lost. */
    virtual long OnTick(AlsaPcm& pcm, std::size_t allowed) = 0;
  };

  /** @param fifo_priority SCHED_FIFO priority of the thread, where granted; 0 for none. */
  AlsaWorker(std::string device, AlsaPcm::Direction direction, std::uint32_t bus_rate_hz,
             int fifo_priority, Client& client);
  ~AlsaWorker();
  void SetActive(bool active);
  /** `underruns` counts recoveries of the card; queued_ms is the client's to fill. */
  DeviceSnapshot Status() const;

 private:
  void Run();
  bool TryOpen();
  void Tick();

  const std::string device_;
  const std::uint32_t bus_rate_hz_;
  const int fifo_priority_;
  Client& client_;
  AlsaPcm pcm_;                 // the thread's
  double credit_ = 0;           // the thread's: frames that time allows
  std::int64_t ticked_ns_ = 0;  // the thread's

  mutable InheritingMutex mutex_;
  std::condition_variable changed_;
  bool active_ = false;
  bool quit_ = false;
  DeviceSnapshot status_;
  std::thread thread_;
};

/** Captured sound on its way from the card's clock to the media thread's. */
class AlsaCapture : public AlsaWorker::Client {
 public:
  explicit AlsaCapture(std::uint32_t bus_rate_hz, Clock clock = MonotonicNs)
      : bus_rate_hz_(bus_rate_hz), clock_(clock), buffer_(bus_rate_hz) {}

  PullBuffer& buffer() noexcept { return buffer_; }
  const PullBuffer& buffer() const noexcept { return buffer_; }
  void OnOpen(AlsaPcm& pcm) override;
  long OnTick(AlsaPcm& pcm, std::size_t allowed) override;

 private:
  const std::uint32_t bus_rate_hz_;
  const Clock clock_;
  PullBuffer buffer_;
  std::unique_ptr<Resampler> resampler_;
  std::vector<std::int16_t> captured_;
  std::vector<std::int16_t> resampled_;
};

/** A sound card's microphone. */
class AlsaSource : public AudioSource {
 public:
  AlsaSource(const std::string& device, std::uint32_t bus_rate_hz, int fifo_priority);
  void SetActive(bool active) override;
  bool Pull(std::int16_t* out, std::size_t count) noexcept override;
  double PullDelayMs() const noexcept override { return capture_.buffer().delay_ms(); }
  DeviceSnapshot Status() const override;

 private:
  AlsaCapture capture_;
  std::atomic<bool> active_{false};
  AlsaWorker worker_;  // last: its thread uses all of the above
};

/** Sound on its way from the media thread's clock to the card's. */
class AlsaPlayback : public AlsaWorker::Client {
 public:
  explicit AlsaPlayback(std::uint32_t bus_rate_hz, Clock clock = MonotonicNs);

  /** Media thread. @param active nobody wants to hear it otherwise. */
  void Push(const std::int16_t* samples, std::size_t count, bool active) noexcept;
  /** Any thread: what waits here and in the card, what went wrong. */
  void AddTo(DeviceSnapshot* status) const noexcept;
  /** Any thread: until the last sample that was pushed is heard, without the sawtooth of blocks. */
  double delay_ms() const noexcept { return delay_ms_.load(std::memory_order_relaxed); }
  void OnOpen(AlsaPcm& pcm) override;
  long OnTick(AlsaPcm& pcm, std::size_t allowed) override;

 private:
  std::size_t Take(std::size_t wanted, std::size_t queued_in_card);
  void FollowDrift(std::size_t queued_in_card);
  void Discard(std::size_t count);

  const std::uint32_t bus_rate_hz_;
  const Clock clock_;
  SpscRing<std::int16_t> ring_;
  std::atomic<std::uint32_t> card_ms_{0};  // waits in the card
  std::atomic<double> delay_ms_{0};
  std::atomic<std::uint64_t> underruns_{0};
  std::atomic<std::uint64_t> overruns_{0};
  SampleClock pushed_;
  double taken_total_ = 0;  // the worker's, like all that follows
  DriftControl drift_;
  bool priming_ = true;
  std::uint32_t prime_ms_ = 0;  // of an open card: sound in the ring when playing begins
  std::unique_ptr<Resampler> resampler_;
  std::vector<std::int16_t> taken_;
  std::vector<std::int16_t> resampled_;
};

/** A sound card's loudspeaker. */
class AlsaSink : public AudioSink {
 public:
  AlsaSink(const std::string& device, std::uint32_t bus_rate_hz, int fifo_priority);
  void SetActive(bool active) override;
  void Push(const std::int16_t* samples, std::size_t count) noexcept override;
  double PushDelayMs() const noexcept override { return playback_.delay_ms(); }
  DeviceSnapshot Status() const override;

 private:
  AlsaPlayback playback_;
  std::atomic<bool> active_{false};
  AlsaWorker worker_;  // last: its thread uses all of the above
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_ALSA_DEVICE_H_
