#include "dashvoip/engine/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace dashvoip {
namespace {

const sockaddr_in& V4(const sockaddr_storage& storage) noexcept {
  return reinterpret_cast<const sockaddr_in&>(storage);
}

const sockaddr_in6& V6(const sockaddr_storage& storage) noexcept {
  return reinterpret_cast<const sockaddr_in6&>(storage);
}

}  // namespace

bool SocketAddress::Parse(const std::string& host, std::uint16_t port, SocketAddress* out) {
  IpAddress address;
  if (!IpAddress::Parse(host, &address)) return false;
  *out = Of(address.WithPort(port));
  return true;
}

SocketAddress SocketAddress::Of(const TransportAddress& address) noexcept {
  SocketAddress out{};
  out.length = address.ToSockaddr(AF_INET, &out.storage);
  if (out.length == 0) out.length = address.ToSockaddr(AF_INET6, &out.storage);
  return out;
}

std::uint16_t SocketAddress::port() const noexcept {
  return ntohs(family() == AF_INET6 ? V6(storage).sin6_port : V4(storage).sin_port);
}

SocketAddress SocketAddress::WithPort(std::uint16_t port) const noexcept {
  SocketAddress copy = *this;
  if (family() == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(copy.storage).sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in&>(copy.storage).sin_port = htons(port);
  }
  return copy;
}

std::string SocketAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = "?";
  const bool v6 = family() == AF_INET6;
  inet_ntop(family(),
            v6 ? static_cast<const void*>(&V6(storage).sin6_addr)
               : static_cast<const void*>(&V4(storage).sin_addr),
            text, sizeof(text));
  return (v6 ? "[" + std::string(text) + "]" : std::string(text)) + ":" + std::to_string(port());
}

}  // namespace dashvoip
