#include "dashvoip/voice/burst_metrics.h"

#include <algorithm>

namespace dashvoip {
namespace {

double Ratio(std::uint64_t part, std::uint64_t whole) noexcept {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

}  // namespace

constexpr std::uint64_t BurstMetrics::kGapThreshold;

void BurstMetrics::OnLost() noexcept {
  if (open_lost_ > 0 && heard_in_row_ < kGapThreshold) {
    open_packets_ += heard_in_row_;
  } else {
    Settle();
    gap_packets_ += heard_in_row_;
  }
  heard_in_row_ = 0;
  ++open_packets_;
  ++open_lost_;
}

/** What was open is a burst, or a packet by itself. */
void BurstMetrics::Settle() noexcept {
  if (open_lost_ > 1) {
    ++bursts_;
    burst_packets_ += open_packets_;
    burst_lost_ += open_lost_;
  } else {
    gap_packets_ += open_packets_;
    gap_lost_ += open_lost_;
  }
  open_packets_ = open_lost_ = 0;
}

BurstMetrics::Figures BurstMetrics::Get() const noexcept {
  BurstMetrics now = *this;
  now.Settle();
  now.gap_packets_ += now.heard_in_row_;
  Figures figures;
  figures.burst_density = Ratio(now.burst_lost_, now.burst_packets_);
  figures.gap_density = Ratio(now.gap_lost_, now.gap_packets_);
  figures.burst_packets = Ratio(now.burst_packets_, now.bursts_);
  // One before each burst, and the one that lasts.
  figures.gap_packets = Ratio(now.gap_packets_, now.bursts_ + 1);
  return figures;
}

}  // namespace dashvoip
