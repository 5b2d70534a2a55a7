#ifndef DASHVOIP_API_PROBE_H_
#define DASHVOIP_API_PROBE_H_

// Made from src/media/shapes/probe.ts by scripts/shapes: change that, not this.
// clang-format off

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dashvoip/api/shape.h"
#include "dashvoip/base/transport_address.h"
#include "dashvoip/api/values.h"
#include "dashvoip/api/snapshots.h"
#include "dashvoip/api/settings.h"
#include "dashvoip/api/features.h"
#include "dashvoip/api/events.h"

namespace dashvoip {

/** Round trips to the camera's RTOS, microseconds. */
struct RpcLatency {
  std::uint32_t count{};
  std::uint32_t min_us{};
  std::uint32_t median_us{};
  std::uint32_t max_us{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("count", self.count);
    visit("minUs", self.min_us);
    visit("medianUs", self.median_us);
    visit("maxUs", self.max_us);
  }
};

/** A clock of the camera held against CLOCK_MONOTONIC. */
struct CameraClock {
  double seconds{};
  /** Above 0: the camera's clock is fast. */
  double drift_ppm{};
  /** Standard deviation of single readings from a straight line. */
  double spread_us{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("seconds", self.seconds);
    visit("driftPpm", self.drift_ppm);
    visit("spreadUs", self.spread_us);
  }
};

enum class FifoHandle : std::uint8_t {
  kPointer,
  kNumber,
};

inline WordList WordsOf(FifoHandle) noexcept {
  static const char* const words[] = {"pointer", "number"};
  return {words, 2};
}

/** Layouts and numbers of the AmbaNetFifo.h that the addon was compiled with. */
struct NetfifoHeader {
  FifoHandle handle{};
  std::uint32_t handle_bytes{};
  std::uint32_t entry_bytes{};
  std::uint32_t track_bytes{};
  std::uint32_t config_bytes{};
  std::uint32_t stream_list_bytes{};
  std::uint32_t op_set_live_bitrate{};
  std::uint32_t op_receiver_report{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("handle", self.handle);
    visit("handleBytes", self.handle_bytes);
    visit("entryBytes", self.entry_bytes);
    visit("trackBytes", self.track_bytes);
    visit("configBytes", self.config_bytes);
    visit("streamListBytes", self.stream_list_bytes);
    visit("opSetLiveBitrate", self.op_set_live_bitrate);
    visit("opReceiverReport", self.op_receiver_report);
  }
};

enum class TrackKind : std::uint8_t {
  kVideo,
  kAudio,
  kText,
};

inline WordList WordsOf(TrackKind) noexcept {
  static const char* const words[] = {"video", "audio", "text"};
  return {words, 3};
}

enum class TrackCodec : std::uint8_t {
  kH264,
  kH265,
  kAac,
  kPcm,
  kOpus,
  kMjpeg,
  kOther,
};

inline WordList WordsOf(TrackCodec) noexcept {
  static const char* const words[] = {"H264", "H265", "AAC", "PCM", "OPUS", "MJPEG", "other"};
  return {words, 7};
}

/** A track as the camera describes it; what it left unsaid has the default that we assume. */
struct TrackFormat {
  TrackKind kind{};
  TrackCodec codec{};
  std::uint32_t media_id{};
  /** PTS ticks per second. */
  std::uint32_t timescale{};
  std::uint32_t ticks_per_frame{};
  std::uint32_t init_delay_ms{};
  Optional<std::uint32_t> width{};
  Optional<std::uint32_t> height{};
  /** Pictures from one key frame to the next. */
  Optional<std::uint32_t> gop{};
  Optional<std::uint32_t> sample_rate{};
  Optional<std::uint32_t> channels{};
  Optional<std::uint32_t> bits{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("kind", self.kind);
    visit("codec", self.codec);
    visit("mediaId", self.media_id);
    visit("timescale", self.timescale);
    visit("ticksPerFrame", self.ticks_per_frame);
    visit("initDelayMs", self.init_delay_ms);
    visit("width", self.width);
    visit("height", self.height);
    visit("gop", self.gop);
    visit("sampleRate", self.sample_rate);
    visit("channels", self.channels);
    visit("bits", self.bits);
  }
};

/** A track of the live stream, and what came of it while it was watched. */
struct ProbedTrack : TrackFormat {
  std::uint32_t id{};
  /** As the camera said it; 0 where a default took its place. */
  std::uint32_t told_timescale{};
  Optional<std::uint32_t> told_channels{};
  std::uint64_t ring_bytes{};
  std::uint32_t frames{};
  std::uint64_t bytes{};
  std::uint32_t largest_frame{};
  Optional<std::uint32_t> key_frames{};
  /** Types of NAL units seen, rising. */
  Optional<std::vector<std::uint8_t>> nal_types{};
  /** Frames over the end of the ring. */
  std::uint32_t wraps{};
  /** Frames that do not lie in the ring, as we understand its limits. */
  std::uint32_t outside_ring{};
  std::uint64_t copied_bytes{};
  double copied_s{};
  /** Times that SeqNum did not rise by one. */
  std::uint32_t sequence_gaps{};
  /** Times that PTS went back, or on by more than a second. */
  std::uint32_t pts_jumps{};
  double watched_s{};
  /** CLOCK_MONOTONIC when its PTS was 0. */
  Optional<double> pts_origin_s{};
  Optional<CameraClock> clock{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    TrackFormat::Visit(self, visit);
    visit("id", self.id);
    visit("toldTimescale", self.told_timescale);
    visit("toldChannels", self.told_channels);
    visit("ringBytes", self.ring_bytes);
    visit("frames", self.frames);
    visit("bytes", self.bytes);
    visit("largestFrame", self.largest_frame);
    visit("keyFrames", self.key_frames);
    visit("nalTypes", self.nal_types);
    visit("wraps", self.wraps);
    visit("outsideRing", self.outside_ring);
    visit("copiedBytes", self.copied_bytes);
    visit("copiedS", self.copied_s);
    visit("sequenceGaps", self.sequence_gaps);
    visit("ptsJumps", self.pts_jumps);
    visit("watchedS", self.watched_s);
    visit("ptsOriginS", self.pts_origin_s);
    visit("clock", self.clock);
  }
};

enum class OverflowPolicy : std::uint8_t {
  /** Not tried, or the stream changed meanwhile. */
  kUnknown,
  /** The queue was still growing when time was up. */
  kNotReached,
  kOldest,
  kNewest,
};

inline WordList WordsOf(OverflowPolicy) noexcept {
  static const char* const words[] = {"unknown", "not-reached", "oldest", "newest"};
  return {words, 4};
}

/** What a reader met that did not read. */
struct ProbedOverflow {
  OverflowPolicy drops{};
  std::uint32_t track{};
  /** As the camera tells. */
  std::uint32_t total_entries{};
  /** Most that waited at a time. */
  std::uint32_t held_entries{};
  double seconds{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("drops", self.drops);
    visit("track", self.track);
    visit("totalEntries", self.total_entries);
    visit("heldEntries", self.held_entries);
    visit("seconds", self.seconds);
  }
};

struct ProbedSpeaker {
  bool present{};
  TrackFormat format{};
  std::uint32_t buffer_bytes{};
  /** Why it could not be tried; empty when it could. */
  std::string error{};
  Optional<CameraClock> clock{};
  /** Frames of the microphone that came while it played. */
  Optional<std::uint32_t> microphone_frames{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("present", self.present);
    if (self.present) visit("format", self.format);
    if (self.present) visit("bufferBytes", self.buffer_bytes);
    if (self.present) visit("error", self.error);
    if (self.present) visit("clock", self.clock);
    if (self.present) visit("microphoneFrames", self.microphone_frames);
  }
};

/** How long calls to the camera take. */
struct ProbedRpc {
  RpcLatency track_table{};
  RpcLatency peek{};
  RpcLatency remove{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("trackTable", self.track_table);
    visit("peek", self.peek);
    visit("remove", self.remove);
  }
};

/** What is known of the camera so far. */
struct CameraReport {
  bool done{};
  /** What it does now, or where it hangs. */
  std::string stage{};
  bool connected{};
  /** Why there is not more; empty when there is all. */
  std::string error{};
  Optional<NetfifoHeader> header{};
  bool encoding{};
  std::vector<ProbedTrack> tracks{};
  ProbedRpc rpc{};
  ProbedOverflow overflow{};
  ProbedSpeaker speaker{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("done", self.done);
    visit("stage", self.stage);
    visit("connected", self.connected);
    visit("error", self.error);
    visit("header", self.header);
    visit("encoding", self.encoding);
    visit("tracks", self.tracks);
    visit("rpc", self.rpc);
    visit("overflow", self.overflow);
    visit("speaker", self.speaker);
  }
};

}  // namespace dashvoip

// clang-format on

#endif  // DASHVOIP_API_PROBE_H_
