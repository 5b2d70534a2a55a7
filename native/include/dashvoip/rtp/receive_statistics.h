#ifndef DASHVOIP_RTP_RECEIVE_STATISTICS_H_
#define DASHVOIP_RTP_RECEIVE_STATISTICS_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/rtcp_packet.h"
#include "dashvoip/rtp/sequence.h"

namespace dashvoip {

/** What was received from one source; totals go on over a change of SSRC. */
struct ReceiveSnapshot {
  std::uint64_t packets = 0;  ///< accepted, duplicates included (RFC 3550 §A.3 counts them)
  std::uint64_t bytes = 0;    ///< payload
  std::int64_t lost = 0;      ///< expected - received, RFC 3550 §A.3; negative with duplicates
  std::uint64_t duplicates = 0;
  std::uint64_t reordered = 0;  ///< arrived behind a higher number
  std::uint64_t suspect = 0;    ///< refused: number far from the source's, RFC 3550 §A.1
  std::uint32_t ssrc = 0;
  double jitter_ms = 0;  ///< interarrival jitter, RFC 3550 §6.4.1
};

/**
 * Reception statistics of RFC 3550 §6.4.1, §A.3 and §A.8 for the one source a call has at a time.
 * A packet with another SSRC starts a new source.
 */
class ReceiveStatistics {
 public:
  /** @param clock_rate ticks of the RTP timestamp per second. */
  explicit ReceiveStatistics(std::uint32_t clock_rate) noexcept;

  /**
   * @param arrival kernel's receive time on CLOCK_MONOTONIC, ns.
   * @return what the sequence number says; kSuspect packets must not be played.
   */
  SequenceTracker::Verdict OnPacket(const RtpPacket& packet, std::int64_t arrival) noexcept;

  std::uint32_t clock_rate() const noexcept { return clock_rate_; }
  /** What comes from now on is stamped by another clock; the jitter so far stays, as time. */
  void SetClockRate(std::uint32_t clock_rate) noexcept;

  /** After a hold: what the far end sent, or only numbered, meanwhile counts neither way. */
  void Resume() noexcept;

  /** True once a packet was accepted. */
  bool active() const noexcept { return active_; }
  std::uint32_t ssrc() const noexcept { return ssrc_; }
  /**
   * Report block on the present source, with the fraction lost since the previous call of this
   * function (RFC 3550 §A.3). `last_sr` and `delay_since_last_sr` are left 0 for RtcpSession.
   */
  ReportBlock TakeReportBlock() noexcept;
  ReceiveSnapshot Snapshot() const noexcept;

 private:
  void BeginSource(std::uint32_t ssrc) noexcept;
  void BeginCounting() noexcept;
  void UpdateJitter(std::uint32_t timestamp, std::int64_t arrival) noexcept;
  std::int64_t LostOfSource() const noexcept;

  std::uint32_t clock_rate_;
  bool active_ = false;
  std::uint32_t ssrc_ = 0;
  SequenceTracker sequence_;
  SequenceHistory history_;
  std::uint64_t received_ = 0;  // of the present source
  std::uint64_t expected_prior_ = 0;
  std::uint64_t received_prior_ = 0;
  bool has_transit_ = false;
  std::uint32_t last_timestamp_ = 0;
  std::uint32_t transit_ = 0;
  std::uint32_t jitter_ = 0;      // ticks, scaled by 16
  std::int64_t lost_before_ = 0;  // of earlier sources
  ReceiveSnapshot totals_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_RECEIVE_STATISTICS_H_
