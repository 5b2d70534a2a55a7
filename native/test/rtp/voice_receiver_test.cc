#include "dashvoip/rtp/voice_receiver.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "codec/speech_like.h"

namespace dashvoip {
namespace {

constexpr std::int64_t kMs = 1000000;
constexpr std::size_t kFrame = 160;

using Sound = std::vector<std::int16_t>;

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
      if (delay >= 0) arrivals.emplace_back(static_cast<std::int64_t>(n) * 20 * kMs + delay, n);
    }
    std::sort(arrivals.begin(), arrivals.end());
    std::size_t next = 0;
    for (std::size_t slot = 0; slot < frames + 20; ++slot) {
      const std::int64_t now = static_cast<std::int64_t>(slot) * 20 * kMs;
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
    receiver->Put(packet, arrival);
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
  VoiceReceiver receiver(G711Law::kALaw, 200);
  const Sound played = Play(sound, &receiver, [](std::size_t) { return 12 * kMs; });
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
  VoiceReceiver receiver(G711Law::kALaw, 200);
  // Calm, rough for ten seconds, calm again: the buffer grows, then shrinks within the voice.
  const Sound played = Play(sound, &receiver, [&random](std::size_t n) {
    if (random.NextUnit() < 0.02) return std::int64_t{-1};
    const bool rough = n > 500 && n < 1000;
    return static_cast<std::int64_t>(random.NextUnit() * (rough ? 70 : 2) * kMs) + 5 * kMs;
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
  VoiceReceiver receiver(G711Law::kALaw, 200);
  Play(sound, &receiver, [](std::size_t) { return 5 * kMs; });
  std::int16_t out[kFrame] = {1, 2, 3};
  for (int slot = 0; slot < 50; ++slot) receiver.Render((slot + 70) * 20 * kMs, out, kFrame);
  CHECK(test::Energy(out, kFrame) == 0);
  CHECK_FALSE(receiver.Render(3000 * kMs, out, kFrame));
}

TEST_CASE("voice: before anything came there is silence, and a new session starts anew") {
  VoiceReceiver receiver(G711Law::kMuLaw, 200);
  std::int16_t out[kFrame];
  std::fill(out, out + kFrame, std::int16_t{77});
  CHECK_FALSE(receiver.Render(0, out, kFrame));
  CHECK(test::Energy(out, kFrame) == 0);
  receiver.Reset(G711Law::kALaw);
  const Sound sound = test::SpeechLike(8000);
  CHECK(Play(sound, &receiver, [](std::size_t) { return 5 * kMs; }).size() >= 8000);
}

}  // namespace
}  // namespace dashvoip
