#include "dashvoip/voice/packet_store.h"

#include <algorithm>

namespace dashvoip {

PacketStore::PacketStore(std::size_t packets, std::size_t bytes)
    : packets_(packets), bytes_(bytes) {}

// Payloads lie in the order of their packets: from the oldest's on, around the end at most once.
bool PacketStore::FindRoom(std::size_t size, std::size_t* at) const noexcept {
  *at = 0;
  if (count_ == 0) return size <= bytes_.size();
  if (count_ == packets_.size()) return false;
  const EncodedPacket& oldest = packets_[first_];
  const EncodedPacket& newest = packets_[(first_ + count_ - 1) % packets_.size()];
  const auto begin = static_cast<std::size_t>(oldest.payload - bytes_.data());
  const auto end = static_cast<std::size_t>(newest.payload - bytes_.data()) + newest.size;
  if (end <= begin) {
    *at = end;
    return size <= begin - end;
  }
  if (size <= bytes_.size() - end) {
    *at = end;
    return true;
  }
  return size <= begin;
}

EncodedPacket* PacketStore::Add(const EncodedPacket& packet) noexcept {
  std::size_t at = 0;
  if (!FindRoom(packet.size, &at)) return nullptr;
  EncodedPacket& copy = packets_[(first_ + count_) % packets_.size()];
  ++count_;
  copy = packet;
  std::copy(packet.payload, packet.payload + packet.size, &bytes_[at]);
  copy.payload = &bytes_[at];
  return &copy;
}

void PacketStore::Remove(EncodedPacket* packet) noexcept {
  packet->removed = true;
  while (count_ > 0 && packets_[first_].removed) {
    first_ = (first_ + 1) % packets_.size();
    --count_;
  }
}

void PacketStore::Clear() noexcept { count_ = 0; }

}  // namespace dashvoip
