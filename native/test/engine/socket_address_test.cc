#include "dashvoip/engine/socket_address.h"

#include <doctest/doctest.h>
#include <netinet/in.h>

using dashvoip::SocketAddress;

TEST_CASE("SocketAddress: numeric IPv4 and IPv6, and nothing that needs a resolver") {
  SocketAddress address{};
  REQUIRE(SocketAddress::Parse("127.0.0.1", 4000, &address));
  CHECK(address.family() == AF_INET);
  CHECK(address.port() == 4000);
  CHECK(address.ToString() == "127.0.0.1:4000");
  CHECK(address.WithPort(4002).ToString() == "127.0.0.1:4002");

  REQUIRE(SocketAddress::Parse("2001:db8::7", 4000, &address));
  CHECK(address.family() == AF_INET6);
  CHECK(address.ToString() == "[2001:db8::7]:4000");
  CHECK(address.WithPort(9).port() == 9);

  CHECK_FALSE(SocketAddress::Parse("localhost", 4000, &address));
  CHECK_FALSE(SocketAddress::Parse("", 4000, &address));
  CHECK_FALSE(SocketAddress::Parse("1.2.3.4.5", 4000, &address));
}
