#ifndef DASHVOIP_ADDON_SNAPSHOT_WRITER_H_
#define DASHVOIP_ADDON_SNAPSHOT_WRITER_H_

#include <napi.h>

#include "dashvoip/engine/engine.h"

namespace dashvoip {
namespace addon {

/** `CameraState` of src/media/types.ts. */
const char* CameraStateWord(CameraState state);

/** `SessionSnapshot` of src/media/types.ts. @param now_ns CLOCK_MONOTONIC. */
Napi::Object SessionSnapshotOf(Napi::Env env, const SessionCounters& counters, std::int64_t now_ns);
/** `EngineSnapshot`. */
Napi::Object EngineSnapshotOf(Napi::Env env, const EngineStatus& status,
                              const EngineSettings& settings);
/** `CameraSnapshot`. */
Napi::Object CameraSnapshotOf(Napi::Env env, const CameraStatus& camera);
/** `DeviceSnapshot`. */
Napi::Object DeviceSnapshotOf(Napi::Env env, const DeviceStatus& status, DeviceKind kind);
/** `VideoParameters`. */
Napi::Object VideoParametersOf(Napi::Env env, const ParameterSets& sets);

}  // namespace addon
}  // namespace dashvoip

#endif  // DASHVOIP_ADDON_SNAPSHOT_WRITER_H_
