#ifndef DASHVOIP_ADDON_ENGINE_HOST_H_
#define DASHVOIP_ADDON_ENGINE_HOST_H_

#include <napi.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "dashvoip/engine/engine.h"

namespace dashvoip {
namespace addon {

/**
 * An engine together with its way back into JavaScript. Its events travel through a bounded
 * thread-safe function, which does not keep Node's event loop alive; what finds it full is dropped
 * and counted. However Node ends, the engine is stopped first: by `Stop`, by the environment's
 * clean-up hook, or, since process.exit() and an uncaught error run no hooks, by the end of the
 * process.
 */
class EngineHost : public EngineListener {
 public:
  /** @return null with the reason in `result`. */
  static std::shared_ptr<EngineHost> Start(Napi::Env env, const EngineSettings& settings,
                                           const std::string& module_dir, Napi::Function on_event,
                                           EngineResult* result);
  ~EngineHost() override;

  Engine& engine() { return *engine_; }
  EngineSnapshot Status() const;

  /** Any thread: joins the engine's threads; may take as long as the camera's last answer. */
  void Stop();
  /** The main thread, after `Stop`: no event arrives any more. Idempotent. */
  void Release();
  /** From here on no event is passed on: JavaScript may be gone. */
  void Silence() { silent_.store(true, std::memory_order_relaxed); }

  void OnEvent(const EngineEvent& event) override;

 private:
  EngineHost(Napi::Env env, Napi::Function on_event);
  static void OnEnvironmentEnd(void* host);

  const Napi::Env env_;
  Napi::ThreadSafeFunction to_main_thread_;
  std::atomic<bool> silent_{false};
  std::atomic<std::uint64_t> dropped_events_{0};
  bool released_ = false;
  std::unique_ptr<Engine> engine_;
};

}  // namespace addon
}  // namespace dashvoip

#endif  // DASHVOIP_ADDON_ENGINE_HOST_H_
