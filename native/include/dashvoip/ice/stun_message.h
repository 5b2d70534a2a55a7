#ifndef DASHVOIP_ICE_STUN_MESSAGE_H_
#define DASHVOIP_ICE_STUN_MESSAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/base/transport_address.h"
#include "dashvoip/crypto/hmac_sha1.h"

namespace dashvoip {

/** Message types that ICE has (RFC 8489 §5): class and method in one. */
enum class StunType : std::uint16_t {
  kBindingRequest = 0x0001,
  kBindingIndication = 0x0011,
  kBindingSuccess = 0x0101,
  kBindingError = 0x0111,
};

/** Attributes that are read or written here (RFC 8489 §14, RFC 8445 §16.1). */
enum class StunAttribute : std::uint16_t {
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000a,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kFingerprint = 0x8028,
  kIceControlled = 0x8029,
  kIceControlling = 0x802a,
};

constexpr std::size_t kStunHeaderSize = 20;
using StunTransactionId = std::array<std::uint8_t, 12>;

/** What stands in a message that came; points into it. */
struct StunMessage {
  /** Attributes that are not known here and may not be passed over, as far as they are told. */
  static constexpr std::size_t kMaxUnknown = 8;

  StunType type{};
  StunTransactionId transaction{};
  const std::uint8_t* username = nullptr;  ///< nullptr when there is none
  std::size_t username_size = 0;
  const std::uint8_t* mapped = nullptr;  ///< value of XOR-MAPPED-ADDRESS, 8 or 20 bytes
  std::size_t mapped_size = 0;
  bool use_candidate = false;
  bool controlled = false;
  bool controlling = false;
  bool has_fingerprint = false;   ///< and it is right: otherwise the message is none
  std::size_t integrity_at = 0;   ///< of MESSAGE-INTEGRITY; 0 when there is none
  std::size_t unknown_count = 0;  ///< of `unknown`
  std::array<std::uint16_t, kMaxUnknown> unknown{};
};

/** RFC 7983 §7: by its first byte a datagram is STUN. */
inline bool MayBeStun(const std::uint8_t* data, std::size_t size) noexcept {
  return size >= kStunHeaderSize && data[0] <= 3;
}

/** Any bytes are allowed. @return false for what is no message of RFC 8489. */
bool ParseStun(const std::uint8_t* data, std::size_t size, StunMessage* out) noexcept;

/** Whether MESSAGE-INTEGRITY was made with the key (RFC 8489 §14.5); false when there is none. */
bool HasIntegrity(const Libcrypto& crypto, HmacSha1* key, const std::uint8_t* data,
                  const StunMessage& message) noexcept;

/** XOR-MAPPED-ADDRESS (§14.2). @return false when there is none that can be read. */
bool MappedAddressOf(const StunMessage& message, TransportAddress* out) noexcept;

/** Writes one message, attribute by attribute; what does not fit makes `size()` 0. */
class StunWriter {
 public:
  StunWriter(std::uint8_t* out, std::size_t capacity, StunType type,
             const StunTransactionId& transaction) noexcept;

  void Add(StunAttribute attribute, const std::uint8_t* value, std::size_t size) noexcept;
  void AddMappedAddress(const TransportAddress& address) noexcept;
  /** @param code 300 to 699. @param reason ASCII. */
  void AddErrorCode(unsigned code, const char* reason) noexcept;
  void AddUnknown(const StunMessage& request) noexcept;
  /** Of all that stands before it. */
  void AddIntegrity(HmacSha1* key) noexcept;
  /** Of all; comes last. */
  void AddFingerprint() noexcept;

  std::size_t size() const noexcept { return fits_ ? size_ : 0; }

 private:
  /** @return where its value goes; nullptr when there is no room. */
  std::uint8_t* Begin(StunAttribute attribute, std::size_t size) noexcept;

  std::uint8_t* const out_;
  const std::size_t capacity_;
  std::size_t size_ = 0;
  bool fits_ = true;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ICE_STUN_MESSAGE_H_
