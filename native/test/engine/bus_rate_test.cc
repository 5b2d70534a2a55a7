#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <thread>
#include <vector>

#include "codec/coders.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/codec/audio_coder.h"
#include "dashvoip/engine/media_loop.h"
#include "test_peer.h"

using namespace dashvoip;        // NOLINT: a test of the sound's way through the whole
using namespace dashvoip::test;  // NOLINT

namespace {

using Sound = std::vector<std::int16_t>;

constexpr double kTwoPi = 6.283185307179586;
constexpr double kHeight = 8000;

/** A sine that goes on from block to block. */
class Tone {
 public:
  Tone(double hz, double rate) : step_(kTwoPi * hz / rate) {}
  void Fill(std::int16_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, ++at_) {
      out[i] = static_cast<std::int16_t>(kHeight * std::sin(step_ * static_cast<double>(at_)));
    }
  }

 private:
  const double step_;
  std::uint64_t at_ = 0;
};

/** What a sound is made of, as heights of sines: of that of `hz`, and of all else. */
struct Parts {
  double tone;
  double rest;
};

Parts PartsOf(const std::int16_t* sound, std::size_t count, double hz, double rate) {
  double re = 0;
  double im = 0;
  double power = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double phase = kTwoPi * hz / rate * static_cast<double>(i);
    re += sound[i] * std::cos(phase);
    im += sound[i] * std::sin(phase);
    power += 1.0 * sound[i] * sound[i];
  }
  const double n = static_cast<double>(count);
  const double tone = 2 * std::sqrt(re * re + im * im) / n;
  return {tone, std::sqrt(std::max(0.0, 2 * power / n - tone * tone))};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/** Of blocks of 20 ms the median one: on a busy machine some have a gap. */
Parts PartsOf(const Sound& sound, double hz, double rate) {
  const auto block = static_cast<std::size_t>(rate / 50);
  std::vector<double> tones;
  std::vector<double> rests;
  for (std::size_t at = 0; at + block <= sound.size(); at += block) {
    const Parts parts = PartsOf(&sound[at], block, hz, rate);
    tones.push_back(parts.tone);
    rests.push_back(parts.rest);
  }
  return {Median(tones), Median(rests)};
}

class ToneMicrophone : public AudioSource {
 public:
  ToneMicrophone(double hz, double rate) : tone_(hz, rate) {}
  void SetActive(bool) override {}
  bool Pull(std::int16_t* out, std::size_t count) noexcept override {
    tone_.Fill(out, count);
    return true;
  }
  DeviceSnapshot Status() const override { return DeviceSnapshot(); }

 private:
  Tone tone_;
};

/** Keeps the sound of a second, once it is asked to. */
class Recorder : public AudioSink {
 public:
  explicit Recorder(std::uint32_t rate) : sound_(rate) {}
  void SetActive(bool) override {}
  void Push(const std::int16_t* samples, std::size_t count) noexcept override {
    block.store(count);
    if (!wanted.load() || filled.load()) return;
    for (std::size_t i = 0; i < count && at_ < sound_.size(); ++i) sound_[at_++] = samples[i];
    if (at_ == sound_.size()) filled.store(true);
  }
  DeviceSnapshot Status() const override { return DeviceSnapshot(); }
  /** Once filled. */
  const Sound& sound() const { return sound_; }

  std::atomic<std::size_t> block{0};
  std::atomic<bool> wanted{false};
  std::atomic<bool> filled{false};

 private:
  Sound sound_;
  std::size_t at_ = 0;
};

/** A media loop whose bus has one rate, and one call in a codec of another or the same. */
struct Rig {
  Rig(std::uint32_t bus, double microphone_hz)
      : bus_rate(bus),
        microphone(microphone_hz, bus),
        speaker(bus),
        outbox(2),
        wake(std::make_shared<WakeWord>()),
        loop({&microphone, &speaker, nullptr, &outbox, wake, bus}, 2) {}
  ~Rig() {
    loop.Post({MediaCommand::Kind::kQuit, nullptr, 0, SessionSettings()});
    thread.join();
  }

  void Begin(AudioCodec codec, std::uint8_t payload_type) {
    StreamSetup setup;
    setup.cname = "bus@test";
    setup.family = AF_INET;
    setup.jitter_buffer_max_ms = 200;
    setup.bus_rate_hz = bus_rate;
    setup.seed = 5;
    SocketPair pair = BindPair();
    port = pair.rtp_port;
    session.reset(new Session(1, std::move(pair), nullptr, setup));
    AudioStreamSettings audio;
    audio.codec = codec;
    audio.payload_type = payload_type;
    audio.receive.Add({payload_type, codec});
    audio.direction = Direction::kSendRecv;
    audio.ptime_ms = 20;
    audio.remote = RemoteAt(peer.port(), peer.port());
    SessionSettings settings;
    settings.audio = audio;
    thread = std::thread([this] { loop.Run(); });
    loop.Post({MediaCommand::Kind::kOpen, session.get(), 0, SessionSettings()});
    std::string error;
    REQUIRE(session->Prepare(settings, &test::Coders(), &error));
    loop.Post({MediaCommand::Kind::kConfigure, session.get(), MonotonicNs(), settings});
  }

  const std::uint32_t bus_rate;
  ToneMicrophone microphone;
  Recorder speaker;
  Outbox outbox;
  const std::shared_ptr<WakeWord> wake;
  MediaLoop loop;
  std::unique_ptr<Session> session;
  Peer peer;
  std::uint16_t port = 0;
  std::thread thread;
};

struct Case {
  std::uint32_t bus;
  AudioCodec codec;
  std::uint8_t payload_type;
  double hz;    // of the tone
  bool passed;  // or kept out
};

// 5 kHz is heard where bus and codec are wide; the resampler keeps it out where one is not.
constexpr Case kCases[] = {
    {16000, AudioCodec::kG722, 9, 1000, true}, {16000, AudioCodec::kG722, 9, 5000, true},
    {16000, AudioCodec::kPcma, 8, 1000, true}, {16000, AudioCodec::kPcma, 8, 5000, false},
    {8000, AudioCodec::kG722, 9, 1000, true},  {8000, AudioCodec::kPcma, 8, 1000, true},
};

void CheckTone(const Sound& sound, const Case& it, double rate) {
  const Parts parts = PartsOf(sound, it.hz, rate);
  CAPTURE(parts.tone);
  CAPTURE(parts.rest);
  if (!it.passed) {
    // Nor is it heard as another one, folded over.
    CHECK(parts.tone + parts.rest < 0.02 * kHeight);
    return;
  }
  CHECK(parts.tone > 0.89 * kHeight);  // 1 dB
  CHECK(parts.tone < 1.12 * kHeight);
  CHECK(parts.rest < 0.1 * kHeight);
}

}  // namespace

TEST_CASE("bus rate: the microphone's tone leaves in the call's codec, at its height") {
  for (const Case& it : kCases) {
    CAPTURE(it.bus);
    CAPTURE(static_cast<int>(it.payload_type));
    CAPTURE(it.hz);
    Rig rig(it.bus, it.hz);
    rig.Begin(it.codec, it.payload_type);
    const std::unique_ptr<AudioCoder> far_end = BuiltInCoder(it.codec);
    Sound heard;
    // What came to the peer is in order and whole: the packets' numbers are not needed.
    for (int packet = 0; packet < 30; ++packet) {
      const Bytes datagram = rig.peer.Receive();
      if (datagram.size() != kRtpHeaderSize + 160) continue;  // RTCP
      Sound part(far_end->SamplesIn(datagram.data() + kRtpHeaderSize, 160));
      far_end->Decode(datagram.data() + kRtpHeaderSize, 160, part.data());
      // Filters begin with silence.
      if (packet >= 10) heard.insert(heard.end(), part.begin(), part.end());
    }
    const std::uint32_t rate = far_end->info().sample_rate;
    REQUIRE(heard.size() > rate / 4);
    CheckTone(heard, it, rate);
  }
}

TEST_CASE("bus rate: the far end's tone arrives at the speaker, at its height") {
  for (const Case& it : kCases) {
    const std::unique_ptr<AudioCoder> far_end = BuiltInCoder(it.codec);
    const std::uint32_t rate = far_end->info().sample_rate;
    if (it.hz > rate / 2) continue;  // it cannot be said
    CAPTURE(it.bus);
    CAPTURE(static_cast<int>(it.payload_type));
    CAPTURE(it.hz);
    Rig rig(it.bus, 300);
    rig.Begin(it.codec, it.payload_type);
    Tone tone(it.hz, rate);
    Sound frame(rate / 50);
    std::uint16_t number = 0;
    // A packet for each that comes: the loop's own time, whatever the load.
    while (!rig.speaker.filled.load() && number < 200) {
      if (rig.peer.Receive().size() != kRtpHeaderSize + 160) continue;
      tone.Fill(frame.data(), frame.size());
      Bytes payload(far_end->MaxPayload(frame.size()));
      payload.resize(far_end->Encode(frame.data(), frame.size(), payload.data()));
      rig.peer.SendTo(rig.port, RtpDatagram(it.payload_type, number, number * 160U, payload));
      // The jitter buffer has found its depth.
      if (++number == 50) rig.speaker.wanted.store(true);
    }
    REQUIRE(rig.speaker.filled.load());
    CHECK(rig.speaker.block.load() == it.bus / 50);
    CheckTone(rig.speaker.sound(), it, it.bus);
  }
}
