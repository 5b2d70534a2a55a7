#ifndef DASHVOIP_BASE_BYTE_ORDER_H_
#define DASHVOIP_BASE_BYTE_ORDER_H_

#include <cstdint>

namespace dashvoip {

// Big-endian fields at any alignment, as every RTP and RTCP header has them (RFC 3550 §4).

inline std::uint16_t ReadU16(const std::uint8_t* p) noexcept {
  return static_cast<std::uint16_t>(p[0] << 8 | p[1]);
}

inline std::uint32_t ReadU24(const std::uint8_t* p) noexcept {
  return static_cast<std::uint32_t>(p[0]) << 16 | static_cast<std::uint32_t>(p[1]) << 8 | p[2];
}

inline std::uint32_t ReadU32(const std::uint8_t* p) noexcept {
  return static_cast<std::uint32_t>(p[0]) << 24 | ReadU24(p + 1);
}

inline void WriteU16(std::uint8_t* p, std::uint16_t value) noexcept {
  p[0] = static_cast<std::uint8_t>(value >> 8);
  p[1] = static_cast<std::uint8_t>(value);
}

inline void WriteU24(std::uint8_t* p, std::uint32_t value) noexcept {
  p[0] = static_cast<std::uint8_t>(value >> 16);
  WriteU16(p + 1, static_cast<std::uint16_t>(value));
}

inline void WriteU32(std::uint8_t* p, std::uint32_t value) noexcept {
  WriteU16(p, static_cast<std::uint16_t>(value >> 16));
  WriteU16(p + 2, static_cast<std::uint16_t>(value));
}

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_BYTE_ORDER_H_
