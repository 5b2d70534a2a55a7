#include "dashvoip/talker/talker.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "dashvoip/audio/saturate.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr double kHighPassHz = 100;
constexpr std::uint32_t kLineMs = 2000;
// What the reference comes earlier than the echo by: what is known of delays is not known more
// closely, and a filter cannot hear into the future.
constexpr double kAheadMs = 12;
// The echo may come so much earlier than the devices say.
constexpr double kSearchAheadMs = 40;
// A filter follows what is less than this by itself.
constexpr double kLeastMoveMs = 10;
constexpr double kJumpMs = 30;
constexpr double kMeanSeconds = 1;
// The floor changes hands, and the speaker its loudness, within so long.
constexpr double kFadeSeconds = 0.02;

double PowerOf(const std::int16_t* samples, std::size_t count) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(samples[i]) * samples[i];
  return sum / static_cast<double>(count);
}

EchoCanceller::Options OptionsOf(const VoiceSettings& settings, std::uint32_t rate_hz,
                                 std::size_t block) {
  EchoCanceller::Options options;
  options.rate_hz = rate_hz;
  options.block = block;
  options.tail_ms = settings.echo_tail_ms;
  options.cancel = settings.echo_canceller;
  options.suppress_noise = settings.noise_suppression;
  return options;
}

std::unique_ptr<EchoCanceller> MakeCanceller(const EchoCanceller::Options& options) {
  if (!options.cancel && !options.suppress_noise) return nullptr;
  return std::make_unique<EchoCanceller>(options);
}

Floor::Mode ModeOf(Duplex duplex) {
  return duplex == Duplex::kPushToTalk ? Floor::Mode::kPushToTalk : Floor::Mode::kVoiceSwitched;
}

/** Towards `to`, as far as it comes in so many seconds. */
double Faded(double from, double to, double seconds) noexcept {
  const double most = seconds / kFadeSeconds;
  return from + std::max(-most, std::min(most, to - from));
}

}  // namespace

constexpr std::uint32_t Talker::kBlockMs;
constexpr double Talker::kUnknown;

Talker::Talker(const VoiceSettings& settings, std::uint32_t rate_hz)
    : settings_(settings),
      rate_hz_(rate_hz),
      block_(rate_hz * kBlockMs / 1000),
      high_pass_(Biquad::HighPass(rate_hz, kHighPassHz)),
      canceller_(MakeCanceller(OptionsOf(settings, rate_hz, block_))),
      played_line_(Samples(kLineMs)),
      echo_delay_(rate_hz),
      near_(rate_hz),
      far_(rate_hz),
      gain_control_(rate_hz),
      limiter_(rate_hz),
      floor_(ModeOf(settings.duplex)),
      tone_(rate_hz),
      reference_(block_),
      cancelled_(block_),
      played_(Samples(20)),
      hidden_ms_(static_cast<double>(settings.echo_delay_ms.Or(0))),
      delay_(block_) {
  Align();
}

// The room is the same as in the last call, and so is what was learned of it.
void Talker::Begin() noexcept {
  high_pass_.Reset();
  known_ms_ = kUnknown;
  near_.Reset();
  far_.Reset();
  limiter_.Reset();
  floor_.Reset();
  near_gain_ = far_gain_ = 1;
}

std::int64_t Talker::PositionOf(std::int64_t slot) const noexcept {
  const std::int64_t rest = slot % kNsPerSecond * rate_hz_ + kNsPerSecond / 2;
  return slot / kNsPerSecond * rate_hz_ + rest / kNsPerSecond;
}

// The speaker -----------------------------------------------------------------------------------

const std::int16_t* Talker::Play(std::int64_t slot, const std::int16_t* samples, std::size_t count,
                                 double delay_ms) noexcept {
  count = std::min(count, played_.size());
  const double seconds = static_cast<double>(count) / rate_hz_;
  far_.Take(samples, count);
  const double gain = Faded(far_gain_, FarGain(), seconds);
  for (std::size_t i = 0; i < count; ++i) {
    const double part = static_cast<double>(i + 1) / static_cast<double>(count);
    played_[i] = RoundToSample(samples[i] * (far_gain_ + (gain - far_gain_) * part));
  }
  far_gain_ = gain;
  tone_.Write(played_.data(), count);
  played_line_.Write(PositionOf(slot), played_.data(), count);
  FollowDelay(microphone_ms_ + delay_ms - 1000 * seconds, seconds);
  return played_.data();
}

double Talker::FarGain() const noexcept {
  if (settings_.duplex != Duplex::kFull) return floor_.far_open() ? 1 : 0;
  return settings_.echo_canceller ? convergence_.speaker_gain() : 1;
}

/** @param delay_ms of the first sample that is given to the speaker until it is captured. */
void Talker::FollowDelay(double delay_ms, double seconds) noexcept {
  if (std::fabs(delay_ms - known_ms_) > kJumpMs) known_ms_ = delay_ms;
  known_ms_ += (delay_ms - known_ms_) * std::min(1.0, seconds / kMeanSeconds);
  if (std::fabs(known_ms_ - aligned_ms_) > kLeastMoveMs) Align();
}

void Talker::Align() noexcept {
  aligned_ms_ = known_ms_ == kUnknown ? 0 : known_ms_;
  const double least = kBlockMs;
  delay_ = Samples(std::max(least, aligned_ms_ + hidden_ms_ - kAheadMs));
}

// The microphone --------------------------------------------------------------------------------

void Talker::Capture(std::int64_t slot, std::int16_t* samples, std::size_t count, bool heard,
                     double delay_ms) noexcept {
  if (heard) microphone_ms_ = delay_ms;
  const std::int64_t position = PositionOf(slot);
  for (std::size_t at = 0; at + block_ <= count; at += block_) {
    Block(position + static_cast<std::int64_t>(at), samples + at);
  }
  TakeFloor(slot, near_.speaks() && !muted_);
  Publish();
}

void Talker::Block(std::int64_t position, std::int16_t* block) noexcept {
  const double seconds = static_cast<double>(block_) / rate_hz_;
  const double from = Gain();
  if (settings_.high_pass) high_pass_.Process(block, block_);
  if (settings_.echo_canceller) CancelEcho(position, block);
  if (canceller_) canceller_->Suppress(block);
  near_.Take(block, block_);
  if (settings_.automatic_gain) {
    const bool near_speaks = near_.loud() && !convergence_.far_speaks();
    gain_control_.Take(block, block_, near_speaks, near_.noise_dbov());
  }
  near_gain_ = Faded(near_gain_, NearGain(), seconds);
  limiter_.Process(block, block_, from, Gain());
}

/** All that a block is multiplied by. */
double Talker::Gain() const noexcept {
  return near_gain_ * residual_gain_ * gain_control_.factor();
}

void Talker::CancelEcho(std::int64_t position, std::int16_t* block) noexcept {
  const double seconds = static_cast<double>(block_) / rate_hz_;
  FindDelay(position, block);
  played_line_.Read(position - static_cast<std::int64_t>(delay_), reference_.data(), block_);
  canceller_->Cancel(block, reference_.data(), cancelled_.data());
  double taken = 0;
  for (std::size_t i = 0; i < block_; ++i) {
    const double difference = block[i] - cancelled_[i];
    taken += difference * difference / static_cast<double>(block_);
  }
  const double heard = PowerOf(block, block_);
  const double left = PowerOf(cancelled_.data(), block_);
  convergence_.Take(PowerOf(reference_.data(), block_), heard, left, seconds);
  residual_gain_ = next_gain_;
  next_gain_ = residual_.Take(taken, left, convergence_.noise(), seconds);
  std::copy(cancelled_.begin(), cancelled_.end(), block);
}

void Talker::FindDelay(std::int64_t position, const std::int16_t* block) noexcept {
  const double earliest = std::max<double>(kBlockMs, aligned_ms_ - kSearchAheadMs);
  const std::size_t delay = Samples(earliest);
  played_line_.Read(position - static_cast<std::int64_t>(delay), reference_.data(), block_);
  echo_delay_.Take(reference_.data(), block, block_);
  if (echo_delay_.delay_ms() < 0) return;
  const double hidden = earliest + echo_delay_.delay_ms() - aligned_ms_;
  hidden_found_.store(true, std::memory_order_relaxed);
  if (std::fabs(hidden - hidden_ms_) <= kLeastMoveMs) return;
  hidden_ms_ = hidden;
  Align();
  canceller_->Forget();
  convergence_.Reset();
  residual_.Reset();
}

void Talker::TakeFloor(std::int64_t slot, bool near_speaks) noexcept {
  if (settings_.duplex == Duplex::kFull) return;
  Floor::Heard heard;
  heard.near_speaks = near_speaks;
  heard.far_speaks = far_.speaks();
  heard.pressed = pressed_.load(std::memory_order_relaxed);
  const Floor::Holder before = floor_.holder();
  const Floor::Holder now = floor_.Take(heard, slot);
  if (settings_.duplex != Duplex::kPushToTalk || now == before) return;
  floor_changed_ = true;
  if (now == Floor::Holder::kNear) tone_.Taken();
  if (before == Floor::Holder::kNear && heard.pressed) tone_.Lost();
}

bool Talker::TakeFloorChange() noexcept {
  const bool changed = floor_changed_;
  floor_changed_ = false;
  return changed;
}

double Talker::NearGain() const noexcept {
  if (settings_.duplex == Duplex::kFull) return 1;
  return floor_.near_open() && !tone_.sounds() ? 1 : 0;
}

VoiceSnapshot Talker::Status() const noexcept {
  VoiceSnapshot status;
  status.converged = shown_converged_.load(std::memory_order_relaxed);
  status.echo_enhancement_db = shown_enhancement_db_.load(std::memory_order_relaxed);
  if (hidden_found_.load(std::memory_order_relaxed)) {
    status.echo_delay_ms = shown_hidden_ms_.load(std::memory_order_relaxed);
  }
  status.gain_db = shown_gain_db_.load(std::memory_order_relaxed);
  status.floor = shown_floor_.load(std::memory_order_relaxed);
  return status;
}

void Talker::Publish() noexcept {
  shown_converged_.store(convergence_.converged(), std::memory_order_relaxed);
  shown_enhancement_db_.store(convergence_.enhancement_db(), std::memory_order_relaxed);
  shown_hidden_ms_.store(static_cast<int>(std::lround(hidden_ms_)), std::memory_order_relaxed);
  shown_gain_db_.store(gain_control_.gain_db(), std::memory_order_relaxed);
  shown_floor_.store(floor_.holder(), std::memory_order_relaxed);
}

}  // namespace dashvoip
