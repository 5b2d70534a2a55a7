#include "dashvoip/engine/housekeeper.h"

#include <string>
#include <utility>

#include "dashvoip/base/realtime_thread.h"

namespace dashvoip {
namespace {

constexpr int kWatchMs = 500;
// A camera that hangs says nothing: somebody has to look.
constexpr int kCameraMs = 1000;
constexpr int kForEver = -1;

}  // namespace

Housekeeper::Housekeeper(Parts parts) : parts_(std::move(parts)) {
  thread_ = StartThread("dashvoip-house", [this] { Run(); });
}

Housekeeper::~Housekeeper() {
  quit_.store(true, std::memory_order_release);
  parts_.outbox->wake().Signal();
  thread_.join();
}

void Housekeeper::Run() {
  while (!quit_.load(std::memory_order_acquire)) {
    PassEvents();
    ListenToNetwork();
    Apply(parts_.outbox->demand());
    Watch();
    const bool tending = parts_.tend();
    const bool watching = applied_.microphone || applied_.speaker || tending;
    parts_.camera->Watch();
    const bool linked = parts_.camera->Status().state != CameraState::kNone;
    parts_.outbox->wake().Wait(watching ? kWatchMs
                               : linked ? kCameraMs
                                        : kForEver,
                               network_.descriptor());
  }
  PassEvents();
  parts_.tend();
  Apply(MediaDemand());
}

void Housekeeper::PassEvents() {
  EngineEvent told;
  told.kind = EngineEventKind::kCamera;
  if (parts_.outbox->TakeCameraState(&told.state)) parts_.listener->OnEvent(told);
  MediaEvent event;
  while (parts_.outbox->TakeEvent(&event)) {
    switch (event.kind) {
      case MediaEvent::Kind::kKeyFrameRequest:
        parts_.camera->RequestKeyFrame();
        break;
      case MediaEvent::Kind::kAudioBye:
        TellBye(event.session, MediaKind::kAudio);
        break;
      case MediaEvent::Kind::kVideoBye:
        TellBye(event.session, MediaKind::kVideo);
        break;
      case MediaEvent::Kind::kDtmf:
        TellKey(event);
        break;
      case MediaEvent::Kind::kFloor:
        TellFloor(event.floor);
        break;
    }
  }
  Session* session = nullptr;
  while (parts_.outbox->TakeRetired(&session)) parts_.free_session(session);
}

void Housekeeper::ListenToNetwork() {
  if (!network_.Take()) return;
  EngineEvent told;
  told.kind = EngineEventKind::kNetwork;
  parts_.listener->OnEvent(told);
}

void Housekeeper::TellBye(std::uint32_t session, MediaKind media) {
  EngineEvent told;
  told.kind = EngineEventKind::kRemoteBye;
  told.session = session;
  told.media = media;
  parts_.listener->OnEvent(told);
}

void Housekeeper::TellKey(const MediaEvent& key) {
  EngineEvent told;
  told.kind = EngineEventKind::kDtmf;
  told.session = key.session;
  told.digit = std::string(1, key.digit);
  told.duration_ms = key.duration_ms;
  parts_.listener->OnEvent(told);
}

void Housekeeper::TellFloor(FloorHolder floor) {
  EngineEvent told;
  told.kind = EngineEventKind::kFloor;
  told.floor = floor;
  parts_.listener->OnEvent(told);
}

void Housekeeper::Apply(const MediaDemand& wanted) {
  // The picture first: its delay is what a caller sees.
  if (wanted.video != applied_.video) parts_.camera->WantVideo(wanted.video);
  if (wanted.microphone != applied_.microphone) parts_.microphone->SetActive(wanted.microphone);
  if (wanted.speaker != applied_.speaker) parts_.speaker->SetActive(wanted.speaker);
  applied_ = wanted;
}

void Housekeeper::Watch() {
  TellDevice(DeviceRole::kMicrophone, applied_.microphone, parts_.microphone->Status(),
             &microphone_told_);
  TellDevice(DeviceRole::kSpeaker, applied_.speaker, parts_.speaker->Status(), &speaker_told_);
}

void Housekeeper::TellDevice(DeviceRole role, bool in_use, const DeviceSnapshot& status,
                             Told* told) {
  // A device that is closed because nobody uses it is no news.
  if (!in_use && status.error.empty()) return;
  if (status.open == told->open && status.error == told->error) return;
  told->open = status.open;
  told->error = status.error;
  EngineEvent event;
  event.kind = EngineEventKind::kDevice;
  event.device = role;
  event.open = status.open;
  event.error = status.error;
  parts_.listener->OnEvent(event);
}

}  // namespace dashvoip
