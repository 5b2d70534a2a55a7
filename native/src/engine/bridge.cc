#include "dashvoip/engine/bridge.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "dashvoip/audio/audio_devices.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/realtime_section.h"
#include "dashvoip/base/realtime_thread.h"
#include "dashvoip/base/wake_fd.h"
#include "dashvoip/engine/bridge_lane.h"
#include "dashvoip/engine/loopback_use.h"

namespace dashvoip {
namespace {

constexpr std::int64_t kSlotNs = kBridgeSlotMs * kNsPerMs;
// Slots made up for after a late wake; what is older was heard as silence, and is thrown away.
constexpr std::int64_t kMaxCatchUp = 3;
// How long a program that begins to record waits for the microphone, at most.
constexpr int kLookMs = 100;

// Below the thread that moves the sound: it waits for nobody.
int DevicePriority(const BridgeSettings& settings) {
  return std::max(0, settings.realtime_priority - 1);
}

CameraMedia::Settings CameraSettings(const BridgeSettings& settings,
                                     const std::string& module_dir) {
  CameraMedia::Settings camera;
  camera.backend = WordOf(settings.camera_link);
  camera.rtsp_url = settings.rtsp_url.Or("");
  camera.bus_rate_hz = kBridgeRateHz;
  camera.use_microphone = true;
  camera.use_speaker = true;
  camera.realtime_priority = DevicePriority(settings);
  camera.module_dir = module_dir;
  return camera;
}

}  // namespace

/** Order of members is order of life: threads start last and end first. */
class Bridge::Impl : public CameraMedia::Listener {
 public:
  /** @throws std::invalid_argument for a device that this build does not have. */
  Impl(const BridgeSettings& settings, const std::string& module_dir);
  ~Impl() override { Stop(); }

  BridgeSnapshot Status();
  void Stop();

 private:
  void OnCameraState(CameraState) override {}
  void RunSlots() noexcept;
  void RunDevices();
  void Apply(bool recording, bool playing);
  void EndDevices();

  const LoopbackUse use_;
  const DeviceKind capture_kind_;
  const DeviceKind playback_kind_;
  const std::unique_ptr<AudioSource> capture_;
  const std::unique_ptr<AudioSink> playback_;
  std::unique_ptr<CameraMedia> camera_;
  BridgeLane to_card_;
  BridgeLane to_camera_;
  WakeFd wake_;  // the ordinary thread's
  std::atomic<bool> quit_{false};
  std::atomic<bool> recording_{false};
  std::atomic<bool> playing_{false};
  std::unique_ptr<RealtimeThread> slots_;
  std::thread devices_;

  std::mutex mutex_;  // one Status or Stop at a time
  BridgeSnapshot last_;
};

Bridge::Impl::Impl(const BridgeSettings& settings, const std::string& module_dir)
    : use_(settings.playback.device),
      capture_kind_(settings.capture.kind),
      playback_kind_(settings.playback.kind),
      capture_(CreateAudioSource(settings.capture, kBridgeRateHz, DevicePriority(settings))),
      playback_(CreateAudioSink(settings.playback, kBridgeRateHz, DevicePriority(settings))),
      camera_(std::make_unique<CameraMedia>(CameraSettings(settings, module_dir), *this)),
      to_card_(camera_->microphone(), *playback_, BridgeLane::Gate::kAlways),
      to_camera_(*capture_, camera_->speaker(), BridgeLane::Gate::kOnSound) {
  // The card's ends stay open for good: whoever comes first on a cable decides on its format.
  capture_->SetActive(true);
  playback_->SetActive(true);
  devices_ = StartThread("bridge-devices", [this] { RunDevices(); });
  try {
    slots_ = std::make_unique<RealtimeThread>("bridge", settings.realtime_priority,
                                              [this] { RunSlots(); });
  } catch (...) {
    EndDevices();
    throw;
  }
}

void Bridge::Impl::RunSlots() noexcept {
  const RealtimeSection section;
  std::int64_t deadline = MonotonicNs() + kSlotNs;
  while (!quit_.load(std::memory_order_acquire)) {
    SleepUntil(deadline);
    const std::int64_t due = 1 + (MonotonicNs() - deadline) / kSlotNs;
    for (std::int64_t slot = 0; slot < due; ++slot) {
      const bool in_time = due - slot <= kMaxCatchUp;
      in_time ? to_card_.Move() : to_card_.Skip();
      in_time ? to_camera_.Move() : to_camera_.Skip();
    }
    deadline += due * kSlotNs;
    if (to_camera_.sink_wanted() != playing_.load(std::memory_order_relaxed)) wake_.Signal();
  }
}

void Bridge::Impl::RunDevices() {
  while (!quit_.load(std::memory_order_acquire)) {
    Apply(use_.Recording(), to_camera_.sink_wanted());
    wake_.Wait(kLookMs);
  }
  Apply(false, false);
}

void Bridge::Impl::Apply(bool recording, bool playing) {
  if (recording != recording_.load(std::memory_order_relaxed)) {
    camera_->microphone().SetActive(recording);
    recording_.store(recording, std::memory_order_relaxed);
  }
  if (playing != playing_.load(std::memory_order_relaxed)) {
    camera_->speaker().SetActive(playing);
    playing_.store(playing, std::memory_order_relaxed);
  }
}

void Bridge::Impl::EndDevices() {
  quit_.store(true, std::memory_order_release);
  wake_.Signal();
  devices_.join();
}

BridgeSnapshot Bridge::Impl::Status() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!slots_) return last_;
  BridgeSnapshot status;
  status.camera = camera_->Status();
  status.camera_microphone = camera_->microphone().Status();
  status.camera_speaker = camera_->speaker().Status();
  status.camera_microphone.kind = DeviceKind::kCamera;
  status.camera_speaker.kind = DeviceKind::kCamera;
  status.playback = playback_->Status();
  status.playback.kind = playback_kind_;
  status.capture = capture_->Status();
  status.capture.kind = capture_kind_;
  status.recording = recording_.load(std::memory_order_relaxed);
  status.playing = playing_.load(std::memory_order_relaxed);
  status.microphone_peak = to_card_.TakePeak();
  status.speaker_peak = to_camera_.TakePeak();
  status.skipped_slots = to_card_.skipped();
  status.realtime = slots_->realtime();
  return status;
}

void Bridge::Impl::Stop() {
  BridgeSnapshot status = Status();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!slots_) return;
  status.recording = false;
  status.playing = false;
  last_ = status;
  quit_.store(true, std::memory_order_release);
  slots_.reset();
  EndDevices();
  capture_->SetActive(false);
  playback_->SetActive(false);
  // The lanes know its devices, but nobody drives them any more.
  camera_.reset();
}

Bridge::Bridge(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Bridge::~Bridge() = default;

std::unique_ptr<Bridge> Bridge::Start(const BridgeSettings& settings, const std::string& module_dir,
                                      std::string* error) {
  try {
    return std::unique_ptr<Bridge>(new Bridge(std::make_unique<Impl>(settings, module_dir)));
  } catch (const std::exception& refusal) {
    *error = refusal.what();
    return nullptr;
  }
}

BridgeSnapshot Bridge::Status() { return impl_->Status(); }

void Bridge::Stop() { impl_->Stop(); }

}  // namespace dashvoip
