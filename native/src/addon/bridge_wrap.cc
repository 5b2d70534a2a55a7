#include "bridge_wrap.h"

#include <string>
#include <utility>

#include "js_reader.h"
#include "js_writer.h"
#include "own_folder.h"

namespace dashvoip {
namespace addon {
namespace {

/** Stops a bridge on a thread of libuv's pool, so that the event loop goes on meanwhile. */
class CloseWorker : public Napi::AsyncWorker {
 public:
  CloseWorker(Napi::Env env, std::shared_ptr<Bridge> bridge)
      : Napi::AsyncWorker(env, "dashvoip bridge close"),
        closed_(Napi::Promise::Deferred::New(env)),
        bridge_(std::move(bridge)) {}

  Napi::Promise promise() const { return closed_.Promise(); }

 protected:
  void Execute() override { bridge_->Stop(); }
  void OnOK() override { closed_.Resolve(Env().Undefined()); }

 private:
  Napi::Promise::Deferred closed_;
  std::shared_ptr<Bridge> bridge_;
};

}  // namespace

Napi::Function BridgeWrap::Define(Napi::Env env) {
  return DefineClass(env, "Bridge",
                     {
                         InstanceMethod<&BridgeWrap::Snapshot>("snapshot"),
                         InstanceMethod<&BridgeWrap::Close>("close"),
                     });
}

BridgeWrap::BridgeWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<BridgeWrap>(info) {
  BridgeSettings settings;
  if (!ReadShape(info.Env(), info[0], "settings", &settings)) return;
  std::string error;
  bridge_ = Bridge::Start(settings, OwnFolder(), &error);
  if (!bridge_) ThrowBadSettings(info.Env(), error);
}

Napi::Value BridgeWrap::Snapshot(const Napi::CallbackInfo& info) {
  return ToJavaScript(info.Env(), bridge_->Status());
}

/** Resolves when all threads ended and the camera is left in order. */
Napi::Value BridgeWrap::Close(const Napi::CallbackInfo& info) {
  // A queued worker belongs to Node-API, which deletes it after OnOK.
  CloseWorker* worker = new CloseWorker(info.Env(), bridge_);
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

}  // namespace addon
}  // namespace dashvoip
