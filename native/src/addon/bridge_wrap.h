#ifndef DASHVOIP_ADDON_BRIDGE_WRAP_H_
#define DASHVOIP_ADDON_BRIDGE_WRAP_H_

#include <napi.h>

#include <memory>

#include "dashvoip/engine/bridge.h"

namespace dashvoip {
namespace addon {

/** The JavaScript object of a bridge: `new Bridge(settings)`; shapes are those of src/media/shapes.
 */
class BridgeWrap : public Napi::ObjectWrap<BridgeWrap> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit BridgeWrap(const Napi::CallbackInfo& info);

 private:
  Napi::Value Snapshot(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  // Shared with a close in progress. A collected bridge stops its threads.
  std::shared_ptr<Bridge> bridge_;
};

}  // namespace addon
}  // namespace dashvoip

#endif  // DASHVOIP_ADDON_BRIDGE_WRAP_H_
