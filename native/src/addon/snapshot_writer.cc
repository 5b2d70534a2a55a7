#include "snapshot_writer.h"

#include <cmath>
#include <string>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace addon {
namespace {

const char* DeviceWord(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kCamera:
      return "camera";
    case DeviceKind::kAlsa:
      return "alsa";
    case DeviceKind::kFile:
      return "file";
    case DeviceKind::kNull:
      break;
  }
  return "null";
}

const char* DirectionWord(Direction direction) {
  switch (direction) {
    case Direction::kSendRecv:
      return "sendrecv";
    case Direction::kSendOnly:
      return "sendonly";
    case Direction::kRecvOnly:
      return "recvonly";
    case Direction::kInactive:
      break;
  }
  return "inactive";
}

/** JavaScript numbers are exact up to 2^53, which no counter of ours reaches. */
void Put(Napi::Object object, const char* name, double value) {
  object.Set(name, Napi::Number::New(object.Env(), value));
}

void Put(Napi::Object object, const char* name, std::uint64_t value) {
  Put(object, name, static_cast<double>(value));
}

void PutWord(Napi::Object object, const char* name, const char* word) {
  object.Set(name, Napi::String::New(object.Env(), word));
}

void PutFlag(Napi::Object object, const char* name, bool value) {
  object.Set(name, Napi::Boolean::New(object.Env(), value));
}

/** Absent while unknown, which the native side writes as a negative number. */
void PutKnown(Napi::Object object, const char* name, double value) {
  if (value >= 0) Put(object, name, value);
}

Napi::Object SentOf(Napi::Env env, const SendCounters& sent) {
  Napi::Object object = Napi::Object::New(env);
  Put(object, "packets", sent.packets);
  Put(object, "bytes", sent.bytes);
  Put(object, "sendErrors", sent.errors);
  Put(object, "unreachable", sent.unreachable);
  Put(object, "ssrc", static_cast<double>(sent.ssrc));
  return object;
}

Napi::Object SourceOf(Napi::Env env, const SourceCounters& source) {
  Napi::Object object = Napi::Object::New(env);
  if (source.reachable) {
    object.Set("address", Napi::String::New(env, SocketAddress::Of(source.address).ToString()));
  }
  PutFlag(object, "signalled", source.signalled);
  PutFlag(object, "heard", source.heard);
  Put(object, "moves", source.moves);
  Put(object, "refused", source.refused);
  return object;
}

Napi::Object ReceivedOf(Napi::Env env, const ReceiveCounters& received) {
  Napi::Object object = Napi::Object::New(env);
  Put(object, "packets", received.packets);
  Put(object, "bytes", received.bytes);
  Put(object, "lost", static_cast<double>(received.lost));
  Put(object, "late", received.late);
  Put(object, "duplicates", received.duplicates);
  Put(object, "rejected", received.rejected);
  Put(object, "jitterMs", received.jitter_ms);
  return object;
}

Napi::Object AudioOf(Napi::Env env, const AudioCounters& audio) {
  Napi::Object object = Napi::Object::New(env);
  PutWord(object, "codec", audio.codec == AudioCodec::kPcma ? "PCMA" : "PCMU");
  PutWord(object, "direction", DirectionWord(audio.direction));
  object.Set("sent", SentOf(env, audio.sent));
  object.Set("source", SourceOf(env, audio.source));
  object.Set("received", ReceivedOf(env, audio.received));
  Put(object, "bufferMs", audio.buffer_ms);
  Put(object, "bufferTargetMs", audio.buffer_target_ms);
  Put(object, "concealedFrames", audio.concealed_frames);
  Put(object, "comfortNoiseFrames", audio.noise_frames);
  Put(object, "droppedKeys", audio.dropped_keys);
  Put(object, "playedFrames", audio.played_frames);
  Put(object, "discardedFrames", audio.discarded_frames);
  Put(object, "pacingMeanUs", audio.pacing.mean_us);
  Put(object, "pacingP99Us", static_cast<double>(audio.pacing.p99_us));
  Put(object, "pacingMaxUs", static_cast<double>(audio.pacing.max_us));
  Put(object, "skippedSlots", audio.skipped_slots);
  Put(object, "microphoneUnderruns", audio.microphone_underruns);
  PutKnown(object, "roundTripMs", audio.far_end.round_trip_ms);
  PutKnown(object, "remoteLossFraction", audio.far_end.loss_fraction);
  Put(object, "delayMs", std::round(audio.delay_ms));
  if (audio.mos > 0) Put(object, "mos", audio.mos);
  return object;
}

Napi::Object VideoOf(Napi::Env env, const VideoCounters& video) {
  Napi::Object object = Napi::Object::New(env);
  PutWord(object, "codec", "H264");
  PutWord(object, "direction", DirectionWord(video.direction));
  object.Set("sent", SentOf(env, video.sent));
  object.Set("source", SourceOf(env, video.source));
  Put(object, "frames", video.frames);
  Put(object, "keyFrames", video.key_frames);
  Put(object, "droppedFrames", video.dropped_frames);
  Put(object, "oversizeFrames", video.oversize_frames);
  Put(object, "limitedFrames", video.limited_frames);
  Put(object, "bitrate", std::round(video.bitrate));
  if (video.max_bitrate > 0) Put(object, "maxBitrate", static_cast<double>(video.max_bitrate));
  Put(object, "keyFrameRequests", video.key_frame_requests);
  Put(object, "rejected", video.rejected);
  PutKnown(object, "firstPictureMs", video.first_picture_ms);
  PutKnown(object, "roundTripMs", video.far_end.round_trip_ms);
  PutKnown(object, "remoteLossFraction", video.far_end.loss_fraction);
  return object;
}

}  // namespace

const char* CameraStateWord(CameraState state) {
  switch (state) {
    case CameraState::kAbsent:
      return "absent";
    case CameraState::kIdle:
      return "idle";
    case CameraState::kStreaming:
      return "streaming";
    case CameraState::kNone:
      break;
  }
  return "none";
}

Napi::Object DeviceSnapshotOf(Napi::Env env, const DeviceStatus& status, DeviceKind kind) {
  Napi::Object object = Napi::Object::New(env);
  PutWord(object, "kind", DeviceWord(kind));
  PutFlag(object, "open", status.open);
  object.Set("error", Napi::String::New(env, status.error));
  Put(object, "underruns", status.underruns);
  Put(object, "overruns", status.overruns);
  Put(object, "reopens", status.reopens);
  Put(object, "queuedMs", static_cast<double>(status.queued_ms));
  Put(object, "delayMs", static_cast<double>(status.delay_ms));
  return object;
}

Napi::Object CameraSnapshotOf(Napi::Env env, const CameraStatus& camera) {
  Napi::Object object = Napi::Object::New(env);
  PutWord(object, "state", CameraStateWord(camera.state));
  PutFlag(object, "hasAudio", camera.has_audio);
  PutFlag(object, "hasVideo", camera.has_video);
  PutFlag(object, "hasSpeaker", camera.has_speaker);
  Put(object, "generation", static_cast<double>(camera.generation));
  Put(object, "framesRead", camera.frames_read);
  Put(object, "sequenceGaps", camera.sequence_gaps);
  Put(object, "tornFrames", camera.torn_frames);
  Put(object, "droppedFrames", camera.dropped_frames);
  Put(object, "rpcErrors", camera.rpc_errors);
  Put(object, "slowestRpcUs", static_cast<double>(camera.slowest_rpc_us));
  object.Set("error", Napi::String::New(env, camera.error));
  return object;
}

Napi::Object SessionSnapshotOf(Napi::Env env, const SessionCounters& counters,
                               std::int64_t now_ns) {
  Napi::Object object = Napi::Object::New(env);
  if (counters.audio.present) object.Set("audio", AudioOf(env, counters.audio));
  if (counters.video.present) object.Set("video", VideoOf(env, counters.video));
  if (counters.last_received_ns != 0) {
    Put(object, "silentMs", static_cast<double>(now_ns - counters.last_received_ns) / kNsPerMs);
  }
  return object;
}

Napi::Object EngineSnapshotOf(Napi::Env env, const EngineStatus& status,
                              const EngineSettings& settings) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("camera", CameraSnapshotOf(env, status.camera));
  object.Set("microphone", DeviceSnapshotOf(env, status.microphone, settings.microphone.kind));
  object.Set("speaker", DeviceSnapshotOf(env, status.speaker, settings.speaker.kind));
  PutFlag(object, "realtime", status.realtime);
  Put(object, "droppedEvents", status.dropped_events);
  return object;
}

Napi::Object VideoParametersOf(Napi::Env env, const ParameterSets& sets) {
  Napi::Object object = Napi::Object::New(env);
  const H264Parameters& parameters = sets.parameters();
  object.Set("profileLevelId", Napi::String::New(env, parameters.ProfileLevelId()));
  object.Set("spropParameterSets", Napi::String::New(env, sets.SpropParameterSets()));
  Put(object, "width", static_cast<double>(parameters.width));
  Put(object, "height", static_cast<double>(parameters.height));
  return object;
}

}  // namespace addon
}  // namespace dashvoip
