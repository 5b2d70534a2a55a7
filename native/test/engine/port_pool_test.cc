#include "dashvoip/engine/port_pool.h"

#include <doctest/doctest.h>

#include <string>

#include "test_peer.h"

using dashvoip::PortPool;
using dashvoip::PortResult;
using dashvoip::SocketAddress;
using dashvoip::SocketPair;
using dashvoip::UdpSocket;
using dashvoip::test::Loopback;

TEST_CASE("PortPool: RTP gets an even port out of the range and RTCP the next") {
  PortPool pool(32001, 32005);  // the pairs 32002 and 32004
  SocketPair first;
  SocketPair second;
  SocketPair third;
  std::string error;
  CHECK(pool.Bind(Loopback(0), UdpSocket::Options(), &first, &error) == PortResult::kBound);
  CHECK(pool.Bind(Loopback(0), UdpSocket::Options(), &second, &error) == PortResult::kBound);
  CHECK(first.rtp_port == 32002);
  CHECK(second.rtp_port == 32004);
  CHECK(second.rtcp.is_open());
  CHECK(pool.Bind(Loopback(0), UdpSocket::Options(), &third, &error) == PortResult::kExhausted);
  CHECK(error == "all 2 port pairs from 32002 on are in use");
  CHECK_FALSE(third.rtp.is_open());
}

TEST_CASE("PortPool: a pair that comes free is given out last") {
  PortPool pool(32010, 32015);
  std::string error;
  std::uint16_t given[4];
  for (std::uint16_t& port : given) {
    SocketPair pair;
    REQUIRE(pool.Bind(Loopback(0), UdpSocket::Options(), &pair, &error) == PortResult::kBound);
    port = pair.rtp_port;
  }
  CHECK(given[0] == 32010);
  CHECK(given[1] == 32012);
  CHECK(given[2] == 32014);
  CHECK(given[3] == 32010);
}

TEST_CASE("PortPool: an address that is not ours is named with the cause") {
  PortPool pool(32020, 32031);
  SocketPair pair;
  SocketAddress foreign{};
  REQUIRE(SocketAddress::Parse("192.0.2.1", 0, &foreign));
  std::string error;
  CHECK(pool.Bind(foreign, UdpSocket::Options(), &pair, &error) == PortResult::kFailed);
  CHECK(error.find("192.0.2.1:32020") != std::string::npos);
}
