#include "dashvoip/rtp/rtcp_packet.h"

#include <cstring>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {

namespace {

constexpr std::size_t kHeaderSize = 4;
constexpr std::size_t kBlockSize = 24;
constexpr std::size_t kSenderInfoSize = 20;
constexpr std::uint8_t kCname = 1;             // SDES item, RFC 3550 §6.5.1
constexpr std::uint8_t kGenericNack = 1;       // FMT, RFC 4585 §6.2
constexpr std::uint8_t kPictureLoss = 1;       // FMT, RFC 4585 §6.3
constexpr std::uint8_t kMaxBitrate = 3;        // FMT, RFC 5104 §4.2.1
constexpr std::uint8_t kMaxBitrateNotice = 4;  // FMT, RFC 5104 §4.2.2
constexpr std::uint8_t kApplication = 15;      // FMT, RFC 4585 §6.4
constexpr std::uint32_t kRemb = 0x52454d42;    // "REMB"
constexpr std::uint8_t kFullIntra = 4;         // FMT, RFC 5104 §4.3.1

/** One packet of a compound: `body` is behind the four bytes of header, without padding. */
struct Part {
  std::uint8_t count;  // reports, chunks, sources or feedback format
  std::uint8_t type;
  const std::uint8_t* body;
  std::size_t size;
};

ReportBlock ReadBlock(const std::uint8_t* p) noexcept {
  ReportBlock block;
  block.ssrc = ReadU32(p);
  block.fraction_lost = p[4];
  const std::uint32_t lost = ReadU24(p + 5);
  block.cumulative_lost =
      static_cast<std::int32_t>(lost) - ((lost & 0x800000) != 0 ? 0x1000000 : 0);
  block.highest_sequence = ReadU32(p + 8);
  block.jitter = ReadU32(p + 12);
  block.last_sr = ReadU32(p + 16);
  block.delay_since_last_sr = ReadU32(p + 20);
  return block;
}

// RFC 3550 §6.4.1 and §6.4.2; what follows the blocks belongs to a profile.
bool ReadReport(const Part& part, RtcpListener* listener) noexcept {
  const bool sender = part.type == kRtcpSenderReport;
  const std::size_t fixed = 4 + (sender ? kSenderInfoSize : 0);
  if (part.size < fixed + part.count * kBlockSize) return false;
  const std::uint32_t ssrc = ReadU32(part.body);
  if (sender) {
    SenderInfo info;
    info.ntp = std::uint64_t{ReadU32(part.body + 4)} << 32 | ReadU32(part.body + 8);
    info.rtp_timestamp = ReadU32(part.body + 12);
    info.packets = ReadU32(part.body + 16);
    info.octets = ReadU32(part.body + 20);
    listener->OnSenderReport(ssrc, info);
  } else {
    listener->OnReceiverReport(ssrc);
  }
  for (std::size_t i = 0; i < part.count; ++i) {
    listener->OnReportBlock(ssrc, ReadBlock(part.body + fixed + i * kBlockSize));
  }
  return true;
}

// RFC 3550 §6.5: chunks of a source and its items, each chunk ended by zeros up to a word.
bool ReadSourceDescription(const Part& part, RtcpListener* listener) noexcept {
  std::size_t at = 0;
  for (std::size_t chunk = 0; chunk < part.count; ++chunk) {
    if (part.size - at < 4) return false;
    const std::uint32_t source = ReadU32(part.body + at);
    at += 4;
    for (;;) {
      if (at >= part.size) return false;
      const std::uint8_t item = part.body[at];
      if (item == 0) break;
      if (part.size - at < 2 || part.size - at - 2 < part.body[at + 1]) return false;
      const std::size_t length = part.body[at + 1];
      if (item == kCname) {
        listener->OnCname(source, reinterpret_cast<const char*>(part.body + at + 2), length);
      }
      at += 2 + length;
    }
    at = (at / 4 + 1) * 4;
    if (at > part.size) return false;
  }
  return true;
}

// RFC 3550 §6.6; the reason is of no use to us.
bool ReadBye(const Part& part, RtcpListener* listener) noexcept {
  if (part.size < part.count * std::size_t{4}) return false;
  for (std::size_t i = 0; i < part.count; ++i) listener->OnBye(ReadU32(part.body + 4 * i));
  return true;
}

/** What mantissa and exponent of TMMBR and REMB say, bounded. */
std::uint32_t BitrateOf(std::uint32_t mantissa, unsigned exponent) noexcept {
  const bool fits = mantissa == 0 || (exponent < 32 && mantissa <= UINT32_MAX >> exponent);
  return mantissa == 0 ? 0 : fits ? mantissa << exponent : UINT32_MAX;
}

void ReadTransportFeedback(const Part& part, RtcpListener* listener) noexcept {
  const std::uint32_t sender = ReadU32(part.body);
  if (part.count == kGenericNack) {
    const std::uint32_t media = ReadU32(part.body + 4);
    for (std::size_t at = 8; at + 4 <= part.size; at += 4) {
      listener->OnPacketsLost(sender, media, ReadU16(part.body + at), ReadU16(part.body + at + 2));
    }
  }
  if (part.count != kMaxBitrate) return;
  for (std::size_t at = 8; at + 8 <= part.size; at += 8) {
    const std::uint32_t word = ReadU32(part.body + at + 4);
    MaxBitrate most;
    most.bits_per_second = BitrateOf(word >> 9 & 0x1ffff, word >> 26);
    most.overhead = static_cast<std::uint16_t>(word & 0x1ff);
    listener->OnMaxBitrate(sender, ReadU32(part.body + at), most);
  }
}

void ReadEstimate(const Part& part, RtcpListener* listener) noexcept {
  if (part.size < 16 || ReadU32(part.body + 8) != kRemb) return;
  const std::uint32_t word = ReadU32(part.body + 12);
  listener->OnEstimatedBitrate(ReadU32(part.body), BitrateOf(word & 0x3ffff, word >> 18 & 0x3f));
}

void ReadPayloadFeedback(const Part& part, RtcpListener* listener) noexcept {
  const std::uint32_t sender = ReadU32(part.body);
  if (part.count == kPictureLoss) listener->OnPictureLoss(sender, ReadU32(part.body + 4));
  if (part.count == kApplication) ReadEstimate(part, listener);
  if (part.count != kFullIntra) return;
  for (std::size_t at = 8; at + 8 <= part.size; at += 8) {
    listener->OnFullIntraRequest(sender, ReadU32(part.body + at), part.body[at + 4]);
  }
}

// RFC 4585 §6.1: sender, media source, then feedback control information.
bool ReadFeedback(const Part& part, RtcpListener* listener) noexcept {
  if (part.size < 8) return false;
  if (part.type == kRtcpTransportFeedback) {
    ReadTransportFeedback(part, listener);
  } else {
    ReadPayloadFeedback(part, listener);
  }
  return true;
}

bool ReadPart(const Part& part, RtcpListener* listener) noexcept {
  switch (part.type) {
    case kRtcpSenderReport:
    case kRtcpReceiverReport:
      return ReadReport(part, listener);
    case kRtcpSourceDescription:
      return ReadSourceDescription(part, listener);
    case kRtcpBye:
      return ReadBye(part, listener);
    case kRtcpTransportFeedback:
    case kRtcpPayloadFeedback:
      return ReadFeedback(part, listener);
    case kRtcpExtendedReport:
      return ReadExtendedReport(part.body, part.size, listener);
    default:
      return true;  // RFC 3550 §6.1: unknown types are ignored
  }
}

bool MayComeFirst(const std::uint8_t* data) noexcept {
  const bool padded = (data[0] & 0x20) != 0;
  switch (data[1]) {
    case kRtcpSenderReport:
    case kRtcpReceiverReport:
      return !padded;
    case kRtcpTransportFeedback:
    case kRtcpPayloadFeedback:
      return true;  // RFC 5506
    default:
      return false;
  }
}

RtcpParseResult Walk(const std::uint8_t* data, std::size_t size, RtcpListener* listener) noexcept {
  std::size_t at = 0;
  while (at < size) {
    if (size - at < kHeaderSize) return RtcpParseResult::kBadLength;
    const std::uint8_t* header = data + at;
    if (header[0] >> 6 != 2) return RtcpParseResult::kBadVersion;
    const std::size_t length = (std::size_t{ReadU16(header + 2)} + 1) * 4;
    if (size - at < length) return RtcpParseResult::kBadLength;
    std::size_t padding = 0;
    if ((header[0] & 0x20) != 0) {
      // RFC 3550 §6.4.1: only the last packet is padded, and by whole words.
      padding = header[length - 1];
      const bool last = at + length == size;
      if (!last || padding == 0 || padding % 4 != 0 || padding > length - kHeaderSize) {
        return RtcpParseResult::kBadLength;
      }
    }
    const Part part = {static_cast<std::uint8_t>(header[0] & 0x1f), header[1], header + kHeaderSize,
                       length - kHeaderSize - padding};
    if (!ReadPart(part, listener)) return RtcpParseResult::kBadLength;
    at += length;
  }
  return RtcpParseResult::kOk;
}

void WriteBlock(const ReportBlock& block, std::uint8_t* p) noexcept {
  WriteU32(p, block.ssrc);
  p[4] = block.fraction_lost;
  WriteU24(p + 5, static_cast<std::uint32_t>(block.cumulative_lost) & 0xffffff);
  WriteU32(p + 8, block.highest_sequence);
  WriteU32(p + 12, block.jitter);
  WriteU32(p + 16, block.last_sr);
  WriteU32(p + 20, block.delay_since_last_sr);
}

}  // namespace

RtcpParseResult ParseRtcp(const std::uint8_t* data, std::size_t size,
                          RtcpListener* listener) noexcept {
  if (size < kHeaderSize) return RtcpParseResult::kTooShort;
  if (data[0] >> 6 != 2) return RtcpParseResult::kBadVersion;
  if (!MayComeFirst(data)) return RtcpParseResult::kBadFirstPacket;
  RtcpListener nobody;
  const RtcpParseResult result = Walk(data, size, &nobody);
  return result == RtcpParseResult::kOk ? Walk(data, size, listener) : result;
}

std::uint8_t* RtcpWriter::Begin(RtcpType type, std::size_t count, std::size_t bytes) noexcept {
  if (count > 31 || capacity_ - size_ < kHeaderSize + bytes) return nullptr;
  std::uint8_t* header = out_ + size_;
  header[0] = static_cast<std::uint8_t>(0x80 | count);
  header[1] = type;
  WriteU16(header + 2, static_cast<std::uint16_t>(bytes / 4));
  size_ += kHeaderSize + bytes;
  return header + kHeaderSize;
}

bool RtcpWriter::AddSenderReport(std::uint32_t ssrc, const SenderInfo& info,
                                 const ReportBlock* blocks, std::size_t count) noexcept {
  std::uint8_t* p = Begin(kRtcpSenderReport, count, 4 + kSenderInfoSize + count * kBlockSize);
  if (p == nullptr) return false;
  WriteU32(p, ssrc);
  WriteU32(p + 4, static_cast<std::uint32_t>(info.ntp >> 32));
  WriteU32(p + 8, static_cast<std::uint32_t>(info.ntp));
  WriteU32(p + 12, info.rtp_timestamp);
  WriteU32(p + 16, info.packets);
  WriteU32(p + 20, info.octets);
  for (std::size_t i = 0; i < count; ++i) WriteBlock(blocks[i], p + 24 + i * kBlockSize);
  return true;
}

bool RtcpWriter::AddReceiverReport(std::uint32_t ssrc, const ReportBlock* blocks,
                                   std::size_t count) noexcept {
  std::uint8_t* p = Begin(kRtcpReceiverReport, count, 4 + count * kBlockSize);
  if (p == nullptr) return false;
  WriteU32(p, ssrc);
  for (std::size_t i = 0; i < count; ++i) WriteBlock(blocks[i], p + 4 + i * kBlockSize);
  return true;
}

bool RtcpWriter::AddCname(std::uint32_t ssrc, const char* name, std::size_t size) noexcept {
  if (size > 255) return false;
  // Source, item type and length, text, and at least one zero up to a whole word.
  const std::size_t bytes = (4 + 2 + size) / 4 * 4 + 4;
  std::uint8_t* p = Begin(kRtcpSourceDescription, 1, bytes);
  if (p == nullptr) return false;
  std::memset(p, 0, bytes);
  WriteU32(p, ssrc);
  p[4] = kCname;
  p[5] = static_cast<std::uint8_t>(size);
  std::memcpy(p + 6, name, size);
  return true;
}

bool RtcpWriter::AddBye(std::uint32_t ssrc) noexcept {
  std::uint8_t* p = Begin(kRtcpBye, 1, 4);
  if (p == nullptr) return false;
  WriteU32(p, ssrc);
  return true;
}

bool RtcpWriter::AddPictureLoss(std::uint32_t ssrc, std::uint32_t media) noexcept {
  std::uint8_t* p = Begin(kRtcpPayloadFeedback, kPictureLoss, 8);
  if (p == nullptr) return false;
  WriteU32(p, ssrc);
  WriteU32(p + 4, media);
  return true;
}

bool RtcpWriter::AddMaxBitrateNotification(std::uint32_t ssrc, std::uint32_t owner,
                                           const MaxBitrate& most) noexcept {
  std::uint8_t* p = Begin(kRtcpTransportFeedback, kMaxBitrateNotice, 16);
  if (p == nullptr) return false;
  std::uint32_t mantissa = most.bits_per_second;
  std::uint32_t exponent = 0;
  for (; mantissa > 0x1ffff; ++exponent) mantissa >>= 1;
  WriteU32(p, ssrc);
  WriteU32(p + 4, 0);  // RFC 5104 §4.2.2.2: unused, zero
  WriteU32(p + 8, owner);
  WriteU32(p + 12, exponent << 26 | mantissa << 9 | most.overhead);
  return true;
}

bool RtcpWriter::AddFullIntraRequest(std::uint32_t ssrc, std::uint32_t media,
                                     std::uint8_t command) noexcept {
  std::uint8_t* p = Begin(kRtcpPayloadFeedback, kFullIntra, 16);
  if (p == nullptr) return false;
  WriteU32(p, ssrc);
  WriteU32(p + 4, 0);  // RFC 5104 §4.3.1.2: unused, zero
  WriteU32(p + 8, media);
  WriteU32(p + 12, std::uint32_t{command} << 24);
  return true;
}

bool RtcpWriter::AddExtendedReport(std::uint32_t ssrc, const ExtendedReport& report) noexcept {
  std::uint8_t* p = Begin(kRtcpExtendedReport, 0, report.size());
  if (p == nullptr) return false;
  WriteExtendedReport(ssrc, report, p);
  return true;
}

}  // namespace dashvoip
