#ifndef DASHVOIP_ENGINE_SOCKET_ADDRESS_H_
#define DASHVOIP_ENGINE_SOCKET_ADDRESS_H_

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "dashvoip/base/transport_address.h"

namespace dashvoip {

/** An IPv4 or IPv6 address with a UDP port; trivially copyable, so it crosses rings. */
struct SocketAddress {
  sockaddr_storage storage;
  socklen_t length;

  /** @param host numeric IPv4 or IPv6 address, a scope (`%wlan0`) allowed; no name is resolved. */
  static bool Parse(const std::string& host, std::uint16_t port, SocketAddress* out);

  /** IPv4 where the address is one, mapped or not. */
  static SocketAddress Of(const TransportAddress& address) noexcept;

  int family() const noexcept { return storage.ss_family; }
  std::uint16_t port() const noexcept;
  SocketAddress WithPort(std::uint16_t port) const noexcept;
  /** `127.0.0.1:4000`, `[::1]:4000`. */
  std::string ToString() const;

  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_SOCKET_ADDRESS_H_
