#include "dashvoip/audio/resampler.h"

#include <speex/speex_resampler.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace dashvoip {
namespace {
// 48 taps at the lower rate: 3 ms of delay at 8 kHz, and well below the noise of G.711.
constexpr int kQuality = SPEEX_RESAMPLER_QUALITY_VOIP;
// speexdsp moves its phase from one ratio to the next in 32 bits: the denominators of both must
// stay below 2^16, with the adjustment.
constexpr std::uint32_t kMostDenominator = 65000;
constexpr int kMostPpm = 1000;

std::uint32_t GreatestDivisor(std::uint32_t a, std::uint32_t b) {
  while (b != 0) {
    const std::uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}
}  // namespace

void Resampler::Destroy::operator()(SpeexResamplerState_* state) const noexcept {
  speex_resampler_destroy(state);
}

Resampler::Resampler(std::uint32_t in_rate_hz, std::uint32_t out_rate_hz, Ratio ratio)
    : in_rate_hz_(in_rate_hz), out_rate_hz_(out_rate_hz) {
  if (in_rate_hz == 0 || out_rate_hz == 0) {
    throw std::invalid_argument("resampler: expected sample rates above 0 Hz");
  }
  if (in_rate_hz == out_rate_hz && ratio == Ratio::kFixed) return;
  int error = RESAMPLER_ERR_SUCCESS;
  state_.reset(speex_resampler_init(1, in_rate_hz, out_rate_hz, kQuality, &error));
  if (!state_) {
    throw std::invalid_argument(std::string("resampler: ") + speex_resampler_strerror(error));
  }
  if (ratio == Ratio::kAdjustable && SetRatio(kMostPpm)) SetRatio(0);  // allocates its tables now
  Reset();
}

Resampler::~Resampler() = default;

std::size_t Resampler::MaxOutput(std::size_t in_samples) const noexcept {
  const std::size_t nominal = in_samples * out_rate_hz_ / in_rate_hz_;
  return nominal + nominal * kMostPpm / 1000000 + 3;
}

std::size_t Resampler::Process(const std::int16_t* in, std::size_t in_samples,
                               std::int16_t* out) noexcept {
  if (!state_) {
    std::copy(in, in + in_samples, out);
    return in_samples;
  }
  const std::size_t room = MaxOutput(in_samples);
  std::size_t taken = 0;
  std::size_t written = 0;
  while (taken < in_samples && written < room) {
    auto in_count = static_cast<spx_uint32_t>(in_samples - taken);
    auto out_count = static_cast<spx_uint32_t>(room - written);
    speex_resampler_process_int(state_.get(), 0, in + taken, &in_count, out + written, &out_count);
    if (in_count == 0 && out_count == 0) break;
    taken += in_count;
    written += out_count;
  }
  return written;
}

void Resampler::Adjust(int ppm) noexcept {
  const int bounded = std::max(-kMostPpm, std::min(kMostPpm, ppm));
  if (bounded != ppm_ && state_ && SetRatio(bounded)) ppm_ = bounded;
}

// The numerator is exact; the denominator, as large as it may be, shrinks or grows.
bool Resampler::SetRatio(int ppm) noexcept {
  const std::uint32_t divisor = GreatestDivisor(in_rate_hz_, out_rate_hz_);
  const std::uint32_t in = in_rate_hz_ / divisor;
  const std::uint32_t out = out_rate_hz_ / divisor;
  const std::uint32_t scale = ppm == 0 ? 1 : kMostDenominator / out;
  if (scale == 0) return false;  // no common divisor to speak of: no card has such rates
  const double denominator = static_cast<double>(out) * scale / (1 + ppm * 1e-6);
  return speex_resampler_set_rate_frac(state_.get(), in * scale,
                                       static_cast<spx_uint32_t>(std::lround(denominator)),
                                       in_rate_hz_, out_rate_hz_) == RESAMPLER_ERR_SUCCESS;
}

void Resampler::Reset() noexcept {
  if (!state_) return;
  speex_resampler_reset_mem(state_.get());
  speex_resampler_skip_zeros(state_.get());
}

}  // namespace dashvoip
