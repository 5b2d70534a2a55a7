#ifndef DASHVOIP_TEST_VOICE_BYTE_CODEC_H_
#define DASHVOIP_TEST_VOICE_BYTE_CODEC_H_

#include "dashvoip/voice/jitter_buffer.h"

namespace dashvoip {
namespace test {

/** A packet of a codec with a byte for each sample at 8 kHz, as G.711's. */
inline JitterBuffer::Form Bytes(const RtpPacket& packet) {
  return {8000, static_cast<std::uint32_t>(packet.payload_size), nullptr};
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_VOICE_BYTE_CODEC_H_
