#ifndef DASHVOIP_ENGINE_RTP_STREAM_H_
#define DASHVOIP_ENGINE_RTP_STREAM_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "dashvoip/engine/rtp_transport.h"
#include "dashvoip/engine/session_counters.h"
#include "dashvoip/engine/session_settings.h"
#include "dashvoip/engine/stream_setup.h"
#include "dashvoip/rtp/receive_statistics.h"
#include "dashvoip/rtp/rtcp_session.h"
#include "dashvoip/srtp/srtp_transform.h"

namespace dashvoip {

/**
 * RFC 3550 §5.1, in the lower half: where SRTP counts roll-overs, the loss of the first packets
 * then hides none of them.
 */
inline std::uint16_t FirstSequenceNumber(RandomSource* random) noexcept {
  return static_cast<std::uint16_t>(random->Next() & 0x7fff);
}

/**
 * What sound and picture of a call have in common: our SSRC, the sockets, the statistics of what
 * comes, and RTCP with its reports, its requests and its BYE. What the packets carry is of the
 * stream above. SSRC and RTCP live as long as the session, whatever re-negotiation does to the
 * rest. Times are CLOCK_MONOTONIC in ns; everything but construction belongs to the media thread.
 */
class RtpStream : private RtpReceiver {
 public:
  bool open() const noexcept { return open_; }
  bool sends() const noexcept { return open_ && Sends(direction_); }
  bool receives() const noexcept { return open_ && Receives(direction_); }

  /** @param transform of all packets from now on; nullptr for none. It outlives the stream. */
  void SetTransform(PacketTransform* transform) noexcept { transport_.SetTransform(transform); }
  /** @param lane of all packets from now on; empty for no encryption. */
  void SetKeys(const SrtpLane& lane) noexcept;

  /** As RtpTransport has them. */
  void SetIce(IceLite* ice) noexcept { transport_.SetIce(ice); }
  void Listen(SideChannel* side, MediaComponent rtp, MediaComponent rtcp) noexcept {
    transport_.Listen(side, rtp, rtcp);
  }
  void SendBeside(const SideDatagram& datagram) noexcept { transport_.SendBeside(datagram); }
  void Aim(bool rtcp, const MediaAim& aim) noexcept { transport_.Aim(rtcp, aim); }
  UdpSocket* rtp_socket() noexcept { return transport_.rtp_socket(); }
  void Carry(RtpStream* passenger) noexcept { transport_.Carry(&passenger->transport_, passenger); }

  /** Takes in what came. */
  void Drain(DatagramBatch* batch, std::int64_t now) noexcept;
  /** Sends the RTCP report that is due, if one is. */
  void Report(std::int64_t now) noexcept;
  /** Sends RTCP BYE. */
  void Leave(std::int64_t now) noexcept;

  /** @return true once for each RTCP BYE of the far end. */
  bool TakeBye() noexcept;
  /** @return how many key frames were asked for since the last call (PLI, FIR). */
  std::uint32_t TakeKeyFrameRequests() noexcept;

  /** Where the far end was found, for the other stream of the call. */
  ProvedSource source() const noexcept { return transport_.Proved(); }
  /** The other stream found the far end there: our ports may be at the same host. */
  void FollowHost(const ProvedSource& other) noexcept { transport_.FollowHost(other); }
  /** When something of the far end came last, 0 for never. */
  std::int64_t last_received() const noexcept {
    return std::max(last_received_, transport_.consented());
  }

 protected:
  struct Form {
    std::uint32_t clock_rate;    ///< of the RTP timestamps, Hz
    std::uint32_t bandwidth;     ///< bits per second with IP and UDP headers, for RTCP's 5 %
    std::int64_t rtcp_drain_ns;  ///< RTCP, which carries the kernel's stamps, may wait as long
  };

  /** A packet's place in time: its timestamp, and when what it begins with was taken. */
  struct Sampled {
    std::uint32_t timestamp;
    std::int64_t instant;
  };

  /** @param random outlives the stream; the media thread's after construction. */
  RtpStream(SocketPair sockets, const StreamSetup& setup, const Form& form, RandomSource* random);
  ~RtpStream() override = default;

  /** A session description: whom to send to, and what to accept. */
  void Open(const RemoteEndpoint& remote, const PayloadTypes& accepted, Direction direction,
            std::int64_t now) noexcept;
  /** Nothing is sent, everything is refused. */
  void Close() noexcept;

  /** What of RFC 3611 the far end asked for. */
  void SetExtendedReports(const ExtendedReports& wanted) noexcept {
    rtcp_.SetExtendedReports(wanted);
  }
  /** For a report that is due: what the far end's stream is like here. @return false: not known. */
  virtual bool MeasureVoice(VoipMetrics*) const noexcept { return false; }

  /** Of the RTP timestamps that are sent, Hz: another codec may have another one. */
  void SetClockRate(std::uint32_t clock_rate) noexcept { rtcp_.SetClockRate(clock_rate); }
  /** Of those of a packet that comes; 0: as the one before. */
  virtual std::uint32_t ClockRateOf(const RtpPacket&) const noexcept { return 0; }

  std::uint32_t ssrc() const noexcept { return ssrc_; }
  Direction direction() const noexcept { return direction_; }
  /** @param packet with its header. @return false when it was not sent. */
  bool SendRtp(const std::uint8_t* packet, std::size_t size, const Sampled& sampled,
               std::int64_t now) noexcept;
  /** Each packet of the far end's source, counted already, whether or not this stream receives. */
  virtual void OnPacket(const RtpPacket& packet, std::int64_t arrival_ns) noexcept = 0;
  /** What RTCP told of what we send. */
  virtual void OnFeedback(const RtcpEvents& /*events*/, std::int64_t /*arrival_ns*/) noexcept {}

  /** One that was sent before, which the reports have counted. @return false when it was not sent.
   */
  bool SendAgain(const std::uint8_t* packet, std::size_t size) noexcept {
    return transport_.SendRtp(packet, size);
  }
  /** Likewise, by a source of its own, which has reports of its own. @return whether it was sent.
   */
  bool SendRtx(const std::uint8_t* packet, std::size_t size, std::uint32_t ssrc) noexcept;
  /** What the far end says of what we send. */
  RtcpSnapshot Rtcp() const noexcept { return rtcp_.Snapshot(); }

  RtpSendSnapshot Sent() const noexcept;
  SourceSnapshot Source() const noexcept { return transport_.Source(); }
  Optional<SrtpSnapshot> Srtp() const noexcept { return srtp_.Snapshot(); }
  /** `late` holds what came before the stream was opened. */
  RtpReceiveSnapshot Received() const noexcept;
  FarEndSnapshot FarEnd() const noexcept;
  std::uint64_t key_frame_requests() const noexcept { return key_frame_requests_; }

 private:
  void PrepareReport() noexcept;
  void OnRtp(const RtpPacket& packet, std::int64_t arrival_ns) noexcept override;
  void OnRtcp(const std::uint8_t* data, std::size_t size,
              std::int64_t arrival_ns) noexcept override;

  SrtpTransform srtp_;
  RtpTransport transport_;
  const std::uint32_t ssrc_;
  const std::int64_t rtcp_drain_ns_;
  RtcpSession rtcp_;
  ReceiveStatistics statistics_;
  bool started_ = false;
  bool open_ = false;
  Direction direction_ = Direction::kSendRecv;
  std::int64_t rtcp_drain_due_ = 0;
  std::int64_t last_received_ = 0;
  bool bye_ = false;
  std::uint32_t new_requests_ = 0;
  std::uint64_t key_frame_requests_ = 0;
  std::uint64_t sent_packets_ = 0;
  std::uint64_t sent_bytes_ = 0;  // of payload
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_RTP_STREAM_H_
