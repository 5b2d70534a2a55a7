#include "dashvoip/engine/rtp_transport.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/time_units.h"
#include "dashvoip/rtp/rtcp_packet.h"

namespace dashvoip {
namespace {

constexpr int kMaxBatches = 16;
constexpr std::size_t kChannelHeader = 4;  // RFC 8656 section 12.4
// Packets that came longer than this before the stream was opened are history.
constexpr std::int64_t kEarlyNs = 40 * kNsPerMs;
// So many datagrams that are not ours since the last slot begin to cost room and time.
constexpr std::uint64_t kFlood = 32;

bool IsValidRtcp(const Datagram& datagram) noexcept {
  RtcpListener nobody;
  return datagram.size >= 8 &&
         ParseRtcp(datagram.data, datagram.size, &nobody) == RtcpParseResult::kOk;
}

/** Of whom the first packet of a compound is. */
std::uint32_t SenderOf(const Datagram& datagram) noexcept { return ReadU32(datagram.data + 4); }

}  // namespace

constexpr std::size_t SideDatagram::kMaxBytes;

RtpTransport::RtpTransport(SocketPair sockets, int family)
    : sockets_(std::move(sockets)), family_(family) {}

// Where media goes ------------------------------------------------------------------------------

void RtpTransport::SetRemote(const RemoteEndpoint& remote, const PayloadTypes& accepted,
                             SourceLatch::Trust trust, std::int64_t now_ns) noexcept {
  if (!open_) open_since_ = now_ns - kEarlyNs;
  open_ = true;
  accepted_ = accepted;
  trust_ = trust;
  described_ = remote;
  rtcp_mux_ = remote.rtcp_mux.Or(false);
  Head(now_ns);
  Unguard(&sockets_.rtp, &rtp_);
  Unguard(&sockets_.rtcp, &rtcp_);
}

/** For where the far end is by now: with ICE its description does not say so. */
void RtpTransport::Head(std::int64_t now_ns) noexcept {
  const bool aimed = rtp_.aim.to.port != 0;
  source_.SetTrust(aimed ? SourceLatch::Trust::kNobody : trust_);
  const MediaAim& rtcp_aim = rtcp_mux_ ? rtp_.aim : rtcp_.aim;
  if (ice_ != nullptr && ice_->selected().port != 0) {
    SetSignalled(ice_->selected(), ice_->selected(), now_ns);
  } else {
    SetSignalled(aimed ? rtp_.aim.to : RtpAddressOf(described_),
                 rtcp_aim.to.port != 0 ? rtcp_aim.to : RtcpAddressOf(described_), now_ns);
  }
}

// RFC 3264 section 8.4: an older peer says hold by an address of zeros; nobody is there, and where
// the far end really is is not told anew.
void RtpTransport::SetSignalled(const TransportAddress& rtp, const TransportAddress& rtcp,
                                std::int64_t now_ns) noexcept {
  if (!rtp.IsUnspecified()) {
    signalled_rtp_ = rtp;
    source_.SetSignalled(rtp, now_ns);
  }
  if (rtcp.IsUnspecified()) {
    rtcp_.reachable = false;
  } else {
    signalled_rtcp_ = rtcp;
    control_.SetSignalled(rtcp);
    Aim(&rtcp_, control_.remote());
  }
  if (rtp.IsUnspecified()) {
    rtp_.reachable = false;
  } else {
    Aim(&rtp_, RtpRemote());
  }
}

void RtpTransport::Carry(RtpTransport* passenger, RtpReceiver* receiver) noexcept {
  passenger_ = passenger;
  passenger_receiver_ = receiver;
  passenger->carrier_ = this;
}

void RtpTransport::ClearRemote() noexcept {
  open_ = false;
  source_.Forget();
  control_.Forget();
  rtp_.reachable = false;
  rtcp_.reachable = false;
}

void RtpTransport::FollowHost(const ProvedSource& other) noexcept {
  other_stream_ = other;
  if (trust_ != SourceLatch::Trust::kNobody) return;
  // The far end is not where it was said to be: its other ports are not, either.
  if (rtp_.aim.to.port != 0) return;
  const bool elsewhere = other.proved && other.address.ip != signalled_rtp_.ip;
  source_.SetTrust(elsewhere ? SourceLatch::Trust::kHost : SourceLatch::Trust::kNobody,
                   other.address);
}

ProvedSource RtpTransport::Proved() const noexcept {
  ProvedSource out;
  out.proved = open_ && source_.heard();
  out.address = source_.remote();
  out.has_ssrc = out.proved;
  out.ssrc = source_.ssrc();
  return out;
}

ProvedSource RtpTransport::SourceOfRtcp() const noexcept {
  if (source_.heard()) return Proved();
  ProvedSource other = other_stream_;
  other.has_ssrc = false;  // streams have SSRCs of their own
  return other;
}

/**
 * On a shared port RTCP shows where the far end is (RFC 5761) until RTP does: what only sends, as a
 * picture, hears no RTP.
 */
const TransportAddress& RtpTransport::RtpRemote() const noexcept {
  return rtcp_mux_ && !source_.heard() ? control_.remote() : source_.remote();
}

void RtpTransport::Aim(Lane* lane, const TransportAddress& remote) noexcept {
  lane->target.length = remote.ToSockaddr(family_, &lane->target.storage);
  lane->reachable = lane->target.length != 0;
}

SourceSnapshot RtpTransport::Source() const noexcept {
  SourceSnapshot out{};
  if (rtp_.reachable) out.address = RtpRemote();
  out.signalled = RtpRemote() == signalled_rtp_;
  out.heard = source_.heard();
  out.moves = source_.moves() + moves_by_rtcp_;
  out.refused = source_.refused() + control_.refused() + refused_rtcp_ + sockets_.rtp.filtered() +
                sockets_.rtcp.filtered();
  return out;
}

// Sending ---------------------------------------------------------------------------------------

bool RtpTransport::SendRtp(const std::uint8_t* data, std::size_t size) noexcept {
  return Send(RtpSocket(), rtp_, rtp_.aim.channel, &PacketTransform::ProtectRtp, data, size);
}

bool RtpTransport::SendRtcp(const std::uint8_t* data, std::size_t size) noexcept {
  if (rtcp_mux_) {
    // RTP that was heard tells best where the far end is.
    const Lane& lane = source_.heard() ? rtp_ : rtcp_;
    return Send(RtpSocket(), lane, rtp_.aim.channel, &PacketTransform::ProtectRtcp, data, size);
  }
  return Send(&sockets_.rtcp, rtcp_, rtcp_.aim.channel, &PacketTransform::ProtectRtcp, data, size);
}

bool RtpTransport::Send(UdpSocket* socket, const Lane& lane, std::uint16_t channel, Protect protect,
                        const std::uint8_t* data, std::size_t size) noexcept {
  if (!lane.reachable) return false;
  bool ready = true;
  if (transform_ != nullptr || channel != 0) {
    ready = kChannelHeader + size + PacketTransform::kMaxTrailer <= protected_.size();
    if (ready) {
      std::uint8_t* const packet = protected_.data() + kChannelHeader;
      std::copy_n(data, size, packet);
      data = packet;
      ready = transform_ == nullptr || (transform_->*protect)(packet, &size);
    }
    if (ready && channel != 0) {
      WriteU16(protected_.data(), channel);
      WriteU16(protected_.data() + 2, static_cast<std::uint16_t>(size));
      data = protected_.data();
      size += kChannelHeader;
    }
  }
  const bool sent = ready && socket->Send(data, size, lane.target);
  if (!sent) ++send_errors_;
  return sent;
}

// Receiving -------------------------------------------------------------------------------------

void RtpTransport::DrainRtp(DatagramBatch* batch, RtpReceiver* receiver,
                            std::int64_t now_ns) noexcept {
  if (carrier_ != nullptr) return;
  const std::uint64_t before = rejected_;
  for (int i = 0; i < kMaxBatches; ++i) {
    const std::size_t count = sockets_.rtp.Receive(batch, rtp_.drained, now_ns);
    for (std::size_t k = 0; k < count; ++k) {
      Datagram& datagram = (*batch)[k];
      if (side_ != nullptr && TakeBeside(&datagram, rtp_)) continue;
      // RFC 5761 section 4: some peers send RTCP here unasked, too.
      const bool stun = ice_ != nullptr && MayBeStun(datagram.data, datagram.size);
      const bool rtcp = IsRtcp(datagram.data, datagram.size);
      const bool ours = stun   ? OnStun(datagram)
                        : rtcp ? OnRtcp(&datagram, true, receiver)
                               : OnRtp(&datagram, receiver);
      if (!ours) ++rejected_;
    }
    if (count < DatagramBatch::kDatagrams) break;
  }
  rtp_.drained = now_ns;
  unreachable_ += sockets_.rtp.TakeUnreachable(rtp_.target);
  GuardRtp(rejected_ - before, now_ns);
}

void RtpTransport::DrainRtcp(DatagramBatch* batch, RtpReceiver* receiver,
                             std::int64_t now_ns) noexcept {
  if (carrier_ != nullptr) return;
  const std::uint64_t before = rejected_;
  for (int i = 0; i < kMaxBatches; ++i) {
    const std::size_t count = sockets_.rtcp.Receive(batch, rtcp_.drained, now_ns);
    for (std::size_t k = 0; k < count; ++k) {
      Datagram& datagram = (*batch)[k];
      if (side_ != nullptr && TakeBeside(&datagram, rtcp_)) continue;
      if (!OnRtcp(&datagram, false, receiver)) ++rejected_;
    }
    if (count < DatagramBatch::kDatagrams) break;
  }
  rtcp_.drained = now_ns;
  // Only RTP's errors count: a phone without RTCP is well.
  sockets_.rtcp.TakeUnreachable(rtcp_.target);
  GuardRtcp(rejected_ - before);
}

/**
 * Media that a TURN server passes on come out of their channel here (RFC 8656 §12.6); what else is
 * beside media goes to the side channel as it came. @return true for that.
 */
bool RtpTransport::TakeBeside(Datagram* datagram, const Lane& lane) noexcept {
  std::uint8_t* const data = datagram->data;
  SideDatagram beside;
  if (datagram->truncated || !IsBesideMedia(data, datagram->size) ||
      !beside.peer.FromSockaddr(datagram->from.storage)) {
    return false;
  }
  if (lane.aim.channel != 0 && beside.peer == lane.aim.to && datagram->size > kChannelHeader &&
      ReadU16(data) == lane.aim.channel) {
    const std::size_t size = ReadU16(data + 2);
    if (size > datagram->size - kChannelHeader) return false;
    if (!IsBesideMedia(data + kChannelHeader, size)) {
      std::memmove(data, data + kChannelHeader, size);
      datagram->size = size;
      return false;
    }
  }
  if (datagram->size > beside.bytes.size()) return false;
  beside.component = lane.name;
  beside.size = static_cast<std::uint16_t>(datagram->size);
  std::copy_n(data, datagram->size, beside.bytes.begin());
  side_->Hear(beside);
  return true;
}

void RtpTransport::Listen(SideChannel* side, MediaComponent rtp, MediaComponent rtcp) noexcept {
  side_ = side;
  rtp_.name = rtp;
  rtcp_.name = rtcp;
}

void RtpTransport::SendBeside(const SideDatagram& datagram) noexcept {
  UdpSocket& socket = datagram.component == rtp_.name ? sockets_.rtp : sockets_.rtcp;
  SocketAddress to{};
  to.length = datagram.peer.ToSockaddr(family_, &to.storage);
  if (to.length == 0 || !socket.Send(datagram.bytes.data(), datagram.size, to)) ++send_errors_;
}

void RtpTransport::Aim(bool rtcp, const MediaAim& aim) noexcept {
  (rtcp ? rtcp_ : rtp_).aim = aim;
  if (open_) Head(MonotonicNs());
}

/** RFC 8445 §7.3, and RFC 7675, whose checks of consent are the same. */
bool RtpTransport::OnStun(const Datagram& datagram) noexcept {
  TransportAddress from;
  if (datagram.truncated || !from.FromSockaddr(datagram.from.storage)) return false;
  std::array<std::uint8_t, IceLite::kMaxAnswer> answer;
  const IceLite::Outcome outcome =
      ice_->OnDatagram(datagram.data, datagram.size, from, answer.data());
  if (outcome.genuine) consented_ = datagram.arrival_ns;
  if (outcome.answer > 0) sockets_.rtp.Send(answer.data(), outcome.answer, datagram.from);
  if (outcome.nominated && open_) {
    SetSignalled(from, from, datagram.arrival_ns);
    if (passenger_ != nullptr && passenger_->open_) {
      passenger_->SetSignalled(from, from, datagram.arrival_ns);
    }
  }
  return outcome.genuine;
}

/** @return false for what is none of this stream's. */
bool RtpTransport::OnRtp(Datagram* datagram, RtpReceiver* receiver) noexcept {
  RtpPacket packet;
  RtpSource source;
  if (!open_ || datagram->truncated ||
      (transform_ != nullptr && !transform_->UnprotectRtp(datagram->data, &datagram->size)) ||
      ParseRtpPacket(datagram->data, datagram->size, &packet) != RtpParseResult::kOk ||
      !source.from.FromSockaddr(datagram->from.storage)) {
    return false;
  }
  source.ssrc = packet.header.ssrc;
  source.sequence_number = packet.header.sequence_number;
  source.wanted = accepted_[packet.header.payload_type];
  if (datagram->arrival_ns < open_since_) {
    // Decides nothing: it may be of whoever had this port before.
    ++early_;
    return true;
  }
  const bool was_heard = source_.heard();
  switch (source_.OnPacket(source, datagram->arrival_ns)) {
    case SourceLatch::Verdict::kMoved:
      Aim(&rtp_, RtpRemote());
      break;
    case SourceLatch::Verdict::kHeard:
      if (!was_heard) Aim(&rtp_, RtpRemote());
      break;
    case SourceLatch::Verdict::kRefused:
    case SourceLatch::Verdict::kIgnored:
      return false;
  }
  receiver->OnRtp(packet, datagram->arrival_ns);
  return true;
}

bool RtpTransport::OnRtcp(Datagram* datagram, bool on_rtp_port, RtpReceiver* receiver) noexcept {
  TransportAddress from;
  if (!open_ || datagram->truncated ||
      (transform_ != nullptr && !transform_->UnprotectRtcp(datagram->data, &datagram->size)) ||
      !IsValidRtcp(*datagram) || !from.FromSockaddr(datagram->from.storage) ||
      !AdmitRtcp(from, SenderOf(*datagram), on_rtp_port)) {
    return false;
  }
  receiver->OnRtcp(datagram->data, datagram->size, datagram->arrival_ns);
  if (passenger_ != nullptr && passenger_->open_) {
    passenger_receiver_->OnRtcp(datagram->data, datagram->size, datagram->arrival_ns);
  }
  return true;
}

bool RtpTransport::AdmitRtcp(const TransportAddress& from, std::uint32_t ssrc,
                             bool on_rtp_port) noexcept {
  if (on_rtp_port && from == source_.remote()) return true;
  if (on_rtp_port && !rtcp_mux_) {
    ++refused_rtcp_;
    return false;
  }
  switch (control_.OnPacket(from, ssrc, SourceOfRtcp())) {
    case ControlLatch::Verdict::kMoved:
      Aim(&rtcp_, control_.remote());
      if (rtcp_mux_ && !source_.heard()) {
        ++moves_by_rtcp_;
        Aim(&rtp_, RtpRemote());
      }
      return true;
    case ControlLatch::Verdict::kHeard:
      return true;
    case ControlLatch::Verdict::kRefused:
      break;
  }
  return false;
}

// Floods ----------------------------------------------------------------------------------------

void RtpTransport::GuardRtp(std::uint64_t rejected, std::int64_t now_ns) noexcept {
  const bool only_sends = trust_ == SourceLatch::Trust::kNobody;
  if (!open_ || (!only_sends && !source_.exclusive(now_ns))) return Unguard(&sockets_.rtp, &rtp_);
  if (!MustGuard(&rtp_, rejected)) return;
  SourceFilter sources;
  sources.Add(source_.remote());
  sources.Add(signalled_rtp_);
  if (rtcp_mux_) sources.Add(control_.remote());
  if (only_sends && other_stream_.proved) {
    TransportAddress host = other_stream_.address;
    host.port = 0;
    sources.Add(host);
  }
  // Who forges the address does not know the SSRC; STUN has none.
  if (rtp_.forged && ice_ == nullptr && side_ == nullptr && source_.sole_source(now_ns))
    sources.RequireSsrc(source_.ssrc());
  Guard(&sockets_.rtp, &rtp_, sources);
}

void RtpTransport::GuardRtcp(std::uint64_t rejected) noexcept {
  if (!open_) return Unguard(&sockets_.rtcp, &rtcp_);
  if (!MustGuard(&rtcp_, rejected)) return;
  SourceFilter sources;
  sources.Add(control_.remote());
  sources.Add(signalled_rtcp_);
  const ProvedSource source = SourceOfRtcp();
  if (source.proved) {
    TransportAddress host = source.address;
    host.port = 0;
    sources.Add(host);
  }
  Guard(&sockets_.rtcp, &rtcp_, sources);
}

/** A flood has begun or goes on; one that a filter does not end comes from an admitted source. */
bool RtpTransport::MustGuard(Lane* lane, std::uint64_t rejected) noexcept {
  const bool flooded = rejected >= kFlood;
  if (lane->filtering && flooded) lane->forged = true;
  return lane->filtering || flooded;
}

/** Sets the filter, and follows the far end while it is set. */
void RtpTransport::Guard(UdpSocket* socket, Lane* lane, const SourceFilter& sources) noexcept {
  if (lane->filtering && sources == lane->filter) return;
  lane->filtering = socket->Admit(sources);
  lane->filter = sources;
}

void RtpTransport::Unguard(UdpSocket* socket, Lane* lane) noexcept {
  if (!lane->filtering) return;
  lane->filtering = false;
  lane->forged = false;
  socket->AdmitAll();
}

}  // namespace dashvoip
