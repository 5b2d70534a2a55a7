#include "dashvoip/audio/alsa_device.h"

#include <algorithm>

#include "dashvoip/base/monotonic.h"

namespace dashvoip {
namespace {
// Sound kept in the card: three ticks of the worker, so that a late one is not heard.
constexpr std::uint32_t kCardMs = 30;
// Sound kept in the ring: one packet of the far end, and more after each underrun: what came late
// once will be late again.
constexpr std::uint32_t kRingMs = 20;
constexpr std::uint32_t kRingStepMs = 5;
constexpr std::uint32_t kRingMostMs = 40;
constexpr std::uint32_t kRingMaxMs = 120;

std::size_t Samples(std::uint32_t ms, std::uint32_t rate_hz) {
  return static_cast<std::size_t>(ms) * rate_hz / 1000;
}
}  // namespace

AlsaSource::AlsaSource(const std::string& device, std::uint32_t bus_rate_hz, int fifo_priority)
    : capture_(bus_rate_hz),
      worker_(device, AlsaPcm::Direction::kCapture, bus_rate_hz, fifo_priority, capture_) {}

void AlsaSource::SetActive(bool active) {
  if (active) capture_.buffer().Restart();
  active_.store(active, std::memory_order_release);
  worker_.SetActive(active);
}

bool AlsaSource::Pull(std::int16_t* out, std::size_t count) noexcept {
  if (active_.load(std::memory_order_acquire)) {
    return capture_.buffer().Pull(out, count, MonotonicNs());
  }
  std::fill(out, out + count, std::int16_t{0});
  return false;
}

DeviceSnapshot AlsaSource::Status() const {
  const PullBuffer& buffer = capture_.buffer();
  DeviceSnapshot status = worker_.Status();
  status.overruns = buffer.overruns() + status.underruns;  // the card's recoveries are overruns
  status.underruns = buffer.underruns();
  status.queued_ms = buffer.queued_ms();
  status.delay_ms = static_cast<std::uint32_t>(buffer.delay_ms());
  return status;
}

void AlsaCapture::OnOpen(AlsaPcm& pcm) {
  resampler_.reset(new Resampler(pcm.rate_hz(), bus_rate_hz_, Resampler::Ratio::kAdjustable));
  captured_.resize(pcm.buffer());
  resampled_.resize(resampler_->MaxOutput(captured_.size()));
}

long AlsaCapture::OnTick(AlsaPcm& pcm, std::size_t allowed) {
  const long available = pcm.Available();
  if (available < 0) return available;
  const std::size_t wanted =
      std::min({static_cast<std::size_t>(available), allowed, captured_.size()});
  const long got = wanted > 0 ? pcm.Read(captured_.data(), wanted) : 0;
  if (got > 0) {
    resampler_->Adjust(buffer_.drift_ppm());
    const std::size_t n =
        resampler_->Process(captured_.data(), static_cast<std::size_t>(got), resampled_.data());
    buffer_.Write(resampled_.data(), n, clock_());
  }
  return got;
}

AlsaSink::AlsaSink(const std::string& device, std::uint32_t bus_rate_hz, int fifo_priority)
    : playback_(bus_rate_hz),
      worker_(device, AlsaPcm::Direction::kPlayback, bus_rate_hz, fifo_priority, playback_) {}

void AlsaSink::SetActive(bool active) {
  active_.store(active, std::memory_order_release);
  worker_.SetActive(active);
}

void AlsaSink::Push(const std::int16_t* samples, std::size_t count) noexcept {
  playback_.Push(samples, count, active_.load(std::memory_order_acquire));
}

DeviceSnapshot AlsaSink::Status() const {
  DeviceSnapshot status = worker_.Status();
  playback_.AddTo(&status);
  return status;
}

AlsaPlayback::AlsaPlayback(std::uint32_t bus_rate_hz, Clock clock)
    : bus_rate_hz_(bus_rate_hz),
      clock_(clock),
      ring_(Samples(2 * kRingMaxMs, bus_rate_hz)),
      pushed_(bus_rate_hz),
      drift_(bus_rate_hz) {}

void AlsaPlayback::Push(const std::int16_t* samples, std::size_t count, bool active) noexcept {
  const std::size_t written = active ? ring_.Write(samples, count) : 0;
  if (written < count) overruns_.fetch_add(1, std::memory_order_relaxed);
  pushed_.OnWritten(written, clock_());
}

void AlsaPlayback::AddTo(DeviceSnapshot* status) const noexcept {
  status->underruns += underruns_.load(std::memory_order_relaxed);
  status->overruns = overruns_.load(std::memory_order_relaxed);
  status->queued_ms = static_cast<std::uint32_t>(ring_.size() * 1000 / bus_rate_hz_);
  status->delay_ms = status->queued_ms + card_ms_.load(std::memory_order_relaxed);
}

void AlsaPlayback::OnOpen(AlsaPcm& pcm) {
  resampler_.reset(new Resampler(bus_rate_hz_, pcm.rate_hz(), Resampler::Ratio::kAdjustable));
  taken_.resize(pcm.buffer() * bus_rate_hz_ / pcm.rate_hz() + 1);
  resampled_.resize(std::max(resampler_->MaxOutput(taken_.size()), pcm.buffer()));
  Discard(ring_.size());
  priming_ = true;
  prime_ms_ = kRingMs;
}

void AlsaPlayback::Discard(std::size_t count) {
  taken_total_ += static_cast<double>(ring_.Discard(count));
}

// Takes what the card is short of out of the ring.
std::size_t AlsaPlayback::Take(std::size_t wanted, std::size_t queued_in_card) {
  if (ring_.size() > Samples(kRingMaxMs, bus_rate_hz_)) {
    Discard(ring_.size() - Samples(kRingMs, bus_rate_hz_));
    overruns_.fetch_add(1, std::memory_order_relaxed);
    priming_ = true;
  }
  if (priming_) {
    if (ring_.size() < Samples(prime_ms_, bus_rate_hz_)) return 0;
    priming_ = false;
    drift_.Learn();
  }
  const std::size_t taken = ring_.Read(taken_.data(), std::min(wanted, taken_.size()));
  taken_total_ += static_cast<double>(taken);
  if (taken == 0 && wanted > 0 && queued_in_card == 0) {
    priming_ = true;
    prime_ms_ = std::min(prime_ms_ + kRingStepMs, kRingMostMs);
    underruns_.fetch_add(1, std::memory_order_relaxed);
  }
  return taken;
}

void AlsaPlayback::FollowDrift(std::size_t queued_in_card) {
  if (priming_) return;
  const std::int64_t now_ns = clock_();
  const double level = pushed_.At(now_ns) - taken_total_ + static_cast<double>(queued_in_card);
  delay_ms_.store(level * 1000 / bus_rate_hz_, std::memory_order_relaxed);
  drift_.Update(level, now_ns);
  resampler_->Adjust(drift_.ppm());
}

long AlsaPlayback::OnTick(AlsaPcm& pcm, std::size_t allowed) {
  const long available = pcm.Available();
  const long queued = pcm.Queued();
  if (available < 0 || queued < 0) return std::min(available, queued);
  const std::size_t target = Samples(kCardMs, pcm.rate_hz());
  const auto in_card = static_cast<std::size_t>(queued);
  const std::size_t in_card_bus = in_card * bus_rate_hz_ / pcm.rate_hz();
  card_ms_.store(static_cast<std::uint32_t>(in_card * 1000 / pcm.rate_hz()),
                 std::memory_order_relaxed);
  FollowDrift(in_card_bus);
  if (in_card >= target) return 0;
  const std::size_t room =
      std::min({target - in_card, static_cast<std::size_t>(available), allowed});
  std::size_t taken = Take(room * bus_rate_hz_ / pcm.rate_hz(), in_card_bus);
  const bool next_is_there = ring_.size() >= Samples(kRingMs, bus_rate_hz_);
  if (next_is_there && drift_.SkipSilent(taken_.data(), taken)) taken = 0;
  std::size_t ready = resampler_->Process(taken_.data(), taken, resampled_.data());
  // Silence keeps the card running, but only up to one tick: sound that comes must not wait.
  const std::size_t least = std::min(room, pcm.period() - std::min(pcm.period(), in_card));
  if (ready < least) {
    if (!priming_)
      drift_.Stalled(static_cast<double>(least - ready) * bus_rate_hz_ / pcm.rate_hz());
    std::fill(resampled_.begin() + static_cast<std::ptrdiff_t>(ready),
              resampled_.begin() + static_cast<std::ptrdiff_t>(least), std::int16_t{0});
    ready = least;
  }
  return ready > 0 ? pcm.Write(resampled_.data(), ready) : 0;
}

}  // namespace dashvoip
