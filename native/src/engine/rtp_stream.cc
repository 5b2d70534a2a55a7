#include "dashvoip/engine/rtp_stream.h"

#include <array>
#include <utility>

#include "dashvoip/base/monotonic.h"

namespace dashvoip {
namespace {

// Reports of two sources with one block, their CNAME, extended report and BYE.
using ReportBuffer = std::array<std::uint8_t, 1024>;

RtcpSettings RtcpSettingsOf(const StreamSetup& setup, std::uint32_t ssrc, std::uint32_t clock_rate,
                            std::uint32_t bandwidth) {
  RtcpSettings settings;
  settings.ssrc = ssrc;
  settings.cname = setup.cname;
  settings.clock_rate = clock_rate;
  settings.bandwidth = bandwidth;
  settings.unix_offset = setup.unix_offset;
  return settings;
}

/** What is only sent learns nothing; what is only heard is not led to another source. */
SourceLatch::Trust TrustOf(Direction direction) noexcept {
  if (!Receives(direction)) return SourceLatch::Trust::kNobody;
  return Sends(direction) ? SourceLatch::Trust::kAnybody : SourceLatch::Trust::kSameSource;
}

}  // namespace

RtpStream::RtpStream(SocketPair sockets, const StreamSetup& setup, const Form& form,
                     RandomSource* random)
    : transport_(std::move(sockets), setup.family),
      ssrc_(static_cast<std::uint32_t>(random->Next())),
      rtcp_drain_ns_(form.rtcp_drain_ns),
      rtcp_(RtcpSettingsOf(setup, ssrc_, form.clock_rate, form.bandwidth), random),
      statistics_(form.clock_rate) {}

void RtpStream::Open(const RemoteEndpoint& remote, const PayloadTypes& accepted,
                     Direction direction, std::int64_t now) noexcept {
  const bool received = receives();
  if (!started_) rtcp_.Start(now);
  started_ = true;
  open_ = true;
  direction_ = direction;
  transport_.SetRemote(remote, accepted, TrustOf(direction), now);
  if (receives() && !received) statistics_.Resume();
}

void RtpStream::SetKeys(const SrtpLane& lane) noexcept {
  srtp_.SetKeys(lane);
  transport_.SetTransform(lane ? &srtp_ : nullptr);
}

void RtpStream::Close() noexcept {
  open_ = false;
  transport_.ClearRemote();
}

// Sending ---------------------------------------------------------------------------------------

bool RtpStream::SendRtp(const std::uint8_t* packet, std::size_t size, const Sampled& sampled,
                        std::int64_t now) noexcept {
  if (!transport_.SendRtp(packet, size)) return false;
  const std::size_t payload = size - kRtpHeaderSize;
  ++sent_packets_;
  sent_bytes_ += payload;
  rtcp_.OnRtpSent(sampled.timestamp, sampled.instant, payload, now);
  return true;
}

bool RtpStream::SendRtx(const std::uint8_t* packet, std::size_t size, std::uint32_t ssrc) noexcept {
  if (!transport_.SendRtp(packet, size)) return false;
  rtcp_.OnRtxSent(ssrc, size - kRtpHeaderSize);
  return true;
}

void RtpStream::Report(std::int64_t now) noexcept {
  if (!open_ || now < rtcp_.next_deadline()) return;
  PrepareReport();
  ReportBuffer report;
  const std::size_t size = rtcp_.OnTimer(now, &statistics_, report.data(), report.size());
  if (size > 0) transport_.SendRtcp(report.data(), size);
}

void RtpStream::Leave(std::int64_t now) noexcept {
  if (!open_) return;
  PrepareReport();
  ReportBuffer report;
  const std::size_t size = rtcp_.WriteBye(now, &statistics_, report.data(), report.size());
  if (size > 0) transport_.SendRtcp(report.data(), size);
}

void RtpStream::PrepareReport() noexcept {
  VoipMetrics metrics;
  if (!rtcp_.wants_metrics() || !statistics_.active() || !MeasureVoice(&metrics)) return;
  metrics.ssrc = statistics_.ssrc();
  rtcp_.SetMetrics(metrics);
}

// Receiving -------------------------------------------------------------------------------------

void RtpStream::Drain(DatagramBatch* batch, std::int64_t now) noexcept {
  transport_.DrainRtp(batch, this, now);
  // Checks of ICE do not wait as reports may.
  if (now < rtcp_drain_due_ && !transport_.listening()) return;
  rtcp_drain_due_ = now + rtcp_drain_ns_;
  transport_.DrainRtcp(batch, this, now);
}

void RtpStream::OnRtp(const RtpPacket& packet, std::int64_t arrival_ns) noexcept {
  last_received_ = arrival_ns;
  const std::uint32_t clock_rate = ClockRateOf(packet);
  if (clock_rate != 0) statistics_.SetClockRate(clock_rate);
  if (statistics_.OnPacket(packet, arrival_ns) == SequenceTracker::Verdict::kSuspect) return;
  rtcp_.OnRtpReceived(arrival_ns);
  OnPacket(packet, arrival_ns);
}

void RtpStream::OnRtcp(const std::uint8_t* data, std::size_t size,
                       std::int64_t arrival_ns) noexcept {
  last_received_ = arrival_ns;
  const RtcpEvents events = rtcp_.OnRtcpReceived(data, size, arrival_ns);
  if (events.bye) bye_ = true;
  if (events.key_frame_request) {
    ++new_requests_;
    ++key_frame_requests_;
  }
  if (events.result == RtcpParseResult::kOk) OnFeedback(events, arrival_ns);
}

bool RtpStream::TakeBye() noexcept {
  const bool bye = bye_;
  bye_ = false;
  return bye;
}

std::uint32_t RtpStream::TakeKeyFrameRequests() noexcept {
  const std::uint32_t requests = new_requests_;
  new_requests_ = 0;
  return requests;
}

// Counters --------------------------------------------------------------------------------------

RtpSendSnapshot RtpStream::Sent() const noexcept {
  RtpSendSnapshot out{};
  out.packets = sent_packets_;
  out.bytes = sent_bytes_;
  out.send_errors = transport_.send_errors();
  out.unreachable = transport_.unreachable();
  out.ssrc = ssrc_;
  return out;
}

RtpReceiveSnapshot RtpStream::Received() const noexcept {
  const ReceiveSnapshot received = statistics_.Snapshot();
  RtpReceiveSnapshot out{};
  out.packets = received.packets;
  out.bytes = received.bytes;
  out.lost = received.lost;
  out.late = transport_.early();
  out.duplicates = received.duplicates;
  out.rejected = transport_.rejected() + received.suspect;
  out.jitter_ms = received.jitter_ms;
  return out;
}

FarEndSnapshot RtpStream::FarEnd() const noexcept {
  const RtcpSnapshot rtcp = rtcp_.Snapshot();
  FarEndSnapshot out{};
  if (rtcp.has_round_trip) out.round_trip_ms = static_cast<double>(rtcp.round_trip) / kNsPerMs;
  if (rtcp.has_remote_report) {
    out.remote_loss_fraction = rtcp.remote_fraction_lost;
    out.remote_jitter_ms = rtcp.remote_jitter_ms;
  }
  return out;
}

}  // namespace dashvoip
