#include "dashvoip/engine/port_pool.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "test_peer.h"

using dashvoip::PortPool;
using dashvoip::PortResult;
using dashvoip::SocketAddress;
using dashvoip::SocketPair;
using dashvoip::UdpSocket;
using dashvoip::test::Loopback;

TEST_CASE("PortPool: RTP gets an even port out of the range and RTCP the next") {
  dashvoip::SeededRandom random(1);
  PortPool pool(32001, 32005, &random);  // the pairs 32002 and 32004
  SocketPair first;
  SocketPair second;
  SocketPair third;
  std::string error;
  CHECK(pool.Bind(Loopback(0), UdpSocket::Options(), &first, &error) == PortResult::kBound);
  CHECK(pool.Bind(Loopback(0), UdpSocket::Options(), &second, &error) == PortResult::kBound);
  CHECK(std::min(first.rtp_port, second.rtp_port) == 32002);
  CHECK(std::max(first.rtp_port, second.rtp_port) == 32004);
  CHECK(second.rtcp.is_open());
  CHECK(pool.Bind(Loopback(0), UdpSocket::Options(), &third, &error) == PortResult::kExhausted);
  CHECK(error == "all 2 port pairs from 32002 on are in use");
  CHECK_FALSE(third.rtp.is_open());
}

TEST_CASE("PortPool: pairs are drawn at random from the whole range") {
  const auto draw = [](std::uint64_t seed) {
    dashvoip::SeededRandom random(seed);
    PortPool pool(32200, 32399, &random);
    std::vector<std::uint16_t> ports;
    std::string error;
    for (int i = 0; i < 20; ++i) {
      SocketPair pair;
      REQUIRE(pool.Bind(Loopback(0), UdpSocket::Options(), &pair, &error) == PortResult::kBound);
      CHECK(pair.rtp_port % 2 == 0);
      ports.push_back(pair.rtp_port);
    }
    return ports;
  };
  const std::vector<std::uint16_t> one = draw(1);
  CHECK(one != draw(2));
  CHECK(std::set<std::uint16_t>(one.begin(), one.end()).size() > 12);
  CHECK(*std::min_element(one.begin(), one.end()) < 32240);
  CHECK(*std::max_element(one.begin(), one.end()) > 32360);
}

TEST_CASE("PortPool: a pair of which one port is taken is passed over") {
  dashvoip::SeededRandom random(3);
  PortPool pool(32002, 32005, &random);
  UdpSocket taken;
  REQUIRE(taken.Open(Loopback(32003), UdpSocket::Options()) == 0);
  std::string error;
  for (int i = 0; i < 8; ++i) {
    SocketPair pair;
    REQUIRE(pool.Bind(Loopback(0), UdpSocket::Options(), &pair, &error) == PortResult::kBound);
    CHECK(pair.rtp_port == 32004);
  }
}

TEST_CASE("PortPool: an address that is not ours is named with the cause") {
  dashvoip::SeededRandom random(1);
  PortPool pool(32020, 32021, &random);
  SocketPair pair;
  SocketAddress foreign{};
  REQUIRE(SocketAddress::Parse("192.0.2.1", 0, &foreign));
  std::string error;
  CHECK(pool.Bind(foreign, UdpSocket::Options(), &pair, &error) == PortResult::kFailed);
  CHECK(error.find("192.0.2.1:32020") != std::string::npos);
}
