#ifndef DASHVOIP_ENGINE_RTP_TRANSPORT_H_
#define DASHVOIP_ENGINE_RTP_TRANSPORT_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/engine/engine_settings.h"
#include "dashvoip/engine/port_pool.h"
#include "dashvoip/engine/session_counters.h"
#include "dashvoip/engine/udp_socket.h"
#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/source_latch.h"

namespace dashvoip {

/** What comes out of a transport: checked, and from the one source that may speak. */
class RtpReceiver {
 public:
  virtual ~RtpReceiver() = default;
  virtual void OnRtp(const RtpPacket& packet, std::int64_t arrival_ns) noexcept = 0;
  virtual void OnRtcp(const std::uint8_t* data, std::size_t size,
                      std::int64_t arrival_ns) noexcept = 0;
};

/**
 * The two sockets of one stream with symmetric RTP (RFC 4961) on each: everything that is not valid
 * RTP with a negotiated payload type, or valid RTCP, from the far end's address is counted and
 * goes no further. Used by the media thread alone once it is built.
 */
class RtpTransport {
 public:
  /** @param family of the sockets, AF_INET or AF_INET6. */
  RtpTransport(SocketPair sockets, int family);

  /** A session description: whom to send to, and what to accept. */
  void SetRemote(const RemoteEndpoint& remote, const PayloadTypes& accepted) noexcept;
  /** The stream is closed: nothing is sent, everything is refused. */
  void ClearRemote() noexcept;

  /** @return false when it was not sent, for want of an address or by the kernel's refusal. */
  bool SendRtp(const std::uint8_t* data, std::size_t size) noexcept;
  bool SendRtcp(const std::uint8_t* data, std::size_t size) noexcept;

  /**
   * Empties a socket into `receiver`, up to 256 datagrams: a flood waits in the kernel and
   * overflows there rather than hold up the thread.
   */
  void DrainRtp(DatagramBatch* batch, RtpReceiver* receiver, std::int64_t now_ns) noexcept;
  void DrainRtcp(DatagramBatch* batch, RtpReceiver* receiver, std::int64_t now_ns) noexcept;

  /** Datagrams that were none of this stream's. */
  std::uint64_t rejected() const noexcept { return rejected_; }
  std::uint64_t send_errors() const noexcept { return send_errors_; }
  /** ICMP errors for what was sent to the far end's present address. */
  std::uint64_t unreachable() const noexcept { return unreachable_; }
  SourceCounters Source() const noexcept;

 private:
  /** One direction of sending: who was signalled, who was found, and that in the socket's form. */
  struct Peer {
    SourceLatch latch;
    SocketAddress target{};
    bool reachable = false;
  };

  void Signal(Peer* peer, const SocketAddress& signalled) noexcept;
  void Aim(Peer* peer) noexcept;
  bool Admit(Peer* peer, const Datagram& datagram, bool valid) noexcept;
  bool Send(UdpSocket* socket, const Peer& peer, const std::uint8_t* data,
            std::size_t size) noexcept;
  void OnRtpDatagram(const Datagram& datagram, RtpReceiver* receiver) noexcept;
  void OnRtcpDatagram(const Datagram& datagram, Peer* peer, RtpReceiver* receiver) noexcept;

  SocketPair sockets_;
  const int family_;
  bool open_ = false;
  PayloadTypes accepted_;
  Peer rtp_;
  Peer rtcp_;
  // What comes out of a socket is not older than this.
  std::int64_t rtp_drained_ = 0;
  std::int64_t rtcp_drained_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint64_t send_errors_ = 0;
  std::uint64_t unreachable_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_RTP_TRANSPORT_H_
