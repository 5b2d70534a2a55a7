#include "dashvoip/engine/video_stream.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/base/monotonic.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kClockRate = 90000;  // RFC 6184 section 8.1, RFC 7798 section 7.1
constexpr std::uint32_t kBandwidth = 2000000;
// The largest picture behind a few waiting packets.
constexpr std::size_t kRingPackets = 1024;
constexpr std::size_t kRingBytes = 512 * 1024;
// A second of 2 Mbit/s: who misses a packet says so within a round trip.
constexpr std::size_t kSentPackets = 256;
constexpr std::size_t kSentBytes = 256 * 1024;
// Between two answers to the same request while no round trip is known.
constexpr std::int64_t kUsualRoundTripNs = 100 * kNsPerMs;
// What is in front of a narrow way waits here and not in its queues: little in advance.
constexpr double kNarrowSeconds = 1;
constexpr std::size_t kManyPackets = 12;
constexpr std::int64_t kShortStepNs = 4 * kNsPerMs;
constexpr std::int64_t kLongStepNs = 10 * kNsPerMs;
constexpr std::size_t kTimestampAt = 4;  // RFC 3550 section 5.1
constexpr std::size_t kMaxDatagram = 1500;

PictureCodec PictureCodecOf(VideoCodec codec) noexcept {
  return codec == VideoCodec::kH265 ? PictureCodec::kH265 : PictureCodec::kH264;
}

PicturePacketizerSettings FirstPacketizer(std::uint32_t ssrc, RandomSource* random) {
  PicturePacketizerSettings settings;
  settings.ssrc = ssrc;
  settings.first_sequence_number = FirstSequenceNumber(random);
  return settings;
}

}  // namespace

constexpr std::size_t VideoStream::kMaxPicture;
constexpr std::size_t VideoStream::kWaitingPictures;
constexpr std::size_t VideoStream::kWaitingPackets;
constexpr std::size_t VideoStream::kNarrowPictures;

VideoStream::VideoStream(SocketPair sockets, const StreamSetup& setup, RandomSource* random)
    : RtpStream(std::move(sockets), setup, {kClockRate, kBandwidth, 0}, random),
      max_payload_(setup.max_video_payload),
      ring_(kRingPackets, kRingBytes),
      sent_(kSentPackets, kSentBytes),
      // Never the same: under one key that would be the end of secrecy (RFC 3711 section 9.1).
      rtx_(ssrc() ^ (static_cast<std::uint32_t>(random->Next()) | 1), FirstSequenceNumber(random)),
      packetizer_(FirstPacketizer(ssrc(), random), &ring_),
      pacer_(kNarrowPictures),
      clock_(static_cast<std::uint32_t>(random->Next())) {}

void VideoStream::Configure(const VideoStreamSettings* settings, std::int64_t requested,
                            std::int64_t now) noexcept {
  if (settings == nullptr) {
    ForgetWaiting();
    Close();
    return;
  }
  const bool sent = sends();
  const bool same_form = configured_ && settings->codec == settings_.codec &&
                         settings->payload_type == settings_.payload_type &&
                         settings->packetization_mode == settings_.packetization_mode;
  configured_ = true;
  settings_ = *settings;
  Open(settings_.remote, PayloadTypes().set(settings_.payload_type), settings_.direction, now);
  ApplyLimit();
  if (!sends()) ForgetWaiting();
  if (!same_form) RenewPacketizer();
  if (sends() && !sent) {
    packetizer_.AwaitKeyFrame();
    requested_ = requested;
  }
}

/** The lesser of what the far end takes and what the way there takes. */
void VideoStream::ApplyLimit() noexcept {
  const std::uint32_t far_end = settings_.max_bitrate.Or(0);
  const std::uint32_t way = control_.limit();
  narrow_ = way != 0 && (far_end == 0 || way < far_end);
  if (!narrow_) {
    limiter_.SetLimit(far_end);
    pacer_.SetDistance(0);
  } else {
    limiter_.SetLimit(way, kNarrowSeconds);
    pacer_.SetDistance(control_.Distance(max_payload_ + kRtpHeaderSize));
  }
}

std::uint64_t VideoStream::Dropped() const noexcept {
  return earlier_.dropped_pictures + packetizer_.Snapshot().dropped_pictures + dropped_before_us_;
}

/** On hold nothing leaves any more; its numbers are given to what comes after. */
void VideoStream::ForgetWaiting() noexcept {
  const auto waiting = static_cast<std::uint16_t>(ring_.size());
  ring_.Clear();
  pacer_.Clear();
  sent_.Clear();
  packetizer_.TakeBack(waiting);
}

void VideoStream::RenewPacketizer() noexcept {
  const PicturePacketizerSnapshot counted = packetizer_.Snapshot();
  earlier_.pictures += counted.pictures;
  earlier_.key_pictures += counted.key_pictures;
  earlier_.dropped_pictures += counted.dropped_pictures;
  earlier_.oversize_pictures += counted.oversize_pictures;
  PicturePacketizerSettings settings;
  settings.ssrc = ssrc();
  settings.payload_type = settings_.payload_type;
  settings.codec = PictureCodecOf(settings_.codec);
  settings.packetization_mode = settings_.packetization_mode;
  settings.max_payload = max_payload_;
  settings.first_sequence_number = packetizer_.next_sequence_number();
  packetizer_ = PicturePacketizer(settings, &ring_);
}

void VideoStream::OnPicture(const AccessUnit& unit, const std::uint8_t* data,
                            std::int64_t now) noexcept {
  // Until a description says otherwise nothing else can be told from what was agreed on.
  if (unit.codec != PictureCodecOf(settings_.codec)) {
    NoteDropped(1);
    return;
  }
  // What follows a loss shows rubbish until the next key frame.
  if (unit.gap_before && !unit.key_frame) packetizer_.AwaitKeyFrame();
  if (!pacer_.has_room()) {
    ++crowded_out_;
    packetizer_.AwaitKeyFrame();
    return;
  }
  const bool decodable = unit.key_frame || !packetizer_.awaiting_key_frame();
  if ((decodable || limiter_.leaving_out()) && !limiter_.Admit(unit.key_frame, unit.size, now)) {
    packetizer_.AwaitKeyFrame();
    return;
  }
  timestamp_ = clock_.OnPicture(unit.pts, unit.timescale, unit.generation, now);
  std::size_t packets = 0;
  if (packetizer_.Packetize(data, unit.size, timestamp_, &packets) !=
      PicturePacketizer::Result::kSent) {
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
    SendFirst(now);
    ring_.Pop(1);
  }
}

void VideoStream::SendFirst(std::int64_t now) noexcept {
  const RingPacket packet = ring_.at(0);
  const Sampled sampled = {ReadU32(packet.data + kTimestampAt), SamplingInstant(packet)};
  if (!SendRtp(packet.data, packet.size, sampled, now)) return;
  rate_.OnSent(packet.size, now);
  sent_.Keep(packet.data, packet.size);
  // The packetizer sends nothing in front of a key frame.
  if (requested_ != 0) {
    first_picture_ = MonotonicNs() - requested_;
    requested_ = 0;
  }
}

/** RFC 4585 §6.2.1. What is asked for again within a round trip is still under way. */
void VideoStream::OnFeedback(const RtcpEvents& events, std::int64_t arrival_ns) noexcept {
  if (!sends()) return;
  const RtcpSnapshot rtcp = Rtcp();
  if (events.report) {
    const std::uint64_t not_sent = Dropped() + Limited();
    RateControl::Report report;
    report.lost = rtcp.remote_fraction_lost;
    report.round_trip = rtcp.has_round_trip ? rtcp.round_trip : 0;
    report.sent = static_cast<std::uint32_t>(std::lround(rate_.Rate(arrival_ns)));
    report.limited = not_sent != not_sent_before_;
    not_sent_before_ = not_sent;
    control_.OnReport(report, arrival_ns);
  }
  control_.OnRequest(rtcp.requested_bitrate);
  ApplyLimit();
  const std::int64_t pause = rtcp.has_round_trip ? rtcp.round_trip : kUsualRoundTripNs;
  for (std::size_t i = 0; i < events.lost_count; ++i) {
    const RingPacket packet = sent_.Again(events.lost[i], pause, arrival_ns);
    if (packet.size > 0 && Resend(packet)) ++retransmitted_;
  }
}

/** As it was, or as RFC 4588 has it where that was agreed on. */
bool VideoStream::Resend(const RingPacket& packet) noexcept {
  if (!settings_.rtx_payload_type) return SendAgain(packet.data, packet.size);
  std::array<std::uint8_t, kMaxDatagram> copy;
  if (packet.size + RtxSource::kMoreBytes > copy.size()) return false;
  const std::size_t size =
      rtx_.Write(packet.data, packet.size, *settings_.rtx_payload_type, copy.data());
  if (size == 0 || !SendRtx(copy.data(), size, rtx_.ssrc())) return false;
  rtx_.Sent();
  return true;
}

/** The clock knows the newest picture; this packet may be of one before it. */
std::int64_t VideoStream::SamplingInstant(const RingPacket& packet) const noexcept {
  const auto behind = static_cast<std::int32_t>(timestamp_ - ReadU32(packet.data + kTimestampAt));
  return clock_.sampling_instant() - behind * (kNsPerSecond / kClockRate);
}

VideoSnapshot VideoStream::Counters() const noexcept {
  VideoSnapshot out{};
  const PicturePacketizerSnapshot packetizer = packetizer_.Snapshot();
  out.codec = settings_.codec;
  out.direction = settings_.direction;
  out.sent = Sent();
  out.source = Source();
  out.srtp = Srtp();
  out.frames = earlier_.pictures + packetizer.pictures;
  out.key_frames = earlier_.key_pictures + packetizer.key_pictures;
  out.dropped_frames = Dropped();
  out.oversize_frames = earlier_.oversize_pictures + packetizer.oversize_pictures;
  out.limited_frames = Limited();
  out.bitrate = static_cast<std::uint32_t>(std::lround(rate_.Rate(now_)));
  out.max_bitrate = settings_.max_bitrate;
  if (control_.limit() != 0) out.link_bitrate = control_.limit();
  out.retransmitted = retransmitted_;
  out.key_frame_requests = key_frame_requests();
  out.rejected = Received().rejected;
  if (first_picture_ >= 0) out.first_picture_ms = static_cast<double>(first_picture_) / kNsPerMs;
  static_cast<FarEndSnapshot&>(out) = FarEnd();
  return out;
}

}  // namespace dashvoip
