// Shows RFC 3551, 3952, 4867, 5574.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "codec/coders.h"
#include "voice/speech_like.h"

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kFrame = 160;

Bytes Encoded(AudioCoder* codec, std::size_t count) {
  const Sound sound = test::SpeechLike(codec->sample_rate() / 2, codec->sample_rate());
  Bytes payload(codec->MaxPayload(count));
  payload.resize(codec->Encode(sound.data(), count, payload.data()));
  return payload;
}

TEST_CASE("GSM: packets of whole frames, each with its signature (RFC 3551 §4.5.8.1)") {
  const auto gsm = test::MakeCoder(AudioCodec::kGsm);
  if (gsm == nullptr) return;
  Bytes payload = Encoded(gsm.get(), 2 * kFrame);
  REQUIRE(payload.size() == 66);
  CHECK((payload[0] >> 4) == 0xd);
  CHECK(gsm->SamplesIn(payload.data(), 66) == 2 * kFrame);
  CHECK(gsm->SamplesIn(payload.data(), 65) == 0);
  payload[33] = 0x1f;
  CHECK(gsm->SamplesIn(payload.data(), 66) == 0);
}

TEST_CASE("Speex: frames are counted, a terminator and rubbish are not (RFC 5574 §3.1)") {
  for (const AudioCodec id : {AudioCodec::kSpeex8, AudioCodec::kSpeex16, AudioCodec::kSpeex32}) {
    const auto speex = test::MakeCoder(id);
    if (speex == nullptr) return;
    const std::size_t frame = speex->sample_rate() / 50;
    for (const std::size_t frames : {1u, 2u, 3u}) {
      const Bytes payload = Encoded(speex.get(), frames * frame);
      CHECK(speex->SamplesIn(payload.data(), payload.size()) == frames * frame);
      CHECK(speex->SamplesIn(payload.data(), payload.size() - 3) == 0);
    }
    const std::uint8_t layer_first[] = {0x90, 0, 0, 0, 0, 0};
    CHECK(speex->SamplesIn(layer_first, sizeof(layer_first)) == 0);
    const std::uint8_t terminator[] = {0x7f};
    CHECK(speex->SamplesIn(terminator, 1) == 0);
    // A frame of mode 1, 43 bits, behind which a whole terminator fits; and what fills the packet
    // up.
    const std::uint8_t ended[] = {0x08, 0, 0, 0, 0, 0x0f, 0x08, 0, 0, 0, 0, 0};
    CHECK(speex->SamplesIn(ended, 6) == frame);
    CHECK(speex->SamplesIn(ended, sizeof(ended)) == frame);
    Sound out(frame);
    CHECK(speex->Conceal(out.data(), frame));
    CHECK_FALSE(speex->Conceal(out.data(), frame - 1));
  }
}

TEST_CASE("AMR: octet-aligned payloads (RFC 4867 §4.4)") {
  const auto amr = test::MakeCoder(AudioCodec::kAmrOa);
  if (amr == nullptr) return;
  const Bytes payload = Encoded(amr.get(), kFrame);
  // A request of none, one entry of mode 7 that is good, 244 bits.
  REQUIRE(payload.size() == 33);
  CHECK(payload[0] == 0xf0);
  CHECK(payload[1] == 0x3c);
  const Bytes two = Encoded(amr.get(), 2 * kFrame);
  REQUIRE(two.size() == 65);
  CHECK(two[1] == 0xbc);
  CHECK(two[2] == 0x3c);
  CHECK(amr->SamplesIn(two.data(), two.size()) == 2 * kFrame);
  CHECK(amr->SamplesIn(two.data(), two.size() - 1) == 0);
}

TEST_CASE("AMR: bandwidth-efficient payloads hold the same bits without gaps (RFC 4867 §4.3)") {
  const auto amr = test::MakeCoder(AudioCodec::kAmr);
  if (amr == nullptr) return;
  const auto aligned = test::MakeCoder(AudioCodec::kAmrOa);
  const Bytes tight = Encoded(amr.get(), kFrame);
  const Bytes loose = Encoded(aligned.get(), kFrame);
  REQUIRE(tight.size() == 32);  // 4 + 6 + 244 bits
  CHECK(tight[0] == 0xf3);
  CHECK(tight[1] >= 0xc0);
  std::size_t wrong = 0;
  for (std::size_t bit = 0; bit < 244; ++bit) {
    const auto at = [](const Bytes& bytes, std::size_t n) {
      return bytes[n / 8] >> (7 - n % 8) & 1;
    };
    if (at(tight, 10 + bit) != at(loose, 16 + bit)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("AMR: the mode is one of the set, and not above what the far end asks for") {
  const auto amr = test::MakeCoder(AudioCodec::kAmrOa);
  if (amr == nullptr) return;
  const auto mode = [&amr] { return Encoded(amr.get(), kFrame)[1] >> 3 & 0xf; };
  const auto request = [&amr](std::uint8_t wanted) {
    const std::uint8_t payload[] = {static_cast<std::uint8_t>(wanted << 4), 15 << 3 | 4};
    Sound out(kFrame);
    REQUIRE(amr->SamplesIn(payload, 2) == kFrame);
    CHECK(amr->Decode(payload, 2, out.data()));
  };
  CHECK(mode() == 7);
  request(5);
  CHECK(mode() == 5);
  request(15);  // none
  CHECK(mode() == 5);
  EncoderSettings settings;
  settings.modes = std::uint8_t{0x95};  // 0, 2, 4, 7
  amr->Configure(settings);
  CHECK(mode() == 7);
  request(6);
  CHECK(mode() == 4);
  request(1);
  CHECK(mode() == 0);
  settings.modes = std::uint8_t{0x80};
  amr->Configure(settings);
  request(0);
  CHECK(mode() == 7);
}

TEST_CASE("AMR: a frame that is marked as damaged is not played (RFC 4867 §4.3.2)") {
  const Sound quiet(kFrame, 0);
  std::vector<Sound> played;
  for (const bool other_bits : {false, true}) {
    const auto amr = test::MakeCoder(AudioCodec::kAmrOa);
    if (amr == nullptr) return;
    Bytes payload = Encoded(amr.get(), kFrame);
    Sound out(kFrame);
    for (int n = 0; n < 5; ++n) CHECK(amr->Decode(payload.data(), payload.size(), out.data()));
    payload[1] = static_cast<std::uint8_t>(payload[1] & ~4u);
    for (std::size_t i = 2; other_bits && i < payload.size(); ++i) payload[i] ^= 0x5a;
    CHECK(amr->Decode(payload.data(), payload.size(), out.data()));
    played.push_back(out);
  }
  CHECK(played[0] == played[1]);
  CHECK(played[0] != quiet);
}

TEST_CASE("AMR: a payload that ends in the noise of a pause is told") {
  const auto amr = test::MakeCoder(AudioCodec::kAmrOa);
  if (amr == nullptr) return;
  const Bytes noise = {0xf0, 8 << 3 | 4, 1, 2, 3, 4, 5};
  CHECK(amr->SamplesIn(noise.data(), noise.size()) == kFrame);
  CHECK(amr->EndsInNoise(noise.data(), noise.size()));
  CHECK_FALSE(amr->EndsInNoise(noise.data(), 3));
  const Bytes speech = Encoded(amr.get(), kFrame);
  CHECK_FALSE(amr->EndsInNoise(speech.data(), speech.size()));
}

TEST_CASE("G.723.1: the first byte of each frame tells its length (RFC 3551 §4.5.3)") {
  const auto g723 = test::MakeCoder(AudioCodec::kG723);
  if (g723 == nullptr) return;
  const Bytes payload = Encoded(g723.get(), 480);
  REQUIRE(payload.size() == 48);
  CHECK((payload[0] & 3) == 0);
  CHECK((payload[24] & 3) == 0);
  CHECK(g723->SamplesIn(payload.data(), 48) == 480);
  CHECK(g723->SamplesIn(payload.data(), 47) == 0);
  CHECK_FALSE(g723->EndsInNoise(payload.data(), 48));
  Bytes mixed(24 + 20 + 4);
  mixed[24] = 1;
  mixed[44] = 2;
  CHECK(g723->SamplesIn(mixed.data(), mixed.size()) == 720);
  CHECK(g723->SamplesIn(mixed.data(), mixed.size() - 1) == 0);
  CHECK(g723->EndsInNoise(mixed.data(), mixed.size()));
  CHECK_FALSE(g723->EndsInNoise(mixed.data(), 44));
  mixed[44] = 3;
  CHECK(g723->SamplesIn(mixed.data(), 45) == 0);
}

TEST_CASE("G.729: frames of speech, and the noise of Annex B behind them (RFC 3551 §4.5.6)") {
  const auto g729 = test::MakeCoder(AudioCodec::kG729);
  if (g729 == nullptr) return;
  Bytes payload = Encoded(g729.get(), kFrame);
  REQUIRE(payload.size() == 20);
  CHECK_FALSE(g729->EndsInNoise(payload.data(), 20));
  payload.resize(25);
  CHECK(g729->SamplesIn(payload.data(), 22) == kFrame + 80);
  CHECK(g729->EndsInNoise(payload.data(), 22));
  CHECK(g729->SamplesIn(payload.data(), 2) == 80);
  for (const std::size_t wrong : {1u, 3u, 9u, 21u, 25u}) {
    CHECK(g729->SamplesIn(payload.data(), wrong) == 0);
  }
}

TEST_CASE("iLBC: each mode has its frames, and those of the other are heard (RFC 3952 §3)") {
  const auto long_frames = test::MakeCoder(AudioCodec::kIlbc);
  if (long_frames == nullptr) return;
  const auto short_frames = test::MakeCoder(AudioCodec::kIlbc20);
  const Bytes thirty = Encoded(long_frames.get(), 480);
  const Bytes twenty = Encoded(short_frames.get(), 480);
  REQUIRE(thirty.size() == 100);
  REQUIRE(twenty.size() == 114);
  for (AudioCoder* const decoder : {long_frames.get(), short_frames.get()}) {
    for (const Bytes& payload : {thirty, twenty}) {
      CHECK(decoder->SamplesIn(payload.data(), payload.size()) == 480);
      Sound out(480);
      CHECK(decoder->Decode(payload.data(), payload.size(), out.data()));
      CHECK(test::Energy(out.data(), out.size()) > 1e6);
      CHECK(decoder->Conceal(out.data(), payload == thirty ? 240 : 160));
      CHECK_FALSE(decoder->Conceal(out.data(), 100));
    }
    CHECK(decoder->SamplesIn(thirty.data(), 49) == 0);
  }
}

TEST_CASE("AMR: types that are no frames, and heads without an end, are refused") {
  const auto amr = test::MakeCoder(AudioCodec::kAmrOa);
  if (amr == nullptr) return;
  const std::uint8_t reserved[] = {0xf0, 12 << 3 | 4, 0, 0};
  CHECK(amr->SamplesIn(reserved, sizeof(reserved)) == 0);
  const Bytes endless(40, 0xfc);  // no data, and more follows
  CHECK(amr->SamplesIn(endless.data(), endless.size()) == 0);
  CHECK(amr->SamplesIn(endless.data(), 1) == 0);
}

}  // namespace
}  // namespace dashvoip
