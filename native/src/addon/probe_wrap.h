#ifndef DASHVOIP_ADDON_PROBE_WRAP_H_
#define DASHVOIP_ADDON_PROBE_WRAP_H_

#include <napi.h>

#include <memory>

#include "dashvoip/camera/camera_probe.h"

namespace dashvoip {
namespace addon {

/** The JavaScript object of a probe: `new CameraProbe(settings)`; shapes are those of
 * src/media/shapes. */
class ProbeWrap : public Napi::ObjectWrap<ProbeWrap> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit ProbeWrap(const Napi::CallbackInfo& info);

 private:
  Napi::Value Report(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  std::unique_ptr<const CameraProbe> probe_;
  CameraReport last_;
};

}  // namespace addon
}  // namespace dashvoip

#endif  // DASHVOIP_ADDON_PROBE_WRAP_H_
