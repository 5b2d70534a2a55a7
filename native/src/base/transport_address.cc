#include "dashvoip/base/transport_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace dashvoip {

namespace {
constexpr std::array<std::uint8_t, 12> kMappedPrefix = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
}  // namespace

bool IpAddress::Parse(const std::string& text, IpAddress* out) {
  addrinfo hints;
  std::memset(&hints, 0, sizeof(hints));
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(text.c_str(), nullptr, &hints, &found) != 0) return false;
  sockaddr_storage storage;
  std::memset(&storage, 0, sizeof(storage));
  std::memcpy(&storage, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  TransportAddress address;
  if (!address.FromSockaddr(storage)) return false;
  *out = address;
  return true;
}

int IpAddress::family() const noexcept {
  const bool mapped = std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), ip.begin());
  return mapped ? AF_INET : AF_INET6;
}

bool IpAddress::IsUnspecified() const noexcept {
  const auto from = family() == AF_INET ? ip.begin() + kMappedPrefix.size() : ip.begin();
  return std::all_of(from, ip.end(), [](std::uint8_t byte) { return byte == 0; });
}

TransportAddress IpAddress::WithPort(std::uint16_t port) const noexcept {
  TransportAddress address;
  static_cast<IpAddress&>(address) = *this;
  address.port = port;
  return address;
}

bool TransportAddress::FromSockaddr(const sockaddr_storage& from) noexcept {
  if (from.ss_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &from, sizeof in);
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), ip.begin());
    std::memcpy(ip.data() + kMappedPrefix.size(), &in.sin_addr, 4);
    port = ntohs(in.sin_port);
    scope = 0;
    return true;
  }
  if (from.ss_family == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, &from, sizeof in6);
    std::memcpy(ip.data(), &in6.sin6_addr, ip.size());
    port = ntohs(in6.sin6_port);
    scope = in6.sin6_scope_id;
    return true;
  }
  return false;
}

socklen_t TransportAddress::ToSockaddr(int family, sockaddr_storage* to) const noexcept {
  std::memset(to, 0, sizeof *to);
  if (family == AF_INET6) {
    sockaddr_in6 in6 = {};
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(port);
    in6.sin6_scope_id = scope;
    std::memcpy(&in6.sin6_addr, ip.data(), ip.size());
    std::memcpy(to, &in6, sizeof in6);
    return sizeof in6;
  }
  if (family == AF_INET && this->family() == AF_INET) {
    sockaddr_in in = {};
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    std::memcpy(&in.sin_addr, ip.data() + kMappedPrefix.size(), 4);
    std::memcpy(to, &in, sizeof in);
    return sizeof in;
  }
  return 0;
}

}  // namespace dashvoip
