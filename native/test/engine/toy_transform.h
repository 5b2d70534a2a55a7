#ifndef DASHVOIP_TEST_ENGINE_TOY_TRANSFORM_H_
#define DASHVOIP_TEST_ENGINE_TOY_TRANSFORM_H_

#include <cstddef>
#include <cstdint>
#include <numeric>

#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/packet_transform.h"

namespace dashvoip {
namespace test {

/** Has the shape of SRTP and nothing of its strength: what follows the header is turned over, and
 * ten bytes behind it say whose it is. */
class ToyTransform : public PacketTransform {
 public:
  static constexpr std::size_t kTag = 10;
  static constexpr std::size_t kRtcpHeader = 8;

  explicit ToyTransform(std::uint8_t key) : key_(key) {}

  bool ProtectRtp(std::uint8_t* packet, std::size_t* size) noexcept override {
    return Protect(packet, size, kRtpHeaderSize);
  }
  bool ProtectRtcp(std::uint8_t* packet, std::size_t* size) noexcept override {
    return Protect(packet, size, kRtcpHeader);
  }
  bool UnprotectRtp(std::uint8_t* packet, std::size_t* size) noexcept override {
    return Unprotect(packet, size, kRtpHeaderSize);
  }
  bool UnprotectRtcp(std::uint8_t* packet, std::size_t* size) noexcept override {
    return Unprotect(packet, size, kRtcpHeader);
  }

  bool refuses = false;  // to protect

 private:
  bool Protect(std::uint8_t* packet, std::size_t* size, std::size_t header) noexcept {
    if (refuses) return false;
    Turn(packet, *size, header);
    const std::uint8_t tag = TagOf(packet, *size);
    for (std::size_t i = 0; i < kTag; ++i) packet[(*size)++] = tag;
    return true;
  }
  bool Unprotect(std::uint8_t* packet, std::size_t* size, std::size_t header) noexcept {
    if (*size < header + kTag) return false;
    *size -= kTag;
    const std::uint8_t tag = TagOf(packet, *size);
    for (std::size_t i = 0; i < kTag; ++i) {
      if (packet[*size + i] != tag) return false;
    }
    Turn(packet, *size, header);
    return true;
  }
  void Turn(std::uint8_t* packet, std::size_t size, std::size_t header) const noexcept {
    for (std::size_t i = header; i < size; ++i) packet[i] ^= key_;
  }
  std::uint8_t TagOf(const std::uint8_t* packet, std::size_t size) const noexcept {
    return static_cast<std::uint8_t>(std::accumulate(packet, packet + size, unsigned{key_}));
  }

  const std::uint8_t key_;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_ENGINE_TOY_TRANSFORM_H_
