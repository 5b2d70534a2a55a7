#ifndef DASHVOIP_RTP_PACKET_TRANSFORM_H_
#define DASHVOIP_RTP_PACKET_TRANSFORM_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * What stands between a stream and its sockets: SRTP (RFC 3711), once there is one. Packets are
 * changed in place; their fixed header stays readable (RFC 3711 §3.1), so that RTCP is told from
 * RTP as it arrives. One stream has one transform, which the media thread alone calls.
 */
class PacketTransform {
 public:
  /** Bytes that protecting may add: RFC 3711 §3.4's index, MKI and tag with room to spare. */
  static constexpr std::size_t kMaxTrailer = 64;

  virtual ~PacketTransform() = default;

  /**
   * @param packet has room for kMaxTrailer bytes behind its `*size`.
   * @return false for a packet that must not leave.
   */
  virtual bool ProtectRtp(std::uint8_t* packet, std::size_t* size) noexcept = 0;
  virtual bool ProtectRtcp(std::uint8_t* packet, std::size_t* size) noexcept = 0;

  /** Any bytes are allowed. @return false for a packet that is not genuine, or is a repetition. */
  virtual bool UnprotectRtp(std::uint8_t* packet, std::size_t* size) noexcept = 0;
  virtual bool UnprotectRtcp(std::uint8_t* packet, std::size_t* size) noexcept = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_PACKET_TRANSFORM_H_
