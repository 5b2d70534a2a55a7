#include "dashvoip/rtp/source_latch.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

#include <cstring>

namespace dashvoip {
namespace {

using Verdict = SourceLatch::Verdict;

TransportAddress Address(const char* ip, std::uint16_t port) {
  sockaddr_storage storage = {};
  sockaddr_in in = {};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  inet_pton(AF_INET, ip, &in.sin_addr);
  std::memcpy(&storage, &in, sizeof in);
  TransportAddress address;
  address.FromSockaddr(storage);
  return address;
}

const TransportAddress kSignalled = Address("10.0.0.1", 4000);
const TransportAddress kReal = Address("192.0.2.7", 31000);
const TransportAddress kStranger = Address("198.51.100.9", 4000);

TEST_CASE("transport address: there and back in both families") {
  sockaddr_storage storage;
  CHECK(kReal.ToSockaddr(AF_INET, &storage) == sizeof(sockaddr_in));
  TransportAddress back;
  CHECK(back.FromSockaddr(storage));
  CHECK(back == kReal);
  // An IPv6 socket sees the same peer as a mapped address.
  CHECK(kReal.ToSockaddr(AF_INET6, &storage) == sizeof(sockaddr_in6));
  CHECK(back.FromSockaddr(storage));
  CHECK(back == kReal);
  TransportAddress six;
  six.ip[0] = 0x20;
  CHECK(six.ToSockaddr(AF_INET, &storage) == 0);
  storage.ss_family = AF_UNIX;
  CHECK_FALSE(back.FromSockaddr(storage));
}

TEST_CASE("latch: the signalled peer sends first, others are refused") {
  SourceLatch latch;
  latch.SetSignalled(kSignalled);
  CHECK(latch.remote() == kSignalled);
  CHECK(latch.OnPacket(kSignalled, true) == Verdict::kAccepted);
  CHECK(latch.OnPacket(kReal, true) == Verdict::kRefused);
  CHECK(latch.refused() == 1);
  CHECK(latch.remote() == kSignalled);
}

TEST_CASE("latch: a peer behind NAT is followed once") {
  SourceLatch latch;
  latch.SetSignalled(kSignalled);
  CHECK(latch.OnPacket(kReal, true) == Verdict::kLatched);
  CHECK(latch.remote() == kReal);
  CHECK(latch.OnPacket(kReal, true) == Verdict::kAccepted);
  CHECK(latch.OnPacket(kStranger, true) == Verdict::kRefused);
  CHECK(latch.OnPacket(kSignalled, true) == Verdict::kRefused);
  CHECK(latch.remote() == kReal);
}

TEST_CASE("latch: noise decides nothing") {
  SourceLatch latch;
  latch.SetSignalled(kSignalled);
  CHECK(latch.OnPacket(kStranger, false) == Verdict::kRefused);
  CHECK_FALSE(latch.decided());
  CHECK(latch.OnPacket(kReal, true) == Verdict::kLatched);
}

TEST_CASE("latch: a new description arms it again; the same address keeps what was found") {
  SourceLatch latch;
  latch.SetSignalled(kSignalled);
  latch.OnPacket(kReal, true);
  latch.SetSignalled(kSignalled);
  CHECK(latch.remote() == kReal);
  CHECK(latch.OnPacket(kStranger, true) == Verdict::kLatched);
  latch.SetSignalled(kReal);
  CHECK(latch.remote() == kReal);
  CHECK_FALSE(latch.decided());
}

}  // namespace
}  // namespace dashvoip
