// Shows RFC 3551, 3952, 4867.

#ifdef DASHVOIP_TEST_LIBAVCODEC

#include "codec/oracle.h"

#include <cmath>
#include <string>

#include "codec/coders.h"
#include "dashvoip/base/random_source.h"

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;
using Bytes = std::vector<std::uint8_t>;

/** A codec whose decoder in libavcodec is another one than ours. */
struct Case {
  AudioCodec codec;
  AVCodecID id;
  /** Of a payload, what stands before its frame. */
  std::size_t head;
  int frame_bytes;
};

// Of AMR the octet-aligned form, whose frame is that of a file behind the request (RFC 4867 §5.3).
constexpr Case kCases[] = {
    {AudioCodec::kGsm, AV_CODEC_ID_GSM, 0, 33},   {AudioCodec::kAmrOa, AV_CODEC_ID_AMR_NB, 1, 0},
    {AudioCodec::kIlbc, AV_CODEC_ID_ILBC, 0, 50}, {AudioCodec::kIlbc20, AV_CODEC_ID_ILBC, 0, 38},
    {AudioCodec::kG729, AV_CODEC_ID_G729, 0, 10},
};

/** A voice whose pitch and loudness move. */
Sound Voice(std::size_t samples) {
  Sound voice(samples);
  double phase = 0;
  for (std::size_t n = 0; n < samples; ++n) {
    const double t = static_cast<double>(n) / 8000;
    phase += 2 * 3.14159265 * (130 + 30 * std::sin(4 * t)) / 8000;
    double value = 0;
    for (int harmonic = 1; harmonic < 20; ++harmonic) {
      value += std::sin(harmonic * phase) / (1 + std::pow((harmonic - 4) / 3.0, 2));
    }
    voice[n] = static_cast<std::int16_t>(2000 * (0.6 + 0.4 * std::sin(20 * t)) * value);
  }
  return voice;
}

/** How alike two sounds are, where `late` is as much as a frame behind, or less. */
double LikenessBehind(const Sound& early, const Sound& late) {
  double best = 0;
  for (std::size_t lag = 0; lag <= 160; ++lag) {
    double both = 0;
    double first = 0;
    double second = 0;
    for (std::size_t n = 1600; n + 160 < std::min(early.size(), late.size()); ++n) {
      both += static_cast<double>(early[n]) * late[n + lag];
      first += static_cast<double>(early[n]) * early[n];
      second += static_cast<double>(late[n + lag]) * late[n + lag];
    }
    best = std::max(best, both / std::sqrt(first * second + 1));
  }
  return best;
}

/** A decoder may delay its sound to make it better: iLBC's enhancer. */
double Likeness(const Sound& one, const Sound& other) {
  return std::max(LikenessBehind(one, other), LikenessBehind(other, one));
}

TEST_CASE("audio codecs: another decoder makes of our frames what ours does") {
  for (const Case& one : kCases) {
    const AudioCodecInfo& info = kAudioCodecs[static_cast<std::size_t>(one.codec)];
    const std::string name = info.name;
    CAPTURE(name);
    const auto codec = test::MakeCoder(one.codec);
    if (codec == nullptr) continue;
    test::Oracle oracle(one.id, one.frame_bytes);
    // Of one frame: G.729's, which has the shortest, are 10 ms.
    const std::size_t count = one.codec == AudioCodec::kG729 ? 80 : 8 * test::PacketMs(info);
    const Sound voice = Voice(count * 200);
    Sound ours;
    Sound theirs;
    for (std::size_t at = 0; at < voice.size(); at += count) {
      Bytes payload(codec->MaxPayload(count));
      payload.resize(codec->Encode(&voice[at], count, payload.data()));
      Sound part(count);
      CHECK(codec->Decode(payload.data(), payload.size(), part.data()));
      ours.insert(ours.end(), part.begin(), part.end());
      part = oracle.Decode(payload.data() + one.head, payload.size() - one.head);
      theirs.insert(theirs.end(), part.begin(), part.end());
    }
    CHECK(ours.size() == theirs.size());
    CHECK(Likeness(ours, theirs) > 0.97);
    CHECK(Likeness(voice, theirs) > 0.7);
  }
}

TEST_CASE("G.723.1: frames of either rate and of noise are found in a packet, and decoded alike") {
  const auto codec = test::MakeCoder(AudioCodec::kG723);
  if (codec == nullptr) return;
  test::Oracle oracle(AV_CODEC_ID_G723_1);
  SeededRandom random(3);
  for (int n = 0; n < 60; ++n) {
    Bytes payload;
    Sound theirs;
    for (int part = 0; part < 3; ++part) {
      const auto kind = static_cast<std::uint8_t>(random.NextUnit() * 3);
      Bytes frame(std::vector<std::size_t>{24, 20, 4}[kind]);
      for (std::uint8_t& byte : frame) byte = static_cast<std::uint8_t>(256 * random.NextUnit());
      frame[0] = static_cast<std::uint8_t>((frame[0] & ~3u) | kind);
      payload.insert(payload.end(), frame.begin(), frame.end());
      const Sound sound = oracle.Decode(frame.data(), frame.size());
      theirs.insert(theirs.end(), sound.begin(), sound.end());
    }
    REQUIRE(codec->SamplesIn(payload.data(), payload.size()) == theirs.size());
    Sound ours(theirs.size());
    CHECK(codec->Decode(payload.data(), payload.size(), ours.data()));
    REQUIRE(ours == theirs);
  }
}

}  // namespace
}  // namespace dashvoip

#endif
