#ifndef DASHVOIP_RTP_PACKET_H_
#define DASHVOIP_RTP_PACKET_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** Size of the fixed header, bytes (RFC 3550 §5.1). */
constexpr std::size_t kRtpHeaderSize = 12;

/** The fixed header as we send it: version 2, no padding, no extension, no CSRC. */
struct RtpHeader {
  std::uint8_t payload_type = 0;  ///< 0..127
  bool marker = false;
  std::uint16_t sequence_number = 0;
  std::uint32_t timestamp = 0;  ///< in ticks of the payload's clock
  std::uint32_t ssrc = 0;
};

/** A received packet, RFC 3550 §5.1: fields by value, variable parts point into the datagram. */
struct RtpPacket {
  RtpHeader header;
  const std::uint8_t* csrcs = nullptr;  ///< `csrc_count` big-endian words
  std::uint8_t csrc_count = 0;
  bool has_extension = false;
  std::uint16_t extension_profile = 0;
  const std::uint8_t* extension = nullptr;  ///< behind the four bytes of its own header
  std::size_t extension_size = 0;           ///< bytes
  const std::uint8_t* payload = nullptr;
  std::size_t payload_size = 0;  ///< bytes, without padding; 0 is legal
  std::uint8_t padding_size = 0;
};

enum class RtpParseResult {
  kOk,
  kTooShort,    ///< less than the fixed header
  kBadVersion,  ///< not version 2
  kTruncated,   ///< CSRC list or extension reaches past the end
  kBadPadding,  ///< padding count is 0 or larger than what is left
};

/**
 * Reads one datagram without copying (RFC 3550 §5.1, §A.1's per-packet checks). Any bytes are
 * allowed as input. @param out is complete only with kOk and valid as long as `data` is.
 */
RtpParseResult ParseRtpPacket(const std::uint8_t* data, std::size_t size, RtpPacket* out) noexcept;

/**
 * The same of a packet whose payload cannot be read, as that of SRTP (RFC 3711 §3.1): the payload
 * is all that stands behind the header.
 */
RtpParseResult ParseRtpHeader(const std::uint8_t* data, std::size_t size, RtpPacket* out) noexcept;

/**
 * RFC 5761 §4: whether a datagram that came to an RTP port is RTCP (packet types 192..223), which
 * some peers send there without having negotiated rtcp-mux.
 */
bool IsRtcp(const std::uint8_t* data, std::size_t size) noexcept;

/** Writes the fixed header. @param out room for kRtpHeaderSize bytes. */
void WriteRtpHeader(const RtpHeader& header, std::uint8_t* out) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_PACKET_H_
