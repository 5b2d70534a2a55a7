#include "engine_host.h"

#include <initializer_list>
#include <mutex>
#include <set>

#include "snapshot_writer.h"

namespace dashvoip {
namespace addon {
namespace {

constexpr std::size_t kEventQueue = 256;

/**
 * Events that wait are still delivered while Node tears its environment down, when JavaScript
 * cannot be called any more. Napi::Function::Call would abort the process then; this does nothing.
 */
void Call(Napi::Env env, Napi::Function on_event, std::initializer_list<napi_value> arguments) {
  napi_call_function(env, env.Undefined(), on_event, arguments.size(), arguments.begin(), nullptr);
}

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
                                              Napi::Function on_event, EngineResult* result) {
  std::shared_ptr<EngineHost> host(new EngineHost(env, on_event));
  host->engine_ = Engine::Start(settings, *host, result);
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

template <typename Call>
void EngineHost::Post(Call call) {
  if (silent_.load(std::memory_order_relaxed)) return;
  if (to_main_thread_.NonBlockingCall(call) != napi_ok) {
    dropped_events_.fetch_add(1, std::memory_order_relaxed);
  }
}

void EngineHost::OnCameraState(CameraState state) {
  Post([state](Napi::Env env, Napi::Function on_event) {
    Call(env, on_event, {Napi::String::New(env, "camera"), Napi::String::New(env, WordOf(state))});
  });
}

void EngineHost::OnDevice(DeviceRole role, bool open, const std::string& error) {
  Post([role, open, error](Napi::Env env, Napi::Function on_event) {
    const char* which = role == DeviceRole::kMicrophone ? "microphone" : "speaker";
    Call(env, on_event,
         {Napi::String::New(env, "device"), Napi::String::New(env, which),
          Napi::Boolean::New(env, open), Napi::String::New(env, error)});
  });
}

void EngineHost::OnRemoteBye(std::uint32_t session, MediaKind media) {
  Post([session, media](Napi::Env env, Napi::Function on_event) {
    Call(env, on_event,
         {Napi::String::New(env, "remoteBye"), Napi::Number::New(env, session),
          Napi::String::New(env, media == MediaKind::kAudio ? "audio" : "video")});
  });
}

void EngineHost::OnDtmf(std::uint32_t session, char digit, std::uint32_t duration_ms) {
  Post([session, digit, duration_ms](Napi::Env env, Napi::Function on_event) {
    Call(env, on_event,
         {Napi::String::New(env, "dtmf"), Napi::Number::New(env, session),
          Napi::String::New(env, &digit, 1), Napi::Number::New(env, duration_ms)});
  });
}

}  // namespace addon
}  // namespace dashvoip
