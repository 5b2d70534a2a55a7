#include "dashvoip/engine/engine.h"

#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dashvoip/base/random_source.h"
#include "dashvoip/base/time_units.h"
#include "dashvoip/rtp/rtcp_packet.h"
#include "srtp/srtp_fixture.h"
#include "test_peer.h"

using namespace dashvoip;        // NOLINT: a test of the whole
using namespace dashvoip::test;  // NOLINT

namespace {

class Events : public EngineListener {
 public:
  void OnEvent(const EngineEvent& event) override {
    switch (event.kind) {
      case EngineEventKind::kCamera:
        break;
      case EngineEventKind::kDevice:
        OnDevice(event);
        break;
      case EngineEventKind::kRemoteBye:
        bye_session.store(event.session);
        break;
      case EngineEventKind::kDtmf:
        last_digit.store(event.digit.at(0));
        break;
      case EngineEventKind::kPlayed:
        played.store(event.playback * 10 + (event.completed ? 1 : 0));
        break;
      case EngineEventKind::kFloor:
      case EngineEventKind::kNetwork:
      case EngineEventKind::kSecured:
      case EngineEventKind::kInsecure:
      case EngineEventKind::kDatagram:
      case EngineEventKind::kRecording:
        break;
    }
  }

  bool SawDevice(const std::string& words) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::string& line : devices_) {
      if (line.find(words) != std::string::npos) return true;
    }
    return false;
  }

  std::atomic<std::uint32_t> bye_session{0};
  std::atomic<char> last_digit{0};
  std::atomic<std::uint32_t> played{0};

 private:
  void OnDevice(const EngineEvent& event) {
    const std::lock_guard<std::mutex> lock(mutex_);
    devices_.push_back(WordOf(event.device) + std::string(event.open ? " open" : " closed") +
                       (event.error.empty() ? "" : ": ") + event.error);
  }

  std::mutex mutex_;
  std::vector<std::string> devices_;
};

EngineSettings Settings(std::uint16_t first, std::uint16_t last) {
  EngineSettings settings;
  settings.camera_link = CameraLink::kNone;
  settings.video_source = VideoSource::kNone;
  settings.rtp.ports = {{first, last}};
  settings.rtp.cname.Assign("engine@test");
  settings.rtp.audio_dscp = 46;
  settings.rtp.video_dscp = 34;
  settings.rtp.max_video_payload = 1200;
  settings.jitter_buffer_max_ms = 200;
  settings.bus_rate_hz = 8000;
  return settings;
}

SessionSettings Audio(std::uint16_t remote_port, Direction direction = Direction::kSendRecv) {
  AudioStreamSettings audio;
  audio.codec = AudioCodec::kPcma;
  audio.payload_type = 8;
  audio.receive.Add({8, AudioCodec::kPcma});
  audio.direction = direction;
  audio.ptime_ms = 20;
  audio.remote = RemoteAt(remote_port, static_cast<std::uint16_t>(remote_port + 1));
  SessionSettings settings;
  settings.audio = audio;
  return settings;
}

struct Fixture {
  explicit Fixture(std::uint16_t first = 33000, std::uint16_t last = 33099)
      : engine(Engine::Start(Settings(first, last), "", events, &started)) {
    REQUIRE(engine != nullptr);
  }
  OpenedSession Open(bool video = false) {
    OpenedSession info;
    const EngineResult result = engine->OpenSession("127.0.0.1", video, &info);
    REQUIRE_MESSAGE(result.ok(), result.message);
    return info;
  }
  SessionSnapshot Snapshot(std::uint32_t id) {
    SessionSnapshot snapshot;
    REQUIRE(engine->Snapshot(id, &snapshot));
    return snapshot;
  }

  Events events;
  EngineResult started;
  std::unique_ptr<Engine> engine;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "Engine: two sessions talk to each other, and one says good-bye") {
  const OpenedSession one = Open();
  const OpenedSession two = Open();
  CHECK(one.ports.audio_rtp_port % 2 == 0);
  CHECK(one.ports.audio_rtp_port != two.ports.audio_rtp_port);
  CHECK(!one.ports.video_rtp_port.present());
  CHECK(engine->Configure(one.id, Audio(two.ports.audio_rtp_port)).ok());
  CHECK(engine->Configure(two.id, Audio(one.ports.audio_rtp_port)).ok());
  CHECK(Eventually([&] {
    return Snapshot(one.id).audio->played_frames >= 10 &&
           Snapshot(two.id).audio->played_frames >= 10;
  }));
  const AudioSnapshot audio = *Snapshot(two.id).audio;
  CHECK(audio.received.lost == 0);
  CHECK(audio.received.rejected == 0);
  CHECK(audio.sent.send_errors == 0);
  CHECK(Snapshot(two.id).silent_ms);
  engine->CloseSession(one.id);
  CHECK(Eventually([&] { return events.bye_session.load() == two.id; }));
  SessionSnapshot gone;
  CHECK(Eventually([&] { return !engine->Snapshot(one.id, &gone); }));
  CHECK(engine->Configure(one.id, Audio(two.ports.audio_rtp_port)).error == EngineError::kClosed);
}

TEST_CASE_FIXTURE(Fixture, "Engine: noise at the ports is counted and the call goes on") {
  const OpenedSession one = Open();
  const OpenedSession two = Open();
  engine->Configure(one.id, Audio(two.ports.audio_rtp_port));
  engine->Configure(two.id, Audio(one.ports.audio_rtp_port));
  REQUIRE(Eventually([&] { return Snapshot(one.id).audio->received.packets > 2; }));
  const Peer stranger;
  SeededRandom random(3);
  for (int i = 0; i < 200; ++i) {
    Bytes noise(random.Next() % 3000);
    for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random.Next());
    const bool rtcp = i % 2 != 0;
    stranger.SendTo(static_cast<std::uint16_t>(one.ports.audio_rtp_port + (rtcp ? 1 : 0)), noise);
    if (i % 20 == 0) stranger.SendTo(one.ports.audio_rtp_port, RtpDatagram(8, 1, 1));
    // The kernel's buffer holds what comes in a slot or two.
    if (i % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(Eventually([&] { return Snapshot(one.id).audio->received.rejected >= 200; }));
  const std::uint64_t before = Snapshot(one.id).audio->received.packets;
  CHECK(Eventually([&] { return Snapshot(one.id).audio->received.packets > before + 5; }));
}

TEST_CASE_FIXTURE(Fixture, "Engine: hold sends nothing, resume continues the numbers") {
  Peer peer;
  const OpenedSession session = Open();
  engine->Configure(session.id, Audio(peer.port()));
  RtpHeader last = Parse(peer.Receive()).header;
  engine->Configure(session.id, Audio(peer.port(), Direction::kRecvOnly));
  REQUIRE(
      Eventually([&] { return Snapshot(session.id).audio->direction == Direction::kRecvOnly; }));
  const std::uint64_t sent = Snapshot(session.id).audio->sent.packets;
  for (std::uint64_t i = 1; i < sent; ++i) last = Parse(peer.Receive()).header;
  CHECK(peer.Receive(100).empty());
  engine->Configure(session.id, Audio(peer.port()));
  const RtpHeader next = Parse(peer.Receive()).header;
  CHECK(next.ssrc == last.ssrc);
  CHECK(next.sequence_number == static_cast<std::uint16_t>(last.sequence_number + 1));
  CHECK(next.timestamp - last.timestamp > 160);
  CHECK((next.timestamp - last.timestamp) % 160 == 0);
  CHECK(next.marker);
}

TEST_CASE_FIXTURE(Fixture, "Engine: packets of 10 ms beside packets of 20 ms") {
  Peer short_peer;
  Peer long_peer;
  const OpenedSession one = Open();
  const OpenedSession two = Open();
  SessionSettings ten = Audio(short_peer.port());
  ten.audio->ptime_ms = 10;
  engine->Configure(one.id, ten);
  engine->Configure(two.id, Audio(long_peer.port()));
  for (int i = 0; i < 5; ++i) {
    CHECK(short_peer.Receive().size() == 12 + 80);
    CHECK(long_peer.Receive().size() == 12 + 160);
  }
}

TEST_CASE("Engine: the range of ports runs out, and a closed session gives its ports back") {
  Fixture fixture(33200, 33203);
  const OpenedSession one = fixture.Open();
  fixture.Open();
  OpenedSession none;
  const EngineResult result = fixture.engine->OpenSession("127.0.0.1", false, &none);
  CHECK(result.error == EngineError::kNoPorts);
  CHECK(result.message == "all 2 port pairs from 33200 on are in use");
  fixture.engine->CloseSession(one.id);
  CHECK(Eventually([&] { return fixture.engine->OpenSession("127.0.0.1", false, &none).ok(); }));
  CHECK(none.ports.audio_rtp_port == one.ports.audio_rtp_port);
}

TEST_CASE_FIXTURE(Fixture, "Engine: refusals say why") {
  OpenedSession none;
  CHECK(engine->OpenSession("192.0.2.1", false, &none).error == EngineError::kBindFailed);
  CHECK(engine->OpenSession("phone.example", false, &none).message ==
        "cannot bind 'phone.example': expected a numeric IPv4 or IPv6 address");
  const OpenedSession session = Open();
  SessionSettings with_video = Audio(4000);
  with_video.video = VideoStreamSettings();
  with_video.video->remote = RemoteAt(4002, 4003);
  CHECK(engine->Configure(session.id, with_video).message ==
        "the session was opened without video");
  SessionSettings v6 = Audio(4000);
  v6.audio->remote.address = Ip("::1");
  CHECK(engine->Configure(session.id, v6).error == EngineError::kBadSettings);
  for (std::size_t i = 1; i < Engine::kMaxSessions; ++i) Open();
  CHECK(engine->OpenSession("127.0.0.1", false, &none).message ==
        "no more than 10 sessions at a time");
}

TEST_CASE("Engine: a session that ends makes room at once, not at the next slot") {
  Fixture many(33100, 33299);
  // The media thread sleeps between slots while a stream is open, and takes no order meanwhile.
  REQUIRE(many.engine->Configure(many.Open().id, Audio(4000)).ok());
  for (int round = 0; round < 8; ++round) {
    std::vector<std::uint32_t> all;
    for (std::size_t i = 1; i < Engine::kMaxSessions; ++i) all.push_back(many.Open().id);
    OpenedSession none;
    CHECK_FALSE(many.engine->OpenSession("127.0.0.1", false, &none).ok());
    for (const std::uint32_t id : all) many.engine->CloseSession(id);
  }
}

TEST_CASE_FIXTURE(Fixture, "Engine: over IPv6") {
  OpenedSession one;
  OpenedSession two;
  REQUIRE(engine->OpenSession("::1", false, &one).ok());
  REQUIRE(engine->OpenSession("::1", false, &two).ok());
  const auto to = [](std::uint16_t port) {
    SessionSettings settings = Audio(port);
    settings.audio->remote.address = Ip("::1");
    return settings;
  };
  CHECK(engine->Configure(one.id, to(two.ports.audio_rtp_port)).ok());
  CHECK(engine->Configure(two.id, to(one.ports.audio_rtp_port)).ok());
  CHECK(Eventually([&] { return Snapshot(one.id).audio->played_frames > 3; }));
}

TEST_CASE_FIXTURE(Fixture, "Engine: a stop in mid-stream says good-bye and is final") {
  Peer peer;
  Peer rtcp_peer;
  const OpenedSession session = Open(true);
  CHECK(session.ports.video_rtp_port.present());
  SessionSettings settings = Audio(peer.port());
  settings.audio->remote.rtcp_port = rtcp_peer.port();
  engine->Configure(session.id, settings);
  CHECK(peer.Receive().size() == 172);
  CHECK(peer.tos() == 46 << 2);
  engine->Stop();
  engine->Stop();
  bool bye = false;
  for (Bytes report = rtcp_peer.Receive(200); !report.empty(); report = rtcp_peer.Receive(200)) {
    struct ByeListener : RtcpListener {
      void OnBye(std::uint32_t) noexcept override { heard = true; }
      bool heard = false;
    } listener;
    ParseRtcp(report.data(), report.size(), &listener);
    bye = bye || listener.heard;
  }
  CHECK(bye);
  OpenedSession none;
  CHECK(engine->OpenSession("127.0.0.1", false, &none).error == EngineError::kClosed);
  CHECK(engine->Configure(session.id, settings).error == EngineError::kClosed);
  engine->CloseSession(session.id);
  CHECK_FALSE(engine->Status().microphone.open);
}

TEST_CASE("Engine: a file that is not there is an event, and the call goes on in silence") {
  Events events;
  EngineSettings settings = Settings(33300, 33399);
  settings.microphone.kind = DeviceKind::kFile;
  settings.microphone.path = "/nonexistent/voice.wav";
  EngineResult started;
  const std::unique_ptr<Engine> engine = Engine::Start(settings, "", events, &started);
  REQUIRE(engine != nullptr);
  Peer peer;
  OpenedSession session;
  REQUIRE(engine->OpenSession("127.0.0.1", false, &session).ok());
  engine->Configure(session.id, Audio(peer.port()));
  CHECK(peer.Receive().size() == 172);
  CHECK(Eventually([&] { return events.SawDevice("microphone closed: "); }));
  CHECK(Eventually([&] {
    SessionSnapshot counters;
    return engine->Snapshot(session.id, &counters) && counters.audio->microphone_underruns > 2;
  }));
}

TEST_CASE("Engine: many sessions come and go while another talks") {
  Fixture fixture(33400, 33599);
  const OpenedSession one = fixture.Open();
  const OpenedSession two = fixture.Open();
  fixture.engine->Configure(one.id, Audio(two.ports.audio_rtp_port));
  fixture.engine->Configure(two.id, Audio(one.ports.audio_rtp_port));
  for (int i = 0; i < 20; ++i) {
    OpenedSession extra;
    REQUIRE(
        Eventually([&] { return fixture.engine->OpenSession("127.0.0.1", false, &extra).ok(); }));
    fixture.engine->Configure(extra.id, Audio(4000));
    fixture.engine->CloseSession(extra.id);
  }
  CHECK(Eventually([&] { return fixture.Snapshot(one.id).audio->played_frames > 5; }));
  CHECK(fixture.Snapshot(one.id).audio->received.lost == 0);
}

namespace {

/** Both ends of a call have the same key, unless they are told another. */
SessionSettings Encrypted(std::uint16_t remote_port, std::uint8_t send, std::uint8_t receive) {
  SessionSettings settings = Audio(remote_port);
  SrtpSettings srtp;
  srtp.suite = SrtpSuite::kAes128Sha1Tag80;
  srtp.send = KeyOf(srtp.suite, send);
  srtp.receive = KeyOf(srtp.suite, receive);
  settings.audio->srtp = srtp;
  return settings;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "Engine: an encrypted call is heard, goes on with new keys, and says BYE") {
  TestLibcrypto();
  const OpenedSession one = Open();
  const OpenedSession two = Open();
  const auto heard = [&](std::uint32_t id) { return Snapshot(id).audio->received.packets; };
  for (std::uint8_t key = 1; key < 4; ++key) {
    REQUIRE(engine->Configure(one.id, Encrypted(two.ports.audio_rtp_port, key, 9)).ok());
    REQUIRE(engine->Configure(two.id, Encrypted(one.ports.audio_rtp_port, 9, key)).ok());
    REQUIRE(Eventually([&] { return Snapshot(two.id).audio && Snapshot(one.id).audio; }));
    const std::uint64_t before = heard(two.id);
    CHECK(Eventually([&] { return heard(two.id) >= before + 5 && heard(one.id) > 0; }));
  }
  const AudioSnapshot audio = *Snapshot(two.id).audio;
  REQUIRE(audio.srtp);
  CHECK(audio.srtp->suite == SrtpSuite::kAes128Sha1Tag80);
  CHECK(audio.srtp->replayed == 0);
  engine->CloseSession(one.id);
  CHECK(Eventually([&] { return events.bye_session.load() == two.id; }));
}

TEST_CASE_FIXTURE(Fixture, "Engine: of another key nothing is heard, and it is counted") {
  TestLibcrypto();
  const OpenedSession one = Open();
  const OpenedSession two = Open();
  REQUIRE(engine->Configure(one.id, Encrypted(two.ports.audio_rtp_port, 1, 9)).ok());
  REQUIRE(engine->Configure(two.id, Encrypted(one.ports.audio_rtp_port, 9, 2)).ok());
  CHECK(Eventually([&] {
    const SessionSnapshot session = Snapshot(two.id);
    return session.audio && session.audio->srtp && session.audio->srtp->forged > 5;
  }));
  CHECK(Snapshot(two.id).audio->received.packets == 0);
  CHECK(Eventually([&] { return Snapshot(one.id).audio->received.packets > 5; }));
  SessionSettings wrong = Encrypted(one.ports.audio_rtp_port, 9, 2);
  wrong.audio->srtp->suite = SrtpSuite::kAes256Gcm;
  const EngineResult refused = engine->Configure(two.id, wrong);
  CHECK(refused.error == EngineError::kBadSettings);
  CHECK(refused.message == "srtp: expected keys of 44 bytes for AEAD_AES_256_GCM, found 30");
}
