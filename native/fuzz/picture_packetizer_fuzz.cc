#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dashvoip/rtp/packet.h"
#include "dashvoip/video/picture_packetizer.h"

// The first bytes choose mode and codec, limit and size of the ring; the rest is the access unit,
// sent twice.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  if (size < 3) return 0;
  PicturePacketizerSettings settings;
  settings.packetization_mode = data[0] & 1;
  settings.codec = (data[0] & 2) != 0 ? PictureCodec::kH265 : PictureCodec::kH264;
  settings.max_payload = 64 + data[1];
  PacketRing ring(1 + (data[2] & 0x1f), 64 * (std::size_t{1} + (data[2] >> 5)));
  PicturePacketizer packetizer(settings, &ring);
  std::uint16_t expected = settings.first_sequence_number;
  for (std::uint32_t round = 0; round < 2; ++round) {
    std::size_t packets = 0;
    packetizer.Packetize(data + 3, size - 3, round, &packets);
    if (packets != ring.size()) std::abort();
    for (std::size_t i = 0; i < packets; ++i) {
      const RingPacket sent = ring.at(i);
      RtpPacket packet;
      if (ParseRtpPacket(sent.data, sent.size, &packet) != RtpParseResult::kOk) std::abort();
      if (packet.payload_size == 0 || packet.payload_size > settings.max_payload) std::abort();
      if (packet.header.sequence_number != expected++) std::abort();
      if (packet.header.marker != (i + 1 == packets)) std::abort();
    }
    ring.Pop(packets);
  }
  return 0;
}
