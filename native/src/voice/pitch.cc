#include "dashvoip/voice/pitch.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {

namespace {

/** The sound of which the pitch is looked for, and where it may repeat itself. */
struct Search {
  const std::int16_t* segment;
  std::size_t length;
  int direction;
};

std::int64_t Product(const std::int16_t* a, const std::int16_t* b, std::size_t length,
                     std::size_t step) noexcept {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < length; i += step) sum += std::int32_t{a[i]} * b[i];
  return sum;
}

/** Every `step`th lag, by every `step`th sample. */
Pitch BestOf(const Search& search, std::size_t min_lag, std::size_t max_lag,
             std::size_t step) noexcept {
  const std::int16_t* segment = search.segment;
  Pitch best = {min_lag, -1};
  const auto own = static_cast<double>(Product(segment, segment, search.length, step));
  for (std::size_t lag = min_lag; lag <= max_lag; lag += step) {
    const std::int16_t* other = segment + search.direction * static_cast<std::ptrdiff_t>(lag);
    const double energy = own * static_cast<double>(Product(other, other, search.length, step));
    if (energy <= 0) continue;
    const double correlation =
        static_cast<double>(Product(segment, other, search.length, step)) / std::sqrt(energy);
    // A multiple of the period fits about as well: the shorter one wins unless clearly worse.
    if (correlation > best.correlation + 0.01) best = {lag, correlation};
  }
  return best;
}

}  // namespace

Pitch FindPitch(const std::int16_t* segment, std::size_t length, int direction, std::size_t min_lag,
                std::size_t max_lag, std::size_t scale) noexcept {
  const Search search = {segment, length, direction};
  const Pitch rough = BestOf(search, min_lag, max_lag, scale);
  if (scale == 1) return rough;
  const std::size_t around = scale - 1;
  return BestOf(search, std::max(min_lag, rough.lag - around),
                std::min(max_lag, rough.lag + around), 1);
}

void CrossFade(const std::int16_t* from, const std::int16_t* to, std::size_t count,
               std::int16_t* out) noexcept {
  const auto steps = static_cast<std::int32_t>(count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const auto share = static_cast<std::int32_t>(i + 1);
    out[i] = static_cast<std::int16_t>((from[i] * (steps - share) + to[i] * share) / steps);
  }
}

}  // namespace dashvoip
