#include "probe_wrap.h"

#include <cstdint>
#include <string>

#include "js_reader.h"

namespace dashvoip {
namespace addon {
namespace {

void Put(Napi::Object object, const char* name, double value) {
  object.Set(name, Napi::Number::New(object.Env(), value));
}

void PutText(Napi::Object object, const char* name, const std::string& text) {
  object.Set(name, Napi::String::New(object.Env(), text));
}

void PutFlag(Napi::Object object, const char* name, bool value) {
  object.Set(name, Napi::Boolean::New(object.Env(), value));
}

const char* KindWord(std::uint32_t kind) {
  switch (kind) {
    case CL_VIDEO:
      return "video";
    case CL_AUDIO:
      return "audio";
    default:
      return "text";
  }
}

const char* CodecWord(std::uint32_t codec) {
  switch (codec) {
    case CL_H264:
      return "H264";
    case CL_H265:
      return "H265";
    case CL_AAC_RAW:
      return "AAC";
    case CL_PCM_S16LE:
      return "PCM";
    case CL_OPUS:
      return "OPUS";
    case CL_MJPEG:
      return "MJPEG";
    default:
      return "other";
  }
}

const char* PolicyWord(OverflowPolicy policy) {
  switch (policy) {
    case OverflowPolicy::kNotReached:
      return "not-reached";
    case OverflowPolicy::kDropsOldest:
      return "oldest";
    case OverflowPolicy::kDropsNewest:
      return "newest";
    case OverflowPolicy::kUnknown:
      break;
  }
  return "unknown";
}

Napi::Object FormatOf(Napi::Env env, const cl_track& info) {
  Napi::Object object = Napi::Object::New(env);
  PutText(object, "kind", KindWord(info.kind));
  PutText(object, "codec", CodecWord(info.codec));
  Put(object, "mediaId", info.vendor_id);
  Put(object, "timescale", info.timescale);
  Put(object, "ticksPerFrame", info.ticks_per_frame);
  Put(object, "initDelayMs", info.init_delay_ms);
  if (info.kind == CL_VIDEO) {
    Put(object, "width", info.width);
    Put(object, "height", info.height);
    Put(object, "gop", info.gop);
  }
  if (info.kind == CL_AUDIO) {
    Put(object, "sampleRate", info.sample_rate);
    Put(object, "channels", info.channels);
    Put(object, "bits", info.bits);
  }
  return object;
}

Napi::Object ClockOf(Napi::Env env, const ProbeClock& clock) {
  Napi::Object object = Napi::Object::New(env);
  Put(object, "seconds", clock.seconds);
  Put(object, "driftPpm", clock.drift_ppm);
  Put(object, "spreadUs", clock.spread_us);
  return object;
}

Napi::Object HeaderOf(Napi::Env env, const ProbeHeader& header) {
  Napi::Object object = Napi::Object::New(env);
  PutText(object, "handle", header.handle_is_pointer ? "pointer" : "number");
  Put(object, "handleBytes", header.handle_bytes);
  Put(object, "entryBytes", header.entry_bytes);
  Put(object, "trackBytes", header.track_bytes);
  Put(object, "configBytes", header.config_bytes);
  Put(object, "streamListBytes", header.stream_list_bytes);
  Put(object, "opSetLiveBitrate", header.op_set_live_bitrate);
  Put(object, "opReceiverReport", header.op_receiver_report);
  return object;
}

Napi::Array NalTypesOf(Napi::Env env, std::uint64_t bits) {
  Napi::Array types = Napi::Array::New(env);
  for (unsigned type = 0; type < 64; ++type) {
    if ((bits >> type & 1) != 0) types.Set(types.Length(), Napi::Number::New(env, type));
  }
  return types;
}

Napi::Object TrackOf(Napi::Env env, const ProbeTrack& track) {
  Napi::Object object = FormatOf(env, track.info);
  Put(object, "toldTimescale", track.told_timescale);
  if (track.info.kind == CL_AUDIO) Put(object, "toldChannels", track.told_channels);
  Put(object, "id", track.info.id);
  Put(object, "ringBytes", static_cast<double>(track.ring_bytes));
  Put(object, "frames", track.frames);
  Put(object, "bytes", static_cast<double>(track.bytes));
  Put(object, "largestFrame", track.largest_frame);
  if (track.info.kind == CL_VIDEO) {
    Put(object, "keyFrames", track.key_frames);
    object.Set("nalTypes", NalTypesOf(env, track.payload.nal_types));
  }
  Put(object, "wraps", track.payload.wraps);
  Put(object, "outsideRing", track.payload.outside);
  Put(object, "copiedBytes", static_cast<double>(track.payload.copied_bytes));
  Put(object, "copiedS", track.payload.copied_s);
  Put(object, "sequenceGaps", track.sequence_gaps);
  Put(object, "ptsJumps", track.pts_jumps);
  Put(object, "watchedS", track.watched_s);
  if (track.clock.seconds > 0) {
    Put(object, "ptsOriginS", track.pts_origin_s);
    object.Set("clock", ClockOf(env, track.clock));
  }
  return object;
}

Napi::Object LatencyOf(Napi::Env env, const ProbeLatency& latency) {
  Napi::Object object = Napi::Object::New(env);
  Put(object, "count", latency.count);
  Put(object, "minUs", latency.min_us);
  Put(object, "medianUs", latency.median_us);
  Put(object, "maxUs", latency.max_us);
  return object;
}

Napi::Object OverflowOf(Napi::Env env, const ProbeOverflow& overflow) {
  Napi::Object object = Napi::Object::New(env);
  PutText(object, "drops", PolicyWord(overflow.policy));
  Put(object, "track", overflow.track);
  Put(object, "totalEntries", overflow.total_entries);
  Put(object, "heldEntries", overflow.held_entries);
  Put(object, "seconds", overflow.seconds);
  return object;
}

Napi::Object SpeakerOf(Napi::Env env, const ProbeSpeaker& speaker) {
  Napi::Object object = Napi::Object::New(env);
  PutFlag(object, "present", speaker.present);
  if (!speaker.present) return object;
  object.Set("format", FormatOf(env, speaker.format));
  Put(object, "bufferBytes", speaker.buffer_bytes);
  PutText(object, "error", speaker.error);
  if (speaker.clock.seconds > 0) object.Set("clock", ClockOf(env, speaker.clock));
  if (speaker.beside_microphone) Put(object, "microphoneFrames", speaker.microphone_frames);
  return object;
}

}  // namespace

Napi::Function ProbeWrap::Define(Napi::Env env) {
  return DefineClass(env, "CameraProbe",
                     {
                         InstanceMethod<&ProbeWrap::Report>("report"),
                         InstanceMethod<&ProbeWrap::Close>("close"),
                     });
}

ProbeWrap::ProbeWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ProbeWrap>(info) {
  CameraProbeSettings settings;
  if (ReadShape(info.Env(), info[0], "settings", &settings))
    probe_.reset(new CameraProbe(settings));
}

/** What it gives from then on is what was found until then. */
void ProbeWrap::Close(const Napi::CallbackInfo&) {
  if (!probe_) return;
  last_ = probe_->Report();
  probe_.reset();
}

Napi::Value ProbeWrap::Report(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const CameraProbeReport report = probe_ ? probe_->Report() : last_;
  Napi::Object object = Napi::Object::New(env);
  PutFlag(object, "done", report.done);
  PutText(object, "stage", report.stage);
  PutFlag(object, "connected", report.connected);
  PutText(object, "error", report.error);
  if (report.connected) object.Set("header", HeaderOf(env, report.header));
  PutFlag(object, "encoding", report.encoding);
  Napi::Array tracks = Napi::Array::New(env);
  for (std::uint32_t i = 0; i < report.tracks.size(); ++i) {
    tracks.Set(i, TrackOf(env, report.tracks[i]));
  }
  object.Set("tracks", tracks);
  Napi::Object rpc = Napi::Object::New(env);
  rpc.Set("trackTable", LatencyOf(env, report.table));
  rpc.Set("peek", LatencyOf(env, report.peek));
  rpc.Set("remove", LatencyOf(env, report.remove));
  object.Set("rpc", rpc);
  object.Set("overflow", OverflowOf(env, report.overflow));
  object.Set("speaker", SpeakerOf(env, report.speaker));
  return object;
}

}  // namespace addon
}  // namespace dashvoip
