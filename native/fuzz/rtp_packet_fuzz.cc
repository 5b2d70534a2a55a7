#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/receive_statistics.h"

// RTP header, and the statistics behind it: the input is one datagram.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  static ReceiveStatistics statistics(8000);
  static std::int64_t now = 0;
  IsRtcp(data, size);
  RtpPacket packet;
  if (ParseRtpPacket(data, size, &packet) != RtpParseResult::kOk) return 0;
  // Every part lies within the datagram.
  if (packet.payload + packet.payload_size + packet.padding_size != data + size) std::abort();
  if (packet.csrcs + 4 * packet.csrc_count > packet.payload) std::abort();
  if (packet.has_extension && packet.extension + packet.extension_size > packet.payload) {
    std::abort();
  }
  statistics.OnPacket(packet, now += 20000000);
  if (size % 7 == 0) statistics.TakeReportBlock();
  statistics.Snapshot();
  return 0;
}
