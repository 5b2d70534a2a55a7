#ifndef DASHVOIP_RTP_RTCP_SESSION_H_
#define DASHVOIP_RTP_RTCP_SESSION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "dashvoip/base/random_source.h"
#include "dashvoip/rtp/receive_statistics.h"
#include "dashvoip/rtp/round_trip.h"
#include "dashvoip/rtp/rtcp_packet.h"

namespace dashvoip {

struct RtcpSettings {
  std::uint32_t ssrc = 0;        ///< ours
  std::string cname;             ///< RFC 3550 §6.5.1; cut at 255 bytes
  std::uint32_t clock_rate = 0;  ///< of our RTP timestamps, Hz
  /** Session bandwidth for the 5 % rule, RFC 3550 §6.2: bits per second with IP headers. */
  std::uint32_t bandwidth = 0;
  /**
   * CLOCK_REALTIME - CLOCK_MONOTONIC in ns, read once for all streams of the process: report times
   * then never jump when the camera's clock is set during a call, and streams stay comparable.
   */
  std::int64_t unix_offset = 0;
};

/** What one RTCP datagram asked for. */
struct RtcpEvents {
  /** More that are missing at once are a case for a key frame. */
  static constexpr std::size_t kMaxLost = 64;

  RtcpParseResult result = RtcpParseResult::kOk;
  bool key_frame_request = false;              ///< PLI, or a FIR that is not a repetition
  bool bye = false;                            ///< the far end's source left
  bool report = false;                         ///< the far end told anew what it received of us
  std::array<std::uint16_t, kMaxLost> lost{};  ///< numbers of packets to send once more
  std::size_t lost_count = 0;
};

/** What the far end says of us, RFC 3550 §6.4.1. */
struct RtcpSnapshot {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t invalid = 0;
  bool has_round_trip = false;  ///< one that is plausible, see RoundTrip
  std::int64_t round_trip = 0;  ///< ns, newest
  bool has_remote_report = false;
  double remote_fraction_lost = 0;  ///< 0..1, newest report
  std::int32_t remote_lost = 0;     ///< cumulative
  double remote_jitter_ms = 0;
  /** What the far end asked for by TMMBR or REMB, whichever came last; 0 for nothing. */
  std::uint32_t requested_bitrate = 0;
  bool has_remote_metrics = false;  ///< RFC 3611 §4.7, newest
  VoipMetrics remote_metrics;
};

/** Which blocks of RFC 3611 the far end asked for in its description (§5). */
struct ExtendedReports {
  bool voip_metrics = false;
  bool receiver_round_trip = false;  ///< reference times, which it answers
};

/**
 * RTCP of one stream of a call (RFC 3550 §6): when to send and what, and what came back. Times are
 * ns of CLOCK_MONOTONIC. Two participants, so no table of members.
 */
class RtcpSession {
 public:
  /** @param random outlives the session. */
  RtcpSession(const RtcpSettings& settings, RandomSource* random);

  /** Arms the timer. In unicast the first report need not wait (RFC 3550 §6.2): it goes out soon
   * after the first RTP packets. */
  void Start(std::int64_t now) noexcept;

  /** @param sampling_instant when the first sample of the packet, or the picture, was taken. */
  void OnRtpSent(std::uint32_t rtp_timestamp, std::int64_t sampling_instant,
                 std::size_t payload_size, std::int64_t now) noexcept;
  /** A packet went once more, by a source of its own (RFC 4588), which reports have from now on. */
  void OnRtxSent(std::uint32_t ssrc, std::size_t payload_size) noexcept;
  void OnRtpReceived(std::int64_t now) noexcept;
  /** Our RTP timestamps count by another clock from now on. */
  void SetClockRate(std::uint32_t clock_rate) noexcept { settings_.clock_rate = clock_rate; }
  void SetExtendedReports(const ExtendedReports& wanted) noexcept { extended_ = wanted; }
  /** Whether the next report is to have metrics: SetMetrics goes before it. */
  bool wants_metrics() const noexcept { return extended_.voip_metrics; }
  void SetMetrics(const VoipMetrics& metrics) noexcept {
    metrics_ = metrics;
    has_metrics_ = true;
  }
  /** @param arrival kernel's receive time. */
  RtcpEvents OnRtcpReceived(const std::uint8_t* data, std::size_t size,
                            std::int64_t arrival) noexcept;

  /** When to call OnTimer next. */
  std::int64_t next_deadline() const noexcept { return deadline_; }

  /**
   * At or after next_deadline(): reconsiders (RFC 3550 §6.3.6) and writes a compound SR or RR with
   * SDES. @param statistics of the source we receive, nullptr when we receive nothing.
   * @return bytes to send, 0 when it is not time yet.
   */
  std::size_t OnTimer(std::int64_t now, ReceiveStatistics* statistics, std::uint8_t* out,
                      std::size_t capacity) noexcept;

  /**
   * Last report with BYE, sent at once since the group is small (RFC 3550 §6.3.7). @return 0 when
   * nothing was ever sent, since BYE is then forbidden.
   */
  std::size_t WriteBye(std::int64_t now, ReceiveStatistics* statistics, std::uint8_t* out,
                       std::size_t capacity) noexcept;

  RtcpSnapshot Snapshot() const noexcept;

  /** The RTP timestamp of an instant, extrapolated from the last packet sent. */
  std::uint32_t RtpTimestampAt(std::int64_t instant) const noexcept;

 private:
  class Reader;

  bool WeSent(std::int64_t now) const noexcept;
  bool RemoteSent(std::int64_t now) const noexcept;
  std::int64_t Interval(std::int64_t now) noexcept;
  std::size_t WriteReport(std::int64_t now, ReceiveStatistics* statistics, bool bye,
                          std::uint8_t* out, std::size_t capacity) noexcept;
  bool AddSources(const SenderInfo* info, RtcpWriter* writer) noexcept;
  bool AddExtendedReport(std::int64_t now, RtcpWriter* writer) noexcept;
  void NoteSize(std::size_t datagram) noexcept;

  RtcpSettings settings_;
  RandomSource* random_;
  std::int64_t deadline_;
  std::int64_t last_report_ = 0;    // tp of RFC 3550 §6.3
  std::int64_t last_interval_ = 0;  // deterministic, for the two-interval rule
  double average_size_;
  bool has_sent_rtp_ = false;
  std::uint32_t last_rtp_timestamp_ = 0;
  std::int64_t last_sampling_instant_ = 0;
  std::int64_t last_rtp_sent_ = 0;
  std::uint32_t sent_packets_ = 0;
  std::uint32_t sent_octets_ = 0;
  std::uint32_t rtx_ssrc_ = 0;
  std::uint32_t rtx_packets_ = 0;
  std::uint32_t rtx_octets_ = 0;
  bool has_received_rtp_ = false;
  std::int64_t last_rtp_received_ = 0;
  bool has_heard_ = false;  // any RTCP or RTP: the far end is a member
  std::int64_t last_heard_ = 0;
  std::uint64_t reported_packets_ = 0;
  std::uint32_t last_sr_source_ = 0;
  std::uint32_t last_sr_ = 0;
  std::int64_t last_sr_arrival_ = 0;
  ExtendedReports extended_;
  bool has_metrics_ = false;
  VoipMetrics metrics_;
  std::uint32_t reference_source_ = 0;  // who asked for its round trip
  std::uint32_t last_reference_ = 0;    // 0: nobody
  std::int64_t reference_arrival_ = 0;
  bool has_fir_ = false;
  std::uint8_t last_fir_ = 0;
  bool owes_notice_ = false;  // of a TMMBR
  std::uint32_t bound_by_ = 0;
  MaxBitrate bound_;
  RoundTrip round_trip_;
  RtcpSnapshot snapshot_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_RTCP_SESSION_H_
