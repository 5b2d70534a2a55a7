#include "dashvoip/engine/media_loop.h"

#include <algorithm>

#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/realtime_section.h"

namespace dashvoip {
namespace {

// Of the mixer: calls speak, and the speaker is given, as much at a time.
constexpr std::int64_t kFrameMs = 20;
// A wake so shortly before a slot waits for it, one so shortly after another keeps its distance.
constexpr std::int64_t kMergeNs = kNsPerMs;
constexpr std::int64_t kMaxStaleSlots = 8;
constexpr unsigned kSlotsPerPublish = 5;
// Taps and injectors come and go as calls do.
constexpr std::size_t kOtherPorts = 32;

bool MayFail(MediaCommand::Kind kind) noexcept {
  return kind == MediaCommand::Kind::kConfigure || kind == MediaCommand::Kind::kDtmf ||
         kind == MediaCommand::Kind::kRoute || kind == MediaCommand::Kind::kListen ||
         kind == MediaCommand::Kind::kSendBeside || kind == MediaCommand::Kind::kAim;
}

}  // namespace

constexpr std::size_t MediaLoop::kCommands;

MediaLoop::MediaLoop(const Parts& parts, std::size_t max_sessions)
    : parts_(parts),
      commands_(kCommands),
      reserved_(2 * max_sessions + 2 * kOtherPorts + 1),
      mixer_(parts.bus_rate_hz),
      microphone_(parts.microphone, parts.talker),
      speaker_(parts.speaker, parts.talker) {
  mixer_.Attach(&microphone_, Mixer::Side::kNear);
  mixer_.Attach(&speaker_, Mixer::Side::kNear);
  sessions_.reserve(max_sessions);
  clips_.reserve(Outbox::kMaxClips);
  if (parts_.pictures != nullptr) picture_.reserve(VideoStream::kMaxPicture);
}

bool MediaLoop::Post(const MediaCommand& command) noexcept {
  const std::size_t room = commands_.capacity() - commands_.size();
  if (MayFail(command.kind) && room <= reserved_) return false;
  const bool posted = commands_.Push(command);
  parts_.wake->Signal();
  return posted;
}

void MediaLoop::Run() noexcept {
  const RealtimeSection section;
  bool on_grid = false;
  while (TakeCommands()) {
    if (!HasWork()) {
      on_grid = false;
      parts_.wake->SleepUntil(WakeWord::kNever);
      continue;
    }
    if (!on_grid) {
      on_grid = true;
      deadline_ = MonotonicNs();
      frame_ms_ = 0;
    }
    SleepUntilDue();
    const std::int64_t now = MonotonicNs();
    if (now >= deadline_) RunSlot(now);
    MovePictures(now);
  }
  while (!sessions_.empty()) Retire(sessions_.back());
}

// Commands -------------------------------------------------------------------------------------

/** @return false when it is time to go. */
bool MediaLoop::TakeCommands() noexcept {
  MediaCommand command;
  while (commands_.Pop(&command)) {
    if (command.kind == MediaCommand::Kind::kQuit) return false;
    Execute(command);
  }
  return true;
}

void MediaLoop::Execute(const MediaCommand& command) noexcept {
  switch (command.kind) {
    case MediaCommand::Kind::kOpen:
      Admit(command.session);
      break;
    case MediaCommand::Kind::kConfigure:
      command.session->Configure(command.settings, command.keys, command.requested_ns,
                                 MonotonicNs());
      Adapt();
      break;
    case MediaCommand::Kind::kDtmf:
      command.session->audio().SendDtmf(command.dtmf);
      break;
    case MediaCommand::Kind::kClose:
      Retire(command.session);
      Adapt();
      break;
    case MediaCommand::Kind::kTap:
      Attach(command.tap, command.session);
      Adapt();
      break;
    case MediaCommand::Kind::kUntap:
      Detach(command.tap);
      Adapt();
      break;
    case MediaCommand::Kind::kPlay:
      Play(command);
      Adapt();
      break;
    case MediaCommand::Kind::kStopPlaying:
      for (std::size_t i = clips_.size(); i > 0; --i) {
        if (clips_[i - 1].id == command.clip_id) EndClip(i - 1, false);
      }
      Adapt();
      break;
    case MediaCommand::Kind::kRoute:
      Route(command.session, command.route);
      Adapt();
      break;
    case MediaCommand::Kind::kListen:
      command.session->Listen(command.side);
      break;
    case MediaCommand::Kind::kSendBeside:
      command.session->SendBeside();
      break;
    case MediaCommand::Kind::kAim:
      command.session->Aim(command.component, command.aim);
      break;
    case MediaCommand::Kind::kMute:
      microphone_.Mute(command.mute.microphone);
      pictures_muted_ = command.mute.picture;
      break;
    case MediaCommand::Kind::kQuit:
      break;
  }
}

/** There is a place for each of them (Outbox::kMaxClips). */
void MediaLoop::Play(const MediaCommand& command) noexcept {
  clips_.push_back({command.clip, command.session, command.clip_id});
  mixer_.Attach(command.clip, Mixer::Side::kNear);
  mixer_.Connect(command.clip, command.session == nullptr ? static_cast<MixerPort*>(&speaker_)
                                                          : command.session->port());
}

/** Hands it back; who plays it frees it. */
void MediaLoop::EndClip(std::size_t at, bool completed) noexcept {
  mixer_.Detach(clips_[at].port);
  parts_.outbox->HandBack({clips_[at].id, completed});
  clips_.erase(clips_.begin() + static_cast<std::ptrdiff_t>(at));
}

void MediaLoop::EndClips(const Session* session) noexcept {
  for (std::size_t i = clips_.size(); i > 0; --i) {
    if (clips_[i - 1].session == session) EndClip(i - 1, false);
  }
}

void MediaLoop::EndDoneClips() noexcept {
  const std::size_t before = clips_.size();
  for (std::size_t i = clips_.size(); i > 0; --i) {
    if (clips_[i - 1].port->done()) EndClip(i - 1, true);
  }
  if (clips_.size() < before) Adapt();
}

void MediaLoop::Route(Session* session, const SessionRoute& route) noexcept {
  const auto end = route.calls.begin() + static_cast<std::ptrdiff_t>(route.count);
  for (Session* other : sessions_) {
    if (std::find(route.calls.begin(), end, other) != end) {
      mixer_.Connect(other->port(), session->port());
    } else {
      mixer_.Disconnect(other->port(), session->port());
    }
  }
  if (route.microphone) {
    mixer_.Connect(&microphone_, session->port());
  } else {
    mixer_.Disconnect(&microphone_, session->port());
  }
}

/** There is a place for all of them (Recorder::kMaxRecordings). */
void MediaLoop::Attach(CallTap* tap, Session* session) noexcept {
  mixer_.Attach(tap->near_end(), Mixer::Side::kNear);
  mixer_.Connect(&microphone_, tap->near_end());
  if (session == nullptr) return;
  mixer_.Attach(tap->far_end(), Mixer::Side::kNear);
  mixer_.Connect(session->port(), tap->far_end());
}

void MediaLoop::Detach(CallTap* tap) noexcept {
  mixer_.Detach(tap->near_end());
  mixer_.Detach(tap->far_end());
  tap->Release();
}

/** There is a place for each (Engine::kMaxSessions): who leaves is retired before another comes. */
void MediaLoop::Admit(Session* session) noexcept {
  sessions_.push_back(session);
  mixer_.Attach(session->port(), Mixer::Side::kFar);
  mixer_.Connect(&microphone_, session->port());
  mixer_.Connect(session->port(), &speaker_);
}

/** Sends the RTCP BYE of the session and hands it back to be freed. */
void MediaLoop::Retire(Session* session) noexcept {
  session->Leave(MonotonicNs());
  EndClips(session);
  mixer_.Detach(session->port());
  sessions_.erase(std::remove(sessions_.begin(), sessions_.end(), session), sessions_.end());
  parts_.outbox->Retire(session);
}

/** Grid and devices follow what the sessions of the moment want. */
void MediaLoop::Adapt() noexcept {
  MediaDemand demand;
  demand.microphone = mixer_.IsHeard(&microphone_);
  demand.speaker = mixer_.IsSpokenTo(&speaker_);
  short_slots_ = false;
  for (Session* session : sessions_) {
    demand.video |= session->wants_video() && parts_.pictures != nullptr;
    short_slots_ |= session->audio().sends() && session->audio().ptime_ms() % 20 != 0;
  }
  if (demand.video && !demand_.video) ForgetPictures();
  if (parts_.talker != nullptr && (demand.microphone || demand.speaker) &&
      !(demand_.microphone || demand_.speaker)) {
    parts_.talker->Begin();
  }
  demand_ = demand;
  parts_.outbox->SetDemand(demand);
}

/** What is left of an earlier call is not for this one (CameraMedia::video). */
void MediaLoop::ForgetPictures() noexcept {
  AccessUnit unit;
  for (std::size_t left = parts_.pictures->size(); left > 0; --left) {
    parts_.pictures->Pop(&unit, &picture_);
  }
  queue_drops_ = parts_.pictures->dropped();
}

// Time -----------------------------------------------------------------------------------------

bool MediaLoop::HasWork() const noexcept {
  if (demand_.microphone || demand_.speaker) return true;
  return std::any_of(sessions_.begin(), sessions_.end(), [](const Session* session) {
    return session->open() || session->listening();
  });
}

std::int64_t MediaLoop::NextWake() const noexcept {
  std::int64_t wake = deadline_;
  for (Session* session : sessions_) {
    if (session->video() == nullptr) continue;
    wake = std::min(wake, session->video()->NextWake(last_run_));
  }
  return deadline_ - wake < kMergeNs ? deadline_ : wake;
}

std::int64_t MediaLoop::RunAfterWake(std::int64_t woken, std::int64_t last_run,
                                     std::int64_t slot) noexcept {
  const std::int64_t run = std::max(woken, last_run + kMergeNs);
  return slot - run < kMergeNs ? slot : run;
}

/** Until a slot or packets of a picture are due, or until woken. */
void MediaLoop::SleepUntilDue() noexcept {
  if (!parts_.wake->SleepUntil(NextWake())) return;
  const std::int64_t woken = MonotonicNs();
  const std::int64_t run = RunAfterWake(woken, last_run_, deadline_);
  if (run > woken) SleepUntil(run);
}

void MediaLoop::RunSlot(std::int64_t now) noexcept {
  SkipMissed(now);
  // After a change of the slot's length what is left may be too little.
  if (frame_ms_ + SlotMs() > kFrameMs) frame_ms_ = 0;
  const Mixer::Span slot = {Samples(frame_ms_), Samples(SlotMs())};
  mixer_.Read(Mixer::Side::kNear, deadline_, slot);
  mixer_.Write(Mixer::Side::kFar, deadline_, slot);
  const std::int64_t after = MonotonicNs();
  for (Session* session : sessions_) session->Exchange(&batch_, parts_.outbox, after);
  frame_ms_ += SlotMs();
  if (frame_ms_ == kFrameMs) {
    frame_ms_ = 0;
    const Mixer::Span frame = {0, Samples(kFrameMs)};
    mixer_.Read(Mixer::Side::kFar, deadline_, frame);
    mixer_.Write(Mixer::Side::kNear, deadline_, frame);
  }
  TellFloor();
  if (!clips_.empty()) EndDoneClips();
  if (++slots_unpublished_ >= kSlotsPerPublish) {
    slots_unpublished_ = 0;
    for (Session* session : sessions_) session->Publish();
  }
  deadline_ += SlotMs() * kNsPerMs;
}

void MediaLoop::TellFloor() noexcept {
  if (parts_.talker == nullptr || !parts_.talker->TakeFloorChange()) return;
  MediaEvent event{MediaEvent::Kind::kFloor, 0};
  event.floor = parts_.talker->floor();
  parts_.outbox->Post(event);
}

/** Moves on to the newest slot that has begun; those before it are lost, never caught up. */
void MediaLoop::SkipMissed(std::int64_t now) noexcept {
  const std::int64_t slot = SlotMs() * kNsPerMs;
  const std::int64_t missed = (now - deadline_) / slot;
  if (missed <= 0) return;
  deadline_ += missed * slot;
  frame_ms_ = (frame_ms_ + missed * SlotMs()) % kFrameMs;
  for (Session* session : sessions_) {
    if (session->audio().sends()) {
      session->audio().NoteSkipped(static_cast<std::uint64_t>(missed));
    }
  }
  // The sound of those slots would otherwise wait in front of all that follows.
  for (std::int64_t i = 0; i < std::min(missed, kMaxStaleSlots); ++i) {
    mixer_.Skip(Mixer::Side::kNear, deadline_, Samples(SlotMs()));
  }
}

// Pictures -------------------------------------------------------------------------------------

void MediaLoop::MovePictures(std::int64_t now) noexcept {
  last_run_ = now;
  if (parts_.pictures == nullptr) return;
  if (demand_.video) TakePictures(now);
  for (Session* session : sessions_) {
    if (session->video() != nullptr) session->video()->SendDue(now);
  }
}

void MediaLoop::TakePictures(std::int64_t now) noexcept {
  while (VideoHasRoom()) {
    AccessUnit unit;
    const bool taken = parts_.pictures->Pop(&unit, &picture_);
    if (!taken && unit.size == 0) break;
    if (pictures_muted_) {
      was_muted_ = true;
      continue;
    }
    // Of what came meanwhile the far end has nothing that a picture could build on.
    if (taken && was_muted_) unit.gap_before = true;
    if (taken) was_muted_ = false;
    for (Session* session : sessions_) {
      VideoStream* video = session->video();
      if (video == nullptr || !video->sends()) continue;
      if (taken) {
        video->OnPicture(unit, picture_.data(), now);
      } else {
        video->NoteOversize();
      }
    }
  }
  const std::uint64_t drops = parts_.pictures->dropped();
  for (Session* session : sessions_) {
    VideoStream* video = session->video();
    if (video != nullptr && video->sends()) video->NoteDropped(drops - queue_drops_);
  }
  queue_drops_ = drops;
}

bool MediaLoop::VideoHasRoom() const noexcept {
  return std::all_of(sessions_.begin(), sessions_.end(), [](Session* session) {
    return session->video() == nullptr || session->video()->has_room();
  });
}

}  // namespace dashvoip
