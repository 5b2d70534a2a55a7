#include "flag_table.h"

#include "flag_value.h"

namespace dashvoip {
namespace sim {
namespace {

constexpr std::uint64_t kMaxU32 = 0xffffffff;
constexpr std::size_t kMaxRing = 256u << 20;

std::chrono::milliseconds Ms(const std::string& text) {
  return std::chrono::milliseconds(ToNumber(text, 0, 3600000));
}

Ratio FrameDuration(const std::string& text) {
  const auto slash = text.find('/');
  const auto frames = ToNumber(text.substr(0, slash), 1, 1000000);
  const auto seconds =
      slash == std::string::npos ? 1 : ToNumber(text.substr(slash + 1), 1, 1000000);
  return {static_cast<std::uint32_t>(seconds), static_cast<std::uint32_t>(frames)};
}

void SetLatency(Options* options, const std::string& text) {
  const auto dash = text.find('-');
  if (dash == std::string::npos) throw UsageError("expected MIN-MAX, found '" + text + "'");
  const auto min = ToNumber(text.substr(0, dash), 0, 10000000);
  const auto max = ToNumber(text.substr(dash + 1), min, 10000000);
  options->rpc.latency_min = std::chrono::microseconds(min);
  options->rpc.latency_max = std::chrono::microseconds(max);
}

void AddTimedCommand(Options* options, const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) throw UsageError("expected MS:COMMAND, found '" + text + "'");
  options->timed_commands.push_back({Ms(text.substr(0, colon)), text.substr(colon + 1)});
}

#define SET [](Options * o, const std::string& v)
#define U32(text, min, max) static_cast<std::uint32_t>(ToNumber(text, min, max))

std::vector<Flag> GeneralFlags() {
  return {{"socket", "PATH", Grade::kNone,
           "where libnetfifo finds us (default: $H22_SIM_SOCKET or /tmp/h22-rtos-sim.sock)",
           SET{o->socket = v;
}
}  // namespace
, {"control", "", Grade::kNone, "read commands from stdin, one a line (see below)",
   SET{o->control_stdin = true;
(void)v;
}  // namespace sim
}  // namespace dashvoip
, {"control-socket", "PATH", Grade::kNone, "take commands as datagrams on this Unix socket",
   SET{o->control_socket = v;
}
}
, {"at", "MS:COMMAND", Grade::kNone, "carry out a command so long after start; repeatable",
   SET{AddTimedCommand(o, v);
}
}
, {"help", "", Grade::kNone, "this text", SET{o->help = true;
(void)v;
}
}
,
}
;
}

std::vector<Flag> VideoFlags() {
  return {{"video", "FILE.h264", Grade::kBoard,
           "picture, an Annex-B file, looped (item 11); one slice per picture",
           SET{o->encoder.video_file = v;
}
}
, {"fps", "N[/D]", Grade::kNone, "pictures per second (default 30)",
   SET{o->encoder.frame_duration = FrameDuration(v);
}
}
, {"codec", "h264|h265", Grade::kCallers, "what the file holds (item 11; default h264)",
   SET{o->encoder.codec =
           ToChoice<VideoCodec>(v, {{"h264", VideoCodec::kH264}, {"h265", VideoCodec::kH265}});
}
}
, {"switch-video", "FILE", Grade::kCallers,
   "other picture, taken in turns at every switchenc (item 9)",
   SET{o->encoder.switch_video_file = v;
}
}
, {"video-media-id", "N", Grade::kOlder,
   "nMediaId of the picture (item 11; default 2 AVC, 5 HVC; may be 1, 4)",
   SET{o->encoder.video_media_id = U32(v, 1, 255);
}
}
, {"aud", "on|off", Grade::kCallers, "6-byte AUD first in every picture (item 11; default on)",
   SET{o->encoder.dress.aud = ToSwitch(v);
}
}
, {"sei", "on|off", Grade::kCallers, "SEI before key frames (item 11; default on)",
   SET{o->encoder.dress.sei = ToSwitch(v);
}
}
, {"nal26", "on|off", Grade::kCallers,
   "vendor's NAL type 26 before key frames (item 11; default on)",
   SET{o->encoder.dress.nal26 = ToSwitch(v);
}
}
, {"start-codes", "4|3|mixed", Grade::kCallers,
   "length of start codes but the first (item 11; default 4, mixed is H.265's)",
   SET{o->encoder.dress.start_codes = ToChoice<StartCodes>(
           v, {{"4", StartCodes::kLong}, {"3", StartCodes::kShort}, {"mixed", StartCodes::kMixed}});
}
}
, {"timescale", "N", Grade::kCallers, "PTS ticks per second, of sound too (item 7; 60000)",
   SET{o->encoder.timescale = U32(v, 1, 10000000);
}
}
, {"first-pts", "N", Grade::kAssumed, "PTS at the start of every stream (item 7; default 0)",
   SET{o->encoder.first_pts = ToNumber(v, 0, UINT64_C(1) << 40);
}
}
,
}
;
}

std::vector<Flag> AudioFlags() {
  return {{"audio", "FILE.aac|.wav", Grade::kCallers,
           "sound, looped: ADTS gives raw AAC units, WAV S16 gives PCM (item 11)",
           SET{o->encoder.audio_file = v;
}
}
, {"no-audio", "", Grade::kBoard, "begin with video only, until recav (item 10)",
   SET{o->encoder.audio_on = false;
(void)v;
}
}
, {"audio-media-id", "N", Grade::kOlder, "nMediaId of the sound (default 0x21 AAC, 0x22 PCM)",
   SET{o->encoder.audio_media_id = U32(v, 1, 255);
}
}
, {"audio-channels", "N", Grade::kCallers, "reported nChannels; 0 means 2 (item 11)",
   SET{o->encoder.audio_channels = static_cast<int>(ToNumber(v, 0, 8));
}
}
, {"audio-timescale", "N", Grade::kCallers,
   "another scale for sound; 0 is reported as 0 and means 90000 (item 7)",
   SET{o->encoder.audio_timescale = U32(v, 0, 10000000);
}
}
, {"audio-seq", "rising|constant|repeating", Grade::kCallers,
   "how far the sound's SeqNum can be trusted (item 5; default rising)",
   SET{o->encoder.audio_seq = ToChoice<SeqMode>(v, {{"rising", SeqMode::kRising},
                                                    {"constant", SeqMode::kConstant},
                                                    {"repeating", SeqMode::kRepeating}});
}
}
,
}
;
}

std::vector<Flag> QueueFlags() {
  return {{"descriptors", "N", Grade::kBoard,
           "entries of each encoder's FIFO (item 1; default 256)",
           SET{o->encoder.descriptors = U32(v, 1, 65536);
}
}
, {"ring-size", "BYTES", Grade::kAssumed, "payload ring of the picture (items 3, 4; 4 MiB)",
   SET{o->ring_size = ToNumber(v, 64, kMaxRing);
}
}
, {"audio-ring-size", "BYTES", Grade::kAssumed, "payload ring of the sound (1 MiB)",
   SET{o->audio_ring_size = ToNumber(v, 64, kMaxRing);
}
}
, {"drop", "oldest|newest", Grade::kBoard,
   "which frame is lost on overflow (item 3; default oldest; inferred from its event's name)",
   SET{o->encoder.drop = ToChoice<DropPolicy>(
           v, {{"oldest", DropPolicy::kOldest}, {"newest", DropPolicy::kNewest}});
}
}
, {"align", "N", Grade::kAssumed,
   "payload starts at multiples of 2^N (item 4; default 0, so that frames wrap anywhere)",
   SET{o->encoder.align = static_cast<std::uint16_t>(ToNumber(v, 0, 12));
}
}
, {"first-seq", "N", Grade::kAssumed, "first SeqNum of a stream (item 5; default 0)",
   SET{o->encoder.first_seq = U32(v, 0, kMaxU32);
}
}
, {"event-loss", "N", Grade::kBoard, "every N-th DATA_READY is lost (item 12; default 0)",
   SET{o->events.lose_every = U32(v, 0, kMaxU32);
}
}
, {"event-coalesce", "MS", Grade::kCallers,
   "at most one DATA_READY per FIFO in this time (item 12; default 0)",
   SET{o->events.coalesce = Ms(v);
}
}
,
}
;
}

std::vector<Flag> SessionFlags() {
  return {{"start-delay", "MS", Grade::kCallers,
           "encoding begins so late; 0: it runs before anybody connects (item 8; default 0)",
           SET{o->encoder.start_delay = Ms(v);
}
}
, {"tracks-delay", "MS", Grade::kBoard,
   "STARTENC comes so long before the tracks (item 8; default 0)",
   SET{o->encoder.tracks_delay = Ms(v);
}
}
, {"repeat-startenc", "N", Grade::kAssumed,
   "STARTENC is sent so often again, 100 ms apart (item 8)",
   SET{o->encoder.repeat_startenc = U32(v, 0, 1000);
}
}
, {"eos", "both|event|mark|none", Grade::kCallers,
   "how the end of a stream is told, next to STOPENC (item 6; default both)",
   SET{o->encoder.end_mark = ToChoice<EndMark>(v, {{"both", EndMark::kBoth},
                                                   {"event", EndMark::kEvent},
                                                   {"mark", EndMark::kMark},
                                                   {"none", EndMark::kNone}});
}
}
, {"stop-grace", "MS", Grade::kCallers,
   "handles can still be drained so long after STOPENC; 0: void at once (item 9; 200)",
   SET{o->encoder.stop_grace = Ms(v);
}
}
, {"restart-gap", "MS", Grade::kAssumed,
   "pause between a stream and the next one at recav and switchenc (default 300)",
   SET{o->encoder.restart_gap = Ms(v);
}
}
, {"busy-flag", "on|off", Grade::kCallers,
   "no new stream between START and END, even of a client that died (item 16; on)",
   SET{o->encoder.busy_flag = ToSwitch(v);
}
}
,
}
;
}

std::vector<Flag> RpcFlags() {
  return {{"rpc-latency", "MIN-MAX", Grade::kAssumed,
           "microseconds until a call is answered (item 13; default 100-500)", SetLatency},
          {"hang-after", "N", Grade::kAssumed, "no call after the N-th ever returns (item 13)",
           SET{o->rpc.hang_after = ToNumber(v, 1, kMaxU32);
}
}
, {"seed", "N", Grade::kNone, "of the latencies' random numbers (default 1)",
   SET{o->rpc.seed = U32(v, 0, kMaxU32);
}
}
, {"exclusive", "", Grade::kCallers, "refuse a second client, as the DIRECT build (item 15)",
   SET{o->rpc.exclusive = true;
(void)v;
}
}
, {"read-cost", "US", Grade::kAssumed,
   "microseconds of CPU that each KiB read costs the client, at Remove (item 18; default 0)",
   SET{o->rpc.read_cost_us_per_kib = U32(v, 0, 100000);
}
}
,
}
;
}

std::vector<Flag> SpeakerFlags() {
  return {{"stream-in", "off|pcm", Grade::kOlder,
           "loudspeaker for Linux, PCM S16 48 kHz; off as on a stock image (item 17; default off)",
           SET{o->speaker.enabled = ToChoice<bool>(v, {{"off", false}, {"pcm", true}});
}
}
, {"stream-in-channels", "N", Grade::kOlder, "1 or 2 (default 2)",
   SET{o->speaker.channels = U32(v, 1, 2);
}
}
, {"stream-in-ring", "BYTES", Grade::kOlder, "its payload ring (default 10 MiB)",
   SET{o->stream_in_ring_size = ToNumber(v, 64, kMaxRing);
}
}
, {"stream-in-descriptors", "N", Grade::kOlder, "its FIFO (default 128)",
   SET{o->speaker.descriptors = U32(v, 1, 65536);
}
}
, {"speaker-out", "FILE.wav", Grade::kNone, "what is heard, from START to STOP",
   SET{o->speaker.file = v;
}
}
, {"speaker-ppm", "N", Grade::kAssumed, "its sample clock is so much fast (item 17; default 0)",
   SET{o->speaker.ppm = ToDecimal(v, -100000, 100000);
}
}
,
}
;
}

#undef SET
#undef U32

}  // namespace

const std::vector<FlagGroup>& AllFlags() {
  static const std::vector<FlagGroup> groups = {
      {"General", GeneralFlags()},         {"Picture", VideoFlags()},   {"Sound", AudioFlags()},
      {"Queues and events", QueueFlags()}, {"Session", SessionFlags()}, {"Calls", RpcFlags()},
      {"Loudspeaker", SpeakerFlags()}};
  return groups;
}

}  // namespace sim
}  // namespace dashvoip
