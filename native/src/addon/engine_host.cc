#include "engine_host.h"

#include <mutex>
#include <set>

#include "js_writer.h"

namespace dashvoip {
namespace addon {
namespace {

constexpr std::size_t kEventQueue = 256;

/** Engines that run; its own end, at the end of the process, stops those that nobody stopped. */
class RunningHosts {
 public:
  static RunningHosts& Get() {
    static RunningHosts hosts;
    return hosts;
  }

  ~RunningHosts() {
    const std::set<EngineHost*> left = hosts_;  // each removes itself as it stops
    for (EngineHost* host : left) {
      host->Silence();
      host->Stop();
    }
  }

  void Add(EngineHost* host) {
    const std::lock_guard<std::mutex> lock(mutex_);
    hosts_.insert(host);
  }

  void Remove(EngineHost* host) {
    const std::lock_guard<std::mutex> lock(mutex_);
    hosts_.erase(host);
  }

 private:
  // Worker threads of Node have engines of their own.
  std::mutex mutex_;
  std::set<EngineHost*> hosts_;
};

}  // namespace

std::shared_ptr<EngineHost> EngineHost::Start(Napi::Env env, const EngineSettings& settings,
                                              const std::string& module_dir,
                                              Napi::Function on_event, EngineResult* result) {
  std::shared_ptr<EngineHost> host(new EngineHost(env, on_event));
  host->engine_ = Engine::Start(settings, module_dir, *host, result);
  if (!host->engine_) {
    host->Release();
    return nullptr;
  }
  RunningHosts::Get().Add(host.get());
  return host;
}

EngineHost::EngineHost(Napi::Env env, Napi::Function on_event)
    : env_(env),
      to_main_thread_(
          Napi::ThreadSafeFunction::New(env, on_event, "dashvoip events", kEventQueue, 1)) {
  to_main_thread_.Unref(env);
  // Hooks run last in, first out: this one before the end of the thread-safe function.
  napi_add_env_cleanup_hook(env, OnEnvironmentEnd, this);
}

EngineHost::~EngineHost() { Stop(); }

void EngineHost::OnEnvironmentEnd(void* host) {
  EngineHost* self = static_cast<EngineHost*>(host);
  self->Silence();
  self->Stop();
  self->released_ = true;
}

EngineSnapshot EngineHost::Status() const {
  EngineSnapshot status = engine_->Status();
  status.dropped_events += dropped_events_.load(std::memory_order_relaxed);
  return status;
}

void EngineHost::Stop() {
  if (!engine_) return;
  engine_->Stop();
  RunningHosts::Get().Remove(this);
}

void EngineHost::Release() {
  if (released_) return;
  released_ = true;
  napi_remove_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  to_main_thread_.Release();
}

void EngineHost::OnEvent(const EngineEvent& event) {
  if (silent_.load(std::memory_order_relaxed)) return;
  const auto call = [event](Napi::Env env, Napi::Function on_event) {
    // Events that wait are still delivered while Node tears its environment down, when JavaScript
    // cannot be called any more. Napi::Function::Call would abort the process then.
    const napi_value argument = ToJavaScript(env, event);
    napi_call_function(env, env.Undefined(), on_event, 1, &argument, nullptr);
  };
  if (to_main_thread_.NonBlockingCall(call) != napi_ok) {
    dropped_events_.fetch_add(1, std::memory_order_relaxed);
  }
}

}  // namespace addon
}  // namespace dashvoip
