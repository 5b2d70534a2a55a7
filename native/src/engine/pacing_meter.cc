#include "dashvoip/engine/pacing_meter.h"

#include <algorithm>

namespace dashvoip {
namespace {

constexpr std::int64_t kFineNs = 5000;
constexpr std::int64_t kCoarseNs = 250000;
constexpr std::int64_t kFineEndNs = 1000000;

}  // namespace

constexpr std::size_t PacingMeter::kFineBins;
constexpr std::size_t PacingMeter::kCoarseBins;

void PacingMeter::Add(std::int64_t deviation_ns) noexcept {
  const std::int64_t size = deviation_ns < 0 ? -deviation_ns : deviation_ns;
  const std::size_t bin = size < kFineEndNs
                              ? static_cast<std::size_t>(size / kFineNs)
                              : kFineBins + static_cast<std::size_t>(std::min<std::int64_t>(
                                                (size - kFineEndNs) / kCoarseNs, kCoarseBins));
  ++bins_[bin];
  ++count_;
  sum_ns_ += size;
  max_ns_ = std::max(max_ns_, size);
}

PacingFigures PacingMeter::Figures() const noexcept {
  PacingFigures figures;
  if (count_ == 0) return figures;
  figures.count = count_;
  figures.mean_us = static_cast<double>(sum_ns_) / static_cast<double>(count_) / 1000;
  figures.max_us = static_cast<double>(max_ns_) / 1000;
  const std::uint64_t rank = (count_ * 99 + 99) / 100;
  std::uint64_t seen = 0;
  std::size_t bin = 0;
  while (bin + 1 < bins_.size() && (seen += bins_[bin]) < rank) ++bin;
  const std::int64_t edge_ns =
      bin < kFineBins ? static_cast<std::int64_t>(bin + 1) * kFineNs
                      : kFineEndNs + static_cast<std::int64_t>(bin - kFineBins + 1) * kCoarseNs;
  const bool open_end = bin + 1 == bins_.size();
  figures.p99_us = static_cast<double>(open_end ? max_ns_ : std::min(edge_ns, max_ns_)) / 1000;
  return figures;
}

}  // namespace dashvoip
