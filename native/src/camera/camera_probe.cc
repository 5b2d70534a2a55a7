#include "dashvoip/camera/camera_probe.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "dashvoip/base/realtime_thread.h"
#include "dashvoip/camera/probe_desk.h"
#ifdef DASHVOIP_HAVE_NETFIFO
#include "dashvoip/camera/netfifo_probe.h"
#endif

namespace dashvoip {
namespace {

constexpr std::chrono::seconds kJoinPatience(1);

void Examine(const CameraProbeSettings& settings, std::uint32_t wait_ms, ProbeDesk& desk) {
#ifdef DASHVOIP_HAVE_NETFIFO
  NetfifoProbe(settings, wait_ms, desk).Run();
#else
  static_cast<void>(settings);
  static_cast<void>(wait_ms);
  desk.Edit([](CameraReport* report) { report->error = "this build has no camera link"; });
#endif
}

}  // namespace

/** Shared by owner and thread, so that a thread stuck in a call can be left behind. */
class CameraProbe::Worker {
 public:
  Worker(const CameraProbeSettings& settings, std::uint32_t wait_ms)
      : settings_(settings), wait_ms_(wait_ms) {}

  static void Start(const std::shared_ptr<Worker>& self) {
    self->thread_ = StartThread("camera-probe", [self] { self->Run(); });
  }

  void Stop() {
    desk_.Quit();
    std::unique_lock<std::mutex> lock(mutex_);
    const bool ended = changed_.wait_for(lock, kJoinPatience, [this] { return ended_; });
    lock.unlock();
    ended ? thread_.join() : thread_.detach();
  }

  CameraReport Report() const { return desk_.Read(); }

 private:
  void Run() {
    Examine(settings_, wait_ms_, desk_);
    desk_.Edit([](CameraReport* report) {
      report->done = true;
      report->stage.clear();
    });
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  const CameraProbeSettings settings_;
  const std::uint32_t wait_ms_;
  ProbeDesk desk_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::thread thread_;
};

CameraProbe::CameraProbe(const CameraProbeSettings& settings, std::uint32_t wait_ms)
    : worker_(std::make_shared<Worker>(settings, wait_ms)) {
  Worker::Start(worker_);
}

CameraProbe::~CameraProbe() { worker_->Stop(); }

CameraReport CameraProbe::Report() const { return worker_->Report(); }

}  // namespace dashvoip
