#ifndef DASHVOIP_CAMERA_CAMERA_PROBE_H_
#define DASHVOIP_CAMERA_CAMERA_PROBE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dashvoip/api/settings.h"
#include "dashvoip/camera/camlink.h"

namespace dashvoip {

/** Round trips to the camera, microseconds. */
struct ProbeLatency {
  std::uint32_t count = 0;
  std::uint32_t min_us = 0;
  std::uint32_t median_us = 0;
  std::uint32_t max_us = 0;
};

/** A clock of the camera held against CLOCK_MONOTONIC. */
struct ProbeClock {
  double seconds = 0;    ///< how long it was watched; 0: not at all
  double drift_ppm = 0;  ///< above 0: the camera's clock is fast
  double spread_us = 0;  ///< of the single readings from a straight line
};

/** What the header says that this build was made with. */
struct ProbeHeader {
  std::uint32_t entry_bytes = 0;  ///< a descriptor
  std::uint32_t track_bytes = 0;
  std::uint32_t config_bytes = 0;       ///< what Create takes
  std::uint32_t stream_list_bytes = 0;  ///< what GetMediaStreamIDList fills
  std::uint32_t handle_bytes = 0;
  bool handle_is_pointer = false;
  std::uint32_t op_set_live_bitrate = 0;
  std::uint32_t op_receiver_report = 0;
};

/** The bytes of a track's frames, copied out of its ring as a call would. */
struct ProbePayload {
  std::uint64_t copied_bytes = 0;
  double copied_s = 0;
  std::uint32_t wraps = 0;      ///< frames over the ring's end
  std::uint32_t outside = 0;    ///< frames that do not lie in the ring, as we understand its limits
  std::uint64_t nal_types = 0;  ///< bit per type of NAL unit seen
};

/** A track of the live stream, and what came of it. */
struct ProbeTrack {
  cl_track info{};
  std::uint32_t told_timescale = 0;  ///< before a default took the place of 0
  std::uint32_t told_channels = 0;
  std::uint64_t ring_bytes = 0;
  ProbePayload payload;
  std::uint32_t frames = 0;
  std::uint64_t bytes = 0;
  std::uint32_t largest_frame = 0;
  std::uint32_t key_frames = 0;
  std::uint32_t sequence_gaps = 0;  ///< SeqNum did not rise by one, although we read in time
  std::uint32_t pts_jumps = 0;      ///< PTS went back, or on by more than a second
  double watched_s = 0;
  double pts_origin_s = 0;  ///< CLOCK_MONOTONIC when its PTS was 0
  ProbeClock clock;         ///< of its PTS
};

enum class OverflowPolicy {
  kUnknown,     ///< not tried, or the stream changed meanwhile
  kNotReached,  ///< the queue was still growing when time was up
  kDropsOldest,
  kDropsNewest,
};

/** What a reader meets that does not read. */
struct ProbeOverflow {
  OverflowPolicy policy = OverflowPolicy::kUnknown;
  std::uint32_t track = 0;          ///< id of the track tried
  std::uint32_t total_entries = 0;  ///< as the camera tells
  std::uint32_t held_entries = 0;   ///< most that waited at a time
  double seconds = 0;               ///< until it was full, or until we gave up
};

/** The camera's speaker (stream-in). */
struct ProbeSpeaker {
  bool present = false;
  cl_track format{};
  std::uint32_t buffer_bytes = 0;
  std::string error;                    ///< why it could not be tried
  ProbeClock clock;                     ///< of the rate at which it plays
  bool beside_microphone = false;       ///< the microphone's track was there while it played
  std::uint32_t microphone_frames = 0;  ///< of that track meanwhile; no more than its queue holds
};

struct CameraProbeReport {
  bool done = false;
  std::string stage;  ///< what it does now; where it hangs, if it does
  bool connected = false;
  std::string error;  ///< why there is not more
  ProbeHeader header;
  bool encoding = false;
  std::vector<ProbeTrack> tracks;
  ProbeLatency table;  ///< asking for the track table
  ProbeLatency peek;
  ProbeLatency remove;
  ProbeOverflow overflow;
  ProbeSpeaker speaker;
};

/**
 * Finds out about a camera what a program can: connects by NetFIFO, reads its live stream for some
 * seconds, lets one reader stand still until its queue is full, and plays silence to its speaker.
 * A thread of its own does it, because each call may take for ever: the report is there at any
 * time, as far as it has come.
 */
class CameraProbe {
 public:
  /** How long a stream is waited for. */
  static constexpr std::uint32_t kWaitMs = 3000;

  explicit CameraProbe(const CameraProbeSettings& settings, std::uint32_t wait_ms = kWaitMs);
  /** Ends it early. A thread stuck in a call is left behind after a second. */
  ~CameraProbe();
  CameraProbe(const CameraProbe&) = delete;
  CameraProbe& operator=(const CameraProbe&) = delete;

  /** Any thread. */
  CameraProbeReport Report() const;

 private:
  class Worker;
  std::shared_ptr<Worker> worker_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_CAMERA_PROBE_H_
