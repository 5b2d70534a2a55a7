#include "dashvoip/voice/emodel.h"

#include <doctest/doctest.h>

namespace dashvoip {
namespace {

EquipmentImpairment Of(AudioCodec codec) {
  return ImpairmentOf(kAudioCodecs[static_cast<std::size_t>(codec)]);
}

EquipmentImpairment Named(const char* name, std::uint32_t sample_rate) {
  AudioCodecInfo info = kAudioCodecs[0];
  info.name = name;
  info.sample_rate = sample_rate;
  return ImpairmentOf(info);
}

TEST_CASE("E-model: values of the Recommendation") {
  // G.107 Annex B: R of 93.2 is a MOS of 4.41, 80 is 4.03 and 50 is 2.58.
  CHECK(RateVoice(Of(AudioCodec::kPcma), 0, 0).r == doctest::Approx(93.2));
  CHECK(RateVoice(Of(AudioCodec::kPcma), 0, 0).mos == doctest::Approx(4.41).epsilon(0.002));
  CHECK(RateVoice({13.2, 1, false}, 0, 0).mos == doctest::Approx(4.03).epsilon(0.002));
  CHECK(RateVoice({43.2, 1, false}, 0, 0).mos == doctest::Approx(2.58).epsilon(0.002));
}

TEST_CASE("E-model: wideband codecs are rated on the scale of G.107.1") {
  // Worked by hand: 129 - 13 = 116, of which 1/1.29 is 89.9.
  const VoiceRating clear = RateVoice(Of(AudioCodec::kG722), 0, 0);
  CHECK(clear.r == doctest::Approx(116 / 1.29));
  CHECK(clear.mos == doctest::Approx(4.34).epsilon(0.002));
  // 2 % loss: 13 + 82 * 2 / 6.9.
  CHECK(RateVoice(Of(AudioCodec::kG722), 0.02, 0).r ==
        doctest::Approx((129 - 13 - 82 * 2 / 6.9) / 1.29));
  CHECK(RateVoice({0, 1, true}, 0, 0).mos == 4.5);
}

TEST_CASE("E-model: G.711 with concealment loses about 4 points per percent") {
  CHECK(RateVoice(Of(AudioCodec::kPcmu), 0.01, 50).r == doctest::Approx(93.2 - 95.0 / 26.1));
  CHECK(RateVoice(Of(AudioCodec::kPcmu), 0.03, 50).mos >= 3.9);
  CHECK(RateVoice(Of(AudioCodec::kPcmu), 1, 0).r < 20);
}

TEST_CASE("E-model: delay hurts from 100 ms on") {
  const EquipmentImpairment g711 = Of(AudioCodec::kPcma);
  CHECK(RateVoice(g711, 0, 100).r == doctest::Approx(93.2));
  CHECK(RateVoice(g711, 0, 200).r == doctest::Approx(93.2 - 3.2).epsilon(0.02));
  CHECK(RateVoice(g711, 0, 400).r < 70);
}

TEST_CASE("E-model: a codec that G.113 does not have is rated as its relatives") {
  CHECK(Named("G729", 8000).ie == 11);
  CHECK(Named("SPEEX", 8000).ie == 11);
  CHECK_FALSE(Named("SPEEX", 8000).wideband);
  CHECK(Named("SPEEX16", 16000).wideband);
  CHECK(Named("G726-16", 8000).ie > Named("G726-40", 8000).ie);
}

TEST_CASE("E-model: MOS never leaves 1..4.5") {
  for (const bool wideband : {true, false}) {
    for (double ie = -20; ie <= 150; ie += 0.5) {
      const VoiceRating rating = RateVoice({ie, 10, wideband}, 0, 0);
      CHECK(rating.mos >= 1);
      CHECK(rating.mos <= 4.5);
    }
    CHECK(RateVoice({0, 10, wideband}, 5, 100000).r == 0);
  }
}

}  // namespace
}  // namespace dashvoip
