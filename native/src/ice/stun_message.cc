#include "dashvoip/ice/stun_message.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kMagicCookie = 0x2112a442;
constexpr std::uint32_t kFingerprintMask = 0x5354554e;
constexpr std::size_t kAttributeHeader = 4;
constexpr std::size_t kFingerprintSize = 4;
constexpr std::uint16_t kOptional = 0x8000;  // attributes from here on may be passed over
constexpr std::size_t kIpv4Value = 8;
constexpr std::size_t kIpv6Value = 20;
// Longer than any check of ICE, and no longer than RFC 8489 §6.1 has them.
constexpr std::size_t kMaxMessage = 1280;

/** CRC-32 of ITU-T V.42, four bits at a time. */
std::uint32_t Crc32(const std::uint8_t* data, std::size_t size) noexcept {
  static constexpr std::uint32_t kTable[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                               0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                               0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                               0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = 0; i < size; ++i) {
    crc ^= data[i];
    crc = crc >> 4 ^ kTable[crc & 15];
    crc = crc >> 4 ^ kTable[crc & 15];
  }
  return ~crc;
}

std::size_t Padded(std::size_t size) noexcept { return (size + 3) & ~std::size_t{3}; }

/** RFC 8489 §14.2: with the cookie, and for IPv6 the transaction's number behind it. */
void XorAddress(std::uint8_t* address, std::size_t size,
                const StunTransactionId& transaction) noexcept {
  std::array<std::uint8_t, 16> mask;
  WriteU32(mask.data(), kMagicCookie);
  std::copy(transaction.begin(), transaction.end(), mask.begin() + 4);
  for (std::size_t i = 0; i < size; ++i) address[i] ^= mask[i];
}

bool IsFingerprint(const std::uint8_t* data, std::size_t at) noexcept {
  return ReadU32(data + at + kAttributeHeader) == (Crc32(data, at) ^ kFingerprintMask);
}

/** @return false for a value that its attribute cannot have. */
bool Take(StunAttribute attribute, const std::uint8_t* value, std::size_t size, std::size_t at,
          StunMessage* out) noexcept {
  switch (attribute) {
    case StunAttribute::kUsername:
      // §14.3; of several the first counts.
      if (size > 513) return false;
      if (out->username == nullptr) {
        out->username = value;
        out->username_size = size;
      }
      return true;
    case StunAttribute::kMessageIntegrity:
      out->integrity_at = at;
      return size == HmacSha1::kSize;
    case StunAttribute::kXorMappedAddress:
      out->mapped = value;
      out->mapped_size = size;
      return size == kIpv4Value || size == kIpv6Value;
    case StunAttribute::kUseCandidate:
      out->use_candidate = true;
      return size == 0;
    case StunAttribute::kPriority:
      return size == 4;
    case StunAttribute::kIceControlled:
      out->controlled = true;
      return size == 8;
    case StunAttribute::kIceControlling:
      out->controlling = true;
      return size == 8;
    case StunAttribute::kErrorCode:
    case StunAttribute::kUnknownAttributes:
    case StunAttribute::kFingerprint:
      return true;
  }
  const auto number = static_cast<std::uint16_t>(attribute);
  if (number < kOptional && out->unknown_count < StunMessage::kMaxUnknown) {
    out->unknown[out->unknown_count++] = number;
  }
  return true;
}

}  // namespace

constexpr std::size_t StunMessage::kMaxUnknown;

bool ParseStun(const std::uint8_t* data, std::size_t size, StunMessage* out) noexcept {
  *out = StunMessage();
  if (!MayBeStun(data, size) || size > kMaxMessage || size % 4 != 0) return false;
  if (ReadU16(data + 2) != size - kStunHeaderSize || ReadU32(data + 4) != kMagicCookie) {
    return false;
  }
  out->type = static_cast<StunType>(ReadU16(data));
  std::copy_n(data + 8, out->transaction.size(), out->transaction.begin());
  std::size_t at = kStunHeaderSize;
  while (at < size) {
    const auto attribute = static_cast<StunAttribute>(ReadU16(data + at));
    const std::size_t length = ReadU16(data + at + 2);
    const std::size_t next = at + kAttributeHeader + Padded(length);
    if (next > size) return false;
    if (attribute == StunAttribute::kFingerprint) {
      // §14.7: the last one.
      if (length != kFingerprintSize || next != size || !IsFingerprint(data, at)) return false;
      out->has_fingerprint = true;
    } else if (out->integrity_at == 0) {
      // §14.5: what stands behind MESSAGE-INTEGRITY anybody may have added.
      if (!Take(attribute, data + at + kAttributeHeader, length, at, out)) return false;
    }
    at = next;
  }
  return true;
}

bool HasIntegrity(const Libcrypto& crypto, HmacSha1* key, const std::uint8_t* data,
                  const StunMessage& message) noexcept {
  if (message.integrity_at == 0) return false;
  // Its length was reckoned as if nothing came behind.
  std::array<std::uint8_t, kMaxMessage> covered;
  std::copy_n(data, message.integrity_at, covered.begin());
  const std::size_t length =
      message.integrity_at + kAttributeHeader + HmacSha1::kSize - kStunHeaderSize;
  WriteU16(covered.data() + 2, static_cast<std::uint16_t>(length));
  const HmacSha1::Digest digest = key->Of(covered.data(), message.integrity_at);
  return crypto.compare(digest.data(), data + message.integrity_at + kAttributeHeader,
                        digest.size()) == 0;
}

bool MappedAddressOf(const StunMessage& message, TransportAddress* out) noexcept {
  const bool v6 = message.mapped_size == kIpv6Value;
  if (message.mapped == nullptr || message.mapped[1] != (v6 ? 2 : 1)) return false;
  std::array<std::uint8_t, 16> address{};
  const std::size_t size = message.mapped_size - 4;
  std::copy_n(message.mapped + 4, size, address.begin());
  XorAddress(address.data(), size, message.transaction);
  out->ip = {};
  if (v6) {
    out->ip = address;
  } else {
    out->ip[10] = out->ip[11] = 0xff;
    std::copy_n(address.begin(), 4, out->ip.begin() + 12);
  }
  out->port = static_cast<std::uint16_t>(ReadU16(message.mapped + 2) ^ kMagicCookie >> 16);
  return true;
}

StunWriter::StunWriter(std::uint8_t* out, std::size_t capacity, StunType type,
                       const StunTransactionId& transaction) noexcept
    : out_(out), capacity_(capacity) {
  fits_ = capacity >= kStunHeaderSize;
  if (!fits_) return;
  size_ = kStunHeaderSize;
  WriteU16(out_, static_cast<std::uint16_t>(type));
  WriteU16(out_ + 2, 0);
  WriteU32(out_ + 4, kMagicCookie);
  std::copy(transaction.begin(), transaction.end(), out_ + 8);
}

std::uint8_t* StunWriter::Begin(StunAttribute attribute, std::size_t size) noexcept {
  const std::size_t whole = kAttributeHeader + Padded(size);
  fits_ = fits_ && size_ + whole <= capacity_;
  if (!fits_) return nullptr;
  std::uint8_t* const at = out_ + size_;
  std::fill_n(at, whole, std::uint8_t{0});
  WriteU16(at, static_cast<std::uint16_t>(attribute));
  WriteU16(at + 2, static_cast<std::uint16_t>(size));
  size_ += whole;
  WriteU16(out_ + 2, static_cast<std::uint16_t>(size_ - kStunHeaderSize));
  return at + kAttributeHeader;
}

void StunWriter::Add(StunAttribute attribute, const std::uint8_t* value,
                     std::size_t size) noexcept {
  std::uint8_t* const at = Begin(attribute, size);
  if (at != nullptr && size > 0) std::copy_n(value, size, at);
}

void StunWriter::AddMappedAddress(const TransportAddress& address) noexcept {
  const bool v6 = address.family() == AF_INET6;
  std::uint8_t* const at = Begin(StunAttribute::kXorMappedAddress, v6 ? kIpv6Value : kIpv4Value);
  if (at == nullptr) return;
  const std::size_t size = v6 ? 16 : 4;
  at[1] = v6 ? 2 : 1;
  WriteU16(at + 2, static_cast<std::uint16_t>(address.port ^ kMagicCookie >> 16));
  std::copy_n(address.ip.end() - static_cast<std::ptrdiff_t>(size), size, at + 4);
  StunTransactionId transaction;
  std::copy_n(out_ + 8, transaction.size(), transaction.begin());
  XorAddress(at + 4, size, transaction);
}

void StunWriter::AddErrorCode(unsigned code, const char* reason) noexcept {
  const std::size_t length = std::strlen(reason);
  std::uint8_t* const at = Begin(StunAttribute::kErrorCode, 4 + length);
  if (at == nullptr) return;
  at[2] = static_cast<std::uint8_t>(code / 100);
  at[3] = static_cast<std::uint8_t>(code % 100);
  std::copy_n(reason, length, at + 4);
}

void StunWriter::AddUnknown(const StunMessage& request) noexcept {
  std::uint8_t* const at = Begin(StunAttribute::kUnknownAttributes, 2 * request.unknown_count);
  if (at == nullptr) return;
  for (std::size_t i = 0; i < request.unknown_count; ++i) {
    WriteU16(at + 2 * i, request.unknown[i]);
  }
}

void StunWriter::AddIntegrity(HmacSha1* key) noexcept {
  // Begin() sets the length that is covered, and clears nothing that stands before.
  const std::size_t covered = size_;
  std::uint8_t* const at = Begin(StunAttribute::kMessageIntegrity, HmacSha1::kSize);
  if (at == nullptr) return;
  const HmacSha1::Digest digest = key->Of(out_, covered);
  std::copy(digest.begin(), digest.end(), at);
}

void StunWriter::AddFingerprint() noexcept {
  const std::size_t covered = size_;
  std::uint8_t* const at = Begin(StunAttribute::kFingerprint, kFingerprintSize);
  if (at != nullptr) WriteU32(at, Crc32(out_, covered) ^ kFingerprintMask);
}

}  // namespace dashvoip
