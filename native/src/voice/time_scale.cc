#include "dashvoip/voice/time_scale.h"

#include <algorithm>

#include "dashvoip/voice/pitch.h"

namespace dashvoip {

namespace {

constexpr std::size_t kPiece = 80;  // 10 ms
constexpr std::size_t kMaxOverlap = 80;
constexpr std::size_t kMinOverlap = 20;
constexpr double kGoodSeam = 0.6;  // below, the seam would be heard

// What remains of the slot decides how long the seam may be.
std::size_t OverlapFor(std::size_t count, std::size_t lag) noexcept {
  return std::min(kMaxOverlap, count > lag ? count - lag : 0);
}

}  // namespace

bool IsQuiet(const std::int16_t* samples, std::size_t count) noexcept {
  for (std::size_t begin = 0; begin < count; begin += kPiece) {
    const std::size_t size = std::min(kPiece, count - begin);
    double energy = 0;
    for (std::size_t i = begin; i < begin + size; ++i) {
      energy += static_cast<double>(samples[i]) * samples[i];
    }
    if (energy > kQuietRms * kQuietRms * static_cast<double>(size)) return false;
  }
  return true;
}

std::size_t ShortenSpeech(const std::int16_t* in, std::size_t count, std::size_t limit,
                          std::int16_t* out) noexcept {
  std::copy(in, in + count, out);
  if (limit == 0 || count < kMinOverlap) return 0;
  std::size_t lag = limit;
  const std::size_t overlap = std::min(kMaxOverlap, count);
  if (!IsQuiet(in, count + limit)) {
    if (limit < kMinPitchLag) return 0;
    const Pitch pitch = FindPitch(in, overlap, 1, kMinPitchLag, std::min(limit, 2 * kMaxPitchLag));
    if (pitch.correlation < kGoodSeam) return 0;
    lag = pitch.lag;
  }
  CrossFade(in, in + lag, overlap, out);
  std::copy(in + overlap + lag, in + count + lag, out + overlap);
  return lag;
}

std::size_t LengthenSpeech(const std::int16_t* in, std::size_t count, std::size_t limit,
                           std::int16_t* out) noexcept {
  std::copy(in, in + count, out);
  const std::size_t room = count > kMinOverlap ? count - kMinOverlap : 0;
  const std::size_t most = std::min(limit, room);
  if (most < kMinPitchLag) return 0;
  std::size_t lag = std::min(most, count / 2);
  if (!IsQuiet(in, count)) {
    const std::size_t match = std::min(kMaxOverlap, count / 2);
    const std::size_t max_lag = std::min(most, count - match);
    if (max_lag < kMinPitchLag) return 0;
    const Pitch pitch = FindPitch(in, match, 1, kMinPitchLag, max_lag);
    if (pitch.correlation < kGoodSeam) return 0;
    lag = pitch.lag;
  }
  // in[0, lag), then from in[lag] on faded into in[0] on.
  const std::size_t overlap = OverlapFor(count, lag);
  CrossFade(in + lag, in, overlap, out + lag);
  std::copy(in + overlap, in + count - lag, out + lag + overlap);
  return lag;
}

}  // namespace dashvoip
