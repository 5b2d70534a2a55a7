#include "dashvoip/rtp/pacing_statistics.h"

#include <algorithm>

namespace dashvoip {

namespace {
constexpr std::uint32_t kLinearEnd = 1000;  // µs
}  // namespace

constexpr std::uint32_t PacingStatistics::kLinearStep;
constexpr std::uint32_t PacingStatistics::kLinearBins;
constexpr std::uint32_t PacingStatistics::kBinsPerDoubling;
constexpr std::uint32_t PacingStatistics::kDoublings;
constexpr std::uint32_t PacingStatistics::kBins;

std::uint32_t PacingStatistics::BinOf(std::uint32_t us) noexcept {
  if (us < kLinearEnd) return us / kLinearStep;
  std::uint32_t low = kLinearEnd;
  for (std::uint32_t doubling = 0; doubling < kDoublings; ++doubling, low *= 2) {
    if (us >= 2 * low) continue;
    return kLinearBins + doubling * kBinsPerDoubling +
           static_cast<std::uint32_t>(std::uint64_t{us - low} * kBinsPerDoubling / low);
  }
  return kBins - 1;
}

std::uint32_t PacingStatistics::UpperEdge(std::uint32_t bin) noexcept {
  if (bin < kLinearBins) return (bin + 1) * kLinearStep;
  const std::uint32_t low = kLinearEnd << (bin - kLinearBins) / kBinsPerDoubling;
  return low + low * ((bin - kLinearBins) % kBinsPerDoubling + 1) / kBinsPerDoubling;
}

void PacingStatistics::OnSent(std::int64_t ideal, std::int64_t actual) noexcept {
  const std::int64_t deviation = actual < ideal ? ideal - actual : actual - ideal;
  const auto us = static_cast<std::uint32_t>(std::min<std::int64_t>(deviation / 1000, UINT32_MAX));
  ++packets_;
  sum_ns_ += static_cast<std::uint64_t>(deviation);
  max_us_ = std::max(max_us_, us);
  ++bins_[BinOf(us)];
}

PacingSnapshot PacingStatistics::Snapshot() const noexcept {
  PacingSnapshot snapshot;
  if (packets_ == 0) return snapshot;
  snapshot.packets = packets_;
  snapshot.mean_us = static_cast<double>(sum_ns_) / static_cast<double>(packets_) / 1000;
  snapshot.max_us = max_us_;
  const std::uint64_t allowed_above = packets_ / 100;
  std::uint64_t above = 0;
  std::uint32_t bin = kBins;
  while (bin > 0 && above <= allowed_above) above += bins_[--bin];
  snapshot.p99_us = bin == kBins - 1 ? max_us_ : std::min(UpperEdge(bin), max_us_);
  return snapshot;
}

}  // namespace dashvoip
