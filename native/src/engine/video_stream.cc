#include "dashvoip/engine/video_stream.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dashvoip/engine/monotonic.h"
#include "dashvoip/rtp/byte_order.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kClockRate = 90000;  // RFC 6184 section 8.1
constexpr std::uint32_t kBandwidth = 2000000;
// The largest picture behind a few waiting packets.
constexpr std::size_t kRingPackets = 1024;
constexpr std::size_t kRingBytes = 512 * 1024;
constexpr std::size_t kManyPackets = 12;
constexpr std::int64_t kShortStepNs = 4 * kNsPerMs;
constexpr std::int64_t kLongStepNs = 10 * kNsPerMs;
constexpr std::size_t kTimestampAt = 4;  // RFC 3550 section 5.1

RtcpSettings RtcpSettingsOf(const StreamSetup& setup, std::uint32_t ssrc) {
  RtcpSettings settings;
  settings.ssrc = ssrc;
  settings.cname = setup.cname;
  settings.clock_rate = kClockRate;
  settings.bandwidth = kBandwidth;
  settings.unix_offset = setup.unix_offset;
  return settings;
}

H264PacketizerSettings FirstPacketizer(std::uint32_t ssrc, RandomSource* random) {
  H264PacketizerSettings settings;
  settings.ssrc = ssrc;
  settings.first_sequence_number = static_cast<std::uint16_t>(random->Next());
  return settings;
}

}  // namespace

constexpr std::size_t VideoStream::kMaxPicture;
constexpr std::size_t VideoStream::kWaitingPictures;
constexpr std::size_t VideoStream::kWaitingPackets;

VideoStream::VideoStream(SocketPair sockets, const StreamSetup& setup, RandomSource* random)
    : transport_(std::move(sockets), setup.family),
      ssrc_(static_cast<std::uint32_t>(random->Next())),
      max_payload_(setup.max_video_payload),
      rtcp_(RtcpSettingsOf(setup, ssrc_), random),
      ring_(kRingPackets, kRingBytes),
      packetizer_(FirstPacketizer(ssrc_, random), &ring_),
      pacer_(kWaitingPictures),
      clock_(static_cast<std::uint32_t>(random->Next())) {}

void VideoStream::Configure(const VideoStreamSettings* settings, std::int64_t requested,
                            std::int64_t now) noexcept {
  if (settings == nullptr) {
    open_ = false;
    ForgetWaiting();
    transport_.ClearRemote();
    return;
  }
  const bool sent = sends();
  const bool same_form = started_ && settings->payload_type == settings_.payload_type &&
                         settings->packetization_mode == settings_.packetization_mode;
  if (!started_) rtcp_.Start(now);
  started_ = true;
  open_ = true;
  settings_ = *settings;
  transport_.SetRemote(settings_.remote, PayloadTypes().set(settings_.payload_type),
                       SourceLatch::Trust::kNobody, now);
  limiter_.SetLimit(settings_.max_bitrate);
  if (!sends()) ForgetWaiting();
  if (!same_form) RenewPacketizer();
  if (sends() && !sent) {
    packetizer_.AwaitKeyFrame();
    requested_ = requested;
  }
}

/** On hold nothing leaves any more; its numbers are given to what comes after. */
void VideoStream::ForgetWaiting() noexcept {
  const auto waiting = static_cast<std::uint16_t>(ring_.size());
  ring_.Clear();
  pacer_.Clear();
  packetizer_.TakeBack(waiting);
}

void VideoStream::RenewPacketizer() noexcept {
  const H264PacketizerSnapshot counted = packetizer_.Snapshot();
  earlier_.pictures += counted.pictures;
  earlier_.key_pictures += counted.key_pictures;
  earlier_.dropped_pictures += counted.dropped_pictures;
  earlier_.oversize_pictures += counted.oversize_pictures;
  H264PacketizerSettings settings;
  settings.ssrc = ssrc_;
  settings.payload_type = settings_.payload_type;
  settings.packetization_mode = settings_.packetization_mode;
  settings.max_payload = max_payload_;
  settings.first_sequence_number = packetizer_.next_sequence_number();
  packetizer_ = H264Packetizer(settings, &ring_);
}

void VideoStream::OnPicture(const AccessUnit& unit, const std::uint8_t* data,
                            std::int64_t now) noexcept {
  // What follows a loss shows rubbish until the next key frame.
  if (unit.gap_before && !unit.key_frame) packetizer_.AwaitKeyFrame();
  const bool decodable = unit.key_frame || !packetizer_.awaiting_key_frame();
  if ((decodable || limiter_.leaving_out()) && !limiter_.Admit(unit.key_frame, unit.size, now)) {
    packetizer_.AwaitKeyFrame();
    return;
  }
  timestamp_ = clock_.OnPicture(unit.pts, unit.timescale, unit.generation, now);
  std::size_t packets = 0;
  if (packetizer_.Packetize(data, unit.size, timestamp_, &packets) !=
      H264Packetizer::Result::kSent) {
    return;
  }
  const std::int64_t interval = unit.timescale == 0
                                    ? 0
                                    : static_cast<std::int64_t>(unit.frame_ticks) * kNsPerSecond /
                                          static_cast<std::int64_t>(unit.timescale);
  pacer_.OnPicture(packets, unit.key_frame, interval, now);
}

std::int64_t VideoStream::NextWake(std::int64_t last_wake) const noexcept {
  const std::int64_t step = ring_.size() > kManyPackets ? kShortStepNs : kLongStepNs;
  return std::max(pacer_.next_deadline(), last_wake + step);
}

void VideoStream::SendDue(std::int64_t now) noexcept {
  now_ = now;
  for (std::size_t due = pacer_.TakeDue(now); due > 0; --due) {
    const RingPacket packet = ring_.at(0);
    NotePacket(packet, transport_.SendRtp(packet.data, packet.size), now);
    ring_.Pop(1);
  }
}

void VideoStream::NotePacket(const RingPacket& packet, bool sent, std::int64_t now) noexcept {
  if (!sent) return;
  // The packetizer sends nothing in front of a key frame.
  if (requested_ != 0) {
    first_picture_ = MonotonicNs() - requested_;
    requested_ = 0;
  }
  const std::size_t payload = packet.size - kRtpHeaderSize;
  ++sent_packets_;
  sent_bytes_ += payload;
  rate_.OnSent(packet.size, now);
  rtcp_.OnRtpSent(ReadU32(packet.data + kTimestampAt), SamplingInstant(packet), payload, now);
}

/** The clock knows the newest picture; this packet may be of one before it. */
std::int64_t VideoStream::SamplingInstant(const RingPacket& packet) const noexcept {
  const auto behind = static_cast<std::int32_t>(timestamp_ - ReadU32(packet.data + kTimestampAt));
  return clock_.sampling_instant() - behind * (kNsPerSecond / kClockRate);
}

void VideoStream::Drain(DatagramBatch* batch, std::int64_t now) noexcept {
  transport_.DrainRtp(batch, this, now);
  transport_.DrainRtcp(batch, this, now);
}

/** We offer sendonly: pictures that come all the same only show that the far end lives. */
void VideoStream::OnRtp(const RtpPacket&, std::int64_t arrival_ns) noexcept {
  last_received_ = arrival_ns;
}

void VideoStream::OnRtcp(const std::uint8_t* data, std::size_t size,
                         std::int64_t arrival_ns) noexcept {
  last_received_ = arrival_ns;
  const RtcpEvents events = rtcp_.OnRtcpReceived(data, size, arrival_ns);
  if (events.bye) bye_ = true;
  if (events.key_frame_request) {
    ++new_requests_;
    ++key_frame_requests_;
  }
}

std::uint32_t VideoStream::TakeKeyFrameRequests() noexcept {
  const std::uint32_t requests = new_requests_;
  new_requests_ = 0;
  return requests;
}

bool VideoStream::TakeBye() noexcept {
  const bool bye = bye_;
  bye_ = false;
  return bye;
}

void VideoStream::Report(std::int64_t now) noexcept {
  if (!open_ || now < rtcp_.next_deadline()) return;
  std::array<std::uint8_t, 512> report;
  const std::size_t size = rtcp_.OnTimer(now, nullptr, report.data(), report.size());
  if (size > 0) transport_.SendRtcp(report.data(), size);
}

void VideoStream::Leave(std::int64_t now) noexcept {
  if (!open_) return;
  std::array<std::uint8_t, 512> report;
  const std::size_t size = rtcp_.WriteBye(now, nullptr, report.data(), report.size());
  if (size > 0) transport_.SendRtcp(report.data(), size);
}

VideoCounters VideoStream::Counters() const noexcept {
  VideoCounters out{};
  const H264PacketizerSnapshot packetizer = packetizer_.Snapshot();
  const RtcpSnapshot rtcp = rtcp_.Snapshot();
  out.present = open_;
  out.direction = settings_.direction;
  out.sent = {sent_packets_, sent_bytes_, transport_.send_errors(), transport_.unreachable(),
              ssrc_};
  out.source = transport_.Source();
  out.frames = earlier_.pictures + packetizer.pictures;
  out.key_frames = earlier_.key_pictures + packetizer.key_pictures;
  out.dropped_frames = earlier_.dropped_pictures + packetizer.dropped_pictures + dropped_before_us_;
  out.oversize_frames = earlier_.oversize_pictures + packetizer.oversize_pictures;
  out.limited_frames = limiter_.left_out();
  out.bitrate = rate_.Rate(now_);
  out.max_bitrate = settings_.max_bitrate;
  out.key_frame_requests = key_frame_requests_;
  out.rejected = transport_.rejected();
  out.first_picture_ms = first_picture_ < 0 ? -1 : static_cast<double>(first_picture_) / kNsPerMs;
  out.far_end.round_trip_ms =
      rtcp.has_round_trip ? static_cast<double>(rtcp.round_trip) / kNsPerMs : -1;
  out.far_end.loss_fraction = rtcp.has_remote_report ? rtcp.remote_fraction_lost : -1;
  return out;
}

}  // namespace dashvoip
