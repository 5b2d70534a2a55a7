#include "dashvoip/engine/udp_socket.h"

#include <doctest/doctest.h>

#include <memory>

#include "dashvoip/base/monotonic.h"
#include "test_peer.h"

using dashvoip::DatagramBatch;
using dashvoip::MonotonicNs;
using dashvoip::UdpSocket;
using dashvoip::test::Bytes;
using dashvoip::test::Loopback;
using dashvoip::test::Peer;

TEST_CASE("UdpSocket: datagrams carry the time at which they came, not at which they were taken") {
  UdpSocket socket;
  REQUIRE(socket.Open(Loopback(32100), UdpSocket::Options()) == 0);
  const Peer peer;
  const auto batch = std::make_unique<DatagramBatch>();
  // The kernel begins to stamp a little after the first socket asked for it.
  CHECK(dashvoip::test::Eventually([&] {
    const std::int64_t before = MonotonicNs();
    peer.SendTo(32100, Bytes{1, 2, 3});
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::int64_t taken = MonotonicNs();
    REQUIRE(socket.Receive(batch.get(), before - dashvoip::kNsPerSecond, taken) == 1);
    // Without a stamp it would be `taken` itself.
    return (*batch)[0].arrival_ns < taken;
  }));
  const dashvoip::Datagram& datagram = (*batch)[0];
  CHECK(datagram.size == 3);
  CHECK(datagram.data[2] == 3);
  CHECK(datagram.from.port() == peer.port());
  CHECK_FALSE(datagram.truncated);
  CHECK(socket.Receive(batch.get(), 0, MonotonicNs()) == 0);
}

TEST_CASE("UdpSocket: arrival times never leave the bounds given") {
  UdpSocket socket;
  REQUIRE(socket.Open(Loopback(32102), UdpSocket::Options()) == 0);
  const Peer peer;
  peer.SendTo(32102, Bytes{1});
  peer.SendTo(32102, Bytes{2});
  const auto batch = std::make_unique<DatagramBatch>();
  const std::int64_t future = MonotonicNs() + dashvoip::kNsPerSecond;
  REQUIRE(socket.Receive(batch.get(), future, future + 1) == 2);
  CHECK((*batch)[0].arrival_ns == future);
  peer.SendTo(32102, Bytes{3});
  REQUIRE(socket.Receive(batch.get(), 0, 5) == 1);
  CHECK((*batch)[0].arrival_ns == 5);
}

TEST_CASE("UdpSocket: what is longer than a buffer is marked") {
  UdpSocket socket;
  REQUIRE(socket.Open(Loopback(32104), UdpSocket::Options()) == 0);
  const Peer peer;
  peer.SendTo(32104, Bytes(DatagramBatch::kBytes + 1));
  const auto batch = std::make_unique<DatagramBatch>();
  REQUIRE(socket.Receive(batch.get(), 0, MonotonicNs()) == 1);
  CHECK((*batch)[0].truncated);
}

TEST_CASE("UdpSocket: packets carry their DSCP, and a refused one is told") {
  UdpSocket::Options options;
  options.dscp = 46;
  UdpSocket socket;
  REQUIRE(socket.Open(Loopback(32106), options) == 0);
  Peer peer;
  const Bytes datagram{9};
  CHECK(socket.Send(datagram.data(), datagram.size(), peer.address()));
  CHECK(peer.Receive() == datagram);
  CHECK(peer.tos() == 46 << 2);
  dashvoip::SocketAddress nowhere{};
  REQUIRE(dashvoip::SocketAddress::Parse("::1", 9, &nowhere));
  CHECK_FALSE(socket.Send(datagram.data(), datagram.size(), nowhere));
}

TEST_CASE("UdpSocket: a port that is closed is told, and costs no packet") {
  for (const char* host : {"127.0.0.1", "::1"}) {
    dashvoip::SocketAddress local{};
    dashvoip::SocketAddress closed{};
    dashvoip::SocketAddress other{};
    REQUIRE(dashvoip::SocketAddress::Parse(host, 32110, &local));
    REQUIRE(dashvoip::SocketAddress::Parse(host, 32112, &closed));
    REQUIRE(dashvoip::SocketAddress::Parse(host, 32113, &other));
    UdpSocket socket;
    UdpSocket alive;
    REQUIRE(socket.Open(local, UdpSocket::Options()) == 0);
    REQUIRE(alive.Open(closed.WithPort(32114), UdpSocket::Options()) == 0);
    CHECK(socket.TakeUnreachable(closed) == 0);
    const Bytes datagram{1};
    CHECK(socket.Send(datagram.data(), datagram.size(), closed));
    // The error of the first packet does not cost the second, to somebody else, its way.
    CHECK(socket.Send(datagram.data(), datagram.size(), closed.WithPort(32114)));
    const auto batch = std::make_unique<DatagramBatch>();
    CHECK(alive.Receive(batch.get(), 0, MonotonicNs()) == 1);
    CHECK(socket.TakeUnreachable(closed) == 1);
    CHECK(socket.TakeUnreachable(closed) == 0);
    // Nor does it hide what waits to be read; errors about others than the far end count nothing.
    CHECK(socket.Send(datagram.data(), datagram.size(), closed));
    REQUIRE(alive.Send(datagram.data(), datagram.size(), local));
    CHECK(socket.Receive(batch.get(), 0, MonotonicNs()) == 1);
    CHECK(socket.TakeUnreachable(other) == 0);
  }
}

TEST_CASE("UdpSocket: the kernel admits only the sources named, by address and port") {
  for (const char* host : {"127.0.0.1", "::1"}) {
    dashvoip::SocketAddress local{};
    REQUIRE(dashvoip::SocketAddress::Parse(host, 32120, &local));
    UdpSocket socket;
    UdpSocket named;
    UdpSocket other;
    REQUIRE(socket.Open(local, UdpSocket::Options()) == 0);
    REQUIRE(named.Open(local.WithPort(32122), UdpSocket::Options()) == 0);
    REQUIRE(other.Open(local.WithPort(32124), UdpSocket::Options()) == 0);
    const auto batch = std::make_unique<DatagramBatch>();
    const Bytes datagram(12, 0x80);
    const auto arrived = [&] {
      REQUIRE(other.Send(datagram.data(), datagram.size(), local));
      REQUIRE(named.Send(datagram.data(), datagram.size(), local));
      return socket.Receive(batch.get(), 0, MonotonicNs());
    };
    dashvoip::TransportAddress source;
    REQUIRE(source.FromSockaddr(local.WithPort(32122).storage));
    dashvoip::TransportAddress elsewhere = source;
    elsewhere.ip[15] ^= 1;
    dashvoip::SourceFilter filter;
    filter.Add(elsewhere);
    REQUIRE(socket.Admit(filter));
    CHECK(arrived() == 0);
    filter.Add(source);
    REQUIRE(socket.Admit(filter));
    CHECK(arrived() == 1);
    CHECK((*batch)[0].from.port() == 32122);
    CHECK((*batch)[0].size == 12);
    CHECK(arrived() == 1);
    CHECK(socket.filtered() == 1);  // between two that passed
    dashvoip::SourceFilter turned;
    turned.Add(source);
    turned.Add(elsewhere);
    REQUIRE(socket.Admit(turned));
    CHECK(arrived() == 1);
    source.port = 0;
    filter.Add(source);
    REQUIRE(socket.Admit(filter));
    CHECK(arrived() == 2);
    REQUIRE(socket.Admit(dashvoip::SourceFilter()));
    CHECK(arrived() == 0);
    socket.AdmitAll();
    CHECK(arrived() == 2);
  }
}

TEST_CASE("UdpSocket: the kernel admits only RTP and RTCP of the SSRC required") {
  for (const char* host : {"127.0.0.1", "::1"}) {
    dashvoip::SocketAddress local{};
    REQUIRE(dashvoip::SocketAddress::Parse(host, 32130, &local));
    UdpSocket socket;
    UdpSocket named;
    UdpSocket other;
    REQUIRE(socket.Open(local, UdpSocket::Options()) == 0);
    REQUIRE(named.Open(local.WithPort(32132), UdpSocket::Options()) == 0);
    REQUIRE(other.Open(local.WithPort(32134), UdpSocket::Options()) == 0);
    dashvoip::TransportAddress source;
    REQUIRE(source.FromSockaddr(local.WithPort(32132).storage));
    dashvoip::SourceFilter filter;
    filter.Add(source);
    filter.RequireSsrc(0x01020304);
    REQUIRE(socket.Admit(filter));
    const auto batch = std::make_unique<DatagramBatch>();
    const auto passes = [&](UdpSocket* from, const Bytes& datagram) {
      REQUIRE(from->Send(datagram.data(), datagram.size(), local));
      return socket.Receive(batch.get(), 0, MonotonicNs()) == 1;
    };
    const Bytes rtp{0x80, 8, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4};
    const Bytes rtcp{0x80, 201, 0, 1, 1, 2, 3, 4};  // the shortest there is
    CHECK(passes(&named, rtp));
    CHECK(passes(&named, rtcp));
    CHECK_FALSE(passes(&other, rtp));
    CHECK_FALSE(passes(&named, Bytes{0x80, 8, 0, 1, 0, 0, 0, 9, 1, 2, 3, 5}));
    CHECK_FALSE(passes(&named, Bytes{0x80, 8, 0, 1, 1, 2, 3}));
    CHECK_FALSE(passes(&named, Bytes()));
  }
}

TEST_CASE("UdpSocket: over IPv6") {
  dashvoip::SocketAddress local{};
  REQUIRE(dashvoip::SocketAddress::Parse("::1", 32108, &local));
  UdpSocket::Options options;
  options.dscp = 34;
  UdpSocket socket;
  REQUIRE(socket.Open(local, options) == 0);
  const Bytes datagram{1, 2};
  REQUIRE(socket.Send(datagram.data(), datagram.size(), local));
  const auto batch = std::make_unique<DatagramBatch>();
  REQUIRE(socket.Receive(batch.get(), 0, MonotonicNs()) == 1);
  CHECK((*batch)[0].from.ToString() == "[::1]:32108");
}
