// Shows RFC 7587.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "codec/coders.h"
#include "voice/speech_like.h"

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;
using Packets = std::vector<std::vector<std::uint8_t>>;

constexpr std::size_t kFrame = 320;  // 20 ms at 16 kHz

Packets Encoded(AudioCoder* opus, const Sound& sound) {
  Packets packets;
  for (std::size_t at = 0; at + kFrame <= sound.size(); at += kFrame) {
    std::vector<std::uint8_t> payload(opus->MaxPayload(kFrame));
    payload.resize(opus->Encode(&sound[at], kFrame, payload.data()));
    packets.push_back(payload);
  }
  return packets;
}

std::size_t Bytes(const Packets& packets) {
  std::size_t bytes = 0;
  for (const auto& packet : packets) bytes += packet.size();
  return bytes;
}

EncoderSettings With(bool fec) {
  EncoderSettings settings;
  settings.bitrate = 24000u;
  settings.forward_error_correction = fec;
  return settings;
}

/** How far the sound of every tenth packet, lost, is from what it should be; relative. */
double LossError(bool fec, double reported, int calm_reports = 0) {
  const Sound sound = test::SpeechLike(16000 * 6, 16000);
  const auto opus = test::MakeCoder(AudioCodec::kOpus, 16000);
  opus->Configure(With(fec));
  opus->ExpectLoss(reported);
  for (int i = 0; i < calm_reports; ++i) opus->ExpectLoss(0);
  const Packets packets = Encoded(opus.get(), sound);
  const auto whole = test::MakeCoder(AudioCodec::kOpus, 16000);
  Sound expected(kFrame);
  Sound made(kFrame);
  double error = 0;
  double energy = 0;
  for (std::size_t n = 0; n + 1 < packets.size(); ++n) {
    whole->Decode(packets[n].data(), packets[n].size(), expected.data());
    if (n % 10 == 9) {
      const auto& next = packets[n + 1];
      CHECK(opus->Recover(next.data(), next.size(), made.data(), kFrame));
      for (std::size_t i = 0; i < kFrame; ++i) {
        error += std::pow(made[i] - expected[i], 2);
        energy += std::pow(expected[i], 2);
      }
    } else {
      CHECK(opus->Decode(packets[n].data(), packets[n].size(), made.data()));
    }
  }
  return error / energy;
}

TEST_CASE("opus: what was lost comes back from the packet behind it once losses are reported") {
  if (!test::Coders().Has(AudioCodec::kOpus)) return;
  const double concealed = LossError(false, 0.1);
  CHECK(LossError(true, 0.1) < 0.5 * concealed);
  // As soon as there may be a loss (LossExpectation).
  CHECK(LossError(true, 0.01) < 0.5 * concealed);
  CHECK(LossError(true, 0.04) < 0.5 * concealed);
  // Nobody lost anything: no bits go into it.
  CHECK(LossError(true, 0) > 0.5 * concealed);
}

TEST_CASE("opus: losses that were reported are remembered for a while") {
  if (!test::Coders().Has(AudioCodec::kOpus)) return;
  const double concealed = LossError(false, 0.1);
  // What comes in bursts is not over with one calm report.
  CHECK(LossError(true, 0.1, 1) < 0.5 * concealed);
  CHECK(LossError(true, 0.1, 40) > 0.5 * concealed);
}

TEST_CASE("opus: a bit rate is kept, constant or at most") {
  if (!test::Coders().Has(AudioCodec::kOpus)) return;
  const Sound sound = test::SpeechLike(16000 * 4, 16000);
  for (const std::uint32_t bitrate : {12000u, 24000u, 64000u}) {
    CAPTURE(bitrate);
    const auto opus = test::MakeCoder(AudioCodec::kOpus, 16000);
    EncoderSettings settings;
    settings.bitrate = bitrate;
    opus->Configure(settings);
    const Packets variable = Encoded(opus.get(), sound);
    CHECK(Bytes(variable) * 8 / 4 < bitrate * 5 / 4);
    settings.constant_bitrate = true;
    opus->Configure(settings);
    const Packets constant = Encoded(opus.get(), sound);
    for (std::size_t n = 1; n < constant.size(); ++n) {
      REQUIRE(constant[n].size() == constant[1].size());
    }
    CHECK(constant[1].size() == bitrate / 400);
  }
}

TEST_CASE("opus: in silence next to nothing is sent where that is wanted") {
  if (!test::Coders().Has(AudioCodec::kOpus)) return;
  const Sound silence(16000 * 3);
  const auto opus = test::MakeCoder(AudioCodec::kOpus, 16000);
  const auto sent = [&] {
    std::size_t count = 0;
    for (const auto& packet : Encoded(opus.get(), silence)) count += packet.empty() ? 0 : 1;
    return count;
  };
  CHECK(sent() == 150);
  EncoderSettings settings;
  settings.discontinuous = true;
  opus->Configure(settings);
  // RFC 7587 §3.1.3: a frame now and then tells what the silence is like.
  const std::size_t few = sent();
  CHECK(few < 30);
  CHECK(few > 2);
}

TEST_CASE("opus: bytes that are no packet are refused, and a damaged one is as if lost") {
  if (!test::Coders().Has(AudioCodec::kOpus)) return;
  const auto opus = test::MakeCoder(AudioCodec::kOpus, 16000);
  const std::uint8_t broken[] = {0xff, 0x3f, 1, 2, 3};  // code 3, 63 frames
  CHECK(opus->SamplesIn(broken, sizeof(broken)) == 0);
  CHECK(opus->SamplesIn(broken, 0) == 0);
  const std::uint8_t odd[] = {0x01, 1, 2};  // code 1: two frames of half a byte each
  Sound out(16000);
  const std::size_t samples = opus->SamplesIn(odd, 2);
  CHECK(samples == kFrame);
  CHECK(opus->Conceal(out.data(), kFrame));
}

}  // namespace
}  // namespace dashvoip
