#include "dashvoip/rtp/rtx_source.h"

#include <cstring>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/rtp/packet.h"

namespace dashvoip {

constexpr std::size_t RtxSource::kMoreBytes;

std::size_t RtxSource::Write(const std::uint8_t* packet, std::size_t size,
                             std::uint8_t payload_type, std::uint8_t* out) const noexcept {
  RtpPacket parts;
  if (ParseRtpHeader(packet, size, &parts) != RtpParseResult::kOk) return 0;
  RtpHeader header = parts.header;
  const std::uint16_t original = header.sequence_number;
  header.payload_type = payload_type;
  header.sequence_number = sequence_number_;
  header.ssrc = ssrc_;
  WriteRtpHeader(header, out);
  WriteU16(out + kRtpHeaderSize, original);
  std::memcpy(out + kRtpHeaderSize + kMoreBytes, packet + kRtpHeaderSize, size - kRtpHeaderSize);
  return size + kMoreBytes;
}

}  // namespace dashvoip
