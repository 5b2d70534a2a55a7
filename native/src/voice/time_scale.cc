#include "dashvoip/voice/time_scale.h"

#include <algorithm>

#include "dashvoip/voice/pitch.h"

namespace dashvoip {

namespace {

// At 8 kHz.
constexpr std::size_t kPiece = 80;  // 10 ms
constexpr std::size_t kMaxOverlap = 80;
constexpr std::size_t kMinOverlap = 20;
constexpr double kGoodSeam = 0.6;  // below, the seam would be heard

// What remains of the slot decides how long the seam may be.
std::size_t OverlapFor(std::size_t count, std::size_t lag, std::size_t scale) noexcept {
  return std::min(kMaxOverlap * scale, count > lag ? count - lag : 0);
}

}  // namespace

bool IsQuiet(const std::int16_t* samples, std::size_t count, std::size_t scale) noexcept {
  const std::size_t piece = kPiece * scale;
  for (std::size_t begin = 0; begin < count; begin += piece) {
    const std::size_t size = std::min(piece, count - begin);
    double energy = 0;
    for (std::size_t i = begin; i < begin + size; ++i) {
      energy += static_cast<double>(samples[i]) * samples[i];
    }
    if (energy > kQuietRms * kQuietRms * static_cast<double>(size)) return false;
  }
  return true;
}

std::size_t ShortenSpeech(const std::int16_t* in, std::size_t count, std::size_t limit,
                          std::int16_t* out, std::size_t scale) noexcept {
  std::copy(in, in + count, out);
  if (limit == 0 || count < kMinOverlap * scale) return 0;
  std::size_t lag = limit;
  const std::size_t overlap = std::min(kMaxOverlap * scale, count);
  if (!IsQuiet(in, count + limit, scale)) {
    const std::size_t min_lag = kMinPitchLag * scale;
    if (limit < min_lag) return 0;
    const Pitch pitch =
        FindPitch(in, overlap, 1, min_lag, std::min(limit, 2 * kMaxPitchLag * scale), scale);
    if (pitch.correlation < kGoodSeam) return 0;
    lag = pitch.lag;
  }
  CrossFade(in, in + lag, overlap, out);
  std::copy(in + overlap + lag, in + count + lag, out + overlap);
  return lag;
}

std::size_t LengthenSpeech(const std::int16_t* in, std::size_t count, std::size_t limit,
                           std::int16_t* out, std::size_t scale) noexcept {
  std::copy(in, in + count, out);
  const std::size_t min_lag = kMinPitchLag * scale;
  const std::size_t min_overlap = kMinOverlap * scale;
  const std::size_t room = count > min_overlap ? count - min_overlap : 0;
  const std::size_t most = std::min(limit, room);
  if (most < min_lag) return 0;
  std::size_t lag = std::min(most, count / 2);
  if (!IsQuiet(in, count, scale)) {
    const std::size_t match = std::min(kMaxOverlap * scale, count / 2);
    const std::size_t max_lag = std::min(most, count - match);
    if (max_lag < min_lag) return 0;
    const Pitch pitch = FindPitch(in, match, 1, min_lag, max_lag, scale);
    if (pitch.correlation < kGoodSeam) return 0;
    lag = pitch.lag;
  }
  // in[0, lag), then from in[lag] on faded into in[0] on.
  const std::size_t overlap = OverlapFor(count, lag, scale);
  CrossFade(in + lag, in, overlap, out + lag);
  std::copy(in + overlap, in + count - lag, out + lag + overlap);
  return lag;
}

}  // namespace dashvoip
