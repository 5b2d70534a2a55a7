#ifndef DASHVOIP_BASE_TRANSPORT_ADDRESS_H_
#define DASHVOIP_BASE_TRANSPORT_ADDRESS_H_

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>

namespace dashvoip {

struct TransportAddress;

/** IPv4 is kept in its IPv6-mapped form (RFC 4291 §2.5.5.2). */
struct IpAddress {
  std::array<std::uint8_t, 16> ip{};
  std::uint32_t scope = 0;  ///< zone of a link-local IPv6 address; plays no part in comparing

  /** @param text numeric, a scope (`%wlan0`) allowed; no name is resolved. @return false for else.
   */
  static bool Parse(const std::string& text, IpAddress* out);

  /** AF_INET, also when mapped, or AF_INET6. */
  int family() const noexcept;
  /** 0.0.0.0 or ::, the "hold" address of RFC 3264 §8.4: never sent to. */
  bool IsUnspecified() const noexcept;
  TransportAddress WithPort(std::uint16_t port) const noexcept;
};

/** IP address and port, comparable. */
struct TransportAddress : IpAddress {
  std::uint16_t port = 0;  ///< host byte order

  /** @return false, and leaves *this, when the family is neither AF_INET nor AF_INET6. */
  bool FromSockaddr(const sockaddr_storage& from) noexcept;
  /**
   * Fills `to` in the form a socket of `family` (AF_INET or AF_INET6) wants. @return its length, 0
   * when the address cannot be said in that family.
   */
  socklen_t ToSockaddr(int family, sockaddr_storage* to) const noexcept;
};

inline bool operator==(const TransportAddress& a, const TransportAddress& b) noexcept {
  return a.port == b.port && a.ip == b.ip;
}
inline bool operator!=(const TransportAddress& a, const TransportAddress& b) noexcept {
  return !(a == b);
}

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_TRANSPORT_ADDRESS_H_
