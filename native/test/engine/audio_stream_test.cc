// Shows RFC 3389.

#include "dashvoip/engine/audio_stream.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "codec/coders.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/random_source.h"
#include "dashvoip/codec/g711.h"
#include "test_peer.h"
#include "voice/speech_like.h"

using namespace dashvoip;        // NOLINT: a test of one part
using namespace dashvoip::test;  // NOLINT

namespace {

constexpr std::int64_t kSlot = 20 * kNsPerMs;
constexpr std::size_t kSlotSamples = 160;

struct Fixture {
  Fixture() : Fixture(8000) {}
  explicit Fixture(std::uint32_t bus_rate_hz) : Fixture(BindPair(), Setup(bus_rate_hz)) {}
  Fixture(SocketPair pair, const StreamSetup& setup)
      : port(pair.rtp_port), stream(std::move(pair), setup, &random), batch(new DatagramBatch) {
    settings.codec = AudioCodec::kPcma;
    settings.payload_type = 8;
    settings.receive.Add({8, AudioCodec::kPcma});
    settings.direction = Direction::kSendRecv;
    settings.ptime_ms = 20;
    settings.remote = RemoteAt(peer.port(), rtcp_peer.port());
  }

  static StreamSetup Setup(std::uint32_t bus_rate_hz) {
    StreamSetup setup;
    setup.bus_rate_hz = bus_rate_hz;
    setup.cname = "test@localhost";
    setup.family = AF_INET;
    setup.jitter_buffer_max_ms = 200;
    return setup;
  }

  void Configure(Direction direction) {
    settings.direction = direction;
    std::string error;
    REQUIRE(stream.Prepare(settings, &test::Coders(), &error));
    stream.Configure(&settings, now);
  }
  void SendSlot(std::size_t samples = kSlotSamples) {
    stream.Send(pcm.data(), samples, true, now);
    now += static_cast<std::int64_t>(samples) * 125 * kNsPerUs;
  }
  RtpHeader Next() { return Parse(last = peer.Receive()).header; }
  void Drain() { stream.Drain(batch.get(), MonotonicNs()); }

  SeededRandom random{5};
  std::uint16_t port;
  AudioStream stream;
  std::unique_ptr<DatagramBatch> batch;
  AudioStreamSettings settings;
  Peer peer;
  Peer rtcp_peer;
  std::int64_t now = MonotonicNs();
  std::array<std::int16_t, 480> pcm{};
  Bytes last;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "AudioStream: one packet a slot, timestamps count samples") {
  Configure(Direction::kSendRecv);
  SendSlot();
  SendSlot();
  const RtpHeader first = Next();
  CHECK(last.size() == 172);
  CHECK(last[12] == 0xd5);  // A-law silence
  const RtpHeader second = Next();
  CHECK(first.marker);
  CHECK_FALSE(second.marker);
  CHECK(first.payload_type == 8);
  CHECK(second.sequence_number == static_cast<std::uint16_t>(first.sequence_number + 1));
  CHECK(second.timestamp == first.timestamp + 160);
  CHECK(second.ssrc == first.ssrc);
  const AudioSnapshot counters = stream.Counters();
  CHECK(counters.sent.packets == 2);
  CHECK(counters.sent.bytes == 320);
  CHECK(counters.sent.ssrc == first.ssrc);
  CHECK(counters.pacing_max_us > 0);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: hold and resume continue source, numbers and clock") {
  Configure(Direction::kSendRecv);
  SendSlot();
  const RtpHeader before = Next();
  Configure(Direction::kInactive);
  CHECK_FALSE(stream.sends());
  CHECK_FALSE(stream.receives());
  now += 99 * kSlot;
  Configure(Direction::kSendRecv);
  SendSlot();
  const RtpHeader after = Next();
  CHECK(after.ssrc == before.ssrc);
  CHECK(after.sequence_number == static_cast<std::uint16_t>(before.sequence_number + 1));
  CHECK(after.timestamp == before.timestamp + 100 * 160);
  CHECK(after.marker);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: the same description again changes nothing on the wire") {
  Configure(Direction::kSendRecv);
  SendSlot();
  Configure(Direction::kSendRecv);
  SendSlot();
  const RtpHeader before = Next();
  const RtpHeader after = Next();
  CHECK(after.timestamp == before.timestamp + 160);
  CHECK_FALSE(after.marker);
}

TEST_CASE_FIXTURE(Fixture,
                  "AudioStream: levels are told of what is sent and heard, and of nothing else") {
  Configure(Direction::kSendOnly);
  CHECK(*stream.Counters().sent_level_dbov == -127);
  CHECK_FALSE(stream.Counters().heard_level_dbov);
  pcm.fill(16384);
  for (int i = 0; i < 50; ++i) SendSlot();
  CHECK(*stream.Counters().sent_level_dbov == doctest::Approx(-6.03).epsilon(0.01));
  Configure(Direction::kRecvOnly);
  CHECK_FALSE(stream.Counters().sent_level_dbov);
  CHECK(*stream.Counters().heard_level_dbov == -127);
  Configure(Direction::kSendRecv);
  CHECK(*stream.Counters().sent_level_dbov == -127);
}

TEST_CASE_FIXTURE(Fixture,
                  "AudioStream: slots slept through leave a gap in time, none in numbers") {
  Configure(Direction::kSendRecv);
  SendSlot();
  stream.NoteSkipped(3);
  now += 3 * kSlot;
  SendSlot();
  const RtpHeader before = Next();
  const RtpHeader after = Next();
  CHECK(after.sequence_number == static_cast<std::uint16_t>(before.sequence_number + 1));
  CHECK(after.timestamp == before.timestamp + 4 * 160);
  CHECK(after.marker);
  CHECK(stream.Counters().skipped_slots == 3);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: packets of other lengths") {
  settings.ptime_ms = 30;
  Configure(Direction::kSendOnly);
  for (int i = 0; i < 6; ++i) SendSlot(80);
  const RtpHeader first = Next();
  CHECK(last.size() == 12 + 240);
  const RtpHeader second = Next();
  CHECK(second.timestamp == first.timestamp + 240);

  settings.ptime_ms = 10;
  Configure(Direction::kSendOnly);
  SendSlot(160);  // the slot in which the change was made is still a long one
  CHECK(Next().timestamp == first.timestamp + 480);
  CHECK(last.size() == 12 + 80);
  CHECK(Next().timestamp == first.timestamp + 560);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: the codec may change in mid-call") {
  Configure(Direction::kSendRecv);
  SendSlot();
  const RtpHeader before = Next();
  settings.codec = AudioCodec::kPcmu;
  settings.payload_type = 0;
  settings.receive.Add({0, AudioCodec::kPcmu});
  Configure(Direction::kSendRecv);
  SendSlot();
  const RtpHeader after = Next();
  CHECK(after.payload_type == 0);
  CHECK(last[12] == 0xff);  // µ-law silence
  CHECK(after.ssrc == before.ssrc);
  CHECK(stream.Counters().codec == AudioCodec::kPcmu);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: every agreed format may come, and no other") {
  settings.receive.Add({0, AudioCodec::kPcmu});
  settings.comfort_noise = std::uint8_t{13};
  settings.telephone_event = std::uint8_t{101};
  Configure(Direction::kSendRecv);
  peer.SendTo(port, RtpDatagram(8, 1, 160));
  peer.SendTo(port, RtpDatagram(0, 2, 320));
  peer.SendTo(port, RtpDatagram(13, 3, 480, Bytes{40}));
  peer.SendTo(port, RtpDatagram(101, 4, 640, Bytes{5, 0x8a, 0x03, 0x20}));
  peer.SendTo(port, RtpDatagram(101, 5, 640, Bytes{5, 0x8a}));
  peer.SendTo(port, RtpDatagram(9, 6, 800));
  Drain();
  const AudioSnapshot counters = stream.Counters();
  CHECK(counters.received.packets == 5);
  CHECK(counters.received.lost == 0);
  CHECK(counters.received.rejected == 2);  // half an event, and type 9
  AudioStream::Key key;
  REQUIRE(stream.TakeKey(MonotonicNs(), &key));
  CHECK(key.digit == '5');
  CHECK(key.duration_ms == 100);
  CHECK_FALSE(stream.TakeKey(MonotonicNs(), &key));
}

namespace {

/** With keys looked for in the sound; the far end presses a 5 for 100 ms. */
struct ToneFixture : Fixture {
  ToneFixture() : Fixture(BindPair(), WithTones()) {}

  static StreamSetup WithTones() {
    StreamSetup setup = Setup(8000);
    setup.tone_digits = true;
    return setup;
  }
  /** @return keys that were told until the sound has been heard. */
  std::string Hear(bool as_event) {
    std::string told;
    std::int64_t slot = MonotonicNs();
    for (std::uint16_t i = 0; i < 40; ++i, slot += kSlot) {
      const bool pressed = i >= 10 && i < 15;
      Bytes sound(160);
      for (std::size_t n = 0; n < 160; ++n) {
        const double t = static_cast<double>(i * 160 + n) / 8000;
        const double value =
            std::sin(2 * 3.14159265358979 * 770 * t) + std::sin(2 * 3.14159265358979 * 1336 * t);
        sound[n] = ALawFromLinear(static_cast<std::int16_t>(pressed ? 6000 * value : 0));
      }
      peer.SendTo(port, RtpDatagram(8, next_++, i * 160U, sound));
      if (pressed && as_event) {
        const auto end = static_cast<std::uint8_t>(i == 14 ? 0x8a : 0x0a);
        peer.SendTo(port, RtpDatagram(101, next_++, 1600, Bytes{5, end, 0x03, 0x20}));
      }
      stream.Drain(batch.get(), slot);
      stream.Render(slot, pcm.data(), kSlotSamples);
      AudioStream::Key key{};
      while (stream.TakeKey(slot, &key)) told += key.digit;
    }
    return told;
  }
  std::uint16_t next_ = 1;
};

}  // namespace

TEST_CASE_FIXTURE(ToneFixture, "AudioStream: a key in the far end's sound is told") {
  Configure(Direction::kSendRecv);
  CHECK(Hear(false) == "5");
}

TEST_CASE_FIXTURE(ToneFixture, "AudioStream: a key that comes both ways is told once") {
  settings.telephone_event = std::uint8_t{101};
  Configure(Direction::kSendRecv);
  CHECK(Hear(true) == "5");
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: keys go out in the place of sound") {
  settings.telephone_event = std::uint8_t{101};
  Configure(Direction::kSendRecv);
  pcm.fill(9000);
  SendSlot();
  const RtpHeader sound = Next();
  DtmfOrder order{};
  order.events[0] = 5;
  order.count = 1;
  order.tone_ms = 40;
  order.gap_ms = 80;
  stream.SendDtmf(order);
  for (int i = 0; i < 7; ++i) SendSlot();
  // Two of the key, its end twice more, two of silence, sound.
  for (std::uint16_t i = 1; i <= 4; ++i) {
    const RtpHeader key = Next();
    CHECK(key.payload_type == 101);
    CHECK(key.marker == (i == 1));
    CHECK(key.timestamp == sound.timestamp + 160);
    CHECK(key.sequence_number == static_cast<std::uint16_t>(sound.sequence_number + i));
    CHECK(last.size() == 16);
    CHECK(last[12] == 5);
    CHECK(last[13] == (i == 1 ? 10 : 0x80 | 10));
    CHECK(last[15] + 256 * last[14] == (i == 1 ? 160 : 320));
  }
  for (std::uint32_t i = 5; i <= 6; ++i) {
    const RtpHeader silence = Next();
    CHECK(silence.payload_type == 8);
    CHECK(silence.marker == (i == 5));
    CHECK(silence.timestamp == sound.timestamp + i * 160);
    CHECK(last[12] == 0xd5);
  }
  CHECK(Next().timestamp == sound.timestamp + 7 * 160);
  CHECK(last[12] != 0xd5);
  CHECK(stream.Counters().sent.packets == 8);
}

TEST_CASE_FIXTURE(Fixture,
                  "AudioStream: in pauses comfort noise goes out, where it was agreed on") {
  settings.comfort_noise = std::uint8_t{13};
  Configure(Direction::kSendRecv);
  pcm.fill(0);
  RtpHeader sound;
  for (int i = 0; i < 99; ++i) {
    SendSlot();
    sound = Next();
    REQUIRE(sound.payload_type == 8);
  }
  for (int i = 0; i < 25; ++i) SendSlot();
  // Once for half a second: as if it were a codec of its own (RFC 3389 section 4).
  const RtpHeader noise = Next();
  CHECK(noise.payload_type == 13);
  CHECK_FALSE(noise.marker);
  CHECK(noise.sequence_number == static_cast<std::uint16_t>(sound.sequence_number + 1));
  CHECK(noise.timestamp == sound.timestamp + 160);
  CHECK(last.size() == 13);
  CHECK(last[12] == 127);
  CHECK(stream.Counters().sent.packets == 100);
  for (std::size_t i = 0; i < kSlotSamples; ++i) pcm[i] = (i % 8) < 4 ? 5000 : -5000;
  SendSlot();
  const RtpHeader speech = Next();
  CHECK(speech.payload_type == 8);
  CHECK(speech.marker);
  CHECK(speech.sequence_number == static_cast<std::uint16_t>(noise.sequence_number + 1));
  CHECK(speech.timestamp == noise.timestamp + 25 * 160);
  CHECK(stream.Counters().sent.packets == 101);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: comfort noise that may come is not sent for that") {
  settings.also_marks = BoundedList<MarkFormat, 8, 1>();
  settings.also_marks->Add({13, MarkKind::kNoise, 8000});
  Configure(Direction::kSendRecv);
  for (int i = 0; i < 120; ++i) {
    SendSlot();
    REQUIRE(Next().payload_type == 8);
  }
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: on hold, or without telephone-event, no key waits") {
  DtmfOrder order{};
  order.count = 1;
  order.tone_ms = order.gap_ms = 100;
  Configure(Direction::kSendRecv);
  stream.SendDtmf(order);
  SendSlot();
  CHECK(Next().payload_type == 8);
  settings.telephone_event = std::uint8_t{101};
  Configure(Direction::kSendRecv);
  stream.SendDtmf(order);
  Configure(Direction::kInactive);
  Configure(Direction::kSendRecv);
  SendSlot();
  CHECK(Next().payload_type == 8);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: a microphone without sound sends silence and is counted") {
  Configure(Direction::kSendRecv);
  stream.Send(pcm.data(), kSlotSamples, false, now);
  Next();
  CHECK(stream.Counters().microphone_underruns == 1);
  CHECK(stream.Counters().sent.packets == 1);
}

TEST_CASE_FIXTURE(Fixture,
                  "AudioStream: what comes is counted, and heard only where that is wanted") {
  Configure(Direction::kSendOnly);
  peer.SendTo(port, RtpDatagram(8, 1, 0));
  Drain();
  std::array<std::int16_t, kSlotSamples> out;
  CHECK(stream.Counters().received.packets == 1);
  CHECK(stream.Counters().received.bytes == 160);
  CHECK(stream.last_received() > 0);
  CHECK_FALSE(stream.Render(MonotonicNs() + kNsPerSecond, out.data(), out.size()));
  CHECK_FALSE(stream.Loss());

  Configure(Direction::kSendRecv);
  peer.SendTo(port, RtpDatagram(8, 2, 160, Bytes(160, 0x2a)));  // A-law, loud
  Drain();
  CHECK(stream.Render(MonotonicNs() + 20 * kNsPerMs, out.data(), out.size()));
  CHECK(out[100] != 0);
  CHECK(stream.Counters().played_frames == 1);
  REQUIRE(stream.Loss());
  CHECK(stream.Loss()->call == 0);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: depth in ms, thrown away sound in frames of 20 ms") {
  Configure(Direction::kSendRecv);
  // 200 ms fit.
  for (std::uint16_t i = 0; i < 30; ++i) peer.SendTo(port, RtpDatagram(8, i, i * 160U));
  Drain();
  CHECK(stream.Counters().discarded_frames == 20);
  std::array<std::int16_t, kSlotSamples> out;
  REQUIRE(stream.Render(MonotonicNs() + 20 * kNsPerMs, out.data(), out.size()));
  const AudioSnapshot counters = stream.Counters();
  const std::uint64_t left = 30 - counters.discarded_frames;
  CHECK(counters.buffer_ms == doctest::Approx(static_cast<double>(left * 20)));
  CHECK(counters.delay_ms == doctest::Approx(counters.buffer_ms));
  CHECK(counters.buffer_target_ms > 20);
  CHECK(counters.buffer_target_ms < 200);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: what waited since before the description is not played") {
  for (std::uint16_t i = 0; i < 5; ++i) peer.SendTo(port, RtpDatagram(8, i, i * 160U));
  now = MonotonicNs() + kNsPerSecond;
  Configure(Direction::kSendRecv);
  Drain();
  const AudioSnapshot counters = stream.Counters();
  CHECK(counters.received.packets == 0);
  CHECK(counters.received.late == 5);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: reports go out while held, BYE at the end") {
  Configure(Direction::kSendRecv);
  SendSlot();
  Configure(Direction::kInactive);
  stream.Report(now + 20 * kNsPerSecond);  // long after the last packet: no sender any more
  const Bytes report = rtcp_peer.Receive();
  REQUIRE(report.size() > 8);
  CHECK(report[1] == kRtcpReceiverReport);
  stream.Leave(now + 21 * kNsPerSecond);
  const Bytes farewell = rtcp_peer.Receive();
  struct ByeListener : RtcpListener {
    void OnBye(std::uint32_t) noexcept override { ++byes; }
    int byes = 0;
  } listener;
  CHECK(ParseRtcp(farewell.data(), farewell.size(), &listener) == RtcpParseResult::kOk);
  CHECK(listener.byes == 1);
}

TEST_CASE_FIXTURE(Fixture, "AudioStream: a closed stream is silent, and can be opened again") {
  Configure(Direction::kSendRecv);
  SendSlot();
  const RtpHeader before = Next();
  stream.Configure(nullptr, now);
  CHECK_FALSE(stream.open());
  CHECK_FALSE(stream.open());
  stream.Report(now + 60 * kNsPerSecond);
  CHECK(rtcp_peer.Receive(50).empty());
  Configure(Direction::kSendRecv);
  SendSlot();
  CHECK(Next().ssrc == before.ssrc);
}

namespace {
struct WideFixture : Fixture {
  WideFixture() : Fixture(16000) {}
};
}  // namespace

TEST_CASE_FIXTURE(WideFixture,
                  "AudioStream: wideband has a clock of its own, and so have its keys") {
  settings.codec = AudioCodec::kG722;
  settings.payload_type = 9;
  settings.receive.Add({9, AudioCodec::kG722});
  settings.telephone_event = std::uint8_t{101};
  Configure(Direction::kSendRecv);
  const auto send = [this] {
    stream.Send(pcm.data(), 320, true, now);
    now += kSlot;
  };
  send();
  const RtpHeader first = Next();
  CHECK(first.payload_type == 9);
  CHECK(last.size() == 12 + 160);
  send();
  CHECK(Next().timestamp == first.timestamp + 160);
  DtmfOrder order{};
  order.count = 1;
  order.tone_ms = order.gap_ms = 40;
  stream.SendDtmf(order);
  send();
  CHECK(Next().timestamp == first.timestamp + 320);
  CHECK(last[15] + 256 * last[14] == 160);

  // What comes is heard at the rate of the bus.
  peer.SendTo(port, RtpDatagram(9, 1, 160, Bytes(160, 0x3f)));
  Drain();
  std::array<std::int16_t, 320> out;
  CHECK(stream.Render(MonotonicNs() + 100 * kNsPerMs, out.data(), out.size()));
  CHECK(stream.Counters().buffer_ms == 20);
  CHECK(stream.Counters().played_frames == 1);
}

TEST_CASE_FIXTURE(WideFixture,
                  "AudioStream: Opus is made safe against loss as soon as sound is lost here") {
  if (!Coders().Has(AudioCodec::kOpus)) return;
  settings.codec = AudioCodec::kOpus;
  settings.payload_type = 96;
  EncoderSettings encoder;
  encoder.bitrate = 24000u;
  encoder.forward_error_correction = true;
  settings.encoder = encoder;
  Configure(Direction::kSendRecv);
  const std::vector<std::int16_t> voice = SpeechLike(320 * 100, 16000);
  // Of packets with a frame of 20 ms, those that hold the one before once more: RFC 6716 §4.2.3.
  const auto safe = [&] {
    int count = 0;
    for (std::size_t at = 0; at < voice.size(); at += 320) {
      stream.Send(&voice[at], 320, true, now);
      now += kSlot;
      Next();
      REQUIRE((last[12] >> 3) < 16);
      if ((last[13] & 0x40) != 0) ++count;
    }
    return count;
  };
  CHECK(safe() == 0);
  std::array<std::int16_t, 320> out;
  const auto hear = [&](std::uint16_t n) {
    peer.SendTo(port, RtpDatagram(8, n, n * 160u, Bytes(160, 0x2a)));
    Drain();
  };
  // Of ten packets most are lost, which the last one tells.
  hear(0);
  hear(1);
  const std::int64_t begin = MonotonicNs();
  for (int slot = 1; slot <= 12; ++slot) {
    stream.Render(begin + slot * kSlot, out.data(), out.size());
    if (slot == 11) hear(9);
  }
  CHECK(safe() > 50);
}
