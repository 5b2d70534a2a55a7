#ifndef DASHVOIP_API_SETTINGS_H_
#define DASHVOIP_API_SETTINGS_H_

// Made from src/media/shapes/settings.ts by scripts/shapes: change that, not this.
// clang-format off

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dashvoip/api/shape.h"
#include "dashvoip/base/transport_address.h"
#include "dashvoip/api/values.h"
#include "dashvoip/api/snapshots.h"

namespace dashvoip {

/** `netfifo` and `rtsp` read the camera; `none` never touches it. */
enum class CameraLink : std::uint8_t {
  kNetfifo,
  kRtsp,
  kNone,
};

inline WordList WordsOf(CameraLink) noexcept {
  static const char* const words[] = {"netfifo", "rtsp", "none"};
  return {words, 3};
}

enum class VideoSource : std::uint8_t {
  kCamera,
  kNone,
};

inline WordList WordsOf(VideoSource) noexcept {
  static const char* const words[] = {"camera", "none"};
  return {words, 2};
}

/** Where the near end's voice comes from, or the far end's goes. */
struct DeviceSettings {
  DeviceKind kind{};
  std::string device{};
  std::string path{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("kind", self.kind);
    if (self.kind == DeviceKind::kAlsa) visit("device", self.device);
    if (self.kind == DeviceKind::kFile) visit("path", self.path);
  }
};

struct RtpSettings {
  /** Inclusive range of UDP ports; RTP takes an even one, RTCP the next. */
  std::array<std::uint16_t, 2> ports{};
  /** RTCP SDES CNAME, RFC 3550 §6.5.1. */
  BoundedText<255> cname{};
  std::uint8_t audio_dscp{};
  std::uint8_t video_dscp{};
  /** Largest RTP payload of a video packet, bytes. */
  std::uint16_t max_video_payload{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("ports", self.ports, Range{1, 65535});
    visit("cname", self.cname);
    visit("audioDscp", self.audio_dscp, Range{0, 63});
    visit("videoDscp", self.video_dscp, Range{0, 63});
    visit("maxVideoPayload", self.max_video_payload, Range{100, 1440});
  }
};

/** What is done to the near end's voice, and who may speak. */
struct VoiceSettings {
  /** Rumble below 100 Hz is left out. */
  bool high_pass{};
  /** What the speaker plays is taken out of the microphone. */
  bool echo_canceller{};
  bool noise_suppression{};
  bool automatic_gain{};
  Duplex duplex{};
  /** How long the room answers, ms. */
  std::uint16_t echo_tail_ms{};
  /** What the devices do not say of their delay, as found in an earlier call, ms. */
  Optional<std::int32_t> echo_delay_ms{};
  /** Keys are looked for in the far end's sound, too. */
  bool tone_digits{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("highPass", self.high_pass);
    visit("echoCanceller", self.echo_canceller);
    visit("noiseSuppression", self.noise_suppression);
    visit("automaticGain", self.automatic_gain);
    visit("duplex", self.duplex);
    visit("echoTailMs", self.echo_tail_ms, Range{32, 500});
    visit("echoDelayMs", self.echo_delay_ms);
    visit("toneDigits", self.tone_digits);
  }
};

struct EngineSettings {
  CameraLink camera_link{};
  /** With `rtsp`: the URL of the camera's stream, its host numeric. */
  Optional<std::string> rtsp_url{};
  DeviceSettings microphone{};
  DeviceSettings speaker{};
  VideoSource video_source{};
  RtpSettings rtp{};
  /** Hard cap of the jitter buffer, ms. */
  std::uint16_t jitter_buffer_max_ms{};
  /** Rate of the sound between devices and calls, Hz: 8000, 16000 or 48000. */
  std::uint32_t bus_rate_hz{};
  /** SCHED_FIFO priority of the media thread; 0 keeps the ordinary scheduler. */
  std::uint8_t realtime_priority{};
  /** Absent: sound goes between devices and calls as it is. */
  Optional<VoiceSettings> voice{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("cameraLink", self.camera_link);
    visit("rtspUrl", self.rtsp_url);
    visit("microphone", self.microphone);
    visit("speaker", self.speaker);
    visit("videoSource", self.video_source);
    visit("rtp", self.rtp);
    visit("jitterBufferMaxMs", self.jitter_buffer_max_ms, Range{20, 1000});
    visit("busRateHz", self.bus_rate_hz, Range{8000, 48000});
    visit("realtimePriority", self.realtime_priority, Range{0, 99});
    visit("voice", self.voice);
  }
};

/** The virtual sound card: which camera, and our ends of two cables of snd-aloop. */
struct BridgeSettings {
  CameraLink camera_link{};
  Optional<std::string> rtsp_url{};
  /** Gives what programs play; it goes to the camera's speaker. */
  DeviceSettings capture{};
  /** Takes the camera's microphone; programs record it. */
  DeviceSettings playback{};
  /** SCHED_FIFO priority of the thread that moves the sound; 0 keeps the ordinary one. */
  std::uint8_t realtime_priority{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("cameraLink", self.camera_link);
    visit("rtspUrl", self.rtsp_url);
    visit("capture", self.capture);
    visit("playback", self.playback);
    visit("realtimePriority", self.realtime_priority, Range{0, 99});
  }
};

/** Where a stream's packets go, from the session description. */
struct RemoteEndpoint {
  IpAddress address{};
  std::uint16_t rtp_port{};
  std::uint16_t rtcp_port{};
  /** Address of RTCP, where it is another one (RFC 3605). */
  Optional<IpAddress> rtcp_address{};
  /** RTCP shares RTP's port, at both ends (RFC 5761). */
  Optional<bool> rtcp_mux{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("address", self.address);
    visit("rtpPort", self.rtp_port, Range{1, 65535});
    visit("rtcpPort", self.rtcp_port, Range{1, 65535});
    visit("rtcpAddress", self.rtcp_address);
    visit("rtcpMux", self.rtcp_mux);
  }
};

/** What one end encrypts with (RFC 3711 §3.2.1). */
struct SrtpKey {
  /** Master key and master salt, one behind the other. */
  BoundedList<std::uint8_t, 46, 28> master{};
  /** Master key identifier that its packets carry; absent for none. */
  Optional<BoundedList<std::uint8_t, 16, 1>> mki{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("master", self.master);
    visit("mki", self.mki);
  }
};

/** Keys that are the same as before go on as they are. */
struct SrtpSettings {
  SrtpSuite suite{};
  SrtpKey send{};
  SrtpKey receive{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("suite", self.suite);
    visit("send", self.send);
    visit("receive", self.receive);
  }
};

/** Who the far end is, by its certificate (RFC 8122). */
struct Fingerprint {
  FingerprintHash hash{};
  BoundedList<std::uint8_t, 64, 32> digest{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("hash", self.hash);
    visit("digest", self.digest);
  }
};

/** One end of a handshake of DTLS-SRTP (RFC 5763). */
struct DtlsSettings {
  DtlsRole role{};
  /** Our own, DER. */
  BoundedList<std::uint8_t, 1024, 1> certificate{};
  /** Its private key, of an elliptic curve, DER. */
  BoundedList<std::uint8_t, 256, 1> key{};
  /** Of the far end's certificate. */
  Fingerprint fingerprint{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("role", self.role);
    visit("certificate", self.certificate);
    visit("key", self.key);
    visit("fingerprint", self.fingerprint);
  }
};

/** What the far end's checks have to show (RFC 8445 §5.3). */
struct IceSettings {
  /** `a=ice-ufrag` of ours. */
  BoundedText<32> fragment{};
  /** `a=ice-pwd` of ours. */
  BoundedText<64> password{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("fragment", self.fragment);
    visit("password", self.password);
  }
};

/** What nobody outside gets, whatever their calls agreed on. */
struct MuteSettings {
  bool microphone{};
  bool picture{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("microphone", self.microphone);
    visit("picture", self.picture);
  }
};

/** Where what leaves one socket of a call goes. */
struct SocketTarget {
  MediaComponent component{};
  IpAddress address{};
  /** 0: where the description says, for what is aimed. */
  std::uint16_t port{};
  /** As ChannelData to a TURN server (RFC 8656 §12). */
  Optional<std::uint16_t> channel{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("component", self.component);
    visit("address", self.address);
    visit("port", self.port, Range{0, 65535});
    visit("channel", self.channel, Range{16384, 20479});
  }
};

/** A session whose far end finds its way by ICE, and whose keys come by DTLS. */
struct SecureSettings {
  IceSettings ice{};
  DtlsSettings dtls{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("ice", self.ice);
    visit("dtls", self.dtls);
  }
};

/** A format that both ends named, under the number that the receiving end gave it. */
struct AudioFormat {
  std::uint8_t payload_type{};
  AudioCodec codec{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("payloadType", self.payload_type, Range{0, 127});
    visit("codec", self.codec);
  }
};

/** What is to be made of what is sent: the far end's wishes (a=fmtp), and ours. */
struct EncoderSettings {
  /** bit/s at most; absent: the codec's usual. */
  Optional<std::uint32_t> bitrate{};
  /** The far end has no use for sound of a higher rate, Hz. */
  Optional<std::uint32_t> playback_rate{};
  Optional<bool> constant_bitrate{};
  /** It takes what was lost from the packet behind it. */
  Optional<bool> forward_error_correction{};
  /** Nothing is sent in pauses of speech, or next to nothing. */
  Optional<bool> discontinuous{};
  /** AMR: which of its modes may be sent, one bit each. */
  Optional<std::uint8_t> modes{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("bitrate", self.bitrate, Range{500, 512000});
    visit("playbackRate", self.playback_rate, Range{8000, 48000});
    visit("constantBitrate", self.constant_bitrate);
    visit("forwardErrorCorrection", self.forward_error_correction);
    visit("discontinuous", self.discontinuous);
    visit("modes", self.modes, Range{1, 255});
  }
};

/** Not sound. */
enum class MarkKind : std::uint8_t {
  /** RFC 4733. */
  kKeys,
  /** RFC 3389. */
  kNoise,
};

inline WordList WordsOf(MarkKind) noexcept {
  static const char* const words[] = {"keys", "noise"};
  return {words, 2};
}

/** What marks the timeline instead of sound, at a clock of its own (RFC 4733 §2.1). */
struct MarkFormat {
  std::uint8_t payload_type{};
  MarkKind kind{};
  std::uint32_t clock_rate{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("payloadType", self.payload_type, Range{0, 127});
    visit("kind", self.kind);
    visit("clockRate", self.clock_rate, Range{8000, 90000});
  }
};

/** One negotiated stream; `direction` is ours: `sendonly` means that we send. */
struct AudioStreamSettings {
  /** What we send. */
  AudioCodec codec{};
  std::uint8_t payload_type{};
  /** What may come, at any time and in any order (RFC 3264 §6.1). */
  BoundedList<AudioFormat, 128, 1> receive{};
  Optional<EncoderSettings> encoder{};
  /** Payload type of telephone-event (RFC 4733), both ways; absent when not agreed. */
  Optional<std::uint8_t> telephone_event{};
  /** Its clock, where that is not the one of `codec`, Hz. */
  Optional<std::uint32_t> telephone_event_rate{};
  /** Payload type of comfort noise (RFC 3389), at the clock of `codec`; absent when not agreed. */
  Optional<std::uint8_t> comfort_noise{};
  /** Keys and noise that may come beside those, for other codecs' clocks. */
  Optional<BoundedList<MarkFormat, 8, 1>> also_marks{};
  RemoteEndpoint remote{};
  /** Absent: not encrypted. */
  Optional<SrtpSettings> srtp{};
  Direction direction{};
  /** Length of a sent packet, ms; a multiple of 10. */
  std::uint16_t ptime_ms{};
  /** The far end asked for VoIP metrics, or for reference times, in our RTCP (RFC 3611 §5). */
  Optional<bool> voip_metrics{};
  Optional<bool> receiver_round_trip{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("codec", self.codec);
    visit("payloadType", self.payload_type, Range{0, 127});
    visit("receive", self.receive);
    visit("encoder", self.encoder);
    visit("telephoneEvent", self.telephone_event, Range{0, 127});
    visit("telephoneEventRate", self.telephone_event_rate, Range{8000, 90000});
    visit("comfortNoise", self.comfort_noise, Range{0, 127});
    visit("alsoMarks", self.also_marks);
    visit("remote", self.remote);
    visit("srtp", self.srtp);
    visit("direction", self.direction);
    visit("ptimeMs", self.ptime_ms, Range{10, 60});
    visit("voipMetrics", self.voip_metrics);
    visit("receiverRoundTrip", self.receiver_round_trip);
  }
};

struct VideoStreamSettings {
  VideoCodec codec{};
  std::uint8_t payload_type{};
  RemoteEndpoint remote{};
  /** Absent: not encrypted. */
  Optional<SrtpSettings> srtp{};
  Direction direction{};
  /** Of H.264. */
  std::uint8_t packetization_mode{};
  /** What the far end missed goes by a stream of its own (RFC 4588), of this payload type; absent: as it was. */
  Optional<std::uint8_t> rtx_payload_type{};
  /** What the far end takes at most, bit/s (RFC 8866 §5.8, RFC 3890); absent when it sets no limit. */
  Optional<std::uint32_t> max_bitrate{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("codec", self.codec);
    visit("payloadType", self.payload_type, Range{0, 127});
    visit("remote", self.remote);
    visit("srtp", self.srtp);
    visit("direction", self.direction);
    visit("packetizationMode", self.packetization_mode, Range{0, 1});
    visit("rtxPayloadType", self.rtx_payload_type, Range{0, 127});
    visit("maxBitrate", self.max_bitrate, Range{1, 2000000000});
  }
};

/** A stream that is absent is closed: its port stays bound, nothing is sent. */
struct SessionSettings {
  Optional<AudioStreamSettings> audio{};
  Optional<VideoStreamSettings> video{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("audio", self.audio);
    visit("video", self.video);
  }
};

/** A recording: of what, and into which files. */
struct RecordingSettings {
  RecordedSound sound{};
  /** Whose, with the sound of a `call`. */
  Optional<std::uint32_t> session{};
  /** The camera's picture with it; in `mp4` only. */
  bool picture{};
  RecordingContainer container{};
  std::string folder{};
  /** Files are called `dashvoip-NAME`, with the ending of their container; further ones end in `-2`, `-3`. */
  std::string name{};
  /** What is kept from before it begins, ms. */
  std::uint32_t pre_roll_ms{};
  /** How long it goes on after its end, ms. */
  std::uint32_t post_roll_ms{};
  /** Free space below which the oldest of our own files are removed, MB. */
  std::uint32_t floor_mb{};
  /** After so much the next file begins, MB; a FAT file has 4 GB at most. */
  std::uint32_t max_file_mb{};
  /** Likewise, s. */
  std::uint32_t max_file_s{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("sound", self.sound);
    visit("session", self.session);
    visit("picture", self.picture);
    visit("container", self.container);
    visit("folder", self.folder);
    visit("name", self.name);
    visit("preRollMs", self.pre_roll_ms, Range{0, 30000});
    visit("postRollMs", self.post_roll_ms, Range{0, 60000});
    visit("floorMb", self.floor_mb, Range{0, 1000000});
    visit("maxFileMb", self.max_file_mb, Range{1, 4000});
    visit("maxFileS", self.max_file_s, Range{10, 86400});
  }
};

/** A part of a cadence. */
struct TonePart {
  /** Hz, all at once; none of them is silence. */
  BoundedList<std::uint16_t, 3> frequencies{};
  std::uint16_t ms{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("frequencies", self.frequencies);
    visit("ms", self.ms, Range{10, 10000});
  }
};

/** A tone by its cadence, ITU-T E.180. */
struct ToneSettings {
  BoundedList<TonePart, 8, 1> parts{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("parts", self.parts);
  }
};

/** A tone or a WAV file to be heard. */
struct PlaySettings {
  /** By the far end of this call; absent: in the cabin. */
  Optional<std::uint32_t> session{};
  Optional<ToneSettings> tone{};
  Optional<std::string> file{};
  /** Until it is stopped, or the call ends. */
  bool repeats{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("session", self.session);
    visit("tone", self.tone);
    visit("file", self.file);
    visit("repeats", self.repeats);
  }
};

/** Who is heard by a call, beside tones and announcements. */
struct RouteSettings {
  bool microphone{};
  /** Other calls, by their sessions: a conference is calls that hear each other. */
  BoundedList<std::uint32_t, 10> calls{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("microphone", self.microphone);
    visit("calls", self.calls);
  }
};

struct CameraProbeSettings {
  /** How long its live stream is read, ms. */
  std::uint32_t watch_ms{};
  /** How long silence is played to its speaker, ms. */
  std::uint32_t play_ms{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("watchMs", self.watch_ms, Range{1, 3600000});
    visit("playMs", self.play_ms, Range{1, 3600000});
  }
};

}  // namespace dashvoip

// clang-format on

#endif  // DASHVOIP_API_SETTINGS_H_
