#include "dashvoip/rtp/packet.h"

#include "dashvoip/base/byte_order.h"

namespace dashvoip {

namespace {
constexpr unsigned kVersion = 2;
constexpr std::size_t kCsrcSize = 4;
constexpr std::size_t kExtensionHeaderSize = 4;
}  // namespace

RtpParseResult ParseRtpHeader(const std::uint8_t* data, std::size_t size, RtpPacket* out) noexcept {
  if (size < kRtpHeaderSize) return RtpParseResult::kTooShort;
  if (data[0] >> 6 != kVersion) return RtpParseResult::kBadVersion;
  *out = RtpPacket();
  out->header.marker = (data[1] & 0x80) != 0;
  out->header.payload_type = data[1] & 0x7f;
  out->header.sequence_number = ReadU16(data + 2);
  out->header.timestamp = ReadU32(data + 4);
  out->header.ssrc = ReadU32(data + 8);

  std::size_t at = kRtpHeaderSize;
  out->csrc_count = data[0] & 0x0f;
  if (size - at < out->csrc_count * kCsrcSize) return RtpParseResult::kTruncated;
  out->csrcs = data + at;
  at += out->csrc_count * kCsrcSize;

  // RFC 3550 §5.3.1: the length counts words behind the extension's own header.
  out->has_extension = (data[0] & 0x10) != 0;
  if (out->has_extension) {
    if (size - at < kExtensionHeaderSize) return RtpParseResult::kTruncated;
    out->extension_profile = ReadU16(data + at);
    out->extension_size = std::size_t{ReadU16(data + at + 2)} * 4;
    at += kExtensionHeaderSize;
    if (size - at < out->extension_size) return RtpParseResult::kTruncated;
    out->extension = data + at;
    at += out->extension_size;
  }

  out->payload = data + at;
  out->payload_size = size - at;
  return RtpParseResult::kOk;
}

RtpParseResult ParseRtpPacket(const std::uint8_t* data, std::size_t size, RtpPacket* out) noexcept {
  const RtpParseResult result = ParseRtpHeader(data, size, out);
  // RFC 3550 §5.1: the last byte counts the padding, itself included.
  if (result != RtpParseResult::kOk || (data[0] & 0x20) == 0) return result;
  const std::uint8_t padding = data[size - 1];
  if (padding == 0 || padding > out->payload_size) return RtpParseResult::kBadPadding;
  out->padding_size = padding;
  out->payload_size -= padding;
  return RtpParseResult::kOk;
}

bool IsRtcp(const std::uint8_t* data, std::size_t size) noexcept {
  return size >= 4 && data[0] >> 6 == kVersion && data[1] >= 192 && data[1] <= 223;
}

void WriteRtpHeader(const RtpHeader& header, std::uint8_t* out) noexcept {
  out[0] = kVersion << 6;
  out[1] = static_cast<std::uint8_t>((header.marker ? 0x80 : 0) | (header.payload_type & 0x7f));
  WriteU16(out + 2, header.sequence_number);
  WriteU32(out + 4, header.timestamp);
  WriteU32(out + 8, header.ssrc);
}

}  // namespace dashvoip
