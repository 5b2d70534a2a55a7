#ifndef DASHVOIP_SIM_SPEAKER_H_
#define DASHVOIP_SIM_SPEAKER_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "event_hub.h"
#include "fifo_table.h"
#include "options.h"
#include "payload_ring.h"
#include "wav_file.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

struct SpeakerCounters {
  std::uint64_t frames = 0;          // queued by the client
  std::uint64_t samples = 0;         // per channel, played in all
  std::uint64_t silent_samples = 0;  // of those, for want of sound
  std::uint64_t underruns = 0;       // times that sound ran out
  std::uint64_t file_errors = 0;
};

/**
 * The camera's loudspeaker: a FIFO that Linux fills and a sample clock that empties it into a WAV
 * file, from START to STOP. Missing sound is silence, and the client is not told. What is queued
 * at STOP stays queued until it is erased or played by the next START.
 *
 * Everything public but Run and Quit is called with the RTOS's lock held.
 */
class Speaker {
 public:
  static constexpr std::uint32_t kRate = 48000;
  static constexpr std::uint64_t kCodec = 0x2f000010;

  /** @throws std::runtime_error when the WAV file cannot be made. */
  Speaker(const SpeakerOptions& options, const MemoryRegion& memory, FifoTable* fifos);

  /** Body of the loudspeaker's thread. */
  void Run(std::mutex* lock);
  void Quit();

  /** Track table of the special stream id; empty when stream-in is off. */
  wire::MovieInfo MovieInfo() const;
  /** Write point and free bytes; no free bytes when the descriptors have run out. */
  wire::Descriptor Prepare() const;
  /** @return false when there is no room, or the bytes are not at the write point. */
  bool Write(const wire::Descriptor& descriptor);
  void EraseAll();
  wire::FifoInfo Info() const;
  bool Message(std::uint32_t message);

  bool enabled() const { return options_.enabled; }
  const SpeakerCounters& counters() const { return counters_; }

 private:
  struct Entry {
    std::uint64_t position, size;
    bool end_mark;
  };

  void RenderUntil(Time limit);
  void RenderPeriod();
  std::size_t TakeBytes(std::uint8_t* out, std::size_t wanted);
  void Save(const std::vector<std::int16_t>& samples);
  Time PeriodStart(std::uint64_t period) const;
  std::uint64_t FreeBytes() const;

  SpeakerOptions options_;
  PayloadRing ring_;
  FifoTable* fifos_;
  std::unique_ptr<WavWriter> file_;  // the loudspeaker thread's alone
  std::condition_variable wake_;
  bool quit_ = false;
  bool playing_ = false;
  bool was_sounding_ = false;
  Time started_;
  std::uint64_t next_period_ = 0;      // since started_
  std::vector<std::int16_t> unsaved_;  // played, on its way to the file
  std::deque<Entry> queue_;
  std::uint64_t head_ = 0;   // position of the write point
  std::uint64_t taken_ = 0;  // bytes already played of the first entry
  SpeakerCounters counters_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_SPEAKER_H_
