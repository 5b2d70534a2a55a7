#include "dashvoip/voice/delay_estimator.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

namespace {

constexpr std::int64_t kBucketLength = kNsPerSecond;
constexpr std::int64_t kBinWidth = 2 * kNsPerMs;
constexpr double kMemory = 10.0 * kNsPerSecond;  // of arrivals after which a packet counts 1/e
constexpr double kPart = 0.03;                   // that may come later than the percentile
constexpr double kRescaleAt = 1e9;

}  // namespace

constexpr std::size_t DelayEstimator::kBuckets;
constexpr std::size_t DelayEstimator::kBins;

void DelayEstimator::OnPacket(std::int64_t arrival, std::int64_t transit, std::int64_t duration,
                              bool overtaken) noexcept {
  UpdateFastest(arrival, transit);
  FollowFastest();
  newest_variation_ = transit - fastest_;
  // A stall is one event, however many packets waited behind it.
  const std::int64_t since = total_ == 0 || overtaken ? duration : arrival - last_arrival_;
  const std::int64_t counted = std::min(duration, std::max<std::int64_t>(0, since));
  last_arrival_ = arrival;
  if (counted > 0) AddToHistogram(newest_variation_, counted);
}

void DelayEstimator::UpdateFastest(std::int64_t arrival, std::int64_t transit) noexcept {
  const std::int64_t epoch = arrival / kBucketLength;
  Bucket& bucket = buckets_[static_cast<std::uint64_t>(epoch) % kBuckets];
  if (bucket.epoch != epoch) {
    bucket.epoch = epoch;
    bucket.minimum = transit;
  }
  bucket.minimum = std::min(bucket.minimum, transit);
  fastest_ = transit;
  for (const Bucket& other : buckets_) {
    const bool recent = other.epoch >= 0 && epoch - other.epoch < static_cast<int>(kBuckets);
    if (recent) fastest_ = std::min(fastest_, other.minimum);
  }
}

// The variations noted so far were measured against another fastest packet. When the way became
// longer for good they move along, or that change would look like jitter for as long as they are
// remembered. When it became shorter they stay: if packets as slow as before go on coming, they
// enter with their new variation soon enough.
void DelayEstimator::FollowFastest() noexcept {
  if (total_ == 0 || fastest_ <= histogram_base_) {
    histogram_base_ = fastest_;
    return;
  }
  const std::int64_t shift = (fastest_ - histogram_base_) / kBinWidth;
  if (shift == 0) return;
  histogram_base_ += shift * kBinWidth;
  const std::size_t by = static_cast<std::size_t>(std::min<std::int64_t>(shift, kBins - 1));
  for (std::size_t bin = 1; bin <= by; ++bin) bins_[0] += bins_[bin];
  std::copy(bins_.begin() + 1 + static_cast<std::ptrdiff_t>(by), bins_.end(), bins_.begin() + 1);
  std::fill(bins_.end() - static_cast<std::ptrdiff_t>(by), bins_.end(), 0.0);
}

void DelayEstimator::AddToHistogram(std::int64_t variation, std::int64_t counted) noexcept {
  const double weight = weight_ * static_cast<double>(counted);
  const std::size_t bin =
      std::min<std::size_t>(kBins - 1, static_cast<std::size_t>(variation / kBinWidth));
  bins_[bin] += weight;
  total_ += weight;
  weight_ *= 1 + static_cast<double>(counted) / kMemory;
  if (weight_ < kRescaleAt) return;
  for (double& value : bins_) value /= weight_;
  total_ /= weight_;
  weight_ = 1;
}

std::int64_t DelayEstimator::Percentile97() const noexcept {
  double above = 0;
  std::size_t bin = kBins;
  while (bin > 0 && above <= total_ * kPart) above += bins_[--bin];
  return total_ > 0 ? (static_cast<std::int64_t>(bin) + 1) * kBinWidth : 0;
}

}  // namespace dashvoip
