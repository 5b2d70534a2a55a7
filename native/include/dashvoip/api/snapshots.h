#ifndef DASHVOIP_API_SNAPSHOTS_H_
#define DASHVOIP_API_SNAPSHOTS_H_

// Made from src/media/shapes/snapshots.ts by scripts/shapes: change that, not this.
// clang-format off

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dashvoip/api/shape.h"
#include "dashvoip/base/transport_address.h"
#include "dashvoip/api/values.h"

namespace dashvoip {

enum class CameraState : std::uint8_t {
  /** Built or configured without a camera link. */
  kNone,
  /** No camera answers; retried with back-off. */
  kAbsent,
  /** The camera answers and encodes nothing. */
  kIdle,
  /** Tracks are there. */
  kStreaming,
};

inline WordList WordsOf(CameraState) noexcept {
  static const char* const words[] = {"none", "absent", "idle", "streaming"};
  return {words, 4};
}

struct CameraSnapshot {
  CameraState state{};
  bool has_audio{};
  bool has_video{};
  /** Its sound is AAC, which can be kept as it comes. */
  bool has_aac{};
  /** The camera accepts sound for its speaker (stream-in). */
  bool has_speaker{};
  /** Rises at each new stream of the encoder. */
  std::uint32_t generation{};
  std::uint64_t frames_read{};
  std::uint64_t sequence_gaps{};
  std::uint64_t torn_frames{};
  std::uint64_t dropped_frames{};
  std::uint64_t rpc_errors{};
  std::uint32_t slowest_rpc_us{};
  /** Why the state is not better, in words; empty when all is well. */
  std::string error{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("state", self.state);
    visit("hasAudio", self.has_audio);
    visit("hasVideo", self.has_video);
    visit("hasAac", self.has_aac);
    visit("hasSpeaker", self.has_speaker);
    visit("generation", self.generation);
    visit("framesRead", self.frames_read);
    visit("sequenceGaps", self.sequence_gaps);
    visit("tornFrames", self.torn_frames);
    visit("droppedFrames", self.dropped_frames);
    visit("rpcErrors", self.rpc_errors);
    visit("slowestRpcUs", self.slowest_rpc_us);
    visit("error", self.error);
  }
};

/** State of a sound device behind `microphone` or `speaker`. */
struct DeviceSnapshot {
  DeviceKind kind{};
  bool open{};
  /** Last error in words, empty when none since opening. */
  std::string error{};
  std::uint64_t underruns{};
  std::uint64_t overruns{};
  std::uint64_t reopens{};
  /** Sound waiting between media thread and device, ms. */
  std::uint32_t queued_ms{};
  /** How long sound takes through the device, as far as it is measured, ms. */
  std::uint32_t delay_ms{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("kind", self.kind);
    visit("open", self.open);
    visit("error", self.error);
    visit("underruns", self.underruns);
    visit("overruns", self.overruns);
    visit("reopens", self.reopens);
    visit("queuedMs", self.queued_ms);
    visit("delayMs", self.delay_ms);
  }
};

struct RtpSendSnapshot {
  std::uint64_t packets{};
  std::uint64_t bytes{};
  std::uint64_t send_errors{};
  /** ICMP errors that came back: nobody listens where the packets go, or the host is gone. */
  std::uint64_t unreachable{};
  std::uint32_t ssrc{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("packets", self.packets);
    visit("bytes", self.bytes);
    visit("sendErrors", self.send_errors);
    visit("unreachable", self.unreachable);
    visit("ssrc", self.ssrc);
  }
};

/** Where the far end of a stream is. Its signalled address comes first; see docs/architecture.md. */
struct SourceSnapshot {
  /** Where RTP is sent, `192.0.2.7:4000`; absent when nowhere. */
  Optional<TransportAddress> address{};
  /** It is the address of the session description; otherwise a NAT's, or the far end moved. */
  bool signalled{};
  /** The far end was heard from there. */
  bool heard{};
  /** How often the far end was found elsewhere than before. */
  std::uint64_t moves{};
  /** Packets that came from elsewhere, or from another source of RTP, and were not heard. */
  std::uint64_t refused{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("address", self.address);
    visit("signalled", self.signalled);
    visit("heard", self.heard);
    visit("moves", self.moves);
    visit("refused", self.refused);
  }
};

/** Encryption of a stream, RFC 3711. */
struct SrtpSnapshot {
  SrtpSuite suite{};
  /** Packets that were not made with the key agreed on, or were changed or cut short on the way. */
  std::uint64_t forged{};
  /** Packets that came a second time, or too late to tell. */
  std::uint64_t replayed{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("suite", self.suite);
    visit("forged", self.forged);
    visit("replayed", self.replayed);
  }
};

struct RtpReceiveSnapshot {
  std::uint64_t packets{};
  std::uint64_t bytes{};
  /** RFC 3550 §A.3, cumulative. */
  std::int64_t lost{};
  /** Came after their place was played or thrown away. */
  std::uint64_t late{};
  std::uint64_t duplicates{};
  /** Neither RTP of this session nor RTCP: noise, wrong type, wrong source. */
  std::uint64_t rejected{};
  /** RFC 3550 §6.4.1 interarrival jitter, ms. */
  double jitter_ms{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("packets", self.packets);
    visit("bytes", self.bytes);
    visit("lost", self.lost);
    visit("late", self.late);
    visit("duplicates", self.duplicates);
    visit("rejected", self.rejected);
    visit("jitterMs", self.jitter_ms);
  }
};

/** What the far end's reports say about what we send. */
struct FarEndSnapshot {
  /** RFC 3550 §6.4.1, ms; absent before the first report. */
  Optional<double> round_trip_ms{};
  /** Fraction lost that it last reported, 0..1; absent before the first report. */
  Optional<double> remote_loss_fraction{};
  /** RFC 3550 §6.4.1, ms; absent before the first report. */
  Optional<double> remote_jitter_ms{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("roundTripMs", self.round_trip_ms);
    visit("remoteLossFraction", self.remote_loss_fraction);
    visit("remoteJitterMs", self.remote_jitter_ms);
  }
};

struct AudioSnapshot : FarEndSnapshot {
  AudioCodec codec{};
  Direction direction{};
  RtpSendSnapshot sent{};
  SourceSnapshot source{};
  /** Absent where the stream is not encrypted. */
  Optional<SrtpSnapshot> srtp{};
  RtpReceiveSnapshot received{};
  /** Present depth and aim of the jitter buffer, ms. */
  double buffer_ms{};
  double buffer_target_ms{};
  /** Frames made up for lost or late ones. */
  std::uint64_t concealed_frames{};
  /** Frames of comfort noise, where the far end said that it sends no sound (RFC 3389). */
  std::uint64_t comfort_noise_frames{};
  /** Keys, either way, that found their queue full. */
  std::uint64_t dropped_keys{};
  std::uint64_t played_frames{};
  /** Frames thrown away by the buffer to come back to its aim, or past its cap. */
  std::uint64_t discarded_frames{};
  /** Deviation of sent packets from their ideal instants, µs. */
  double pacing_mean_us{};
  std::uint32_t pacing_p99_us{};
  std::uint32_t pacing_max_us{};
  /** Slots skipped because the thread woke a whole packet too late. */
  std::uint64_t skipped_slots{};
  /** Slots sent as silence because the microphone had nothing. */
  std::uint64_t microphone_underruns{};
  /**
   * How loud our microphone is, dBov (RFC 6464): 0 is the loudest, -127 silence; absent when nothing
   * is sent.
   */
  Optional<double> sent_level_dbov{};
  /** How loud the far end is, likewise; absent when nothing is heard. */
  Optional<double> heard_level_dbov{};
  /**
   * From the far end's mouth to our ear as far as it is known, ms: half the round trip, the jitter
   * buffer, our speaker, and our microphone in place of the far end's.
   */
  std::uint32_t delay_ms{};
  /**
   * What we hear, 1..4.5: the estimate of ITU-T G.107, of G.107.1 for wideband codecs, over the whole call and over
   * its last ten seconds; absent before anything was received.
   */
  Optional<double> mos{};
  Optional<double> recent_mos{};
  /**
   * What the far end hears of us: its own word (RFC 3611), or the same estimate by the loss that it reports;
   * absent before its first report.
   */
  Optional<double> remote_mos{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    FarEndSnapshot::Visit(self, visit);
    visit("codec", self.codec);
    visit("direction", self.direction);
    visit("sent", self.sent);
    visit("source", self.source);
    visit("srtp", self.srtp);
    visit("received", self.received);
    visit("bufferMs", self.buffer_ms);
    visit("bufferTargetMs", self.buffer_target_ms);
    visit("concealedFrames", self.concealed_frames);
    visit("comfortNoiseFrames", self.comfort_noise_frames);
    visit("droppedKeys", self.dropped_keys);
    visit("playedFrames", self.played_frames);
    visit("discardedFrames", self.discarded_frames);
    visit("pacingMeanUs", self.pacing_mean_us);
    visit("pacingP99Us", self.pacing_p99_us);
    visit("pacingMaxUs", self.pacing_max_us);
    visit("skippedSlots", self.skipped_slots);
    visit("microphoneUnderruns", self.microphone_underruns);
    visit("sentLevelDbov", self.sent_level_dbov);
    visit("heardLevelDbov", self.heard_level_dbov);
    visit("delayMs", self.delay_ms);
    visit("mos", self.mos);
    visit("recentMos", self.recent_mos);
    visit("remoteMos", self.remote_mos);
  }
};

struct VideoSnapshot : FarEndSnapshot {
  VideoCodec codec{};
  Direction direction{};
  RtpSendSnapshot sent{};
  SourceSnapshot source{};
  Optional<SrtpSnapshot> srtp{};
  std::uint64_t frames{};
  std::uint64_t key_frames{};
  /** Pictures not sent: queue full, or no key frame yet. */
  std::uint64_t dropped_frames{};
  /** Sent in fragments although mode 0 was agreed: a slice was larger than a packet (RFC 6184 §6.2). */
  std::uint64_t oversize_frames{};
  /** Pictures left out, a whole group at a time, to keep within `maxBitrate` and `linkBitrate`. */
  std::uint64_t limited_frames{};
  /** What we send, bit/s, mean of two seconds. */
  std::uint32_t bitrate{};
  /** What the far end takes at most, bit/s; absent when it set no limit. */
  Optional<std::uint32_t> max_bitrate{};
  /** What the way to the far end takes by its reports and requests, bit/s; absent while nothing suffers. */
  Optional<std::uint32_t> link_bitrate{};
  /** Packets sent once more because the far end missed them (generic NACK, RFC 4585 §6.2.1), by RTX or as they were. */
  std::uint64_t retransmitted{};
  /** Requests by PLI or FIR (RFC 4585, RFC 5104) from the far end. */
  std::uint64_t key_frame_requests{};
  /** Datagrams at the video ports that are neither RTP nor RTCP of this session. */
  std::uint64_t rejected{};
  /** From `configure` with a sending video stream to the first packet of its first key frame, ms. */
  Optional<double> first_picture_ms{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    FarEndSnapshot::Visit(self, visit);
    visit("codec", self.codec);
    visit("direction", self.direction);
    visit("sent", self.sent);
    visit("source", self.source);
    visit("srtp", self.srtp);
    visit("frames", self.frames);
    visit("keyFrames", self.key_frames);
    visit("droppedFrames", self.dropped_frames);
    visit("oversizeFrames", self.oversize_frames);
    visit("limitedFrames", self.limited_frames);
    visit("bitrate", self.bitrate);
    visit("maxBitrate", self.max_bitrate);
    visit("linkBitrate", self.link_bitrate);
    visit("retransmitted", self.retransmitted);
    visit("keyFrameRequests", self.key_frame_requests);
    visit("rejected", self.rejected);
    visit("firstPictureMs", self.first_picture_ms);
  }
};

struct SessionSnapshot {
  Optional<AudioSnapshot> audio{};
  Optional<VideoSnapshot> video{};
  /** Time since anything valid was received from the far end, ms; absent if nothing ever was. */
  Optional<double> silent_ms{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("audio", self.audio);
    visit("video", self.video);
    visit("silentMs", self.silent_ms);
  }
};

struct SessionPorts {
  std::uint16_t audio_rtp_port{};
  /** Absent when the session was opened without video. */
  Optional<std::uint16_t> video_rtp_port{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("audioRtpPort", self.audio_rtp_port, Range{1, 65535});
    visit("videoRtpPort", self.video_rtp_port, Range{1, 65535});
  }
};

/** Who speaks in the packets of the picture, for the SDP (RFC 5576). */
struct VideoSources {
  std::uint32_t ssrc{};
  /** Of packets that are sent once more (RFC 4588). */
  std::uint32_t rtx_ssrc{};
  /** Of both, as RTCP has it. */
  std::string cname{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("ssrc", self.ssrc);
    visit("rtxSsrc", self.rtx_ssrc);
    visit("cname", self.cname);
  }
};

struct OpenedSession {
  std::uint32_t id{};
  SessionPorts ports{};
  /** Absent when the session was opened without video. */
  Optional<VideoSources> video_sources{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("id", self.id);
    visit("ports", self.ports);
    visit("videoSources", self.video_sources);
  }
};

/** What the talker's chain found. */
struct VoiceSnapshot {
  /** The echo canceller has learned the room; until then the speaker is softer. */
  bool converged{};
  /** What the canceller alone takes out of the echo of late, dB. */
  double echo_enhancement_db{};
  /** What the devices do not say of their delay, ms; absent before it was found. */
  Optional<std::int32_t> echo_delay_ms{};
  /** By how much the near end's voice is made louder, dB. */
  double gain_db{};
  FloorHolder floor{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("converged", self.converged);
    visit("echoEnhancementDb", self.echo_enhancement_db);
    visit("echoDelayMs", self.echo_delay_ms);
    visit("gainDb", self.gain_db);
    visit("floor", self.floor);
  }
};

struct RecordingSnapshot {
  std::uint32_t id{};
  RecordingState state{};
  /** The newest one, whole path; empty before the first. */
  std::string file{};
  /** How many files it has by now. */
  std::uint32_t files{};
  std::uint64_t bytes{};
  /** Since it began, ms. */
  std::uint64_t duration_ms{};
  /** Sound that is lost, because the card stalled or failed, ms. */
  std::uint64_t dropped_ms{};
  /** Pictures likewise. */
  std::uint64_t dropped_frames{};
  std::uint64_t write_errors{};
  /** Older files of ours that gave way to it. */
  std::uint64_t removed_files{};
  /** Why the state is not better, in words; empty when all is well. */
  std::string error{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("id", self.id);
    visit("state", self.state);
    visit("file", self.file);
    visit("files", self.files);
    visit("bytes", self.bytes);
    visit("durationMs", self.duration_ms);
    visit("droppedMs", self.dropped_ms);
    visit("droppedFrames", self.dropped_frames);
    visit("writeErrors", self.write_errors);
    visit("removedFiles", self.removed_files);
    visit("error", self.error);
  }
};

struct EngineSnapshot {
  CameraSnapshot camera{};
  DeviceSnapshot microphone{};
  DeviceSnapshot speaker{};
  /** Absent where sound goes as it is. */
  Optional<VoiceSnapshot> voice{};
  /** Whether SCHED_FIFO was granted. */
  bool realtime{};
  /** Events of the native side that found their queue full. */
  std::uint64_t dropped_events{};
  std::vector<RecordingSnapshot> recordings{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("camera", self.camera);
    visit("microphone", self.microphone);
    visit("speaker", self.speaker);
    visit("voice", self.voice);
    visit("realtime", self.realtime);
    visit("droppedEvents", self.dropped_events);
    visit("recordings", self.recordings);
  }
};

struct BridgeSnapshot {
  CameraSnapshot camera{};
  DeviceSnapshot camera_microphone{};
  DeviceSnapshot camera_speaker{};
  DeviceSnapshot capture{};
  DeviceSnapshot playback{};
  /** A program records, or that cannot be known: the camera's microphone is read. */
  bool recording{};
  /** A program plays sound: the camera's speaker is open. */
  bool playing{};
  /** Loudest sample since the last snapshot, 0..32768. */
  std::uint16_t microphone_peak{};
  std::uint16_t speaker_peak{};
  /** Slots of 20 ms thrown away because the thread woke too late. */
  std::uint64_t skipped_slots{};
  /** Whether SCHED_FIFO was granted. */
  bool realtime{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("camera", self.camera);
    visit("cameraMicrophone", self.camera_microphone);
    visit("cameraSpeaker", self.camera_speaker);
    visit("capture", self.capture);
    visit("playback", self.playback);
    visit("recording", self.recording);
    visit("playing", self.playing);
    visit("microphonePeak", self.microphone_peak);
    visit("speakerPeak", self.speaker_peak);
    visit("skippedSlots", self.skipped_slots);
    visit("realtime", self.realtime);
  }
};

/** In pixels. */
struct PictureSize {
  std::uint32_t width{};
  std::uint32_t height{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("width", self.width);
    visit("height", self.height);
  }
};

/** Parameters of the picture for the SDP, from the parameter sets the encoder last sent (RFC 6184 §8.1, RFC 7798 §7.1). */
struct VideoParameters : PictureSize {
  VideoCodec codec{};
  /** Six hexadecimal digits; of H.265 the 24 of its general profile, tier and level (ITU-T H.265 §7.3.3). */
  std::string profile_level_id{};
  /** `sps,pps`, each Base64; of H.265 `vps,sps,pps`. */
  std::string sprop_parameter_sets{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    PictureSize::Visit(self, visit);
    visit("codec", self.codec);
    visit("profileLevelId", self.profile_level_id);
    visit("spropParameterSets", self.sprop_parameter_sets);
  }
};

}  // namespace dashvoip

// clang-format on

#endif  // DASHVOIP_API_SNAPSHOTS_H_
