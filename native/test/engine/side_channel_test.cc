#include "dashvoip/engine/side_channel.h"

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "dashvoip/engine/engine.h"
#include "test_peer.h"

using namespace dashvoip;        // NOLINT: a test of the whole
using namespace dashvoip::test;  // NOLINT

namespace {

class Datagrams : public EngineListener {
 public:
  void OnEvent(const EngineEvent& event) override {
    if (event.kind != EngineEventKind::kDatagram) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    told_.push_back(event);
  }
  std::vector<EngineEvent> told() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return told_;
  }

 private:
  std::mutex mutex_;
  std::vector<EngineEvent> told_;
};

EngineSettings Settings() {
  EngineSettings settings;
  settings.camera_link = CameraLink::kNone;
  settings.video_source = VideoSource::kNone;
  settings.rtp.ports = {{33200, 33299}};
  settings.rtp.cname.Assign("engine@test");
  settings.rtp.max_video_payload = 1200;
  settings.jitter_buffer_max_ms = 200;
  settings.bus_rate_hz = 8000;
  return settings;
}

SocketTarget To(const Peer& peer, MediaComponent component) {
  SocketTarget target;
  target.component = component;
  target.address = Ip("127.0.0.1");
  target.port = peer.port();
  return target;
}

}  // namespace

TEST_CASE("Engine: what is beside media passes both ways, with no stream open, until the end") {
  Datagrams listener;
  EngineResult result;
  const std::unique_ptr<Engine> engine = Engine::Start(Settings(), "", listener, &result);
  REQUIRE_MESSAGE(engine != nullptr, result.message);
  OpenedSession session;
  REQUIRE(engine->OpenSession("127.0.0.1", false, &session).ok());
  const Bytes stun{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};
  Peer far;
  CHECK_FALSE(engine->Aim(session.id, To(far, MediaComponent::kAudioRtp)).ok());
  REQUIRE(engine->Listen(session.id).ok());
  REQUIRE(engine->Listen(session.id).ok());  // once more changes nothing
  for (int i = 0; i < 20; ++i) {
    const MediaComponent component =
        i % 2 == 0 ? MediaComponent::kAudioRtp : MediaComponent::kAudioRtcp;
    REQUIRE(engine->SendDatagram(session.id, To(far, component), stun.data(), stun.size()).ok());
    CHECK(far.Receive() == stun);
    CHECK(far.from_port() == session.ports.audio_rtp_port + i % 2);
    far.SendTo(far.from_port(), stun);
    REQUIRE(Eventually([&] { return listener.told().size() == static_cast<std::size_t>(i) + 1; }));
    CHECK(listener.told().back().component == component);
    CHECK(listener.told().back().from.port == far.port());
    CHECK(listener.told().back().bytes == stun);
  }
  CHECK_FALSE(
      engine->SendDatagram(session.id, To(far, MediaComponent::kVideoRtp), stun.data(), stun.size())
          .ok());
  engine->CloseSession(session.id);
  CHECK(
      engine->SendDatagram(session.id, To(far, MediaComponent::kAudioRtp), stun.data(), stun.size())
          .error == EngineError::kClosed);
}
