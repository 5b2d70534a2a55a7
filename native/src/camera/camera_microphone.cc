#include "dashvoip/camera/camera_microphone.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "dashvoip/base/realtime_section.h"

namespace dashvoip {
namespace {
// More missing frames than this are not filled up: the buffer starts anew instead.
constexpr std::uint32_t kMaxFilled = 4;
// A track table that tells another rate is damaged.
constexpr std::uint32_t kLeastRate = 4000;
constexpr std::uint32_t kMostRate = 192000;
}  // namespace

CameraMicrophone::CameraMicrophone(std::uint32_t bus_rate_hz, std::string module_dir,
                                   std::function<void()> wake, Clock clock)
    : bus_rate_hz_(bus_rate_hz),
      module_dir_(std::move(module_dir)),
      wake_(std::move(wake)),
      clock_(clock),
      buffer_(bus_rate_hz) {}

void CameraMicrophone::SetActive(bool active) {
  if (active) buffer_.Restart();
  wanted_.store(active, std::memory_order_release);
  wake_();
}

bool CameraMicrophone::Pull(std::int16_t* out, std::size_t count) noexcept {
  if (wanted()) return buffer_.Pull(out, count, clock_());
  std::fill(out, out + count, std::int16_t{0});
  return false;
}

DeviceSnapshot CameraMicrophone::Status() const {
  DeviceSnapshot status;
  status.underruns = buffer_.underruns();
  status.overruns = buffer_.overruns();
  status.queued_ms = buffer_.queued_ms();
  std::lock_guard<std::mutex> lock(mutex_);
  status.delay_ms = static_cast<std::uint32_t>(buffer_.delay_ms()) + init_delay_ms_;
  status.open = attached_;
  status.error = error_;
  status.reopens = reopens_;
  return status;
}

bool CameraMicrophone::Attach(const cl_track& track) {
  std::string error;
  const bool usable = PrepareDecoder(track, &error);
  if (!usable) {
    Detach(error);
    return false;
  }
  track_ = track;
  std::lock_guard<std::mutex> lock(mutex_);
  attached_ = true;
  init_delay_ms_ = track.init_delay_ms;
  error_.clear();
  ++reopens_;
  return true;
}

void CameraMicrophone::Detach(const std::string& reason) {
  aac_.reset();
  std::lock_guard<std::mutex> lock(mutex_);
  attached_ = false;
  error_ = reason;
}

bool CameraMicrophone::PrepareDecoder(const cl_track& track, std::string* error) {
  if (track.sample_rate < kLeastRate || track.sample_rate > kMostRate) {
    *error = "the camera's sound has " + std::to_string(track.sample_rate) + " Hz: expected " +
             std::to_string(kLeastRate) + " to " + std::to_string(kMostRate);
    return false;
  }
  try {
    resampler_.reset(new Resampler(track.sample_rate, bus_rate_hz_, Resampler::Ratio::kAdjustable));
  } catch (const std::exception& refused) {
    *error = std::string("the camera's sound cannot be used: ") + refused.what();
    return false;
  }
  decoded_.resize(AacDecoder::kMaxSamples);
  mono_.resize(AacDecoder::kMaxSamples);
  resampled_.resize(resampler_->MaxOutput(mono_.size()));
  silence_.assign(kMaxFilled * resampled_.size(), 0);
  frame_samples_ = 0;
  aac_.reset();
  if (track.codec == CL_PCM_S16LE && track.bits == 16 && track.channels > 0) return true;
  if (track.codec != CL_AAC_RAW) {
    *error = "the camera's sound has media id " + std::to_string(track.vendor_id) + " with " +
             std::to_string(track.bits) + " bits: expected 16-bit PCM or AAC";
    return false;
  }
  const std::shared_ptr<const AacModule> module = AacModule::Load(module_dir_, error);
  if (!module) return false;
  aac_ = AacDecoder::Create(module, track.sample_rate, track.channels);
  if (aac_) return true;
  *error = "the camera's AAC has " + std::to_string(track.sample_rate) + " Hz and " +
           std::to_string(track.channels) + " channels, which AAC does not know";
  return false;
}

bool CameraMicrophone::Feed(const std::uint8_t* data, std::size_t size, std::uint32_t lost) {
  if (lost > 0 && lost <= kMaxFilled) WriteSilence(lost * frame_samples_);
  const std::size_t samples = Decode(data, size);
  if (samples == 0) {
    WriteSilence(frame_samples_);
    return false;
  }
  resampler_->Adjust(buffer_.drift_ppm());
  frame_samples_ = resampler_->Process(mono_.data(), samples, resampled_.data());
  buffer_.Write(resampled_.data(), frame_samples_, clock_());
  return true;
}

// Gives the samples in `mono_`, 0 when there is no sound in the frame.
std::size_t CameraMicrophone::Decode(const std::uint8_t* data, std::size_t size) {
  return aac_ ? DecodeAac(data, size) : DecodePcm(data, size);
}

std::size_t CameraMicrophone::DecodePcm(const std::uint8_t* data, std::size_t size) {
  const std::size_t samples = std::min(size / 2, decoded_.size()) / track_.channels;
  for (std::size_t i = 0; i < samples * track_.channels; ++i) {
    decoded_[i] = static_cast<std::int16_t>(data[2 * i] | data[2 * i + 1] << 8);
  }
  Mix(samples, track_.channels);
  return samples;
}

std::size_t CameraMicrophone::DecodeAac(const std::uint8_t* data, std::size_t size) {
  std::uint32_t channels = 0;
  const RealtimePause library;  // it keeps frames in a pool and asks for more when it likes
  const int samples = aac_->Decode(data, size, decoded_.data(), &channels);
  if (samples <= 0 || channels == 0) return 0;
  Mix(static_cast<std::size_t>(samples), channels);
  return static_cast<std::size_t>(samples);
}

void CameraMicrophone::Mix(std::size_t samples, std::uint32_t channels) {
  const std::int16_t* in = decoded_.data();
  for (std::size_t i = 0; i < samples; ++i, in += channels) {
    std::int32_t sum = 0;
    for (std::uint32_t c = 0; c < channels; ++c) sum += in[c];
    mono_[i] = static_cast<std::int16_t>(sum / static_cast<std::int32_t>(channels));
  }
}

void CameraMicrophone::WriteSilence(std::size_t samples) {
  buffer_.Write(silence_.data(), std::min(samples, silence_.size()), clock_());
}

}  // namespace dashvoip
