#include "dashvoip/rtp/extended_report.h"

#include "dashvoip/base/byte_order.h"
#include "dashvoip/rtp/rtcp_packet.h"

namespace dashvoip {
namespace {

enum BlockType : std::uint8_t {
  kReferenceTime = 4,  // RFC 3611 §4.4
  kReplies = 5,        // §4.5
  kVoipMetrics = 7,    // §4.7
};
constexpr std::size_t kBlockHeader = 4;
constexpr std::size_t kReferenceTimeSize = 8;
constexpr std::size_t kReplySize = 12;
constexpr std::size_t kVoipMetricsSize = 32;

std::uint64_t ReadU64(const std::uint8_t* p) noexcept {
  return std::uint64_t{ReadU32(p)} << 32 | ReadU32(p + 4);
}

VoipMetrics ReadMetrics(const std::uint8_t* p) noexcept {
  VoipMetrics out;
  out.ssrc = ReadU32(p);
  out.loss_rate = p[4];
  out.discard_rate = p[5];
  out.burst_density = p[6];
  out.gap_density = p[7];
  out.burst_ms = ReadU16(p + 8);
  out.gap_ms = ReadU16(p + 10);
  out.round_trip_ms = ReadU16(p + 12);
  out.end_system_ms = ReadU16(p + 14);
  out.signal_dbm0 = static_cast<std::int8_t>(p[16]);
  out.noise_dbm0 = static_cast<std::int8_t>(p[17]);
  out.echo_return_loss = p[18];
  out.gap_threshold = p[19];
  out.r_factor = p[20];
  out.external_r = p[21];
  out.mos_listening = p[22];
  out.mos_conversational = p[23];
  out.receiver_config = p[24];
  out.buffer_ms = ReadU16(p + 26);
  out.buffer_max_ms = ReadU16(p + 28);
  out.buffer_cap_ms = ReadU16(p + 30);
  return out;
}

void WriteMetrics(const VoipMetrics& metrics, std::uint8_t* p) noexcept {
  WriteU32(p, metrics.ssrc);
  p[4] = metrics.loss_rate;
  p[5] = metrics.discard_rate;
  p[6] = metrics.burst_density;
  p[7] = metrics.gap_density;
  WriteU16(p + 8, metrics.burst_ms);
  WriteU16(p + 10, metrics.gap_ms);
  WriteU16(p + 12, metrics.round_trip_ms);
  WriteU16(p + 14, metrics.end_system_ms);
  p[16] = static_cast<std::uint8_t>(metrics.signal_dbm0);
  p[17] = static_cast<std::uint8_t>(metrics.noise_dbm0);
  p[18] = metrics.echo_return_loss;
  p[19] = metrics.gap_threshold;
  p[20] = metrics.r_factor;
  p[21] = metrics.external_r;
  p[22] = metrics.mos_listening;
  p[23] = metrics.mos_conversational;
  p[24] = metrics.receiver_config;
  p[25] = 0;  // reserved
  WriteU16(p + 26, metrics.buffer_ms);
  WriteU16(p + 28, metrics.buffer_max_ms);
  WriteU16(p + 30, metrics.buffer_cap_ms);
}

/** @return false when the block is not as long as its type demands. */
bool ReadBlock(std::uint32_t sender, std::uint8_t type, const std::uint8_t* data, std::size_t size,
               RtcpListener* listener) noexcept {
  switch (type) {
    case kReferenceTime:
      if (size != kReferenceTimeSize) return false;
      listener->OnReferenceTime(sender, ReadU64(data));
      return true;
    case kReplies:
      if (size % kReplySize != 0) return false;
      for (std::size_t at = 0; at < size; at += kReplySize) {
        const std::uint8_t* p = data + at;
        listener->OnReferenceTimeReply(sender, {ReadU32(p), ReadU32(p + 4), ReadU32(p + 8)});
      }
      return true;
    case kVoipMetrics:
      if (size != kVoipMetricsSize) return false;
      listener->OnVoipMetrics(sender, ReadMetrics(data));
      return true;
    default:
      return true;  // §3: types that are not known are skipped
  }
}

/** @return what follows the block's header. */
std::uint8_t* WriteHeader(BlockType type, std::size_t size, std::uint8_t* p) noexcept {
  p[0] = type;
  p[1] = 0;
  WriteU16(p + 2, static_cast<std::uint16_t>(size / 4));
  return p + kBlockHeader;
}

}  // namespace

constexpr std::uint8_t VoipMetrics::kUnknown;
constexpr std::uint8_t VoipMetrics::kGapThreshold;

std::size_t ExtendedReport::size() const noexcept {
  std::size_t bytes = 4;
  if (reference_time != nullptr) bytes += kBlockHeader + kReferenceTimeSize;
  if (reply != nullptr) bytes += kBlockHeader + kReplySize;
  if (voip != nullptr) bytes += kBlockHeader + kVoipMetricsSize;
  return bytes;
}

bool ReadExtendedReport(const std::uint8_t* body, std::size_t size,
                        RtcpListener* listener) noexcept {
  if (size < 4) return false;
  const std::uint32_t sender = ReadU32(body);
  std::size_t at = 4;
  while (at < size) {
    if (size - at < kBlockHeader) return false;
    const std::uint8_t* const header = body + at;
    const std::size_t length = std::size_t{ReadU16(header + 2)} * 4;
    at += kBlockHeader;
    if (size - at < length) return false;
    if (!ReadBlock(sender, header[0], body + at, length, listener)) return false;
    at += length;
  }
  return true;
}

void WriteExtendedReport(std::uint32_t ssrc, const ExtendedReport& report,
                         std::uint8_t* out) noexcept {
  WriteU32(out, ssrc);
  out += 4;
  if (report.reference_time != nullptr) {
    out = WriteHeader(kReferenceTime, kReferenceTimeSize, out);
    WriteU32(out, static_cast<std::uint32_t>(*report.reference_time >> 32));
    WriteU32(out + 4, static_cast<std::uint32_t>(*report.reference_time));
    out += kReferenceTimeSize;
  }
  if (report.reply != nullptr) {
    out = WriteHeader(kReplies, kReplySize, out);
    WriteU32(out, report.reply->ssrc);
    WriteU32(out + 4, report.reply->last_reference);
    WriteU32(out + 8, report.reply->delay);
    out += kReplySize;
  }
  if (report.voip != nullptr) {
    WriteMetrics(*report.voip, WriteHeader(kVoipMetrics, kVoipMetricsSize, out));
  }
}

}  // namespace dashvoip
