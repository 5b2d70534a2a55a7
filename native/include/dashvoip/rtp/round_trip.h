#ifndef DASHVOIP_RTP_ROUND_TRIP_H_
#define DASHVOIP_RTP_ROUND_TRIP_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/rtp/rtcp_packet.h"

namespace dashvoip {

/**
 * Round trips from the far end's report blocks (RFC 3550 §6.4.1), told only while they are
 * plausible. There are peers that leave DLSR out, count it in other units or from when they looked
 * at the report: their figures belong to no report of ours, or differ from one block to the next by
 * more than the jitter of the way can explain.
 */
class RoundTrip {
 public:
  /** @param ntp of a sender report that leaves. */
  void OnReportSent(std::uint64_t ntp) noexcept;
  /** @param ntp when the block came. @param jitter_ms of the way there, as the far end sees it. */
  void OnBlock(const ReportBlock& block, std::uint64_t ntp, double jitter_ms) noexcept;

  /** Two blocks at least, and all of the last four, agree. */
  bool plausible() const noexcept { return plausible_; }
  /** ns, newest. */
  std::int64_t value() const noexcept { return value_; }

 private:
  static constexpr std::size_t kReports = 4;
  static constexpr std::size_t kSamples = 4;

  bool SentOne(std::uint32_t ntp_middle) const noexcept;

  std::array<std::uint32_t, kReports> sent_{};  // middle 32 bits of NTP time
  std::size_t sent_count_ = 0;
  std::array<std::int64_t, kSamples> samples_{};
  std::size_t sample_count_ = 0;
  bool plausible_ = false;
  std::int64_t value_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_ROUND_TRIP_H_
