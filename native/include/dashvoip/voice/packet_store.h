#ifndef DASHVOIP_VOICE_PACKET_STORE_H_
#define DASHVOIP_VOICE_PACKET_STORE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/voice/voice_codec.h"

namespace dashvoip {

/** A packet of encoded sound that waits, or is being played. */
struct EncodedPacket {
  VoiceCodec* codec = nullptr;
  const std::uint8_t* payload = nullptr;
  std::size_t size = 0;    ///< bytes
  std::int64_t begin = 0;  ///< of all that is in it, on the timeline
  std::int64_t end = 0;    ///< the same
  std::int64_t from = 0;   ///< of what is heard of it
  std::int64_t to = 0;     ///< the same
  bool decoded = false;    ///< codecs have a memory: once, and in order
  bool damaged = false;    ///< could not be
  bool removed = false;    ///< PacketStore's: the storage waits for what came before
};

/**
 * Copies of packets, in storage that is allocated at construction. It is given out in the order of
 * arrival and freed in any order; what lies behind a packet that stays long is free with that one.
 */
class PacketStore {
 public:
  PacketStore(std::size_t packets, std::size_t bytes);

  /** A copy, with its payload; the others stay where they are. @return nullptr when it is full. */
  EncodedPacket* Add(const EncodedPacket& packet) noexcept;
  /** @param packet a result of Add. */
  void Remove(EncodedPacket* packet) noexcept;
  void Clear() noexcept;

 private:
  bool FindRoom(std::size_t size, std::size_t* at) const noexcept;

  std::vector<EncodedPacket> packets_;  // a ring
  std::vector<std::uint8_t> bytes_;     // a ring; a payload lies in one piece
  std::size_t first_ = 0;               // the oldest of packets_
  std::size_t count_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_PACKET_STORE_H_
