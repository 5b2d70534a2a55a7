#include "dashvoip/video/sent_packets.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {
namespace {

constexpr std::size_t kSequenceAt = 2;  // RFC 3550 §5.1
// A quarter of what is sent, and at most a burst of some thirty packets.
constexpr std::size_t kShare = 4;
constexpr std::size_t kMaxCredit = 40 * 1024;
constexpr std::int64_t kNotYet = std::numeric_limits<std::int64_t>::min() / 2;

}  // namespace

SentPackets::SentPackets(std::size_t max_packets, std::size_t max_bytes)
    : ring_(max_packets, max_bytes), sent_again_(max_packets, kNotYet) {}

void SentPackets::Clear() noexcept { ring_.Clear(); }

void SentPackets::Keep(const std::uint8_t* packet, std::size_t size) noexcept {
  const std::uint16_t sequence = ReadU16(packet + kSequenceAt);
  if (sequence != next_) Clear();
  std::uint8_t* kept = ring_.Append(size);
  for (; kept == nullptr && ring_.size() > 0; kept = ring_.Append(size)) ring_.Pop(1);
  if (kept == nullptr) return;
  std::memcpy(kept, packet, size);
  ring_.Commit();
  next_ = static_cast<std::uint16_t>(sequence + 1);
  SentAgainAt(sequence) = kNotYet;
  credit_ = std::min(kMaxCredit, credit_ + size / kShare);
}

RingPacket SentPackets::Again(std::uint16_t sequence, std::int64_t pause,
                              std::int64_t now) noexcept {
  const std::size_t behind = static_cast<std::uint16_t>(next_ - sequence);
  if (behind == 0 || behind > ring_.size()) return {nullptr, 0};
  const RingPacket packet = ring_.at(ring_.size() - behind);
  if (packet.size > credit_ || now - SentAgainAt(sequence) < pause) return {nullptr, 0};
  SentAgainAt(sequence) = now;
  credit_ -= packet.size;
  return packet;
}

}  // namespace dashvoip
