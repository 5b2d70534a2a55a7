#include "dashvoip/voice/emodel.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {

namespace {

// Ro - Is with every parameter at its default, G.107 table 2.
constexpr double kDefaultRating = 93.2;

// G.107 §7.4: impairment by too long a way, Idd.
double DelayImpairment(double delay_ms) noexcept {
  if (delay_ms <= 100) return 0;
  const double x = std::log2(delay_ms / 100);
  const auto sixth = [](double base) { return std::pow(1 + std::pow(base, 6), 1.0 / 6); };
  return 25 * (sixth(x) - 3 * sixth(x / 3) + 2);
}

// G.107 §7.5: effective equipment impairment, Ie-eff, with BurstR = 1.
double LossImpairment(double loss, EquipmentImpairment codec) noexcept {
  const double percent = 100 * std::min(1.0, std::max(0.0, loss));
  return codec.ie + (95 - codec.ie) * percent / (percent + codec.bpl);
}

}  // namespace

double EModelRating(double loss, double one_way_delay_ms, EquipmentImpairment codec) noexcept {
  const double rating =
      kDefaultRating - DelayImpairment(one_way_delay_ms) - LossImpairment(loss, codec);
  return std::max(0.0, rating);
}

double EModelMos(double rating) noexcept {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  return std::max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

}  // namespace dashvoip
