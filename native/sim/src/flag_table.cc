#include "flag_table.h"

#include "flag_value.h"

namespace dashvoip {
namespace sim {
namespace {

constexpr std::uint64_t kMaxU32 = 0xffffffff;
constexpr std::size_t kMaxRing = 256u << 20;

std::uint32_t ToU32(const std::string& text, std::uint64_t min, std::uint64_t max) {
  return static_cast<std::uint32_t>(ToNumber(text, min, max));
}

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

std::vector<Flag> GeneralFlags() {
  return {{"socket", "PATH", Grade::kNone,
           "where libnetfifo finds us (default: $H22_SIM_SOCKET or /tmp/h22-rtos-sim.sock)",
           [](Options* o, const std::string& v) { o->socket = v; }},
          {"control", "", Grade::kNone, "read commands from stdin, one a line (see below)",
           [](Options* o, const std::string&) { o->control_stdin = true; }},
          {"control-socket", "PATH", Grade::kNone, "take commands as datagrams on this Unix socket",
           [](Options* o, const std::string& v) { o->control_socket = v; }},
          {"at", "MS:COMMAND", Grade::kNone, "carry out a command so long after start; repeatable",
           [](Options* o, const std::string& v) { AddTimedCommand(o, v); }},
          {"help", "", Grade::kNone, "this text",
           [](Options* o, const std::string&) { o->help = true; }}};
}

std::vector<Flag> VideoFlags() {
  return {
      {"video", "FILE.h264", Grade::kBoard,
       "picture, an Annex-B file, looped (item 11); one slice per picture",
       [](Options* o, const std::string& v) { o->encoder.video_file = v; }},
      {"fps", "N[/D]", Grade::kNone, "pictures per second (default 30)",
       [](Options* o, const std::string& v) { o->encoder.frame_duration = FrameDuration(v); }},
      {"no-gop", "", Grade::kNone,
       "the track says nothing about the length of its groups of pictures",
       [](Options* o, const std::string&) { o->encoder.tells_gop = false; }},
      {"by-command", "", Grade::kNone,
       "frames of all tracks come by the command frames, none in time",
       [](Options* o, const std::string&) { o->encoder.by_command = true; }},
      {"codec", "h264|h265", Grade::kCallers, "what the file holds (item 11; default h264)",
       [](Options* o, const std::string& v) {
         o->encoder.codec =
             ToChoice<VideoCodec>(v, {{"h264", VideoCodec::kH264}, {"h265", VideoCodec::kH265}});
       }},
      {"switch-video", "FILE", Grade::kCallers,
       "other picture, taken in turns at every switchenc (item 9)",
       [](Options* o, const std::string& v) { o->encoder.switch_video_file = v; }},
      {"video-media-id", "N", Grade::kOlder,
       "nMediaId of the picture (item 11; default 2 AVC, 5 HVC; may be 1, 4)",
       [](Options* o, const std::string& v) { o->encoder.video_media_id = ToU32(v, 1, 255); }},
      {"aud", "on|off", Grade::kCallers, "6-byte AUD first in every picture (item 11; default on)",
       [](Options* o, const std::string& v) { o->encoder.dress.aud = ToSwitch(v); }},
      {"sei", "on|off", Grade::kCallers, "SEI before key frames (item 11; default on)",
       [](Options* o, const std::string& v) { o->encoder.dress.sei = ToSwitch(v); }},
      {"nal26", "on|off", Grade::kCallers,
       "vendor's NAL type 26 before key frames (item 11; default on)",
       [](Options* o, const std::string& v) { o->encoder.dress.nal26 = ToSwitch(v); }},
      {"start-codes", "4|3|mixed", Grade::kCallers,
       "length of start codes but the first (item 11; default 4, mixed is H.265's)",
       [](Options* o, const std::string& v) {
         o->encoder.dress.start_codes = ToChoice<StartCodes>(
             v,
             {{"4", StartCodes::kLong}, {"3", StartCodes::kShort}, {"mixed", StartCodes::kMixed}});
       }},
      {"timescale", "N", Grade::kCallers, "PTS ticks per second, of sound too (item 7; 60000)",
       [](Options* o, const std::string& v) { o->encoder.timescale = ToU32(v, 1, 10000000); }},
      {"first-pts", "N", Grade::kAssumed, "PTS at the start of every stream (item 7; default 0)",
       [](Options* o, const std::string& v) {
         o->encoder.first_pts = ToNumber(v, 0, UINT64_MAX);
       }}};
}

std::vector<Flag> AudioFlags() {
  return {
      {"audio", "FILE.aac|.wav", Grade::kCallers,
       "sound, looped: ADTS gives raw AAC units, WAV S16 gives PCM (item 11)",
       [](Options* o, const std::string& v) { o->encoder.audio_file = v; }},
      {"no-audio", "", Grade::kBoard, "begin with video only, until recav (item 10)",
       [](Options* o, const std::string&) { o->encoder.audio_on = false; }},
      {"audio-media-id", "N", Grade::kOlder, "nMediaId of the sound (default 0x21 AAC, 0x22 PCM)",
       [](Options* o, const std::string& v) { o->encoder.audio_media_id = ToU32(v, 1, 255); }},
      {"audio-channels", "N", Grade::kCallers, "reported nChannels; 0 means 2 (item 11)",
       [](Options* o, const std::string& v) {
         o->encoder.audio_channels = static_cast<int>(ToNumber(v, 0, 8));
       }},
      {"audio-timescale", "N", Grade::kCallers,
       "another scale for sound; 0 is reported as 0 and means 90000 (item 7)",
       [](Options* o, const std::string& v) {
         o->encoder.audio_timescale = ToU32(v, 0, 10000000);
       }},
      {"audio-seq", "rising|constant|repeating", Grade::kCallers,
       "how far the sound's SeqNum can be trusted (item 5; default rising)",
       [](Options* o, const std::string& v) {
         o->encoder.audio_seq = ToChoice<SeqMode>(v, {{"rising", SeqMode::kRising},
                                                      {"constant", SeqMode::kConstant},
                                                      {"repeating", SeqMode::kRepeating}});
       }}};
}

std::vector<Flag> QueueFlags() {
  return {
      {"descriptors", "N", Grade::kBoard, "entries of each encoder's FIFO (item 1; default 256)",
       [](Options* o, const std::string& v) { o->encoder.descriptors = ToU32(v, 1, 65536); }},
      {"ring-size", "BYTES", Grade::kAssumed, "payload ring of the picture (items 3, 4; 4 MiB)",
       [](Options* o, const std::string& v) { o->ring_size = ToNumber(v, 64, kMaxRing); }},
      {"audio-ring-size", "BYTES", Grade::kAssumed, "payload ring of the sound (1 MiB)",
       [](Options* o, const std::string& v) { o->audio_ring_size = ToNumber(v, 64, kMaxRing); }},
      {"drop", "oldest|newest", Grade::kBoard,
       "which frame is lost on overflow (item 3; default oldest; inferred from its event's name)",
       [](Options* o, const std::string& v) {
         o->encoder.drop = ToChoice<DropPolicy>(
             v, {{"oldest", DropPolicy::kOldest}, {"newest", DropPolicy::kNewest}});
       }},
      {"align", "N", Grade::kAssumed,
       "payload starts at multiples of 2^N (item 4; default 0, so that frames wrap anywhere)",
       [](Options* o, const std::string& v) {
         o->encoder.align = static_cast<std::uint16_t>(ToNumber(v, 0, 12));
       }},
      {"first-seq", "N", Grade::kAssumed, "first SeqNum of a stream (item 5; default 0)",
       [](Options* o, const std::string& v) { o->encoder.first_seq = ToU32(v, 0, kMaxU32); }},
      {"event-loss", "N", Grade::kBoard, "every N-th DATA_READY is lost (item 12; default 0)",
       [](Options* o, const std::string& v) { o->events.lose_every = ToU32(v, 0, kMaxU32); }},
      {"event-coalesce", "MS", Grade::kCallers,
       "at most one DATA_READY per FIFO in this time (item 12; default 0)",
       [](Options* o, const std::string& v) { o->events.coalesce = Ms(v); }}};
}

std::vector<Flag> SessionFlags() {
  return {
      {"start-delay", "MS", Grade::kCallers,
       "encoding begins so late; 0: it runs before anybody connects (item 8; default 0)",
       [](Options* o, const std::string& v) { o->encoder.start_delay = Ms(v); }},
      {"tracks-delay", "MS", Grade::kBoard,
       "STARTENC comes so long before the tracks (item 8; default 0)",
       [](Options* o, const std::string& v) { o->encoder.tracks_delay = Ms(v); }},
      {"repeat-startenc", "N", Grade::kAssumed,
       "STARTENC is sent so often again, 100 ms apart (item 8)",
       [](Options* o, const std::string& v) { o->encoder.repeat_startenc = ToU32(v, 0, 1000); }},
      {"eos", "both|event|mark|none", Grade::kCallers,
       "how the end of a stream is told, next to STOPENC (item 6; default both)",
       [](Options* o, const std::string& v) {
         o->encoder.end_mark = ToChoice<EndMark>(v, {{"both", EndMark::kBoth},
                                                     {"event", EndMark::kEvent},
                                                     {"mark", EndMark::kMark},
                                                     {"none", EndMark::kNone}});
       }},
      {"stop-grace", "MS", Grade::kCallers,
       "handles can still be drained so long after STOPENC; 0: void at once (item 9; 200)",
       [](Options* o, const std::string& v) { o->encoder.stop_grace = Ms(v); }},
      {"restart-gap", "MS", Grade::kAssumed,
       "pause between a stream and the next one at recav and switchenc (default 300)",
       [](Options* o, const std::string& v) { o->encoder.restart_gap = Ms(v); }},
      {"busy-flag", "on|off", Grade::kCallers,
       "no new stream between START and END, even of a client that died (item 16; on)",
       [](Options* o, const std::string& v) { o->encoder.busy_flag = ToSwitch(v); }}};
}

std::vector<Flag> RpcFlags() {
  return {
      {"rpc-latency", "MIN-MAX", Grade::kAssumed,
       "microseconds until a call is answered (item 13; default 100-500)", SetLatency},
      {"hang-after", "N", Grade::kAssumed, "no call after the N-th ever returns (item 13)",
       [](Options* o, const std::string& v) { o->rpc.hang_after = ToNumber(v, 1, kMaxU32); }},
      {"seed", "N", Grade::kNone, "of the latencies' random numbers (default 1)",
       [](Options* o, const std::string& v) { o->rpc.seed = ToU32(v, 0, kMaxU32); }},
      {"exclusive", "", Grade::kCallers, "refuse a second client, as the DIRECT build (item 15)",
       [](Options* o, const std::string&) { o->rpc.exclusive = true; }},
      {"read-cost", "US", Grade::kAssumed,
       "microseconds of CPU that each KiB read costs the client, at Remove (item 18; default 0)",
       [](Options* o, const std::string& v) {
         o->rpc.read_cost_us_per_kib = ToU32(v, 0, 100000);
       }}};
}

std::vector<Flag> SpeakerFlags() {
  return {
      {"stream-in", "off|pcm", Grade::kOlder,
       "loudspeaker for Linux, PCM S16 48 kHz; off as on a stock image (item 17; default off)",
       [](Options* o, const std::string& v) {
         o->speaker.enabled = ToChoice<bool>(v, {{"off", false}, {"pcm", true}});
       }},
      {"stream-in-channels", "N", Grade::kOlder, "1 or 2 (default 2)",
       [](Options* o, const std::string& v) { o->speaker.channels = ToU32(v, 1, 2); }},
      {"stream-in-ring", "BYTES", Grade::kOlder, "its payload ring (default 10 MiB)",
       [](Options* o, const std::string& v) {
         o->stream_in_ring_size = ToNumber(v, 64, kMaxRing);
       }},
      {"stream-in-descriptors", "N", Grade::kOlder, "its FIFO (default 128)",
       [](Options* o, const std::string& v) { o->speaker.descriptors = ToU32(v, 1, 65536); }},
      {"speaker-out", "FILE.wav", Grade::kNone, "what is heard, from START to STOP",
       [](Options* o, const std::string& v) { o->speaker.file = v; }},
      {"speaker-ppm", "N", Grade::kAssumed, "its sample clock is so much fast (item 17; default 0)",
       [](Options* o, const std::string& v) { o->speaker.ppm = ToDecimal(v, -100000, 100000); }}};
}

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
