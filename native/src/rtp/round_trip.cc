#include "dashvoip/rtp/round_trip.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"
#include "dashvoip/rtp/ntp_time.h"

namespace dashvoip {
namespace {

// Peers that round DLSR to milliseconds make a short way a little negative.
constexpr std::int32_t kRounding = 65536 / 64;
constexpr std::int32_t kLongest = 60 * 65536;
// How far round trips of one way differ without jitter: half of the shortest, or this.
constexpr std::int64_t kSpread = 30 * kNsPerMs;
constexpr double kJitters = 4;

}  // namespace

constexpr std::size_t RoundTrip::kReports;
constexpr std::size_t RoundTrip::kSamples;

void RoundTrip::OnReportSent(std::uint64_t ntp) noexcept {
  sent_[sent_count_++ % kReports] = NtpMiddle(ntp);
}

bool RoundTrip::SentOne(std::uint32_t ntp_middle) const noexcept {
  const auto end = sent_.begin() + static_cast<std::ptrdiff_t>(std::min(sent_count_, kReports));
  return std::find(sent_.begin(), end, ntp_middle) != end;
}

void RoundTrip::OnBlock(const ReportBlock& block, std::uint64_t ntp, double jitter_ms) noexcept {
  // Zero: it has seen no report of ours, or does not say when.
  if (block.last_sr == 0 || block.delay_since_last_sr == 0 || !SentOne(block.last_sr)) return;
  // RFC 3550 §6.4.1: A - LSR - DLSR.
  const auto units =
      static_cast<std::int32_t>(NtpMiddle(ntp) - block.last_sr - block.delay_since_last_sr);
  if (units < -kRounding || units > kLongest) return;
  value_ = NsFromNtpShort(std::max(units, 0));
  samples_[sample_count_++ % kSamples] = value_;
  const auto end =
      samples_.begin() + static_cast<std::ptrdiff_t>(std::min(sample_count_, kSamples));
  const auto range = std::minmax_element(samples_.begin(), end);
  const std::int64_t spread = std::max(kSpread, *range.first / 2) +
                              static_cast<std::int64_t>(kJitters * jitter_ms * kNsPerMs);
  plausible_ = sample_count_ > 1 && *range.second - *range.first <= spread;
}

}  // namespace dashvoip
