#include "dashvoip/video/packet_ring.h"

#include <algorithm>

namespace dashvoip {

PacketRing::PacketRing(std::size_t max_packets, std::size_t max_bytes)
    : entries_(std::max<std::size_t>(1, max_packets)),
      capacity_(max_bytes),
      bytes_(new std::uint8_t[max_bytes]) {}

const PacketRing::Entry& PacketRing::EntryAt(std::size_t index) const noexcept {
  return entries_[(first_ + index) % entries_.size()];
}

std::uint8_t* PacketRing::Append(std::size_t size) noexcept {
  const std::size_t count = committed_ + pending_;
  if (count == entries_.size() || size == 0) return nullptr;
  if (count == 0) {
    if (size > capacity_) return nullptr;
    write_ = 0;
  } else {
    const std::size_t oldest = EntryAt(0).offset;
    // One byte stays free, so that a full ring does not look like an empty one.
    if (write_ > oldest && capacity_ - write_ < size) write_ = 0;
    if (write_ <= oldest && oldest - write_ <= size) return nullptr;
  }
  Entry& entry = entries_[(first_ + count) % entries_.size()];
  entry.offset = static_cast<std::uint32_t>(write_);
  entry.size = static_cast<std::uint32_t>(size);
  write_ += size;
  ++pending_;
  return bytes_.get() + entry.offset;
}

std::size_t PacketRing::Commit() noexcept {
  const std::size_t count = pending_;
  committed_ += count;
  pending_ = 0;
  committed_write_ = write_;
  return count;
}

void PacketRing::Rollback() noexcept {
  pending_ = 0;
  write_ = committed_write_;
}

RingPacket PacketRing::at(std::size_t index) const noexcept {
  const Entry& entry = EntryAt(index);
  return RingPacket{bytes_.get() + entry.offset, entry.size};
}

void PacketRing::Pop(std::size_t count) noexcept {
  count = std::min(count, committed_);
  first_ = (first_ + count) % entries_.size();
  committed_ -= count;
}

void PacketRing::Clear() noexcept {
  Rollback();
  Pop(committed_);
}

}  // namespace dashvoip
