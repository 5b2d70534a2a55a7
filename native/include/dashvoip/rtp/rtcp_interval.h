#ifndef DASHVOIP_RTP_RTCP_INTERVAL_H_
#define DASHVOIP_RTP_RTCP_INTERVAL_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/base/random_source.h"

namespace dashvoip {

/** The figures that decide how often a participant may speak (RFC 3550 §6.3). */
struct RtcpIntervalInput {
  std::uint32_t members = 1;  ///< ourselves included
  std::uint32_t senders = 0;  ///< ourselves included when we send
  bool we_sent = false;       ///< RTP within the last two intervals
  double bandwidth = 0;       ///< RTCP's share of the session, bytes per second
  double average_size = 0;    ///< of RTCP datagrams with UDP and IP headers, bytes
  std::int64_t minimum = 0;   ///< Tmin, ns
};

/** Deterministic interval Td of RFC 3550 §6.3.1, ns. */
std::int64_t RtcpDeterministicInterval(const RtcpIntervalInput& input) noexcept;

/** Td spread over [0.5, 1.5] and divided by e - 3/2 (RFC 3550 §6.3.1), ns. */
std::int64_t RtcpRandomizedInterval(const RtcpIntervalInput& input, RandomSource* random) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_RTCP_INTERVAL_H_
