#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "codec/coders.h"
#include "dashvoip/base/time_units.h"
#include "dashvoip/codec/g722.h"
#include "dashvoip/voice/voice_receiver.h"
#include "voice/speech_like.h"

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;

/** Which codec, at which bus. */
struct Form {
  AudioCodec codec;
  std::uint32_t bus;
};

/**
 * A voice in packets of 20 ms, or of what the codec has, over `way`, which says how long packet `n`
 * is on the way (-1: lost), in order of sending.
 */
template <typename Way>
Sound Play(const Sound& sound, const Form& form, VoiceReceiver* receiver, Way way) {
  const std::uint32_t packet_ms =
      test::PacketMs(kAudioCodecs[static_cast<std::size_t>(form.codec)]);
  const std::size_t frame = form.bus / 50;
  const std::size_t size = packet_ms * form.bus / 1000;
  VoiceCodec encoder(test::MakeCoder(form.codec, form.bus), form.bus);
  VoiceCodec decoder(test::MakeCoder(form.codec, form.bus), form.bus);
  struct Arrival {
    std::int64_t time;
    RtpHeader header;
    std::vector<std::uint8_t> payload;
  };
  std::vector<Arrival> arrivals;
  for (std::size_t n = 0; (n + 1) * size <= sound.size(); ++n) {
    Arrival arrival;
    arrival.payload.resize(encoder.MaxPayload(size));
    arrival.payload.resize(encoder.Encode(&sound[n * size], size, arrival.payload.data()));
    arrival.header.sequence_number = static_cast<std::uint16_t>(n);
    arrival.header.timestamp =
        static_cast<std::uint32_t>(n * encoder.info().clock_rate * packet_ms / 1000);
    const std::int64_t delay = way(n);
    arrival.time = static_cast<std::int64_t>(n * packet_ms) * kNsPerMs + delay;
    if (delay >= 0) arrivals.push_back(arrival);
  }
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const Arrival& a, const Arrival& b) { return a.time < b.time; });
  Sound played;
  std::size_t next = 0;
  for (std::int64_t now = 0; next < arrivals.size(); now += 20 * kNsPerMs) {
    for (; next < arrivals.size() && arrivals[next].time <= now; ++next) {
      RtpPacket packet;
      packet.header = arrivals[next].header;
      packet.payload = arrivals[next].payload.data();
      packet.payload_size = arrivals[next].payload.size();
      receiver->Put(packet, &decoder, arrivals[next].time);
    }
    Sound out(frame);
    if (receiver->Render(now, out.data(), frame)) {
      played.insert(played.end(), out.begin(), out.end());
    }
  }
  receiver->Reset();
  return played;
}

TEST_CASE("voice: a codec with a memory gives back what its decoder makes of an even stream") {
  const Sound sound = test::SpeechLike(80000, 16000);
  VoiceReceiver receiver(16000, 200);
  const Sound played =
      Play(sound, {AudioCodec::kG722, 16000}, &receiver, [](std::size_t) { return 12 * kNsPerMs; });
  std::vector<std::uint8_t> payload(sound.size() / 2);
  G722Encoder().Encode(sound.data(), sound.size(), payload.data());
  Sound expected(sound.size());
  G722Decoder().Decode(payload.data(), payload.size(), expected.data());
  REQUIRE(played.size() + 640 >= expected.size());
  int wrong = 0;
  for (std::size_t i = 160; i < played.size(); ++i) {
    if (played[i] != expected[i]) ++wrong;
  }
  CHECK(wrong == 0);
}

/** Predicts, by more than G.722 does: G.726, and what models a voice. */
bool IsAdaptive(const AudioCodecInfo& info) {
  return info.module != nullptr || std::string(info.name).find("G726") != std::string::npos;
}

TEST_CASE(
    "voice: any codec on any bus survives jitter, loss and changes of depth without a click") {
  for (const std::uint32_t bus : {8000u, 16000u, 48000u}) {
    const Sound sound = test::SpeechLike(bus * 30, bus);
    const int natural = test::LargestStep(sound.data(), sound.size());
    for (const AudioCodecInfo& info : kAudioCodecs) {
      // What follows the step of the sound loses it with a packet: see below.
      if (IsAdaptive(info) || info.id == AudioCodec::kL168) continue;
      const std::string name = info.name;
      CAPTURE(name);
      CAPTURE(bus);
      SeededRandom random(6);
      VoiceReceiver receiver(bus, 200);
      const Sound played = Play(sound, {info.id, bus}, &receiver, [&random](std::size_t n) {
        if (random.NextUnit() < 0.02) return std::int64_t{-1};
        const bool rough = n > 100 && n < 400;
        return static_cast<std::int64_t>(random.NextUnit() * (rough ? 70 : 2) * kNsPerMs) +
               5 * kNsPerMs;
      });
      const JitterBufferSnapshot s = receiver.Snapshot();
      CHECK(s.removed > 0);
      CHECK(s.concealed > 0);
      CHECK(s.restarts == 0);
      CHECK(s.received == s.played + s.discarded + s.removed + s.late + s.duplicate + s.buffered);
      CHECK(test::LargestStep(played.data(), played.size()) < natural * 3 / 2);
      const double energy = test::Energy(sound.data(), sound.size()) / sound.size();
      CHECK(test::Energy(played.data(), played.size()) / played.size() > 0.85 * energy);
    }
  }
}

TEST_CASE("voice: codecs that follow the sound survive jitter, loss and changes of depth") {
  const Sound sound = test::SpeechLike(16000 * 4, 16000);
  for (const AudioCodecInfo& info : kAudioCodecs) {
    if (!IsAdaptive(info) || !test::Coders().Has(info.id)) continue;
    const std::string name = info.name;
    CAPTURE(name);
    SeededRandom random(6);
    VoiceReceiver receiver(16000, 200);
    const Sound played = Play(sound, {info.id, 16000}, &receiver, [&random](std::size_t n) {
      if (random.NextUnit() < 0.02) return std::int64_t{-1};
      const bool rough = n > 30 && n < 80;
      return static_cast<std::int64_t>(random.NextUnit() * (rough ? 70 : 2) * kNsPerMs) +
             5 * kNsPerMs;
    });
    const JitterBufferSnapshot s = receiver.Snapshot();
    CHECK(s.concealed > 0);
    CHECK(s.restarts == 0);
    CHECK(s.received == s.played + s.discarded + s.removed + s.late + s.duplicate + s.buffered);
    CHECK(receiver.damaged() == 0);
    const double energy = test::Energy(sound.data(), sound.size()) / sound.size();
    CHECK(test::Energy(played.data(), played.size()) / played.size() > 0.3 * energy);
    CHECK(test::Energy(played.data(), played.size()) / played.size() < 3 * energy);
  }
}

/** Decodes as G.711 does, and has something of its own for a loss: a straight line. */
class LineCodec : public AudioCoder {
 public:
  LineCodec() : AudioCoder(AudioCodec::kPcma) {}
  std::size_t Encode(const std::int16_t*, std::size_t, std::uint8_t*) noexcept override {
    return 0;
  }
  std::size_t MaxPayload(std::size_t count) const noexcept override { return count; }
  std::size_t SamplesIn(const std::uint8_t*, std::size_t size) const noexcept override {
    return size % 2 == 0 ? size : 0;
  }
  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    order.push_back(payload[0]);
    std::fill(out, out + size, std::int16_t{1000});
    return payload[0] != '?';
  }
  bool Recover(const std::uint8_t* payload, std::size_t, std::int16_t* out,
               std::size_t count) noexcept override {
    order.push_back('+');
    order.push_back(payload[0]);
    std::fill(out, out + count, std::int16_t{888});
    return true;
  }
  bool Conceal(std::int16_t* out, std::size_t count) noexcept override {
    order.push_back('-');
    std::fill(out, out + count, std::int16_t{777});
    return true;
  }
  bool EndsInNoise(const std::uint8_t* payload, std::size_t) const noexcept override {
    return payload[0] == '~';
  }
  void ResetDecoder() noexcept override { order.push_back('|'); }

  std::string order;
};

/** A far end whose packets are letters. */
class Letters {
 public:
  void Send(char letter, std::size_t size = 160) {
    const std::vector<std::uint8_t> payload(size, static_cast<std::uint8_t>(letter));
    RtpPacket packet;
    packet.header = header;
    packet.payload = payload.data();
    packet.payload_size = size;
    receiver.Put(packet, &codec, now);
  }
  void Next(std::uint32_t samples = 160) {
    ++header.sequence_number;
    header.timestamp += samples;
  }
  /** A slot of two packets; `-` is lost. */
  void HearHalves(const char* two) {
    for (const char* letter = two; *letter != 0; ++letter) {
      if (*letter != '-') Send(*letter, 80);
      Next(80);
    }
    Hear();
  }
  void Hear() { HearOne(); }
  bool HearOne() {
    now += 20 * kNsPerMs;
    return receiver.Render(now, out, 160);
  }

  LineCodec* line = new LineCodec;
  VoiceCodec codec{std::unique_ptr<AudioCoder>(line), 8000};
  VoiceReceiver receiver{8000, 200};
  RtpHeader header;
  std::int64_t now = 1000 * kNsPerMs;
  std::int16_t out[160] = {};
};

TEST_CASE("voice: packets are decoded once, in order of play, and a loss is the codec's own") {
  Letters letters;
  for (const char letter : std::string("abc-de")) {
    if (letter != '-') letters.Send(letter);
    letters.Next();
    letters.Hear();
  }
  letters.Hear();
  CHECK(letters.line->order.substr(0, 7) == "|abc-de");
  CHECK(letters.out[100] == 777);
  // Another source: what the decoder knows is not of this one.
  letters.header.ssrc = 9;
  letters.Send('x');
  letters.Hear();
  letters.Hear();
  CHECK(letters.line->order.find("|x") != std::string::npos);
}

TEST_CASE("voice: packets are decoded once, though each is played in two slots") {
  Letters letters;
  for (const char letter : std::string("abc")) {
    letters.Send(letter, 320);
    letters.Next(320);
    letters.Hear();
    letters.Hear();
  }
  CHECK(letters.line->order == "|abc");
}

TEST_CASE("voice: what was lost is taken from the packet behind it, and decoded before that") {
  Letters letters;
  // Packets of half a slot, so that the next one is there. Of two in a row nothing is left.
  letters.HearHalves("ab");
  letters.HearHalves("-c");
  CHECK(letters.out[40] == 888);
  CHECK(letters.out[120] == 1000);
  letters.HearHalves("--");
  CHECK(letters.out[40] == 777);
  letters.HearHalves("de");
  CHECK(letters.line->order == "|ab+cc--de");
}

TEST_CASE("voice: noise that a codec has of its own goes on in a pause, until there is sound") {
  Letters letters;
  letters.HearHalves("ab");
  letters.HearHalves("c~");
  const std::uint64_t noise = letters.receiver.noise();
  // Beyond the half second behind which no loss is concealed.
  bool heard = true;
  for (int slot = 0; slot < 60; ++slot) {
    heard = heard && letters.HearOne();
    letters.header.timestamp += 160;
  }
  CHECK(heard);
  CHECK(letters.out[100] == 777);
  CHECK(letters.receiver.noise() > noise + 30 * 160);
  letters.HearHalves("de");
  letters.HearHalves("fg");
  CHECK(letters.out[100] == 1000);
  for (int slot = 0; slot < 60; ++slot) heard = letters.HearOne();
  CHECK_FALSE(heard);
}

TEST_CASE("voice: a pause without noise fades, and is told as one") {
  Letters letters;
  letters.HearHalves("ab");
  letters.HearHalves("cd");
  bool heard = true;
  for (int slot = 0; slot < 60; ++slot) heard = letters.HearOne();
  CHECK_FALSE(heard);
  CHECK(letters.receiver.noise() == 0);
}

TEST_CASE("voice: a packet that its codec cannot read is as good as lost, and counted") {
  Letters letters;
  letters.HearHalves("ab");
  letters.HearHalves("?c");
  CHECK(letters.out[40] == 888);
  CHECK(letters.out[120] == 1000);
  CHECK(letters.line->order == "|ab?+cc");
  CHECK(letters.receiver.damaged() == 1);
}

TEST_CASE("voice: a payload that is none of the codec's is not played") {
  Letters letters;
  letters.Send('a', 161);
  letters.Hear();
  CHECK(letters.receiver.Snapshot().received == 0);
  CHECK(letters.receiver.damaged() == 1);
  CHECK(letters.line->order.empty());
}

}  // namespace
}  // namespace dashvoip
