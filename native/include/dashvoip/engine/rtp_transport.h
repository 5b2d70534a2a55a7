#ifndef DASHVOIP_ENGINE_RTP_TRANSPORT_H_
#define DASHVOIP_ENGINE_RTP_TRANSPORT_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/engine/port_pool.h"
#include "dashvoip/engine/session_counters.h"
#include "dashvoip/engine/session_settings.h"
#include "dashvoip/engine/side_channel.h"
#include "dashvoip/engine/source_filter.h"
#include "dashvoip/engine/udp_socket.h"
#include "dashvoip/ice/ice_lite.h"
#include "dashvoip/rtp/control_latch.h"
#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/packet_transform.h"
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
 * The two sockets of one stream, or the first of them for both RTP and RTCP (RFC 5761), with
 * symmetric RTP (RFC 4961): everything that is not valid RTP
 * with the negotiated payload type, or valid RTCP, from the far end (SourceLatch, ControlLatch) is
 * counted and goes no further. Used by the media thread alone once it is built.
 */
class RtpTransport {
 public:
  /** @param family of the sockets, AF_INET or AF_INET6. */
  RtpTransport(SocketPair sockets, int family);

  /** @param transform of all that leaves and comes from now on; nullptr for none. It outlives the
   * transport. */
  void SetTransform(PacketTransform* transform) noexcept { transform_ = transform; }
  /**
   * The far end shows by ICE where it is, which is then where both streams go to and come from; its
   * checks are answered here. @param ice outlives the transport.
   */
  void SetIce(IceLite* ice) noexcept { ice_ = ice; }
  /**
   * What comes beside media is taken to `side` from now on, and what waits there can be sent.
   * @param rtp, @param rtcp what these sockets are called there. @param side outlives the
   * transport.
   */
  void Listen(SideChannel* side, MediaComponent rtp, MediaComponent rtcp) noexcept;
  bool listening() const noexcept { return side_ != nullptr; }
  /** One of `rtp` or `rtcp`. */
  void SendBeside(const SideDatagram& datagram) noexcept;
  /** Whatever a description says; that of RTP stands for both on a shared port. */
  void Aim(bool rtcp, const MediaAim& aim) noexcept;
  /** Somebody else's before the first description. */
  UdpSocket* rtp_socket() noexcept { return &sockets_.rtp; }
  /**
   * BUNDLE (RFC 9143): the other stream of the call uses these sockets, too. Of what comes it gets
   * RTCP; its RTP, which it has to send, is known by its payload type. Both live as long as the
   * other.
   */
  void Carry(RtpTransport* passenger, RtpReceiver* receiver) noexcept;

  /** A session description: whom to send to, and what to accept. */
  void SetRemote(const RemoteEndpoint& remote, const PayloadTypes& accepted,
                 SourceLatch::Trust trust, std::int64_t now_ns) noexcept;
  /** The stream is closed: nothing is sent, everything is refused. */
  void ClearRemote() noexcept;
  /** What another stream of the call knows of the far end, for one that hears no RTP itself. */
  void FollowHost(const ProvedSource& other) noexcept;
  /** What this stream knows of the far end. */
  ProvedSource Proved() const noexcept;

  /** @return false when it was not sent: for want of an address, or refused by the transform or
   * the kernel. */
  bool SendRtp(const std::uint8_t* data, std::size_t size) noexcept;
  bool SendRtcp(const std::uint8_t* data, std::size_t size) noexcept;

  /**
   * Empties a socket into `receiver`, up to 256 datagrams: a flood waits in the kernel and
   * overflows there rather than hold up the thread. Once the far end is proved, the kernel keeps
   * others out of the socket for as long as the flood lasts, and other SSRCs where it comes in the
   * far end's name.
   */
  void DrainRtp(DatagramBatch* batch, RtpReceiver* receiver, std::int64_t now_ns) noexcept;
  void DrainRtcp(DatagramBatch* batch, RtpReceiver* receiver, std::int64_t now_ns) noexcept;

  /** Datagrams that were none of this stream's. */
  std::uint64_t rejected() const noexcept { return rejected_; }
  /** Datagrams that came before the stream was opened. */
  std::uint64_t early() const noexcept { return early_; }
  std::uint64_t send_errors() const noexcept { return send_errors_; }
  /** ICMP errors for what was sent to the far end's present address. */
  std::uint64_t unreachable() const noexcept { return unreachable_; }
  /** When a check of the far end's came last (RFC 7675), 0 for never. */
  std::int64_t consented() const noexcept { return consented_; }
  SourceSnapshot Source() const noexcept;

 private:
  /** One direction of sending, in the socket's form, and how its socket is guarded. */
  struct Lane {
    SocketAddress target{};
    bool reachable = false;
    bool filtering = false;
    MediaAim aim;
    MediaComponent name{};  // on the side channel
    bool forged = false;    // the flood comes in the name of a source that is admitted
    SourceFilter filter;
    // What comes out of the socket is not older than this.
    std::int64_t drained = 0;
  };

  const TransportAddress& RtpRemote() const noexcept;
  void Aim(Lane* lane, const TransportAddress& remote) noexcept;
  using Protect = bool (PacketTransform::*)(std::uint8_t*, std::size_t*);

  bool Send(UdpSocket* socket, const Lane& lane, std::uint16_t channel, Protect protect,
            const std::uint8_t* data, std::size_t size) noexcept;
  UdpSocket* RtpSocket() noexcept { return carrier_ ? &carrier_->sockets_.rtp : &sockets_.rtp; }
  void Head(std::int64_t now_ns) noexcept;
  void SetSignalled(const TransportAddress& rtp, const TransportAddress& rtcp,
                    std::int64_t now_ns) noexcept;
  bool TakeBeside(Datagram* datagram, const Lane& lane) noexcept;
  bool OnStun(const Datagram& datagram) noexcept;
  bool OnRtp(Datagram* datagram, RtpReceiver* receiver) noexcept;
  bool OnRtcp(Datagram* datagram, bool on_rtp_port, RtpReceiver* receiver) noexcept;
  bool AdmitRtcp(const TransportAddress& from, std::uint32_t ssrc, bool on_rtp_port) noexcept;
  ProvedSource SourceOfRtcp() const noexcept;
  void GuardRtp(std::uint64_t rejected, std::int64_t now_ns) noexcept;
  void GuardRtcp(std::uint64_t rejected) noexcept;
  void Guard(UdpSocket* socket, Lane* lane, const SourceFilter& sources) noexcept;
  static bool MustGuard(Lane* lane, std::uint64_t rejected) noexcept;
  void Unguard(UdpSocket* socket, Lane* lane) noexcept;

  SocketPair sockets_;
  PacketTransform* transform_ = nullptr;
  IceLite* ice_ = nullptr;
  SideChannel* side_ = nullptr;
  RtpTransport* carrier_ = nullptr;  // whose sockets are used
  RtpTransport* passenger_ = nullptr;
  RtpReceiver* passenger_receiver_ = nullptr;
  // A packet on its way through the transform; whose it is may want to send it once more.
  std::array<std::uint8_t, DatagramBatch::kBytes> protected_;
  const int family_;
  bool open_ = false;
  bool rtcp_mux_ = false;
  std::int64_t open_since_ = 0;
  PayloadTypes accepted_;
  SourceLatch::Trust trust_ = SourceLatch::Trust::kNobody;
  RemoteEndpoint described_{};
  TransportAddress signalled_rtp_;
  TransportAddress signalled_rtcp_;
  SourceLatch source_;
  ControlLatch control_;
  ProvedSource other_stream_;
  Lane rtp_;
  Lane rtcp_;
  std::int64_t consented_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint64_t early_ = 0;
  std::uint64_t refused_rtcp_ = 0;   // on the RTP port
  std::uint64_t moves_by_rtcp_ = 0;  // of where RTP goes
  std::uint64_t send_errors_ = 0;
  std::uint64_t unreachable_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_RTP_TRANSPORT_H_
