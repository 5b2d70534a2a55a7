#include "engine_wrap.h"

#include <string>
#include <utility>

#include "js_reader.h"
#include "js_writer.h"
#include "own_folder.h"

namespace dashvoip {
namespace addon {
namespace {

Napi::Error ErrorOf(Napi::Env env, const EngineResult& result) {
  Napi::Error error = Napi::Error::New(env, result.message);
  error.Set("code", Napi::String::New(env, WordOf(result.error)));
  return error;
}

Napi::Value Throw(Napi::Env env, const EngineResult& result) {
  ErrorOf(env, result).ThrowAsJavaScriptException();
  return env.Undefined();
}

/** Of a session or a recording. */
std::uint32_t IdOf(const Napi::CallbackInfo& info) {
  return info[0].IsNumber() ? info[0].As<Napi::Number>().Uint32Value() : 0;
}

/** Stops an engine on a thread of libuv's pool, so that the event loop goes on meanwhile. */
class CloseWorker : public Napi::AsyncWorker {
 public:
  CloseWorker(Napi::Env env, std::shared_ptr<EngineHost> host)
      : Napi::AsyncWorker(env, "dashvoip close"),
        closed_(Napi::Promise::Deferred::New(env)),
        host_(std::move(host)) {}

  Napi::Promise promise() const { return closed_.Promise(); }

 protected:
  void Execute() override { host_->Stop(); }

  void OnOK() override {
    host_->Release();
    closed_.Resolve(Env().Undefined());
  }

 private:
  Napi::Promise::Deferred closed_;
  std::shared_ptr<EngineHost> host_;
};

/** Waits for a key frame and makes a JPEG of it on a thread of libuv's pool. */
class StillWorker : public Napi::AsyncWorker {
 public:
  StillWorker(Napi::Env env, std::shared_ptr<EngineHost> host)
      : Napi::AsyncWorker(env, "dashvoip still"),
        still_taken_(Napi::Promise::Deferred::New(env)),
        host_(std::move(host)) {}

  Napi::Promise promise() const { return still_taken_.Promise(); }

 protected:
  void Execute() override { result_ = host_->engine().TakeStill(&still_); }

  void OnOK() override {
    const Napi::Env env = Env();
    if (!result_.ok()) {
      still_taken_.Reject(ErrorOf(env, result_).Value());
      return;
    }
    PictureSize size;
    size.width = still_.width;
    size.height = still_.height;
    Napi::Object picture = ToJavaScript(env, size).As<Napi::Object>();
    picture.Set("jpeg",
                Napi::Buffer<std::uint8_t>::Copy(env, still_.jpeg.data(), still_.jpeg.size()));
    still_taken_.Resolve(picture);
  }

 private:
  Napi::Promise::Deferred still_taken_;
  std::shared_ptr<EngineHost> host_;
  EngineResult result_;
  Still still_;
};

/** Reads what is to be played on a thread of libuv's pool: a card may take its time. */
class PlayWorker : public Napi::AsyncWorker {
 public:
  PlayWorker(Napi::Env env, std::shared_ptr<EngineHost> host, PlaySettings settings)
      : Napi::AsyncWorker(env, "dashvoip play"),
        begun_(Napi::Promise::Deferred::New(env)),
        host_(std::move(host)),
        settings_(std::move(settings)) {}

  Napi::Promise promise() const { return begun_.Promise(); }

 protected:
  void Execute() override { result_ = host_->engine().Play(settings_, &id_); }

  void OnOK() override {
    if (result_.ok()) {
      begun_.Resolve(Napi::Number::New(Env(), id_));
    } else {
      begun_.Reject(ErrorOf(Env(), result_).Value());
    }
  }

 private:
  Napi::Promise::Deferred begun_;
  std::shared_ptr<EngineHost> host_;
  const PlaySettings settings_;
  EngineResult result_;
  std::uint32_t id_ = 0;
};

}  // namespace

Napi::Function EngineWrap::Define(Napi::Env env) {
  return DefineClass(env, "Engine",
                     {
                         InstanceMethod<&EngineWrap::OpenSession>("openSession"),
                         InstanceMethod<&EngineWrap::OpenSecureSession>("openSecureSession"),
                         InstanceMethod<&EngineWrap::Configure>("configure"),
                         InstanceMethod<&EngineWrap::Listen>("listen"),
                         InstanceMethod<&EngineWrap::SendDatagram>("sendDatagram"),
                         InstanceMethod<&EngineWrap::Aim>("aim"),
                         InstanceMethod<&EngineWrap::SendDtmf>("sendDtmf"),
                         InstanceMethod<&EngineWrap::Play>("play"),
                         InstanceMethod<&EngineWrap::StopPlaying>("stopPlaying"),
                         InstanceMethod<&EngineWrap::Route>("route"),
                         InstanceMethod<&EngineWrap::OpenRecording>("openRecording"),
                         InstanceMethod<&EngineWrap::BeginRecording>("beginRecording"),
                         InstanceMethod<&EngineWrap::EndRecording>("endRecording"),
                         InstanceMethod<&EngineWrap::RequestKeyFrame>("requestKeyFrame"),
                         InstanceMethod<&EngineWrap::Mute>("mute"),
                         InstanceMethod<&EngineWrap::PressToTalk>("pressToTalk"),
                         InstanceMethod<&EngineWrap::CloseSession>("closeSession"),
                         InstanceMethod<&EngineWrap::SessionSnapshot>("sessionSnapshot"),
                         InstanceMethod<&EngineWrap::Snapshot>("snapshot"),
                         InstanceMethod<&EngineWrap::VideoParameters>("videoParameters"),
                         InstanceMethod<&EngineWrap::TakeStill>("still"),
                         InstanceMethod<&EngineWrap::Close>("close"),
                     });
}

EngineWrap::EngineWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EngineWrap>(info) {
  const Napi::Env env = info.Env();
  EngineSettings settings;
  if (!ReadShape(env, info[0], "settings", &settings)) return;
  if (!info[1].IsFunction()) {
    ThrowBadSettings(env, "onEvent: expected a function");
    return;
  }
  EngineResult result;
  host_ = EngineHost::Start(env, settings, OwnFolder(), info[1].As<Napi::Function>(), &result);
  if (!host_) Throw(env, result);
}

EngineWrap::~EngineWrap() {
  if (!host_) return;
  host_->Stop();
  host_->Release();
}

Napi::Value EngineWrap::OpenSession(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsString() || !info[1].IsBoolean()) {
    ThrowBadSettings(env, "openSession: expected (localAddress: string, video: boolean)");
    return env.Undefined();
  }
  OpenedSession session;
  const std::string address = info[0].As<Napi::String>();
  const EngineResult result =
      host_->engine().OpenSession(address, info[1].As<Napi::Boolean>(), &session);
  if (!result.ok()) return Throw(env, result);
  return ToJavaScript(env, session);
}

Napi::Value EngineWrap::OpenSecureSession(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsString() || !info[1].IsBoolean()) {
    ThrowBadSettings(env,
                     "openSecureSession: expected (localAddress: string, video: boolean, "
                     "secure: object)");
    return env.Undefined();
  }
  SecureSettings secure;
  if (!ReadShape(env, info[2], "secure", &secure)) return env.Undefined();
  OpenedSession session;
  const std::string address = info[0].As<Napi::String>();
  const EngineResult result =
      host_->engine().OpenSecureSession(address, info[1].As<Napi::Boolean>(), secure, &session);
  if (!result.ok()) return Throw(env, result);
  return ToJavaScript(env, session);
}

Napi::Value EngineWrap::Configure(const Napi::CallbackInfo& info) {
  SessionSettings settings;
  if (!ReadShape(info.Env(), info[1], "session", &settings)) return info.Env().Undefined();
  const EngineResult result = host_->engine().Configure(IdOf(info), settings);
  return result.ok() ? info.Env().Undefined() : Throw(info.Env(), result);
}

Napi::Value EngineWrap::Listen(const Napi::CallbackInfo& info) {
  const EngineResult result = host_->engine().Listen(IdOf(info));
  return result.ok() ? info.Env().Undefined() : Throw(info.Env(), result);
}

Napi::Value EngineWrap::SendDatagram(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  SocketTarget to;
  if (!ReadShape(env, info[1], "to", &to)) return env.Undefined();
  if (!info[2].IsBuffer()) {
    ThrowBadSettings(env, "sendDatagram: expected (id, to: object, bytes: Uint8Array)");
    return env.Undefined();
  }
  const Napi::Buffer<std::uint8_t> bytes = info[2].As<Napi::Buffer<std::uint8_t>>();
  const EngineResult result =
      host_->engine().SendDatagram(IdOf(info), to, bytes.Data(), bytes.Length());
  return result.ok() ? env.Undefined() : Throw(env, result);
}

Napi::Value EngineWrap::Aim(const Napi::CallbackInfo& info) {
  SocketTarget target;
  if (!ReadShape(info.Env(), info[1], "target", &target)) return info.Env().Undefined();
  const EngineResult result = host_->engine().Aim(IdOf(info), target);
  return result.ok() ? info.Env().Undefined() : Throw(info.Env(), result);
}

Napi::Value EngineWrap::SendDtmf(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsString() || !info[2].IsNumber() || !info[3].IsNumber()) {
    ThrowBadSettings(env, "sendDtmf: expected (id, digits: string, toneMs: number, gapMs: number)");
    return env.Undefined();
  }
  const EngineResult result = host_->engine().SendDtmf(IdOf(info), info[1].As<Napi::String>(),
                                                       info[2].As<Napi::Number>().Int32Value(),
                                                       info[3].As<Napi::Number>().Int32Value());
  return result.ok() ? env.Undefined() : Throw(env, result);
}

/** Resolves with the id of what is heard from then on. */
Napi::Value EngineWrap::Play(const Napi::CallbackInfo& info) {
  PlaySettings settings;
  if (!ReadShape(info.Env(), info[0], "play", &settings)) return info.Env().Undefined();
  // A queued worker belongs to Node-API, which deletes it after OnOK.
  PlayWorker* worker = new PlayWorker(info.Env(), host_, std::move(settings));
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

Napi::Value EngineWrap::StopPlaying(const Napi::CallbackInfo& info) {
  host_->engine().StopPlaying(IdOf(info));
  return info.Env().Undefined();
}

Napi::Value EngineWrap::Route(const Napi::CallbackInfo& info) {
  RouteSettings settings;
  if (!ReadShape(info.Env(), info[1], "route", &settings)) return info.Env().Undefined();
  const EngineResult result = host_->engine().Route(IdOf(info), settings);
  return result.ok() ? info.Env().Undefined() : Throw(info.Env(), result);
}

/** Gives its id. */
Napi::Value EngineWrap::OpenRecording(const Napi::CallbackInfo& info) {
  RecordingSettings settings;
  if (!ReadShape(info.Env(), info[0], "recording", &settings)) return info.Env().Undefined();
  std::uint32_t id = 0;
  const EngineResult result = host_->engine().OpenRecording(settings, &id);
  if (!result.ok()) return Throw(info.Env(), result);
  return Napi::Number::New(info.Env(), id);
}

Napi::Value EngineWrap::BeginRecording(const Napi::CallbackInfo& info) {
  host_->engine().BeginRecording(IdOf(info));
  return info.Env().Undefined();
}

Napi::Value EngineWrap::EndRecording(const Napi::CallbackInfo& info) {
  host_->engine().EndRecording(IdOf(info));
  return info.Env().Undefined();
}

Napi::Value EngineWrap::RequestKeyFrame(const Napi::CallbackInfo& info) {
  host_->engine().RequestKeyFrame();
  return info.Env().Undefined();
}

Napi::Value EngineWrap::Mute(const Napi::CallbackInfo& info) {
  MuteSettings settings;
  if (ReadShape(info.Env(), info[0], "mute", &settings)) host_->engine().Mute(settings);
  return info.Env().Undefined();
}

Napi::Value EngineWrap::PressToTalk(const Napi::CallbackInfo& info) {
  host_->engine().PressToTalk(info[0].ToBoolean());
  return info.Env().Undefined();
}

Napi::Value EngineWrap::CloseSession(const Napi::CallbackInfo& info) {
  host_->engine().CloseSession(IdOf(info));
  return info.Env().Undefined();
}

/** Undefined once the session is gone. */
Napi::Value EngineWrap::SessionSnapshot(const Napi::CallbackInfo& info) {
  dashvoip::SessionSnapshot snapshot;
  if (!host_->engine().Snapshot(IdOf(info), &snapshot)) return info.Env().Undefined();
  return ToJavaScript(info.Env(), snapshot);
}

Napi::Value EngineWrap::Snapshot(const Napi::CallbackInfo& info) {
  return ToJavaScript(info.Env(), host_->Status());
}

Napi::Value EngineWrap::VideoParameters(const Napi::CallbackInfo& info) {
  ParameterSets sets;
  if (!host_->engine().VideoParameters(&sets)) return info.Env().Undefined();
  const SpsParameters& sps = sets.parameters();
  dashvoip::VideoParameters parameters;
  parameters.codec = sps.is_h265 ? VideoCodec::kH265 : VideoCodec::kH264;
  parameters.profile_level_id = sps.ProfileLevelId();
  parameters.sprop_parameter_sets = sets.SpropParameterSets();
  parameters.width = sps.width;
  parameters.height = sps.height;
  return ToJavaScript(info.Env(), parameters);
}

/** Resolves with a picture of the camera and its size. */
Napi::Value EngineWrap::TakeStill(const Napi::CallbackInfo& info) {
  // A queued worker belongs to Node-API, which deletes it after OnOK.
  StillWorker* worker = new StillWorker(info.Env(), host_);
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

/** Resolves when all threads ended and the camera is left in order. */
Napi::Value EngineWrap::Close(const Napi::CallbackInfo& info) {
  // A queued worker belongs to Node-API, which deletes it after OnOK.
  CloseWorker* worker = new CloseWorker(info.Env(), host_);
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

}  // namespace addon
}  // namespace dashvoip
