#include "dashvoip/camera/camera_speaker.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "dashvoip/base/realtime_section.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr std::size_t kFrameSamples = 1024;
// A format that tells other numbers is damaged.
constexpr std::uint32_t kMaxChannels = 8;
constexpr std::uint32_t kLeastRate = 4000;
constexpr std::uint32_t kMostRate = 192000;
constexpr std::uint32_t kMaxAhead = 3;  // frames queued in the camera
constexpr std::uint32_t kMarginMs = 20;
constexpr std::uint32_t kRingMaxMs = 120;
// A frame is written this long before the camera would run dry. It is no delay of its own: what
// does not wait in the camera waits in the ring. Three RPCs of up to 5 ms each must fit in, and the
// 10 ms that a sound device takes at once.
constexpr std::int64_t kAheadOfDryNs = 25 * kNsPerMs;
constexpr std::int64_t kRetryNs = 4 * kNsPerMs;
constexpr std::int64_t kFillLookNs = 20 * kNsPerMs;
// Silence of this length is a pause of the speaker's, not a late packet.
constexpr std::int64_t kPauseNs = 60 * kNsPerMs;

}  // namespace

constexpr std::int64_t CameraSpeaker::kNever;

CameraSpeaker::CameraSpeaker(std::uint32_t bus_rate_hz, std::function<void()> wake, Clock clock)
    : bus_rate_hz_(bus_rate_hz),
      wake_(std::move(wake)),
      clock_(clock),
      ring_(static_cast<std::size_t>(bus_rate_hz) * kRingMaxMs * 2 / 1000),
      pushed_(bus_rate_hz),
      drift_(bus_rate_hz) {}

void CameraSpeaker::SetActive(bool active) {
  wanted_.store(active, std::memory_order_release);
  wake_();
}

void CameraSpeaker::Push(const std::int16_t* samples, std::size_t count) noexcept {
  packet_.store(count, std::memory_order_relaxed);
  const std::size_t written = wanted() ? ring_.Write(samples, count) : 0;
  if (written < count) overruns_.fetch_add(1, std::memory_order_relaxed);
  pushed_.OnWritten(written, clock_());
}

DeviceSnapshot CameraSpeaker::Status() const {
  DeviceSnapshot status;
  status.underruns = underruns_.load(std::memory_order_relaxed);
  status.overruns = overruns_.load(std::memory_order_relaxed);
  status.queued_ms = static_cast<std::uint32_t>(ring_.size() * 1000 / bus_rate_hz_) +
                     camera_ms_.load(std::memory_order_relaxed);
  status.delay_ms = status.queued_ms;
  std::lock_guard<std::mutex> lock(mutex_);
  status.open = open_;
  status.error = error_;
  status.reopens = reopens_;
  return status;
}

void CameraSpeaker::Open(camlink* link) {
  const RealtimePause set_up;
  const int opened = cl_play_open(link, &format_);
  if (opened != CL_OK) {
    Close(opened == CL_NOTSUP ? "the camera takes no sound for its speaker (no stream-in)"
                              : cl_strerror(opened));
    return;
  }
  link_ = link;
  std::string error;
  if (format_.codec != CL_PCM_S16LE || format_.bits != 16) {
    error = "the camera's speaker wants media id " + std::to_string(format_.vendor_id) +
            ": expected 16-bit PCM";
  } else if (format_.channels < 1 || format_.channels > kMaxChannels) {
    error = "the camera's speaker has " + std::to_string(format_.channels) +
            " channels: expected 1 to " + std::to_string(kMaxChannels);
  } else if (format_.sample_rate < kLeastRate || format_.sample_rate > kMostRate) {
    error = "the camera's speaker wants " + std::to_string(format_.sample_rate) + " Hz: expected " +
            std::to_string(kLeastRate) + " to " + std::to_string(kMostRate);
  } else if (cl_play_free(link, &capacity_) != CL_OK) {
    error = "the camera's speaker tells no free space";
  } else {
    try {
      resampler_.reset(
          new Resampler(bus_rate_hz_, format_.sample_rate, Resampler::Ratio::kAdjustable));
    } catch (const std::exception& refused) {
      error = std::string("the camera's speaker cannot be used: ") + refused.what();
    }
  }
  const std::uint64_t frame_bytes = std::uint64_t{kFrameSamples} * 2 * format_.channels;
  if (error.empty() && capacity_ < 2 * frame_bytes) {
    error = "the camera's speaker queue is too small";
  }
  if (!error.empty()) {
    Close(error);
    return;
  }
  frame_bytes_ = static_cast<std::uint32_t>(frame_bytes);
  taken_.resize(MissingForFrame());
  pending_.resize(kFrameSamples + resampler_->MaxOutput(taken_.size()));
  frame_.resize(kFrameSamples * format_.channels);
  std::lock_guard<std::mutex> lock(mutex_);
  open_ = true;
  error_.clear();
  ++reopens_;
}

void CameraSpeaker::Close(const std::string& reason) {
  const RealtimePause set_up;
  if (link_ != nullptr) cl_play_close(link_);
  link_ = nullptr;
  playing_ = false;
  state_ = State::kIdle;
  camera_ms_.store(0, std::memory_order_relaxed);
  std::lock_guard<std::mutex> lock(mutex_);
  open_ = false;
  error_ = reason;
}

std::int64_t CameraSpeaker::Service(std::int64_t now_ns) {
  if (!is_open()) {
    Discard(ring_.size());
    return kNever;
  }
  switch (state_) {
    case State::kIdle:
      return Idle(now_ns);
    case State::kFilling:
      return Fill(now_ns);
    case State::kPlaying:
      return Play(now_ns);
    case State::kDraining:
      return Drain(now_ns);
  }
  return kNever;
}

std::int64_t CameraSpeaker::Idle(std::int64_t now_ns) {
  Discard(ring_.size());
  if (!wanted()) return kNever;
  state_ = State::kFilling;
  return now_ns + kFillLookNs;
}

// Enough is there when, with the next packet just about to come and less than a frame in the ring,
// `margin` would still be queued.
std::int64_t CameraSpeaker::Fill(std::int64_t now_ns) {
  if (!wanted()) {
    Stop();
    return kNever;
  }
  const double frame = kFrameSamples * static_cast<double>(bus_rate_hz_) / format_.sample_rate;
  const double aim =
      frame + static_cast<double>(packet_.load(std::memory_order_relaxed)) + Samples(kMarginMs);
  const double ready = static_cast<double>(ring_.size());
  if (ready < aim) return now_ns + kFillLookNs;
  queued_ = 0;
  dry_ns_ = now_ns;
  if (playing_ && !MeasureQueue(now_ns)) return kNever;
  const double excess = std::max(0.0, ready + QueuedSamples() - aim);
  Discard(static_cast<std::size_t>(std::min(excess, ready)));
  resampler_->Reset();
  pending_size_ = 0;
  drift_.Learn();
  if (!WriteFrames(now_ns)) return kNever;
  if (!playing_ && !Check(cl_play_start(link_), "start playing")) return kNever;
  playing_ = true;
  state_ = State::kPlaying;
  return dry_ns_ - kAheadOfDryNs;
}

std::int64_t CameraSpeaker::Play(std::int64_t now_ns) {
  const bool ending = !wanted();
  if (!ending && !HasFrame() && now_ns < dry_ns_ - kAheadOfDryNs) return dry_ns_ - kAheadOfDryNs;
  const std::int64_t silent_since = std::min(dry_ns_, now_ns);
  if (!MeasureQueue(now_ns)) return kNever;
  if (queued_ == 0) CountUnderrun(silent_since);
  if (queued_ == 0 && !ending && !HasFrame()) return Starve(now_ns);
  if (ring_.size() > Samples(kRingMaxMs)) {
    Discard(ring_.size() - static_cast<std::size_t>(Samples(kRingMaxMs) / 4));
    drift_.Learn();
    overruns_.fetch_add(1, std::memory_order_relaxed);
  }
  if (!WriteFrames(now_ns)) return kNever;
  if (ending) {
    // The rest of the last word, filled up to a whole frame.
    pending_size_ += resampler_->Process(taken_.data(), Take(), pending_.data() + pending_size_);
    std::fill(pending_.begin() + static_cast<std::ptrdiff_t>(pending_size_), pending_.end(),
              std::int16_t{0});
    pending_size_ = std::max(pending_size_, kFrameSamples);
    if (!WriteFrame()) return kNever;
    state_ = State::kDraining;
    return Drain(now_ns);
  }
  if (now_ns < dry_ns_ - kAheadOfDryNs) return dry_ns_ - kAheadOfDryNs;
  return std::min(dry_ns_, now_ns + kRetryNs);
}

// The camera is silent. What comes late is played at once; after a pause it is set up anew.
std::int64_t CameraSpeaker::Starve(std::int64_t now_ns) {
  if (now_ns - starving_since_ns_ < kPauseNs) return now_ns + kRetryNs;
  starving_since_ns_ = 0;
  state_ = State::kFilling;
  return Fill(now_ns);
}

void CameraSpeaker::CountUnderrun(std::int64_t silent_since_ns) {
  if (starving_since_ns_ != 0) return;
  starving_since_ns_ = silent_since_ns;
  underruns_.fetch_add(1, std::memory_order_relaxed);
}

// The delay has grown by the time that was silent.
void CameraSpeaker::EndUnderrun(std::int64_t now_ns) {
  drift_.Stalled(static_cast<double>(now_ns - starving_since_ns_) * bus_rate_hz_ / kNsPerSecond);
  starving_since_ns_ = 0;
}

std::int64_t CameraSpeaker::Drain(std::int64_t now_ns) {
  if (wanted()) {
    state_ = State::kFilling;
    return now_ns + kFillLookNs;
  }
  if (!MeasureQueue(now_ns)) return kNever;
  // What left the queue last may still be sounding: one frame more.
  if (queued_ > 0) return dry_ns_ + FrameNs();
  if (now_ns < dry_ns_) return dry_ns_;
  Stop();
  return kNever;
}

void CameraSpeaker::Stop() {
  if (playing_) Check(cl_play_stop(link_), "stop playing");
  playing_ = false;
  state_ = State::kIdle;
  camera_ms_.store(0, std::memory_order_relaxed);
  Discard(ring_.size());
}

bool CameraSpeaker::WriteFrames(std::int64_t now_ns) {
  if (starving_since_ns_ != 0 && HasFrame()) EndUnderrun(now_ns);
  while (HasFrame() && queued_ + frame_bytes_ <= kMaxAhead * frame_bytes_) {
    FollowDrift(now_ns);
    const std::size_t taken = Take();
    if (HasFrame() && drift_.SkipSilent(taken_.data(), taken)) continue;
    pending_size_ += resampler_->Process(taken_.data(), taken, pending_.data() + pending_size_);
    if (pending_size_ >= kFrameSamples && !WriteFrame()) return false;
  }
  return true;
}

std::size_t CameraSpeaker::Take() {
  const std::size_t taken = ring_.Read(taken_.data(), std::min(MissingForFrame(), taken_.size()));
  taken_total_ += static_cast<double>(taken);
  return taken;
}

void CameraSpeaker::Discard(std::size_t count) {
  taken_total_ += static_cast<double>(ring_.Discard(count));
}

// `pending_` is empty whenever a frame is begun, but for what the resampler gave too much.
void CameraSpeaker::FollowDrift(std::int64_t now_ns) {
  const double in_camera = static_cast<double>(dry_ns_ - now_ns) * bus_rate_hz_ / kNsPerSecond;
  const double level = pushed_.At(now_ns) - taken_total_ + in_camera;
  delay_ms_.store(level * 1000 / bus_rate_hz_, std::memory_order_relaxed);
  drift_.Update(level, now_ns);
  resampler_->Adjust(drift_.ppm());
}

bool CameraSpeaker::WriteFrame() {
  for (std::size_t i = 0; i < kFrameSamples; ++i) {
    std::fill_n(frame_.begin() + static_cast<std::ptrdiff_t>(i * format_.channels),
                format_.channels, pending_[i]);
  }
  pending_size_ -= kFrameSamples;
  std::copy_n(pending_.begin() + kFrameSamples, pending_size_, pending_.begin());
  const int result = cl_play_write(link_, frame_.data(), frame_bytes_, 0);
  if (result == CL_AGAIN) {
    // No room although by our count there is: the camera stands still. The frame is lost.
    overruns_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  queued_ += frame_bytes_;
  dry_ns_ += FrameNs();
  return Check(result, "write");
}

// The room of a frame comes free when it has been played whole: how far the camera is in the one it
// plays is known from what was written, and when.
bool CameraSpeaker::MeasureQueue(std::int64_t now_ns) {
  std::uint32_t free_bytes = 0;
  const std::int64_t asked_ns = clock_();
  if (!Check(cl_play_free(link_, &free_bytes), "ask for room")) return false;
  const std::int64_t answered_ns = clock_();
  queued_ = capacity_ - std::min(capacity_, free_bytes);
  const std::int64_t frames_ns = FrameNs() * queued_ / frame_bytes_;
  const std::int64_t latest_ns = answered_ns + frames_ns;
  const std::int64_t earliest_ns = std::max(now_ns, asked_ns + frames_ns - FrameNs());
  dry_ns_ = std::max(earliest_ns, std::min(latest_ns, dry_ns_));
  camera_ms_.store(static_cast<std::uint32_t>((dry_ns_ - now_ns) / kNsPerMs),
                   std::memory_order_relaxed);
  return true;
}

bool CameraSpeaker::Check(int result, const char* what) {
  if (result == CL_OK) return true;
  Close(std::string("the camera refused to ") + what + ": " + cl_strerror(result));
  return false;
}

// What is queued in the camera, in samples at the bus rate.
double CameraSpeaker::QueuedSamples() const {
  return static_cast<double>(queued_) / frame_bytes_ * kFrameSamples * bus_rate_hz_ /
         format_.sample_rate;
}

bool CameraSpeaker::HasFrame() const { return ring_.size() > MissingForFrame(); }

// Samples at the bus rate that complete the frame in `pending_`; one more for the resampler.
std::size_t CameraSpeaker::MissingForFrame() const {
  const std::size_t missing = kFrameSamples - std::min(pending_size_, kFrameSamples);
  return missing * bus_rate_hz_ / format_.sample_rate + 1;
}

std::int64_t CameraSpeaker::FrameNs() const {
  return static_cast<std::int64_t>(kFrameSamples) * kNsPerSecond / format_.sample_rate;
}

}  // namespace dashvoip
