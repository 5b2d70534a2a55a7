#ifndef DASHVOIP_RTP_EXTENDED_REPORT_H_
#define DASHVOIP_RTP_EXTENDED_REPORT_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

class RtcpListener;

/** RFC 3611 §4.5: for the sender of a receiver reference time, when it came and how long ago. */
struct ReferenceTimeReply {
  std::uint32_t ssrc = 0;            ///< whose reference time it was
  std::uint32_t last_reference = 0;  ///< middle 32 bits of its NTP time
  std::uint32_t delay = 0;           ///< since it came, 1/65536 s
};

/** RFC 3611 §4.7, the fields in their order; what is not known has the value that says so. */
struct VoipMetrics {
  static constexpr std::uint8_t kUnknown = 127;  ///< of levels, ratings and scores
  static constexpr std::uint8_t kGapThreshold = 16;

  std::uint32_t ssrc = 0;           ///< source reported on
  std::uint8_t loss_rate = 0;       ///< 1/256
  std::uint8_t discard_rate = 0;    ///< 1/256: too late, or too many
  std::uint8_t burst_density = 0;   ///< 1/256 lost or discarded, in bursts
  std::uint8_t gap_density = 0;     ///< the same between them
  std::uint16_t burst_ms = 0;       ///< mean length
  std::uint16_t gap_ms = 0;         ///< the same between them
  std::uint16_t round_trip_ms = 0;  ///< 0: not known
  std::uint16_t end_system_ms = 0;
  std::int8_t signal_dbm0 = kUnknown;
  std::int8_t noise_dbm0 = kUnknown;
  std::uint8_t echo_return_loss = kUnknown;  ///< dB
  std::uint8_t gap_threshold = kGapThreshold;
  std::uint8_t r_factor = kUnknown;  ///< 0..100
  std::uint8_t external_r = kUnknown;
  std::uint8_t mos_listening = kUnknown;  ///< tenths, 10..50
  std::uint8_t mos_conversational = kUnknown;
  std::uint8_t receiver_config = 0;
  std::uint16_t buffer_ms = 0;
  std::uint16_t buffer_max_ms = 0;
  std::uint16_t buffer_cap_ms = 0;
};

/** What one extended report holds, in the order in which it is written; nullptr for no such block.
 */
struct ExtendedReport {
  const std::uint64_t* reference_time = nullptr;  ///< NTP, §4.4
  const ReferenceTimeReply* reply = nullptr;      ///< §4.5
  const VoipMetrics* voip = nullptr;              ///< §4.7

  std::size_t size() const noexcept;
};

/**
 * The blocks behind the sender's SSRC (RFC 3611 §2, §3). Types that nobody here has a use for are
 * passed over. @return false for one that is cut short, or of a wrong length (§3).
 */
bool ReadExtendedReport(const std::uint8_t* body, std::size_t size,
                        RtcpListener* listener) noexcept;
/** @param out room for report.size() bytes. */
void WriteExtendedReport(std::uint32_t ssrc, const ExtendedReport& report,
                         std::uint8_t* out) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_EXTENDED_REPORT_H_
