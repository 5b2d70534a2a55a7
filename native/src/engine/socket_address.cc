#include "dashvoip/engine/socket_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <cstring>

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
  addrinfo hints;
  std::memset(&hints, 0, sizeof(hints));
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return false;
  std::memset(out, 0, sizeof(*out));
  std::memcpy(&out->storage, found->ai_addr, found->ai_addrlen);
  out->length = found->ai_addrlen;
  freeaddrinfo(found);
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

bool SocketAddress::IsUnspecified() const noexcept {
  if (family() == AF_INET6) return IN6_IS_ADDR_UNSPECIFIED(&V6(storage).sin6_addr);
  return V4(storage).sin_addr.s_addr == htonl(INADDR_ANY);
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
