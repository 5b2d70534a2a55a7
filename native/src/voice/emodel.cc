#include "dashvoip/voice/emodel.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace dashvoip {

namespace {

// Ro - Is with every parameter at its default: G.107 table 2, G.107.1 §7.2.
constexpr double kNarrowbandRating = 93.2;
constexpr double kWidebandRating = 129.0;
constexpr double kWidebandScale = 1.29;  // G.107.1 Annex A
constexpr double kMostImpairment = 95;   // of both

struct Row {
  const char* codec;
  EquipmentImpairment impairment;
};

// G.113 tables I.1, I.3 and IV.1 where they have the codec; with concealment.
constexpr Row kImpairments[] = {
    {"PCMA", {0, 25.1, false}},     {"PCMU", {0, 25.1, false}},     {"L16", {0, 25.1, false}},
    {"G729", {11, 19.0, false}},    {"G723", {15, 16.1, false}},    {"ILBC", {11, 32.0, false}},
    {"AMR", {5, 10.0, false}},  // GSM-EFR, which is its 12.2 kbit/s
    {"GSM", {20, 10.0, false}},     {"G726-40", {2, 25.1, false}},  {"G726-32", {7, 25.1, false}},
    {"G726-24", {25, 25.1, false}}, {"G726-16", {50, 25.1, false}}, {"G722", {13, 4.9, true}},
    {"OPUS", {5, 15.0, true}},      {"ILBC-20", {11, 32.0, false}},
};
// A codec that is not listed, as Speex: like G.729, and in wideband like G.722.2.
constexpr EquipmentImpairment kOtherNarrowband{11, 19.0, false};
constexpr EquipmentImpairment kOtherWideband{13, 4.9, true};

// G.107 §7.4, G.107.1 §7.4: impairment by too long a way, Idd.
double DelayImpairment(double delay_ms) noexcept {
  if (delay_ms <= 100) return 0;
  const double x = std::log2(delay_ms / 100);
  const auto sixth = [](double base) { return std::pow(1 + std::pow(base, 6), 1.0 / 6); };
  return 25 * (sixth(x) - 3 * sixth(x / 3) + 2);
}

// G.107 §7.5, G.107.1 §7.5: effective equipment impairment, Ie-eff, with BurstR = 1.
double LossImpairment(const EquipmentImpairment& codec, double loss) noexcept {
  const double percent = 100 * std::min(1.0, std::max(0.0, loss));
  return codec.ie + (kMostImpairment - codec.ie) * percent / (percent + codec.bpl);
}

// G.107 Annex B.
double MosOf(double rating) noexcept {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  return std::max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

}  // namespace

EquipmentImpairment ImpairmentOf(const AudioCodecInfo& codec) noexcept {
  for (const Row& row : kImpairments) {
    if (std::strcmp(row.codec, codec.name) == 0) return row.impairment;
  }
  return codec.sample_rate > 8000 ? kOtherWideband : kOtherNarrowband;
}

VoiceRating RateVoice(const EquipmentImpairment& codec, double loss,
                      double one_way_delay_ms) noexcept {
  const double best = codec.wideband ? kWidebandRating : kNarrowbandRating;
  const double rating =
      std::max(0.0, best - DelayImpairment(one_way_delay_ms) - LossImpairment(codec, loss));
  const double r = codec.wideband ? rating / kWidebandScale : rating;
  return {r, MosOf(r)};
}

}  // namespace dashvoip
