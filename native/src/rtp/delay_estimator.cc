#include "dashvoip/rtp/delay_estimator.h"

#include <algorithm>

namespace dashvoip {

namespace {

constexpr std::int64_t kBucketLength = 1000000000;
constexpr std::int64_t kBinWidth = 2000000;
constexpr double kMemory = 10e9;  // ns of sound after which a packet counts 1/e
constexpr double kPart = 0.03;    // that may come later than the percentile
constexpr double kRescaleAt = 1e9;

}  // namespace

constexpr std::size_t DelayEstimator::kBuckets;
constexpr std::size_t DelayEstimator::kBins;

void DelayEstimator::OnPacket(std::int64_t arrival, std::int64_t transit,
                              std::int64_t duration) noexcept {
  UpdateFastest(arrival, transit);
  FollowFastest();
  newest_variation_ = transit - fastest_;
  AddToHistogram(newest_variation_, duration);
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

// The variations noted so far were measured against another fastest packet: move them along, or a
// lasting change of the way would look like jitter for as long as they are remembered.
void DelayEstimator::FollowFastest() noexcept {
  if (!started_) {
    started_ = true;
    histogram_base_ = fastest_;
  }
  const std::int64_t shift = (histogram_base_ - fastest_) / kBinWidth;
  if (shift == 0) return;
  histogram_base_ -= shift * kBinWidth;
  const auto bins = static_cast<std::int64_t>(kBins);
  const std::int64_t by = std::min(bins, std::max(-bins, shift));
  std::array<double, kBins> moved{};
  for (std::int64_t bin = 0; bin < bins; ++bin) {
    const std::int64_t to = std::min(bins - 1, std::max<std::int64_t>(0, bin + by));
    moved[static_cast<std::size_t>(to)] += bins_[static_cast<std::size_t>(bin)];
  }
  bins_ = moved;
}

void DelayEstimator::AddToHistogram(std::int64_t variation, std::int64_t duration) noexcept {
  const std::size_t bin =
      std::min<std::size_t>(kBins - 1, static_cast<std::size_t>(variation / kBinWidth));
  bins_[bin] += weight_;
  total_ += weight_;
  weight_ *= 1 + static_cast<double>(duration) / kMemory;
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
