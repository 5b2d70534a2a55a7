#include "probe_wrap.h"

#include "js_reader.h"
#include "js_writer.h"

namespace dashvoip {
namespace addon {

Napi::Function ProbeWrap::Define(Napi::Env env) {
  return DefineClass(env, "CameraProbe",
                     {
                         InstanceMethod<&ProbeWrap::Report>("report"),
                         InstanceMethod<&ProbeWrap::Close>("close"),
                     });
}

ProbeWrap::ProbeWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ProbeWrap>(info) {
  CameraProbeSettings settings;
  if (!ReadShape(info.Env(), info[0], "settings", &settings)) return;
  probe_.reset(new CameraProbe(settings));
}

/** What it gives from then on is what was found until then. */
void ProbeWrap::Close(const Napi::CallbackInfo&) {
  if (!probe_) return;
  last_ = probe_->Report();
  probe_.reset();
}

Napi::Value ProbeWrap::Report(const Napi::CallbackInfo& info) {
  return ToJavaScript(info.Env(), probe_ ? probe_->Report() : last_);
}

}  // namespace addon
}  // namespace dashvoip
