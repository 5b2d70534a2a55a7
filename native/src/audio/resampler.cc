#include "dashvoip/audio/resampler.h"

#include <speex/speex_resampler.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace dashvoip {
namespace {
// 48 taps at the lower rate: 3 ms of delay at 8 kHz, and well below the noise of G.711.
constexpr int kQuality = SPEEX_RESAMPLER_QUALITY_VOIP;
}  // namespace

void Resampler::Destroy::operator()(SpeexResamplerState_* state) const noexcept {
  speex_resampler_destroy(state);
}

Resampler::Resampler(std::uint32_t in_rate_hz, std::uint32_t out_rate_hz)
    : in_rate_hz_(in_rate_hz), out_rate_hz_(out_rate_hz) {
  if (in_rate_hz == 0 || out_rate_hz == 0) {
    throw std::invalid_argument("resampler: expected sample rates above 0 Hz");
  }
  if (in_rate_hz == out_rate_hz) return;
  int error = RESAMPLER_ERR_SUCCESS;
  state_.reset(speex_resampler_init(1, in_rate_hz, out_rate_hz, kQuality, &error));
  if (!state_) {
    throw std::invalid_argument(std::string("resampler: ") + speex_resampler_strerror(error));
  }
  Reset();
}

Resampler::~Resampler() = default;

std::size_t Resampler::MaxOutput(std::size_t in_samples) const noexcept {
  return in_samples * out_rate_hz_ / in_rate_hz_ + 2;
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

void Resampler::Reset() noexcept {
  if (!state_) return;
  speex_resampler_reset_mem(state_.get());
  speex_resampler_skip_zeros(state_.get());
}

}  // namespace dashvoip
