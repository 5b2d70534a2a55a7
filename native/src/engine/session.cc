#include "dashvoip/engine/session.h"

#include <algorithm>
#include <utility>

namespace dashvoip {

Session::Session(std::uint32_t id, SocketPair audio, std::unique_ptr<SocketPair> video,
                 const StreamSetup& setup)
    : id_(id),
      random_(setup.seed),
      audio_(std::move(audio), setup, &random_),
      port_(&audio_),
      video_(video ? std::make_unique<VideoStream>(std::move(*video), setup, &random_) : nullptr) {}

Session::Session(std::uint32_t id, SocketPair sockets, bool with_video, const StreamSetup& setup,
                 IceLite* ice)
    : Session(id, std::move(sockets), with_video ? std::make_unique<SocketPair>() : nullptr,
              setup) {
  audio_.SetIce(ice);
  if (!video_) return;
  video_->SetIce(ice);
  audio_.Carry(video_.get());
}

void Session::Configure(const SessionSettings& settings, const SessionLanes& keys,
                        std::int64_t requested, std::int64_t now) noexcept {
  audio_.SetKeys(keys.audio);
  if (video_) video_->SetKeys(keys.video);
  keys_taken_.store(keys.order, std::memory_order_release);
  audio_.Configure(settings.audio ? &*settings.audio : nullptr, now);
  if (video_) video_->Configure(settings.video ? &*settings.video : nullptr, requested, now);
  Publish();
}

void Session::Listen(SideChannel* side) noexcept {
  side_ = side;
  audio_.Listen(side, MediaComponent::kAudioRtp, MediaComponent::kAudioRtcp);
  if (video_) video_->Listen(side, MediaComponent::kVideoRtp, MediaComponent::kVideoRtcp);
}

void Session::SendBeside() noexcept {
  if (side_ == nullptr) return;
  SideDatagram datagram;
  while (side_->NextToSend(&datagram)) StreamOf(datagram.component).SendBeside(datagram);
}

void Session::Aim(MediaComponent component, const MediaAim& aim) noexcept {
  const bool rtcp =
      component == MediaComponent::kAudioRtcp || component == MediaComponent::kVideoRtcp;
  StreamOf(component).Aim(rtcp, aim);
}

/** Who asks for that of a picture knows that there is one. */
RtpStream& Session::StreamOf(MediaComponent component) noexcept {
  if (component == MediaComponent::kAudioRtp || component == MediaComponent::kAudioRtcp) {
    return audio_;
  }
  return *video_;
}

Optional<VideoSources> Session::video_sources() const {
  if (!video_) return {};
  VideoSources sources{};
  sources.ssrc = video_->media_ssrc();
  sources.rtx_ssrc = video_->rtx_ssrc();
  return sources;
}

bool Session::open() const noexcept { return audio_.open() || (video_ && video_->open()); }

void Session::Exchange(DatagramBatch* batch, Outbox* outbox, std::int64_t now) noexcept {
  // What comes before the description is settled waits in the kernel: it may be the far end's first
  // word. Who listens takes the first word when ICE has found who says it.
  if (!open() && !listening()) return;
  audio_.Drain(batch, now);
  audio_.Report(now);
  AudioStream::Key key;
  while (audio_.TakeKey(now, &key)) {
    outbox->Post({MediaEvent::Kind::kDtmf, id_, key.digit, key.duration_ms});
  }
  if (audio_.TakeBye()) outbox->Post({MediaEvent::Kind::kAudioBye, id_});
  if (!video_) return;
  video_->FollowHost(audio_.source());
  video_->Drain(batch, now);
  video_->Report(now);
  if (video_->TakeBye()) outbox->Post({MediaEvent::Kind::kVideoBye, id_});
  // Several in one slot ask for the same key frame.
  if (video_->TakeKeyFrameRequests() > 0) {
    outbox->Post({MediaEvent::Kind::kKeyFrameRequest, id_});
  }
}

void Session::Leave(std::int64_t now) noexcept {
  audio_.Leave(now);
  if (video_) video_->Leave(now);
  Publish();
}

void Session::Publish() noexcept {
  SessionCounters counters{};
  if (audio_.open()) counters.snapshot.audio = audio_.Counters();
  counters.loss = audio_.Loss();
  counters.last_received_ns = audio_.last_received();
  if (video_) {
    if (video_->open()) counters.snapshot.video = video_->Counters();
    counters.last_received_ns = std::max(counters.last_received_ns, video_->last_received());
  }
  counters_.Publish(counters);
}

}  // namespace dashvoip
