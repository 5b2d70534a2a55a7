#include "dashvoip/engine/rtp_transport.h"

#include <utility>

#include "dashvoip/rtp/rtcp_packet.h"

namespace dashvoip {
namespace {

constexpr int kMaxBatches = 16;

bool IsValidRtcp(const Datagram& datagram) noexcept {
  RtcpListener nobody;
  return !datagram.truncated &&
         ParseRtcp(datagram.data, datagram.size, &nobody) == RtcpParseResult::kOk;
}

}  // namespace

RtpTransport::RtpTransport(SocketPair sockets, int family)
    : sockets_(std::move(sockets)), family_(family) {}

void RtpTransport::SetRemote(const RemoteEndpoint& remote, const PayloadTypes& accepted) noexcept {
  accepted_ = accepted;
  open_ = true;
  Signal(&rtp_, remote.rtp);
  Signal(&rtcp_, remote.rtcp);
}

void RtpTransport::ClearRemote() noexcept {
  open_ = false;
  rtp_.reachable = false;
  rtcp_.reachable = false;
}

void RtpTransport::Signal(Peer* peer, const SocketAddress& signalled) noexcept {
  TransportAddress address;
  address.FromSockaddr(signalled.storage);
  peer->latch.SetSignalled(address);
  Aim(peer);
  // RFC 3264 section 8.4: an older peer says hold by an address of zeros; nobody is there.
  if (signalled.IsUnspecified()) peer->reachable = false;
}

void RtpTransport::Aim(Peer* peer) noexcept {
  peer->target.length = peer->latch.remote().ToSockaddr(family_, &peer->target.storage);
  peer->reachable = peer->target.length != 0;
}

bool RtpTransport::SendRtp(const std::uint8_t* data, std::size_t size) noexcept {
  return Send(&sockets_.rtp, rtp_, data, size);
}

bool RtpTransport::SendRtcp(const std::uint8_t* data, std::size_t size) noexcept {
  return Send(&sockets_.rtcp, rtcp_, data, size);
}

bool RtpTransport::Send(UdpSocket* socket, const Peer& peer, const std::uint8_t* data,
                        std::size_t size) noexcept {
  if (!peer.reachable) return false;
  const bool sent = socket->Send(data, size, peer.target);
  if (!sent) ++send_errors_;
  return sent;
}

SourceCounters RtpTransport::Source() const noexcept {
  SourceCounters out{};
  out.address = rtp_.latch.remote();
  out.reachable = rtp_.reachable;
  out.signalled = rtp_.latch.remote() == rtp_.latch.signalled();
  out.heard = rtp_.latch.decided();
  out.moves = rtp_.latch.moves();
  out.refused = rtp_.latch.refused() + rtcp_.latch.refused();
  return out;
}

void RtpTransport::DrainRtp(DatagramBatch* batch, RtpReceiver* receiver,
                            std::int64_t now_ns) noexcept {
  for (int i = 0; i < kMaxBatches; ++i) {
    const std::size_t count = sockets_.rtp.Receive(batch, rtp_drained_, now_ns);
    for (std::size_t k = 0; k < count; ++k) OnRtpDatagram((*batch)[k], receiver);
    if (count < DatagramBatch::kDatagrams) break;
  }
  rtp_drained_ = now_ns;
  unreachable_ += sockets_.rtp.TakeUnreachable(rtp_.target);
}

void RtpTransport::DrainRtcp(DatagramBatch* batch, RtpReceiver* receiver,
                             std::int64_t now_ns) noexcept {
  for (int i = 0; i < kMaxBatches; ++i) {
    const std::size_t count = sockets_.rtcp.Receive(batch, rtcp_drained_, now_ns);
    for (std::size_t k = 0; k < count; ++k) OnRtcpDatagram((*batch)[k], &rtcp_, receiver);
    if (count < DatagramBatch::kDatagrams) break;
  }
  rtcp_drained_ = now_ns;
  // Only RTP's count: a phone without RTCP is well.
  sockets_.rtcp.TakeUnreachable(rtcp_.target);
}

bool RtpTransport::Admit(Peer* peer, const Datagram& datagram, bool valid) noexcept {
  TransportAddress from;
  if (open_ && from.FromSockaddr(datagram.from.storage)) {
    switch (peer->latch.OnPacket(from, valid)) {
      case SourceLatch::Verdict::kLatched:
        Aim(peer);
        return true;
      case SourceLatch::Verdict::kAccepted:
        return true;
      case SourceLatch::Verdict::kRefused:
        break;
    }
  }
  ++rejected_;
  return false;
}

void RtpTransport::OnRtpDatagram(const Datagram& datagram, RtpReceiver* receiver) noexcept {
  // RFC 5761 section 4: some peers send RTCP here unasked.
  if (IsRtcp(datagram.data, datagram.size)) return OnRtcpDatagram(datagram, &rtp_, receiver);
  RtpPacket packet;
  const bool valid = !datagram.truncated &&
                     ParseRtpPacket(datagram.data, datagram.size, &packet) == RtpParseResult::kOk &&
                     accepted_[packet.header.payload_type];
  if (Admit(&rtp_, datagram, valid)) receiver->OnRtp(packet, datagram.arrival_ns);
}

void RtpTransport::OnRtcpDatagram(const Datagram& datagram, Peer* peer,
                                  RtpReceiver* receiver) noexcept {
  if (Admit(peer, datagram, IsValidRtcp(datagram))) {
    receiver->OnRtcp(datagram.data, datagram.size, datagram.arrival_ns);
  }
}

}  // namespace dashvoip
