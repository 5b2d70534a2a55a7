#include "dashvoip/voice/voice_receiver.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "dashvoip/base/time_units.h"
#include "dashvoip/codec/g711.h"
#include "voice/speech_like.h"

namespace dashvoip {
namespace {

constexpr std::size_t kFrame = 160;

using Sound = std::vector<std::int16_t>;

// Without a memory: they serve all.
VoiceCodec* Pcma() {
  static VoiceCodec codec(BuiltInCoder(AudioCodec::kPcma), 8000);
  return &codec;
}
VoiceCodec* Pcmu() {
  static VoiceCodec codec(BuiltInCoder(AudioCodec::kPcmu), 8000);
  return &codec;
}

// A voice that is sent in packets of 20 ms over a way of its own for each packet, and played.
template <typename Way>
class Call {
 public:
  Call(const Sound& sound, Way way) : sound_(sound), way_(way) {}

  Sound Play(VoiceReceiver* receiver) {
    Sound played;
    const std::size_t frames = sound_.size() / kFrame;
    std::vector<std::pair<std::int64_t, std::size_t>> arrivals;
    for (std::size_t n = 0; n < frames; ++n) {
      const std::int64_t delay = way_(n);
      if (delay >= 0)
        arrivals.emplace_back(static_cast<std::int64_t>(n) * 20 * kNsPerMs + delay, n);
    }
    std::sort(arrivals.begin(), arrivals.end());
    std::size_t next = 0;
    for (std::size_t slot = 0; slot < frames + 20; ++slot) {
      const std::int64_t now = static_cast<std::int64_t>(slot) * 20 * kNsPerMs;
      for (; next < arrivals.size() && arrivals[next].first <= now; ++next) {
        Arrive(receiver, arrivals[next].second, arrivals[next].first);
      }
      std::int16_t out[kFrame];
      if (receiver->Render(now, out, kFrame)) played.insert(played.end(), out, out + kFrame);
    }
    return played;
  }

 private:
  void Arrive(VoiceReceiver* receiver, std::size_t n, std::int64_t arrival) {
    std::uint8_t payload[kFrame];
    G711Encode(G711Law::kALaw, sound_.data() + n * kFrame, kFrame, payload);
    RtpPacket packet;
    packet.header.sequence_number = static_cast<std::uint16_t>(n);
    packet.header.timestamp = static_cast<std::uint32_t>(n * kFrame);
    packet.payload = payload;
    packet.payload_size = kFrame;
    receiver->Put(packet, Pcma(), arrival);
  }

  const Sound& sound_;
  Way way_;
};

template <typename Way>
Sound Play(const Sound& sound, VoiceReceiver* receiver, Way way) {
  return Call<Way>(sound, way).Play(receiver);
}

TEST_CASE("voice: an even network gives back what the codec makes of it, sample for sample") {
  const Sound sound = test::SpeechLike(80000);
  VoiceReceiver receiver(8000, 200);
  const Sound played = Play(sound, &receiver, [](std::size_t) { return 12 * kNsPerMs; });
  REQUIRE(played.size() >= sound.size());
  int wrong = 0;
  // The first 10 ms are faded in from silence.
  for (std::size_t i = 80; i < sound.size(); ++i) {
    if (played[i] != LinearFromALaw(ALawFromLinear(sound[i]))) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("voice: jitter, loss and changes of depth leave no click") {
  const Sound sound = test::SpeechLike(8000 * 40);
  const int natural = test::LargestStep(sound.data(), sound.size());
  SeededRandom random(6);
  VoiceReceiver receiver(8000, 200);
  // Calm, rough for ten seconds, calm again: the buffer grows, then shrinks within the voice.
  const Sound played = Play(sound, &receiver, [&random](std::size_t n) {
    if (random.NextUnit() < 0.02) return std::int64_t{-1};
    const bool rough = n > 500 && n < 1000;
    return static_cast<std::int64_t>(random.NextUnit() * (rough ? 70 : 2) * kNsPerMs) +
           5 * kNsPerMs;
  });
  const JitterBufferSnapshot s = receiver.Snapshot();
  CHECK(s.removed > 0);
  CHECK(s.concealed > 0);
  CHECK(test::LargestStep(played.data(), played.size()) < natural * 3 / 2);
  const double energy = test::Energy(sound.data(), sound.size()) / sound.size();
  CHECK(test::Energy(played.data(), played.size()) / played.size() > 0.85 * energy);
}

TEST_CASE("voice: what was heard last fades when the sender stops") {
  const Sound sound = test::SpeechLike(8000);
  VoiceReceiver receiver(8000, 200);
  Play(sound, &receiver, [](std::size_t) { return 5 * kNsPerMs; });
  std::int16_t out[kFrame] = {1, 2, 3};
  for (int slot = 0; slot < 50; ++slot) receiver.Render((slot + 70) * 20 * kNsPerMs, out, kFrame);
  CHECK(test::Energy(out, kFrame) == 0);
  CHECK_FALSE(receiver.Render(3000 * kNsPerMs, out, kFrame));
}

/** A far end packet by packet, on an even way. */
class Talker {
 public:
  explicit Talker(VoiceReceiver* receiver) : receiver_(receiver) {}

  /** 20 ms of a tone in either law. */
  void Speak(G711Law law = G711Law::kALaw) {
    std::int16_t sound[kFrame];
    for (std::size_t i = 0; i < kFrame; ++i) {
      sound[i] = static_cast<std::int16_t>((tone_++ % 40 < 20 ? 1 : -1) * 4000);
    }
    std::uint8_t payload[kFrame];
    G711Encode(law, sound, kFrame, payload);
    RtpPacket packet = Next(payload, kFrame);
    receiver_->Put(packet, law == G711Law::kALaw ? Pcma() : Pcmu(), now_);
    header.timestamp += kFrame;
    Hear();
  }
  void SendNoise(std::uint8_t level) {
    receiver_->PutNoise(Next(&level, 1), 8000, now_);
    header.timestamp += kFrame;
    Hear();
  }
  /** A key held for `ms`, told every `step` ms. */
  void Press(int ms, int step) {
    for (int held = 20; held <= ms; held += 20) {
      if (held % step == 0) {
        ++header.sequence_number;
        receiver_->PutEvent(header, static_cast<std::uint32_t>(held * 8), 8000);
      }
      Hear();
    }
    header.timestamp += static_cast<std::uint32_t>(ms * 8);
  }
  /** Nothing is sent; the sender's clock runs on. */
  void Pause(int frames) {
    for (int i = 0; i < frames; ++i, header.timestamp += kFrame) Hear();
  }
  void Hear() {
    now_ += 20 * kNsPerMs;
    heard = receiver_->Render(now_, out, kFrame);
  }
  double Level() const { return std::sqrt(test::Energy(out, kFrame) / kFrame); }

  RtpHeader header;
  std::int16_t out[kFrame] = {};
  bool heard = false;

 private:
  RtpPacket Next(const std::uint8_t* payload, std::size_t size) {
    RtpPacket packet;
    ++header.sequence_number;
    packet.header = header;
    packet.payload = payload;
    packet.payload_size = size;
    return packet;
  }

  VoiceReceiver* receiver_;
  std::int64_t now_ = 1000 * kNsPerMs;
  int tone_ = 0;
};

TEST_CASE("voice: the law may change with any packet, and nothing is missing") {
  VoiceReceiver receiver(8000, 200);
  Talker talker(&receiver);
  for (int i = 0; i < 300; ++i) {
    talker.Speak(i / 7 % 2 == 0 ? G711Law::kALaw : G711Law::kMuLaw);
    if (i < 2) continue;
    // A byte of one law read by the other would be far from this.
    for (const std::int16_t sample : talker.out) REQUIRE(std::abs(std::abs(sample) - 4000) < 130);
  }
  const JitterBufferSnapshot s = receiver.Snapshot();
  CHECK(s.concealed == 0);
  CHECK(s.discarded == 0);
  CHECK(s.restarts == 0);
}

TEST_CASE("voice: comfort noise fills the pauses, and is neither loss nor speech") {
  VoiceReceiver receiver(8000, 200);
  Talker talker(&receiver);
  for (int i = 0; i < 50; ++i) talker.Speak();
  for (int pause = 0; pause < 3; ++pause) {
    talker.SendNoise(46);  // 164 of 32767
    talker.Pause(3);
    for (int i = 0; i < 40; ++i) {
      talker.Pause(1);
      CHECK(talker.heard);
      CHECK(talker.Level() > 80);
      CHECK(talker.Level() < 330);
      if (i % 10 == 9) talker.SendNoise(46);
    }
    for (int i = 0; i < 20; ++i) talker.Speak();
    CHECK(talker.Level() > 3000);
  }
  const JitterBufferSnapshot s = receiver.Snapshot();
  CHECK(s.concealed == 0);
  CHECK(s.late_packets == 0);
  CHECK(s.depth == kFrame);
  CHECK(s.played == 110 * kFrame);
  CHECK(receiver.noise() >= 120 * kFrame);
}

TEST_CASE("voice: a key takes the place of sound, without loss and without delay") {
  for (const int step : {20, 40, 60}) {
    CAPTURE(step);
    VoiceReceiver receiver(8000, 200);
    Talker talker(&receiver);
    for (int i = 0; i < 50; ++i) talker.Speak();
    for (int key = 0; key < 5; ++key) {
      talker.Press(240, step);
      CHECK(talker.Level() < 100);
      for (int i = 0; i < 20; ++i) talker.Speak();
      CHECK(talker.Level() > 3000);
    }
    const JitterBufferSnapshot s = receiver.Snapshot();
    // What plays before the first packet of a key has come.
    CHECK(s.concealed <= 5u * static_cast<unsigned>(step) * 8);
    CHECK(s.depth == kFrame);
    CHECK(s.restarts == 0);
    CHECK(s.played == 150 * kFrame);
  }
}

TEST_CASE("voice: sound that goes on beside a key is heard") {
  VoiceReceiver receiver(8000, 200);
  Talker talker(&receiver);
  for (int i = 0; i < 20; ++i) talker.Speak();
  const std::uint32_t begin = talker.header.timestamp;
  for (std::uint32_t i = 1; i <= 20; ++i) {
    RtpHeader key = talker.header;
    key.timestamp = begin;
    receiver.PutEvent(key, i * kFrame, 8000);
    talker.Speak();
    CHECK(talker.Level() > 3000);
  }
  CHECK(receiver.Snapshot().concealed == 0);
  CHECK(receiver.Snapshot().restarts == 0);
}

TEST_CASE("voice: a sender whose timestamps do not count samples is heard") {
  for (const std::uint32_t step : {320u, 20u, 0u, 157u, 163u}) {
    CAPTURE(step);
    VoiceReceiver receiver(8000, 200);
    Talker talker(&receiver);
    for (int i = 0; i < 50; ++i) {
      talker.Speak();
      talker.header.timestamp += step - kFrame;
    }
    const std::uint64_t before = receiver.Snapshot().played;
    for (int i = 0; i < 100; ++i) {
      talker.Speak();
      talker.header.timestamp += step - kFrame;
    }
    CHECK(receiver.Snapshot().played - before == 100 * kFrame);
  }
}

TEST_CASE("voice: before anything came there is silence, and a new session starts anew") {
  VoiceReceiver receiver(8000, 200);
  std::int16_t out[kFrame];
  std::fill(out, out + kFrame, std::int16_t{77});
  CHECK_FALSE(receiver.Render(0, out, kFrame));
  CHECK(test::Energy(out, kFrame) == 0);
  receiver.Reset();
  const Sound sound = test::SpeechLike(8000);
  CHECK(Play(sound, &receiver, [](std::size_t) { return 5 * kNsPerMs; }).size() >= 8000);
}

}  // namespace
}  // namespace dashvoip
