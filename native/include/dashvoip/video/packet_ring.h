#ifndef DASHVOIP_VIDEO_PACKET_RING_H_
#define DASHVOIP_VIDEO_PACKET_RING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace dashvoip {

/** A finished RTP datagram in the ring. */
struct RingPacket {
  const std::uint8_t* data;  ///< header and payload
  std::size_t size;
};

/**
 * Bounded first-in first-out store of RTP packets of one thread: written once by the packetizer,
 * sent from where they lie. Packets written since the last Commit can be taken back, so that a
 * picture enters whole or not at all. Storage is allocated at construction only.
 */
class PacketRing {
 public:
  /** @param max_packets and @param max_bytes that fit at once. */
  PacketRing(std::size_t max_packets, std::size_t max_bytes);

  /** Writer: room for one packet of `size` bytes in one piece, or nullptr when full. */
  std::uint8_t* Append(std::size_t size) noexcept;
  /** Makes the packets appended since the last Commit visible. @return how many. */
  std::size_t Commit() noexcept;
  /** Takes them back. */
  void Rollback() noexcept;

  /** Committed packets. */
  std::size_t size() const noexcept { return committed_; }
  /** The `index`th oldest committed packet, index < size(). */
  RingPacket at(std::size_t index) const noexcept;
  /** Forgets the `count` oldest. */
  void Pop(std::size_t count) noexcept;
  void Clear() noexcept;

 private:
  struct Entry {
    std::uint32_t offset;
    std::uint32_t size;
  };
  const Entry& EntryAt(std::size_t index) const noexcept;

  std::vector<Entry> entries_;
  const std::size_t capacity_;
  const std::unique_ptr<std::uint8_t[]> bytes_;  // what is never needed is never touched
  std::size_t first_ = 0;                        // index of the oldest entry
  std::size_t committed_ = 0;
  std::size_t pending_ = 0;
  std::size_t write_ = 0;            // where the next packet goes
  std::size_t committed_write_ = 0;  // where it goes after a Rollback
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_PACKET_RING_H_
