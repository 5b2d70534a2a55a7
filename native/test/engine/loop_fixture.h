#ifndef DASHVOIP_TEST_ENGINE_LOOP_FIXTURE_H_
#define DASHVOIP_TEST_ENGINE_LOOP_FIXTURE_H_

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "codec/coders.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/realtime_section.h"
#include "dashvoip/codec/g711.h"
#include "dashvoip/engine/media_loop.h"
#include "test_peer.h"

namespace dashvoip {
namespace test {

class LoopMicrophone : public AudioSource {
 public:
  void SetActive(bool) override {}
  bool Pull(std::int16_t* out, std::size_t count) noexcept override {
    marked.store(RealtimeMark::IsUp());
    slots.fetch_add(1);
    const int stall = stall_ms.exchange(0);
    if (stall > 0) std::this_thread::sleep_for(std::chrono::milliseconds(stall));
    // Each block has a sound of its own while they are told apart.
    const int block = numbered.load() ? ++pulled : 0;
    const auto code = static_cast<std::uint8_t>(block % 128 | 0x80);
    std::fill(out, out + count, block > 0 ? LinearFromALaw(code) : std::int16_t{1000});
    return true;
  }
  DeviceSnapshot Status() const override { return DeviceSnapshot(); }

  std::atomic<int> stall_ms{0};
  std::atomic<bool> numbered{false};
  std::atomic<int> slots{0};
  std::atomic<bool> marked{false};  // as a real-time thread behind its set-up
  int pulled = 0;                   // the loop's
};

class LoopSpeaker : public AudioSink {
 public:
  void SetActive(bool) override {}
  void Push(const std::int16_t* samples, std::size_t count) noexcept override {
    loudest.store(*std::max_element(samples, samples + count));
    if (count != 160) odd_blocks.fetch_add(1);
    blocks.fetch_add(1);
  }
  DeviceSnapshot Status() const override { return DeviceSnapshot(); }

  std::atomic<int> loudest{0};
  std::atomic<int> blocks{0};
  std::atomic<int> odd_blocks{0};
};

inline SessionSettings SettingsTo(const Peer& peer, const Peer& rtcp_peer, Direction direction) {
  AudioStreamSettings audio;
  audio.payload_type = 8;
  audio.receive.Add({8, AudioCodec::kPcma});
  audio.direction = direction;
  audio.ptime_ms = 20;
  audio.remote = RemoteAt(peer.port(), rtcp_peer.port());
  SessionSettings settings;
  settings.audio = audio;
  return settings;
}

/** A loop on an ordinary thread, with sessions whose far ends are plain sockets. */
struct LoopFixture {
  struct Call {
    std::uint16_t port = 0;
    std::uint16_t video_port = 0;
    std::unique_ptr<Session> session;
    Peer peer;
    Peer rtcp_peer;
    Peer video_peer;
    std::uint16_t sequence = 0;

    void Say(std::int16_t sample) {
      const Bytes sound(160, ALawFromLinear(sample));
      peer.SendTo(port, RtpDatagram(8, sequence, sequence * 160U, sound));
      ++sequence;
    }
  };

  LoopFixture()
      : outbox(4),
        wake(std::make_shared<WakeWord>()),
        pictures(16, 65536, wake),
        loop({&microphone, &speaker, &pictures, &outbox, wake}, 4) {}
  ~LoopFixture() {
    Order(MediaCommand::Kind::kQuit, nullptr);
    if (thread.joinable()) thread.join();
  }

  void Run() {
    thread = std::thread([this] { loop.Run(); });
  }
  std::unique_ptr<Call> Begin(Direction direction) {
    std::unique_ptr<Call> call(new Call);
    StreamSetup setup;
    setup.cname = "loop@test";
    setup.family = AF_INET;
    setup.jitter_buffer_max_ms = 200;
    setup.max_video_payload = 1200;
    setup.seed = 77;
    SocketPair audio = BindPair();
    std::unique_ptr<SocketPair> video(new SocketPair(BindPair()));
    call->port = audio.rtp_port;
    call->video_port = video->rtp_port;
    call->session.reset(new Session(1, std::move(audio), std::move(video), setup));
    Order(MediaCommand::Kind::kOpen, call->session.get());
    Configure(*call, SettingsTo(call->peer, call->rtcp_peer, direction));
    return call;
  }
  bool Configure(const Call& call, const SessionSettings& settings) {
    std::string error;
    REQUIRE(call.session->Prepare(settings, &test::Coders(), &error));
    return loop.Post({MediaCommand::Kind::kConfigure, call.session.get(), MonotonicNs(), settings});
  }
  /** Sound as it is, and pictures. */
  void SendPictures(const Call& call, Direction sound) {
    SessionSettings settings = SettingsTo(call.peer, call.rtcp_peer, sound);
    VideoStreamSettings video;
    video.payload_type = 96;
    video.packetization_mode = 1;
    video.direction = Direction::kSendOnly;
    video.remote = RemoteAt(call.video_peer.port(), call.rtcp_peer.port());
    settings.video = video;
    Configure(call, settings);
  }
  /** The camera's next picture. */
  bool Shoot(bool is_key = true) {
    const Bytes delta{0, 0, 0, 1, 0x41, 0x9a, 0x77, 0x77};
    const Bytes key{0, 0, 0,    1,    0x67, 0x42, 0xc0, 0x0a, 0xda, 0x11, 0x2c, 0x80, 0,    0,
                    0, 1, 0x68, 0xce, 0x38, 0x80, 0,    0,    0,    1,    0x65, 0x77, 0x77, 0x77};
    AccessUnit unit;
    unit.pts = pts += 3000;
    unit.timescale = 90000;
    unit.frame_ticks = 3000;
    unit.key_frame = is_key;
    const Bytes& picture = is_key ? key : delta;
    unit.size = static_cast<std::uint32_t>(picture.size());
    return pictures.Push(unit, picture.data());
  }
  bool Order(MediaCommand::Kind kind, Session* session) {
    return loop.Post({kind, session, 0, SessionSettings()});
  }

  LoopMicrophone microphone;
  LoopSpeaker speaker;
  Outbox outbox;
  const std::shared_ptr<WakeWord> wake;
  AccessUnitQueue pictures;
  MediaLoop loop;
  std::thread thread;
  std::uint64_t pts = 0;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_ENGINE_LOOP_FIXTURE_H_
