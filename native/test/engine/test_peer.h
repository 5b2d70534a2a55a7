#ifndef DASHVOIP_TEST_ENGINE_TEST_PEER_H_
#define DASHVOIP_TEST_ENGINE_TEST_PEER_H_

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

#include "dashvoip/api/settings.h"
#include "dashvoip/engine/port_pool.h"
#include "dashvoip/rtp/packet.h"

namespace dashvoip {
namespace test {

using Bytes = std::vector<std::uint8_t>;

inline SocketAddress Loopback(std::uint16_t port) {
  SocketAddress address{};
  REQUIRE(SocketAddress::Parse("127.0.0.1", port, &address));
  return address;
}

inline IpAddress Ip(const char* text) {
  IpAddress address;
  REQUIRE(IpAddress::Parse(text, &address));
  return address;
}

inline RemoteEndpoint RemoteAt(const SocketAddress& rtp, const SocketAddress& rtcp) {
  TransportAddress address;
  TransportAddress rtcp_address;
  REQUIRE(address.FromSockaddr(rtp.storage));
  REQUIRE(rtcp_address.FromSockaddr(rtcp.storage));
  RemoteEndpoint remote;
  remote.address = address;
  remote.rtp_port = address.port;
  remote.rtcp_address = IpAddress(rtcp_address);
  remote.rtcp_port = rtcp_address.port;
  return remote;
}

/** A far end on loopback. */
inline RemoteEndpoint RemoteAt(std::uint16_t rtp_port, std::uint16_t rtcp_port) {
  return RemoteAt(Loopback(rtp_port), Loopback(rtcp_port));
}

/** A plain UDP socket on loopback that plays the far end. */
class Peer {
 public:
  Peer() : fd_(socket(AF_INET, SOCK_DGRAM, 0)) {
    const SocketAddress any = Loopback(0);
    REQUIRE(bind(fd_, any.get(), any.length) == 0);
    const int on = 1;
    REQUIRE(setsockopt(fd_, IPPROTO_IP, IP_RECVTOS, &on, sizeof(on)) == 0);
    sockaddr_in bound;
    socklen_t length = sizeof(bound);
    REQUIRE(getsockname(fd_, reinterpret_cast<sockaddr*>(&bound), &length) == 0);
    port_ = ntohs(bound.sin_port);
  }
  ~Peer() { close(fd_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  std::uint16_t port() const { return port_; }
  SocketAddress address() const { return Loopback(port_); }

  void SendTo(std::uint16_t port, const Bytes& datagram) const {
    const SocketAddress to = Loopback(port);
    REQUIRE(sendto(fd_, datagram.data(), datagram.size(), 0, to.get(), to.length) ==
            static_cast<ssize_t>(datagram.size()));
  }

  /** @return an empty datagram when none comes in time. */
  Bytes Receive(int timeout_ms = 2000) {
    pollfd wanted{fd_, POLLIN, 0};
    if (poll(&wanted, 1, timeout_ms) <= 0) return Bytes();
    Bytes datagram(2048);
    std::uint8_t control[64];
    iovec vector{datagram.data(), datagram.size()};
    sockaddr_in from{};
    msghdr header{};
    header.msg_name = &from;
    header.msg_namelen = sizeof(from);
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof(control);
    const ssize_t size = recvmsg(fd_, &header, 0);
    from_port_ = ntohs(from.sin_port);
    datagram.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    for (cmsghdr* item = CMSG_FIRSTHDR(&header); item; item = CMSG_NXTHDR(&header, item)) {
      if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_TOS) tos_ = *CMSG_DATA(item);
    }
    return datagram;
  }

  /** Where the last datagram came from. */
  std::uint16_t from_port() const { return from_port_; }
  /** The IP TOS byte of the last datagram. */
  int tos() const { return tos_; }

 private:
  const int fd_;
  std::uint16_t port_ = 0;
  std::uint16_t from_port_ = 0;
  int tos_ = -1;
};

inline RtpPacket Parse(const Bytes& datagram) {
  RtpPacket packet;
  REQUIRE(ParseRtpPacket(datagram.data(), datagram.size(), &packet) == RtpParseResult::kOk);
  return packet;
}

inline Bytes RtpDatagram(std::uint8_t payload_type, std::uint16_t sequence, std::uint32_t timestamp,
                         const Bytes& payload = Bytes(160, 0xd5), std::uint32_t ssrc = 7) {
  Bytes datagram(kRtpHeaderSize + payload.size());
  RtpHeader header;
  header.payload_type = payload_type;
  header.sequence_number = sequence;
  header.timestamp = timestamp;
  header.ssrc = ssrc;
  WriteRtpHeader(header, datagram.data());
  std::copy(payload.begin(), payload.end(), datagram.begin() + kRtpHeaderSize);
  return datagram;
}

/** Binds a pair of ports out of a range that tests do not share with anything. */
inline SocketPair BindPair(int receive_buffer_bytes = 0) {
  static SeededRandom random(static_cast<std::uint64_t>(getpid()));
  static PortPool pool(31000, 31999, &random);
  SocketPair pair;
  std::string error;
  UdpSocket::Options options;
  options.receive_buffer_bytes = receive_buffer_bytes;
  REQUIRE(pool.Bind(Loopback(0), options, &pair, &error) == PortResult::kBound);
  return pair;
}

/** Waits for what other threads bring about. @return false after five seconds. */
inline bool Eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_ENGINE_TEST_PEER_H_
