#include "dashvoip/voice/pitch.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {

namespace {

std::int64_t Energy(const std::int16_t* a, std::size_t length) noexcept {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < length; ++i) sum += std::int32_t{a[i]} * a[i];
  return sum;
}

std::int64_t Product(const std::int16_t* a, const std::int16_t* b, std::size_t length) noexcept {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < length; ++i) sum += std::int32_t{a[i]} * b[i];
  return sum;
}

}  // namespace

Pitch FindPitch(const std::int16_t* segment, std::size_t length, int direction, std::size_t min_lag,
                std::size_t max_lag) noexcept {
  Pitch best = {min_lag, -1};
  const auto own = static_cast<double>(Energy(segment, length));
  for (std::size_t lag = min_lag; lag <= max_lag; ++lag) {
    const std::int16_t* other = segment + direction * static_cast<std::ptrdiff_t>(lag);
    const double energy = own * static_cast<double>(Energy(other, length));
    if (energy <= 0) continue;
    const double correlation =
        static_cast<double>(Product(segment, other, length)) / std::sqrt(energy);
    // A multiple of the period fits about as well: the shorter one wins unless clearly worse.
    if (correlation > best.correlation + 0.01) best = {lag, correlation};
  }
  return best;
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
