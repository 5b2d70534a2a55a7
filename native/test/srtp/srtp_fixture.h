#ifndef DASHVOIP_TEST_SRTP_SRTP_FIXTURE_H_
#define DASHVOIP_TEST_SRTP_SRTP_FIXTURE_H_

#include <algorithm>
#include <array>
#include <cstdint>

#include "crypto/test_libcrypto.h"
#include "dashvoip/base/byte_order.h"
#include "dashvoip/base/realtime_section.h"
#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/packet_transform.h"
#include "dashvoip/srtp/suite.h"

namespace dashvoip {
namespace test {

constexpr std::array<SrtpSuite, 6> kSuites = {
    SrtpSuite::kAes128Sha1Tag80, SrtpSuite::kAes128Sha1Tag32, SrtpSuite::kAes256Sha1Tag80,
    SrtpSuite::kAes256Sha1Tag32, SrtpSuite::kAes128Gcm,       SrtpSuite::kAes256Gcm,
};

/** Of the suite's size; `first` tells keys apart. */
inline SrtpKey KeyOf(SrtpSuite suite, std::uint8_t first, const Octets& mki = {}) {
  SrtpKey key;
  for (std::size_t i = 0; i < SizesOf(suite).master(); ++i) {
    key.master.Add(static_cast<std::uint8_t>(first + 7 * i));
  }
  if (mki.empty()) return key;
  BoundedList<std::uint8_t, 16, 1> bytes;
  for (const std::uint8_t byte : mki) bytes.Add(byte);
  key.mki = bytes;
  return key;
}

inline Octets RtpOf(std::uint16_t number, std::size_t payload = 160, std::uint32_t ssrc = 0xcafe) {
  RtpHeader header;
  header.payload_type = 8;
  header.sequence_number = number;
  header.timestamp = 160u * number;
  header.ssrc = ssrc;
  Octets packet(kRtpHeaderSize + payload, 0x33);
  WriteRtpHeader(header, packet.data());
  return packet;
}

/** An empty receiver report with so many bytes behind it. */
inline Octets RtcpOf(std::size_t more = 20, std::uint32_t ssrc = 0xcafe) {
  Octets packet = {0x80, 201, 0, 1, 0, 0, 0, 0};
  WriteU32(packet.data() + 4, ssrc);
  packet.resize(packet.size() + more, 0x44);
  return packet;
}

/** What `protect` makes of a packet; empty where it refuses. As the media thread does it. */
template <typename Context>
Octets Protected(Context* context, bool (Context::*protect)(std::uint8_t*, std::size_t*),
                 Octets packet) {
  std::size_t size = packet.size();
  packet.resize(size + PacketTransform::kMaxTrailer);
  bool ready = false;
  {
    const RealtimeSection realtime;
    ready = (context->*protect)(packet.data(), &size);
  }
  packet.resize(ready ? size : 0);
  return packet;
}

/** Unprotects in place. */
template <typename Context, typename Verdict>
Verdict Unprotected(Context* context, Verdict (Context::*unprotect)(std::uint8_t*, std::size_t*),
                    Octets* packet) {
  std::size_t size = packet->size();
  Verdict verdict;
  {
    const RealtimeSection realtime;
    verdict = (context->*unprotect)(packet->data(), &size);
  }
  packet->resize(size);
  return verdict;
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_SRTP_SRTP_FIXTURE_H_
