#ifndef DASHVOIP_VIDEO_SENT_PACKETS_H_
#define DASHVOIP_VIDEO_SENT_PACKETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/video/packet_ring.h"

namespace dashvoip {

/**
 * What of a stream was sent lately, for a far end that missed some of it (RFC 4585 §6.2.1). What is
 * sent again is a part of what is sent anyway, whatever is asked for. Storage is allocated at
 * construction only; drops the oldest.
 */
class SentPackets {
 public:
  /** @param max_packets a power of two, and @param max_bytes that are kept. */
  SentPackets(std::size_t max_packets, std::size_t max_bytes);

  /** @param packet RTP; its number follows that of the one before, or all of those are forgotten.
   */
  void Keep(const std::uint8_t* packet, std::size_t size) noexcept;
  /**
   * The packet of that number, to be sent once more now. @param pause ns since it was sent again
   * last. @return size 0 when it is not kept, or not to be sent.
   */
  RingPacket Again(std::uint16_t sequence, std::int64_t pause, std::int64_t now) noexcept;
  void Clear() noexcept;

 private:
  std::int64_t& SentAgainAt(std::uint16_t sequence) noexcept {
    return sent_again_[sequence % sent_again_.size()];
  }

  PacketRing ring_;
  std::vector<std::int64_t> sent_again_;  // when, by number
  std::uint16_t next_ = 0;                // behind the newest
  std::size_t credit_ = 0;                // bytes that may be sent again
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_SENT_PACKETS_H_
