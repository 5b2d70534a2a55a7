#include "dashvoip/audio/alsa_pcm.h"

#include <alsa/asoundlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>

namespace dashvoip {
namespace {

constexpr std::uint32_t kPeriodsPerSecond = 100;
constexpr unsigned kPeriods = 8;
constexpr unsigned kLeastPeriods = 4;

// alsa-lib would print to stderr; what went wrong is in the device's status instead.
void Silence(const char*, int, const char*, int, const char*, ...) {}

std::int16_t MixFrame(const std::uint8_t* frame, unsigned channels, bool wide) {
  std::int32_t sum = 0;
  for (unsigned c = 0; c < channels; ++c) {
    if (wide) {
      std::int32_t sample;
      std::memcpy(&sample, frame + 4 * c, sizeof(sample));
      sum += sample / 65536;
    } else {
      std::int16_t sample;
      std::memcpy(&sample, frame + 2 * c, sizeof(sample));
      sum += sample;
    }
  }
  return static_cast<std::int16_t>(sum / static_cast<std::int32_t>(channels));
}

void SpreadFrame(std::int16_t sample, unsigned channels, bool wide, std::uint8_t* frame) {
  const std::int32_t wide_sample = sample * 65536;
  for (unsigned c = 0; c < channels; ++c) {
    if (wide) {
      std::memcpy(frame + 4 * c, &wide_sample, sizeof(wide_sample));
    } else {
      std::memcpy(frame + 2 * c, &sample, sizeof(sample));
    }
  }
}

}  // namespace

void AlsaPcm::ClosePcm::operator()(_snd_pcm* pcm) const noexcept { snd_pcm_close(pcm); }

int AlsaPcm::OpenByName(_snd_pcm** out, const char* device, Direction direction) {
  const auto stream =
      direction == Direction::kCapture ? SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK;
  return snd_pcm_open(out, device, stream, SND_PCM_NONBLOCK);
}

std::string AlsaPcm::Open(const std::string& device, std::uint32_t wanted_rate_hz) {
  static std::once_flag silenced;
  std::call_once(silenced, [] { snd_lib_error_set_handler(Silence); });
  snd_pcm_t* pcm = nullptr;
  int result = opener_(&pcm, device.c_str(), direction_);
  if (result < 0) return "cannot open '" + device + "': " + Describe(result);
  pcm_.reset(pcm);
  result = Negotiate(wanted_rate_hz);
  if (result >= 0 && direction_ == Direction::kCapture) result = snd_pcm_start(pcm);
  if (result < 0) {
    Close();
    return "cannot use '" + device + "': " + Describe(result);
  }
  raw_.resize(buffer_ * channels_ * (wide_ ? 4 : 2));
  return {};
}

int AlsaPcm::Negotiate(std::uint32_t wanted_rate_hz) {
  snd_pcm_t* const pcm = pcm_.get();
  snd_pcm_hw_params_t* params = nullptr;
  snd_pcm_hw_params_alloca(&params);
  int result = snd_pcm_hw_params_any(pcm, params);
  if (result < 0) return result;
  result = snd_pcm_hw_params_set_access(pcm, params, SND_PCM_ACCESS_RW_INTERLEAVED);
  if (result < 0) return result;
  wide_ = snd_pcm_hw_params_set_format(pcm, params, SND_PCM_FORMAT_S16) < 0;
  if (wide_) {
    result = snd_pcm_hw_params_set_format(pcm, params, SND_PCM_FORMAT_S32);
    if (result < 0) return result;
  }
  channels_ = 1;
  result = snd_pcm_hw_params_set_channels_near(pcm, params, &channels_);
  if (result < 0) return result;
  rate_hz_ = wanted_rate_hz;
  result = snd_pcm_hw_params_set_rate_near(pcm, params, &rate_hz_, nullptr);
  if (result < 0) return result;
  unsigned least = kLeastPeriods;
  // A card with fewer periods is still better than none.
  (void)snd_pcm_hw_params_set_periods_min(pcm, params, &least, nullptr);
  snd_pcm_uframes_t period = rate_hz_ / kPeriodsPerSecond;
  result = snd_pcm_hw_params_set_period_size_near(pcm, params, &period, nullptr);
  if (result < 0) return result;
  snd_pcm_uframes_t buffer = period * kPeriods;
  result = snd_pcm_hw_params_set_buffer_size_near(pcm, params, &buffer);
  if (result < 0) return result;
  period_ = period;
  buffer_ = buffer;
  return snd_pcm_hw_params(pcm, params);
}

// Overrun, underrun and suspension end here; anything else is the caller's to reopen.
long AlsaPcm::Recover(long result) {
  if (result >= 0) return result;
  if (result == -EAGAIN) return 0;
  if (result != -EPIPE && result != -ESTRPIPE && result != -EINTR) return result;
  ++recoveries_;
  const int recovered = snd_pcm_recover(pcm_.get(), static_cast<int>(result), 1);
  if (recovered < 0) return recovered;
  if (direction_ == Direction::kCapture) {
    const int started = snd_pcm_start(pcm_.get());
    if (started < 0) return started;
  }
  return 0;
}

long AlsaPcm::Available() {
  // A card that was pulled out or suspended goes on telling what it had last, which may be nothing.
  const snd_pcm_state_t state = snd_pcm_state(pcm_.get());
  if (state == SND_PCM_STATE_DISCONNECTED) return -ENODEV;
  if (state == SND_PCM_STATE_SUSPENDED) return Recover(-ESTRPIPE);
  return Recover(snd_pcm_avail_update(pcm_.get()));
}

long AlsaPcm::Queued() {
  snd_pcm_sframes_t frames = 0;
  const int result = snd_pcm_delay(pcm_.get(), &frames);
  if (result < 0) return Recover(result);
  return std::max<long>(frames, 0);
}

long AlsaPcm::Read(std::int16_t* out, std::size_t count) {
  const std::size_t frame = channels_ * (wide_ ? 4U : 2U);
  const long got =
      Recover(snd_pcm_readi(pcm_.get(), raw_.data(), std::min(count, raw_.size() / frame)));
  for (long i = 0; i < got; ++i) {
    out[i] = MixFrame(raw_.data() + static_cast<std::size_t>(i) * frame, channels_, wide_);
  }
  return got;
}

long AlsaPcm::Write(const std::int16_t* samples, std::size_t count) {
  const std::size_t frame = channels_ * (wide_ ? 4U : 2U);
  count = std::min(count, raw_.size() / frame);
  for (std::size_t i = 0; i < count; ++i) {
    SpreadFrame(samples[i], channels_, wide_, raw_.data() + i * frame);
  }
  return Recover(snd_pcm_writei(pcm_.get(), raw_.data(), count));
}

std::string AlsaPcm::Describe(long result) { return snd_strerror(static_cast<int>(result)); }

}  // namespace dashvoip
