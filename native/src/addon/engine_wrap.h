#ifndef DASHVOIP_ADDON_ENGINE_WRAP_H_
#define DASHVOIP_ADDON_ENGINE_WRAP_H_

#include <napi.h>

#include <memory>

#include "dashvoip/engine/engine.h"
#include "engine_host.h"

namespace dashvoip {
namespace addon {

/**
 * The JavaScript object of an engine: `new Engine(settings, onEvent)`. Arguments are checked here,
 * shapes are those of src/media/shapes, a refusal becomes one thrown Error with a `code`.
 */
class EngineWrap : public Napi::ObjectWrap<EngineWrap> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit EngineWrap(const Napi::CallbackInfo& info);
  /** A collected engine stops its threads and leaves the camera in order. */
  ~EngineWrap() override;

 private:
  Napi::Value OpenSession(const Napi::CallbackInfo& info);
  Napi::Value OpenSecureSession(const Napi::CallbackInfo& info);
  Napi::Value Configure(const Napi::CallbackInfo& info);
  Napi::Value Listen(const Napi::CallbackInfo& info);
  Napi::Value SendDatagram(const Napi::CallbackInfo& info);
  Napi::Value Aim(const Napi::CallbackInfo& info);
  Napi::Value SendDtmf(const Napi::CallbackInfo& info);
  Napi::Value Play(const Napi::CallbackInfo& info);
  Napi::Value StopPlaying(const Napi::CallbackInfo& info);
  Napi::Value Route(const Napi::CallbackInfo& info);
  Napi::Value OpenRecording(const Napi::CallbackInfo& info);
  Napi::Value BeginRecording(const Napi::CallbackInfo& info);
  Napi::Value EndRecording(const Napi::CallbackInfo& info);
  Napi::Value RequestKeyFrame(const Napi::CallbackInfo& info);
  Napi::Value Mute(const Napi::CallbackInfo& info);
  Napi::Value PressToTalk(const Napi::CallbackInfo& info);
  Napi::Value CloseSession(const Napi::CallbackInfo& info);
  Napi::Value SessionSnapshot(const Napi::CallbackInfo& info);
  Napi::Value Snapshot(const Napi::CallbackInfo& info);
  Napi::Value VideoParameters(const Napi::CallbackInfo& info);
  Napi::Value TakeStill(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  std::shared_ptr<EngineHost> host_;
};

}  // namespace addon
}  // namespace dashvoip

#endif  // DASHVOIP_ADDON_ENGINE_WRAP_H_
