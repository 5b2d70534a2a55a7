#include "dashvoip/base/transport_address.h"

#include <doctest/doctest.h>

using dashvoip::IpAddress;
using dashvoip::TransportAddress;

TEST_CASE("IpAddress: numeric IPv4 and IPv6, and nothing that needs a resolver") {
  IpAddress address;
  REQUIRE(IpAddress::Parse("192.0.2.7", &address));
  CHECK(address.family() == AF_INET);
  sockaddr_storage storage;
  CHECK(address.WithPort(4000).ToSockaddr(AF_INET, &storage) > 0);
  TransportAddress back;
  REQUIRE(back.FromSockaddr(storage));
  CHECK(back.ip == address.ip);
  CHECK(back.port == 4000);

  REQUIRE(IpAddress::Parse("2001:db8::7", &address));
  CHECK(address.family() == AF_INET6);
  CHECK(address.WithPort(4000).ToSockaddr(AF_INET, &storage) == 0);
  CHECK(address.WithPort(4000).ToSockaddr(AF_INET6, &storage) > 0);

  for (const char* text : {"", "localhost", "phone.example", "1.2.3.4.5", "[::1]", "::1:"}) {
    CAPTURE(text);
    CHECK_FALSE(IpAddress::Parse(text, &address));
  }
}

TEST_CASE("IpAddress: the zone of a link-local address is kept") {
  IpAddress address;
  REQUIRE(IpAddress::Parse("fe80::1%lo", &address));
  CHECK(address.scope != 0);
}

TEST_CASE("IpAddress: the address of an old-fashioned hold") {
  IpAddress address;
  for (const char* text : {"0.0.0.0", "::", "::ffff:0.0.0.0"}) {
    CAPTURE(text);
    REQUIRE(IpAddress::Parse(text, &address));
    CHECK(address.IsUnspecified());
  }
  for (const char* text : {"10.0.0.0", "0.0.0.1", "::1", "2001::"}) {
    CAPTURE(text);
    REQUIRE(IpAddress::Parse(text, &address));
    CHECK_FALSE(address.IsUnspecified());
  }
}
