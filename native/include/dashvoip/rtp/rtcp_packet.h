#ifndef DASHVOIP_RTP_RTCP_PACKET_H_
#define DASHVOIP_RTP_RTCP_PACKET_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/rtp/extended_report.h"

namespace dashvoip {

/** RTCP packet types: RFC 3550 §12.1, RFC 4585 §6.1, RFC 3611 §2. */
enum RtcpType : std::uint8_t {
  kRtcpSenderReport = 200,
  kRtcpReceiverReport = 201,
  kRtcpSourceDescription = 202,
  kRtcpBye = 203,
  kRtcpApplication = 204,
  kRtcpTransportFeedback = 205,
  kRtcpPayloadFeedback = 206,
  kRtcpExtendedReport = 207,
};

/** RFC 3550 §6.4.1, sender info. */
struct SenderInfo {
  std::uint64_t ntp = 0;            ///< seconds since 1900 in the high word, fraction in the low
  std::uint32_t rtp_timestamp = 0;  ///< the same instant in RTP ticks
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;  ///< payload only
};

/** RFC 3550 §6.4.1, report block. */
struct ReportBlock {
  std::uint32_t ssrc = 0;            ///< source reported on
  std::uint8_t fraction_lost = 0;    ///< 1/256 since the previous report
  std::int32_t cumulative_lost = 0;  ///< 24 bits signed
  std::uint32_t highest_sequence = 0;
  std::uint32_t jitter = 0;               ///< RTP ticks
  std::uint32_t last_sr = 0;              ///< middle 32 bits of the NTP time, 0 for none
  std::uint32_t delay_since_last_sr = 0;  ///< 1/65536 s
};

/** RFC 5104 §4.2.1.1. */
struct MaxBitrate {
  std::uint32_t bits_per_second = 0;  ///< what is above 32 bits is told as their largest number
  std::uint16_t overhead = 0;         ///< bytes of each packet below RTP, 9 bits
};

/** Receives the parts of a compound packet in their order. Pointers live for the call only. */
class RtcpListener {
 public:
  virtual ~RtcpListener() = default;
  virtual void OnSenderReport(std::uint32_t /*sender*/, const SenderInfo& /*info*/) noexcept {}
  virtual void OnReceiverReport(std::uint32_t /*sender*/) noexcept {}
  /** Once for each block of an SR or RR. */
  virtual void OnReportBlock(std::uint32_t /*sender*/, const ReportBlock& /*block*/) noexcept {}
  virtual void OnCname(std::uint32_t /*source*/, const char* /*name*/,
                       std::size_t /*size*/) noexcept {}
  virtual void OnBye(std::uint32_t /*source*/) noexcept {}
  /** PLI, RFC 4585 §6.3.1: `media` is the source whose picture was lost. */
  virtual void OnPictureLoss(std::uint32_t /*sender*/, std::uint32_t /*media*/) noexcept {}
  /**
   * Generic NACK, RFC 4585 §6.2.1, once for each entry: packet `first` of `media` did not come, and
   * of the sixteen behind it those whose bit in `following` is set, the lowest bit for the next.
   */
  virtual void OnPacketsLost(std::uint32_t /*sender*/, std::uint32_t /*media*/,
                             std::uint16_t /*first*/, std::uint16_t /*following*/) noexcept {}
  /** TMMBR, RFC 5104 §4.2.1: `media` shall send no more than so many bit/s. */
  virtual void OnMaxBitrate(std::uint32_t /*sender*/, std::uint32_t /*media*/,
                            const MaxBitrate& /*most*/) noexcept {}
  /** REMB, draft-alvestrand-rmcat-remb-03 §2.2: all that the way to `sender` takes, bit/s. */
  virtual void OnEstimatedBitrate(std::uint32_t /*sender*/,
                                  std::uint32_t /*bits_per_second*/) noexcept {}
  /** FIR, RFC 5104 §4.3.1: a repeated request carries the same `command` number. */
  virtual void OnFullIntraRequest(std::uint32_t /*sender*/, std::uint32_t /*media*/,
                                  std::uint8_t /*command*/) noexcept {}
  /** Receiver reference time, RFC 3611 §4.4. */
  virtual void OnReferenceTime(std::uint32_t /*sender*/, std::uint64_t /*ntp*/) noexcept {}
  /** DLRR, RFC 3611 §4.5: once for each sub-block. */
  virtual void OnReferenceTimeReply(std::uint32_t /*sender*/,
                                    const ReferenceTimeReply& /*reply*/) noexcept {}
  virtual void OnVoipMetrics(std::uint32_t /*sender*/, const VoipMetrics& /*metrics*/) noexcept {}
};

enum class RtcpParseResult {
  kOk,
  kTooShort,
  kBadVersion,
  kBadFirstPacket,  ///< neither report nor feedback, or padded (RFC 3550 §A.2)
  kBadLength,       ///< the lengths do not add up to the datagram, or a body is cut short
};

/**
 * Checks a whole datagram (RFC 3550 §A.2; feedback packets may come alone, RFC 5506), then tells
 * `listener` what is in it. Nothing is told unless the result is kOk. Packet types, SDES items and
 * feedback formats we have no use for are passed over.
 */
RtcpParseResult ParseRtcp(const std::uint8_t* data, std::size_t size,
                          RtcpListener* listener) noexcept;

/**
 * Builds a compound packet in the caller's memory. Each Add returns false, and adds nothing, when
 * there is no room.
 */
class RtcpWriter {
 public:
  RtcpWriter(std::uint8_t* out, std::size_t capacity) noexcept : out_(out), capacity_(capacity) {}

  /** @param count at most 31 blocks. */
  bool AddSenderReport(std::uint32_t ssrc, const SenderInfo& info, const ReportBlock* blocks,
                       std::size_t count) noexcept;
  bool AddReceiverReport(std::uint32_t ssrc, const ReportBlock* blocks, std::size_t count) noexcept;
  /** RFC 3550 §6.5.1. @param size at most 255 bytes of UTF-8. */
  bool AddCname(std::uint32_t ssrc, const char* name, std::size_t size) noexcept;
  bool AddBye(std::uint32_t ssrc) noexcept;
  bool AddPictureLoss(std::uint32_t ssrc, std::uint32_t media) noexcept;
  /** TMMBN, RFC 5104 §4.2.2: `owner` asked for what bounds us. */
  bool AddMaxBitrateNotification(std::uint32_t ssrc, std::uint32_t owner,
                                 const MaxBitrate& most) noexcept;
  bool AddFullIntraRequest(std::uint32_t ssrc, std::uint32_t media, std::uint8_t command) noexcept;
  /** RFC 3611 §2. */
  bool AddExtendedReport(std::uint32_t ssrc, const ExtendedReport& report) noexcept;

  std::size_t size() const noexcept { return size_; }

 private:
  std::uint8_t* Begin(RtcpType type, std::size_t count, std::size_t bytes) noexcept;

  std::uint8_t* out_;
  std::size_t capacity_;
  std::size_t size_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_RTCP_PACKET_H_
