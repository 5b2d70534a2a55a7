// Shows RFC 5763, 7675, 7983, 8445.

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dashvoip/base/time_units.h"
#include "dashvoip/dtls/dtls_connection.h"
#include "dashvoip/engine/engine.h"
#include "dashvoip/ice/stun_message.h"
#include "dashvoip/srtp/srtp_keyring.h"
#include "dtls/test_identity.h"
#include "test_peer.h"

using namespace dashvoip;        // NOLINT: a test of the whole
using namespace dashvoip::test;  // NOLINT

namespace {

const std::string kPassword = "0123456789abcdefghijklmn";

class Told : public EngineListener {
 public:
  void OnEvent(const EngineEvent& event) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    events_.push_back(event);
  }
  bool Has(EngineEventKind kind, EngineEvent* out) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const EngineEvent& event : events_) {
      if (event.kind != kind) continue;
      *out = event;
      return true;
    }
    return false;
  }

 private:
  std::mutex mutex_;
  std::vector<EngineEvent> events_;
};

EngineSettings Settings() {
  EngineSettings settings;
  settings.camera_link = CameraLink::kNone;
  settings.video_source = VideoSource::kNone;
  settings.rtp.ports = {{33100, 33199}};
  settings.rtp.cname.Assign("engine@test");
  settings.rtp.max_video_payload = 1200;
  settings.jitter_buffer_max_ms = 200;
  settings.bus_rate_hz = 8000;
  return settings;
}

SessionSettings Sound(std::uint16_t port) {
  AudioStreamSettings audio;
  audio.codec = AudioCodec::kPcma;
  audio.payload_type = 8;
  audio.receive.Add({8, AudioCodec::kPcma});
  audio.direction = Direction::kSendRecv;
  audio.ptime_ms = 20;
  audio.remote = RemoteAt(port, port);
  audio.remote.rtcp_mux = true;
  SessionSettings settings;
  settings.audio = audio;
  return settings;
}

Bytes Check(bool nominates, const std::string& password = kPassword) {
  Bytes octets(256);
  StunWriter writer(octets.data(), octets.size(), StunType::kBindingRequest, {{9}});
  const std::string name = "cAm1:bRoW";
  writer.Add(StunAttribute::kUsername, reinterpret_cast<const std::uint8_t*>(name.data()),
             name.size());
  if (nominates) writer.Add(StunAttribute::kUseCandidate, nullptr, 0);
  HmacSha1 key(TestLibcrypto(), reinterpret_cast<const std::uint8_t*>(password.data()),
               password.size());
  writer.AddIntegrity(&key);
  writer.AddFingerprint();
  octets.resize(writer.size());
  return octets;
}

StunType TypeOf(const Bytes& datagram) {
  StunMessage message;
  REQUIRE(ParseStun(datagram.data(), datagram.size(), &message));
  return message.type;
}

/** A browser without a screen. */
struct Far {
  explicit Far(const TestIdentity& identity = BrowserIdentity())
      : dtls(TestLibssl(), DtlsSettingsOf(DtlsRole::kServer, identity, CameraIdentity())) {}

  /** Answers the handshake until it is done at this end. */
  void ShakeHands(std::uint16_t to) {
    while (dtls.state() == DtlsConnection::State::kGoing) {
      const Bytes datagram = peer.Receive();
      if (datagram.empty()) break;
      dtls.OnDatagram(datagram.data(), datagram.size());
      Bytes answer;
      while (dtls.TakeDatagram(&answer)) peer.SendTo(to, answer);
    }
  }

  /** The next datagram that is sound, in the clear; empty when it was not made with our keys. */
  Bytes NextSound(SrtpTransform* keys) {
    for (int i = 0; i < 20; ++i) {
      Bytes datagram = peer.Receive();
      if (datagram.size() < 100) continue;
      std::size_t size = datagram.size();
      const bool genuine = keys->UnprotectRtp(datagram.data(), &size);
      datagram.resize(genuine ? size : 0);
      return datagram;
    }
    return Bytes();
  }

  Peer peer;
  DtlsConnection dtls;
};

struct Fixture {
  Fixture() {
    EngineResult result;
    engine = Engine::Start(Settings(), "", told, &result);
    REQUIRE_MESSAGE(engine != nullptr, result.message);
    SecureSettings secure;
    REQUIRE(secure.ice.fragment.Assign("cAm1"));
    REQUIRE(secure.ice.password.Assign(kPassword));
    secure.dtls = DtlsSettingsOf(DtlsRole::kClient, CameraIdentity(), BrowserIdentity());
    const EngineResult opened = engine->OpenSecureSession("127.0.0.1", true, secure, &session);
    REQUIRE_MESSAGE(opened.ok(), opened.message);
    port = session.ports.audio_rtp_port;
  }

  Told told;
  std::unique_ptr<Engine> engine;
  OpenedSession session;
  std::uint16_t port = 0;
};

}  // namespace

TEST_CASE("Engine: a far end comes by ICE and DTLS, is followed, and hears by their keys alone") {
  Fixture camera;
  CHECK(*camera.session.ports.video_rtp_port == camera.port);
  Far far;
  CHECK_FALSE(camera.engine->Configure(camera.session.id, Sound(far.peer.port())).ok());
  far.peer.SendTo(camera.port, Check(true));
  CHECK(TypeOf(far.peer.Receive()) == StunType::kBindingSuccess);
  far.ShakeHands(camera.port);
  REQUIRE(far.dtls.state() == DtlsConnection::State::kDone);
  EngineEvent secured;
  REQUIRE(Eventually([&] { return camera.told.Has(EngineEventKind::kSecured, &secured); }));
  CHECK(secured.session == camera.session.id);
  CHECK(secured.far_end.port == far.peer.port());
  REQUIRE(camera.engine->Configure(camera.session.id, Sound(far.peer.port())).ok());

  SrtpKeyring ring;
  SrtpTransform keys;
  keys.SetKeys(ring.Prepare(far.dtls.keys()));
  const Bytes sound = far.NextSound(&keys);
  REQUIRE(sound.size() == kRtpHeaderSize + 160);

  // It goes on being asked whether it wants that (RFC 7675), and moves.
  Peer elsewhere;
  elsewhere.SendTo(camera.port, Check(true, "0123456789abcdefghijklmN"));
  CHECK(TypeOf(elsewhere.Receive()) == StunType::kBindingError);
  elsewhere.SendTo(camera.port, Check(true));
  CHECK(TypeOf(elsewhere.Receive()) == StunType::kBindingSuccess);
  CHECK(elsewhere.Receive().size() > sound.size());
}

TEST_CASE("Engine: who has another certificate than was described is told, and gets nothing") {
  Fixture camera;
  Far far(CameraIdentity());
  far.peer.SendTo(camera.port, Check(true));
  far.peer.Receive();
  far.ShakeHands(camera.port);
  EngineEvent told;
  REQUIRE(Eventually([&] { return camera.told.Has(EngineEventKind::kInsecure, &told); }));
  CHECK(told.error.find("another one than its description names") != std::string::npos);
  CHECK_FALSE(camera.engine->Configure(camera.session.id, Sound(far.peer.port())).ok());
}

TEST_CASE("Engine: a thousand far ends that never come take the places there are, and no more") {
  Fixture camera;
  SecureSettings secure;
  REQUIRE(secure.ice.fragment.Assign("cAm1"));
  REQUIRE(secure.ice.password.Assign(kPassword));
  secure.dtls = DtlsSettingsOf(DtlsRole::kClient, CameraIdentity(), BrowserIdentity());
  std::vector<std::uint32_t> opened = {camera.session.id};
  for (int i = 0; i < 1000; ++i) {
    OpenedSession session;
    if (camera.engine->OpenSecureSession("127.0.0.1", true, secure, &session).ok()) {
      opened.push_back(session.id);
    }
  }
  CHECK(opened.size() == Engine::kMaxSessions);
  for (const std::uint32_t id : opened) camera.engine->CloseSession(id);
  OpenedSession next;
  CHECK(Eventually(
      [&] { return camera.engine->OpenSecureSession("127.0.0.1", true, secure, &next).ok(); }));
}

TEST_CASE("Engine: a session that nobody comes to is closed at once") {
  Fixture camera;
  Peer stranger;
  // Nobody is answered by DTLS who has not passed a check.
  stranger.SendTo(camera.port, Bytes(60, 22));
  CHECK(stranger.Receive(100).empty());
  camera.engine->CloseSession(camera.session.id);
  SessionSnapshot snapshot;
  CHECK(Eventually([&] { return !camera.engine->Snapshot(camera.session.id, &snapshot); }));
}
