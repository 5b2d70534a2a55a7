#ifndef DASHVOIP_SIM_ENCODER_H_
#define DASHVOIP_SIM_ENCODER_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "audio_source.h"
#include "encoder_track.h"
#include "event_hub.h"
#include "fifo_table.h"
#include "options.h"
#include "shared_memory.h"
#include "video_source.h"

namespace dashvoip {
namespace sim {

/** What the encoder did, for the exit report. */
struct EncoderCounters {
  std::uint64_t video_frames = 0;
  std::uint64_t audio_frames = 0;
  std::uint64_t lost_new = 0;        // by the drop-newest policy
  std::uint64_t evicted_unread = 0;  // by the drop-oldest policy
  std::uint64_t sessions = 0;
  std::int64_t latest_us = 0;  // worst lateness of a frame
};

/**
 * The encoding side of the RTOS: begins and ends streams, and feeds their FIFOs in real time on a
 * thread of its own. Everything public but Run and Quit is called with the RTOS's lock held.
 */
class Encoder {
 public:
  /** @throws std::runtime_error when an input file is no good. */
  Encoder(const EncoderOptions& options, const MemoryRegion& video_memory,
          const MemoryRegion& audio_memory, FifoTable* fifos, EventHub* events);

  /** Power-on: an encoder without start delay runs from here on. */
  void Begin(Time now);
  /** Body of the encoder thread. */
  void Run(std::mutex* lock);
  void Quit();

  void StartEncoding(Time now);
  void StopEncoding(Time now);
  /** Ends the stream and begins another one, as a mode change of the camera does. */
  void SwitchSession(Time now);
  /** "rec av" and "rec v": @return false when there is no sound to switch on. */
  bool SetAudio(bool on, Time now);
  void RestartPts();
  /**
   * The next `count` frames, in the order in which their times come, whatever the time is.
   * @param only AMBA_NETFIFO_MEDIA_TRACK_TYPE_*, or 0 for all tracks. @return how many were
   * written.
   */
  std::uint32_t WriteFrames(std::uint32_t count, std::uint32_t only, Time now);
  bool Inject(bool audio, std::uint8_t type, std::uint32_t mark_size, Time now);

  /** From START to END the camera is busy, and no stream begins. */
  void ReportStatus(std::uint32_t client, std::uint32_t status);
  void ClientGone(std::uint32_t client);

  /** Tracks of the running stream; none while nothing is being encoded. */
  const std::vector<EncoderTrack>& tracks() const { return tracks_; }
  const EncoderTrack* FindCodec(std::uint64_t codec) const;
  std::uint32_t bits_per_second() const;
  EncoderCounters counters() const;

 private:
  enum class Phase { kIdle, kAnnounced, kRunning };

  void Step(Time now);
  Time NextDeadline() const;
  void Announce(Time now);
  void OpenTracks(Time now);
  void WriteDueFrames(Time now);
  void WriteFrame(EncoderTrack* track, Time now);
  void End(std::uint32_t command, Time now);
  void MarkEnd(EncoderTrack* track, Time now);
  bool MayStart(Time now) const;
  void WantStart(Time at);
  EncoderTrack MakeVideoTrack();
  EncoderTrack MakeAudioTrack();
  VideoSource* CurrentVideo() const;

  EncoderOptions options_;
  MemoryRegion video_memory_, audio_memory_;
  FifoTable* fifos_;
  EventHub* events_;
  std::vector<std::unique_ptr<VideoSource>> videos_;
  std::unique_ptr<AudioSource> audio_;

  std::condition_variable wake_;
  bool quit_ = false;
  Phase phase_ = Phase::kIdle;
  bool start_wanted_ = false;
  Time start_at_, tracks_at_, stream_start_, void_at_, repeat_at_;
  bool handles_dying_ = false;
  std::uint32_t repeats_left_ = 0;
  bool audio_on_;
  std::size_t video_index_ = 0;
  std::uint64_t next_codec_ = 0x26000000;
  std::vector<EncoderTrack> tracks_;
  std::set<std::uint32_t> busy_clients_;
  std::set<std::uint32_t> gone_clients_;
  EncoderCounters counters_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_ENCODER_H_
