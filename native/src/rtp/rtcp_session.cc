#include "dashvoip/rtp/rtcp_session.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"
#include "dashvoip/rtp/ntp_time.h"
#include "dashvoip/rtp/rtcp_interval.h"

namespace dashvoip {

namespace {

constexpr std::int64_t kNotStarted = INT64_MAX;
constexpr double kLowerHeaders = 28;  // IPv4 and UDP, RFC 3550 §6.2
constexpr double kRtcpShare = 0.05;
constexpr std::size_t kMaxCname = 255;
constexpr std::int64_t kMemberIntervals = 5;  // RFC 3550 §6.3.5
constexpr std::int64_t kSenderIntervals = 2;

/**
 * The reduced minimum of RFC 3550 §6.2, 360 / session bandwidth in kbit/s, in seconds. At video
 * rates it would allow several reports per second, which nobody reads: one is enough.
 */
std::int64_t MinimumInterval(std::uint32_t bandwidth) noexcept {
  if (bandwidth == 0) return 5 * kNsPerSecond;
  const std::int64_t reduced = 360000 * kNsPerSecond / bandwidth;
  return std::min(5 * kNsPerSecond, std::max(kNsPerSecond, reduced));
}

}  // namespace

constexpr std::size_t RtcpEvents::kMaxLost;

/** Takes apart one datagram. */
class RtcpSession::Reader : public RtcpListener {
 public:
  Reader(RtcpSession* session, std::int64_t arrival) : session_(session), arrival_(arrival) {}

  void OnSenderReport(std::uint32_t sender, const SenderInfo& info) noexcept override {
    session_->last_sr_source_ = sender;
    session_->last_sr_ = NtpMiddle(info.ntp);
    session_->last_sr_arrival_ = arrival_;
  }

  void OnReportBlock(std::uint32_t /*sender*/, const ReportBlock& block) noexcept override {
    if (block.ssrc != session_->settings_.ssrc) return;
    events_.report = true;
    RtcpSnapshot& snapshot = session_->snapshot_;
    snapshot.has_remote_report = true;
    snapshot.remote_fraction_lost = block.fraction_lost / 256.0;
    snapshot.remote_lost = block.cumulative_lost;
    snapshot.remote_jitter_ms = block.jitter * 1000.0 / session_->settings_.clock_rate;
    session_->round_trip_.OnBlock(block, NtpFromUnix(arrival_ + session_->settings_.unix_offset),
                                  snapshot.remote_jitter_ms);
  }

  void OnBye(std::uint32_t /*source*/) noexcept override { events_.bye = true; }

  void OnReferenceTime(std::uint32_t sender, std::uint64_t ntp) noexcept override {
    session_->reference_source_ = sender;
    session_->last_reference_ = NtpMiddle(ntp);
    session_->reference_arrival_ = arrival_;
  }

  void OnReferenceTimeReply(std::uint32_t /*sender*/,
                            const ReferenceTimeReply& reply) noexcept override {
    if (reply.ssrc != session_->settings_.ssrc) return;
    // RFC 3611 §4.5: reckoned as with a report block.
    ReportBlock block;
    block.last_sr = reply.last_reference;
    block.delay_since_last_sr = reply.delay;
    session_->round_trip_.OnBlock(block, NtpFromUnix(arrival_ + session_->settings_.unix_offset),
                                  session_->snapshot_.remote_jitter_ms);
  }

  void OnVoipMetrics(std::uint32_t /*sender*/, const VoipMetrics& metrics) noexcept override {
    if (metrics.ssrc != session_->settings_.ssrc) return;
    session_->snapshot_.has_remote_metrics = true;
    session_->snapshot_.remote_metrics = metrics;
  }

  void OnPictureLoss(std::uint32_t /*sender*/, std::uint32_t media) noexcept override {
    if (IsOurs(media)) events_.key_frame_request = true;
  }

  void OnFullIntraRequest(std::uint32_t /*sender*/, std::uint32_t media,
                          std::uint8_t command) noexcept override {
    if (!IsOurs(media)) return;
    // RFC 5104 §4.3.1.2: a repetition of the same request keeps its number.
    if (session_->has_fir_ && session_->last_fir_ == command) return;
    session_->has_fir_ = true;
    session_->last_fir_ = command;
    events_.key_frame_request = true;
  }

  void OnPacketsLost(std::uint32_t /*sender*/, std::uint32_t media, std::uint16_t first,
                     std::uint16_t following) noexcept override {
    if (!IsOurs(media)) return;
    NoteLost(first);
    for (std::uint16_t i = 0; i < 16; ++i) {
      if ((following >> i & 1) != 0) NoteLost(static_cast<std::uint16_t>(first + 1 + i));
    }
  }

  void OnMaxBitrate(std::uint32_t sender, std::uint32_t media,
                    const MaxBitrate& most) noexcept override {
    if (!IsOurs(media)) return;
    session_->snapshot_.requested_bitrate = most.bits_per_second;
    // RFC 5104 §4.2.1.2: each request is answered, with what bounds us.
    session_->owes_notice_ = true;
    session_->bound_by_ = sender;
    session_->bound_ = most;
  }

  void OnEstimatedBitrate(std::uint32_t, std::uint32_t bits_per_second) noexcept override {
    session_->snapshot_.requested_bitrate = bits_per_second;
  }

  const RtcpEvents& events() const noexcept { return events_; }

 private:
  // Some phones leave the media source 0: they know only one.
  bool IsOurs(std::uint32_t media) const noexcept {
    return media == session_->settings_.ssrc || media == 0;
  }

  void NoteLost(std::uint16_t sequence) noexcept {
    if (events_.lost_count < events_.lost.size()) events_.lost[events_.lost_count++] = sequence;
  }

  RtcpSession* session_;
  std::int64_t arrival_;
  RtcpEvents events_;
};

RtcpSession::RtcpSession(const RtcpSettings& settings, RandomSource* random)
    : settings_(settings), random_(random), deadline_(kNotStarted) {
  if (settings_.cname.size() > kMaxCname) settings_.cname.resize(kMaxCname);
  // Before the first report: what a sender report with one block and our CNAME will measure.
  average_size_ = kLowerHeaders + 28 + 24 + 12 + static_cast<double>(settings_.cname.size());
  last_interval_ = MinimumInterval(settings_.bandwidth);
}

void RtcpSession::Start(std::int64_t now) noexcept {
  last_report_ = now;
  deadline_ = now + static_cast<std::int64_t>((0.25 + 0.25 * random_->NextUnit()) * kNsPerSecond);
}

void RtcpSession::OnRtpSent(std::uint32_t rtp_timestamp, std::int64_t sampling_instant,
                            std::size_t payload_size, std::int64_t now) noexcept {
  has_sent_rtp_ = true;
  last_rtp_timestamp_ = rtp_timestamp;
  last_sampling_instant_ = sampling_instant;
  last_rtp_sent_ = now;
  ++sent_packets_;
  sent_octets_ += static_cast<std::uint32_t>(payload_size);
}

void RtcpSession::OnRtxSent(std::uint32_t ssrc, std::size_t payload_size) noexcept {
  rtx_ssrc_ = ssrc;
  ++rtx_packets_;
  rtx_octets_ += static_cast<std::uint32_t>(payload_size);
}

void RtcpSession::OnRtpReceived(std::int64_t now) noexcept {
  has_received_rtp_ = true;
  last_rtp_received_ = now;
  has_heard_ = true;
  last_heard_ = now;
}

RtcpEvents RtcpSession::OnRtcpReceived(const std::uint8_t* data, std::size_t size,
                                       std::int64_t arrival) noexcept {
  Reader reader(this, arrival);
  const RtcpParseResult result = ParseRtcp(data, size, &reader);
  RtcpEvents events = reader.events();
  events.result = result;
  if (result != RtcpParseResult::kOk) {
    ++snapshot_.invalid;
    return events;
  }
  ++snapshot_.received;
  NoteSize(size);
  // RFC 3550 §6.3.4: whoever says BYE is no member any more.
  has_heard_ = !events.bye;
  if (events.bye) has_received_rtp_ = false;
  last_heard_ = arrival;
  return events;
}

RtcpSnapshot RtcpSession::Snapshot() const noexcept {
  RtcpSnapshot snapshot = snapshot_;
  snapshot.has_round_trip = round_trip_.plausible();
  snapshot.round_trip = round_trip_.value();
  return snapshot;
}

// RFC 3550 §6.3.3.
void RtcpSession::NoteSize(std::size_t datagram) noexcept {
  average_size_ += (kLowerHeaders + static_cast<double>(datagram) - average_size_) / 16;
}

bool RtcpSession::WeSent(std::int64_t now) const noexcept {
  return has_sent_rtp_ && now - last_rtp_sent_ <= kSenderIntervals * last_interval_;
}

bool RtcpSession::RemoteSent(std::int64_t now) const noexcept {
  return has_received_rtp_ && now - last_rtp_received_ <= kSenderIntervals * last_interval_;
}

std::int64_t RtcpSession::Interval(std::int64_t now) noexcept {
  RtcpIntervalInput input;
  const bool remote_is_member =
      has_heard_ && now - last_heard_ <= kMemberIntervals * last_interval_;
  input.members = remote_is_member ? 2 : 1;
  input.we_sent = WeSent(now);
  input.senders = (input.we_sent ? 1u : 0u) + (RemoteSent(now) ? 1u : 0u);
  input.bandwidth = settings_.bandwidth / 8.0 * kRtcpShare;
  input.average_size = average_size_;
  input.minimum = MinimumInterval(settings_.bandwidth);
  last_interval_ = RtcpDeterministicInterval(input);
  return RtcpRandomizedInterval(input, random_);
}

std::size_t RtcpSession::OnTimer(std::int64_t now, ReceiveStatistics* statistics, std::uint8_t* out,
                                 std::size_t capacity) noexcept {
  if (now < deadline_) return 0;
  // RFC 3550 §6.3.6, timer reconsideration; the first report is free of it (§6.2).
  if (snapshot_.sent > 0) {
    const std::int64_t reconsidered = last_report_ + Interval(now);
    if (reconsidered > now) {
      deadline_ = reconsidered;
      return 0;
    }
  }
  const std::size_t size = WriteReport(now, statistics, false, out, capacity);
  last_report_ = now;
  deadline_ = now + Interval(now);
  return size;
}

std::size_t RtcpSession::WriteBye(std::int64_t now, ReceiveStatistics* statistics,
                                  std::uint8_t* out, std::size_t capacity) noexcept {
  deadline_ = kNotStarted;
  if (!has_sent_rtp_ && snapshot_.sent == 0) return 0;
  return WriteReport(now, statistics, true, out, capacity);
}

std::size_t RtcpSession::WriteReport(std::int64_t now, ReceiveStatistics* statistics, bool bye,
                                     std::uint8_t* out, std::size_t capacity) noexcept {
  // RFC 3550 §6.4: a block for a source heard since the last report.
  ReportBlock block;
  std::size_t blocks = 0;
  if (statistics != nullptr && statistics->active()) {
    const std::uint64_t packets = statistics->Snapshot().packets;
    if (packets != reported_packets_) {
      reported_packets_ = packets;
      block = statistics->TakeReportBlock();
      if (last_sr_ != 0 && last_sr_source_ == block.ssrc) {
        block.last_sr = last_sr_;
        block.delay_since_last_sr = NtpShortFromNs(now - last_sr_arrival_);
      }
      blocks = 1;
    }
  }
  RtcpWriter writer(out, capacity);
  bool fits = false;
  SenderInfo info;
  const bool we_sent = WeSent(now);
  if (we_sent) {
    info.ntp = NtpFromUnix(now + settings_.unix_offset);
    info.rtp_timestamp = RtpTimestampAt(now);
    info.packets = sent_packets_;
    info.octets = sent_octets_;
    round_trip_.OnReportSent(info.ntp);
    fits = writer.AddSenderReport(settings_.ssrc, info, &block, blocks);
  } else {
    fits = writer.AddReceiverReport(settings_.ssrc, &block, blocks);
  }
  fits = fits && AddSources(we_sent ? &info : nullptr, &writer);
  if (fits && owes_notice_) {
    owes_notice_ = !writer.AddMaxBitrateNotification(settings_.ssrc, bound_by_, bound_);
  }
  fits = fits && AddExtendedReport(now, &writer);
  if (bye) fits = fits && writer.AddBye(settings_.ssrc);
  if (bye && rtx_packets_ > 0) fits = fits && writer.AddBye(rtx_ssrc_);
  if (!fits) return 0;
  ++snapshot_.sent;
  NoteSize(writer.size());
  return writer.size();
}

/** RFC 8108 §5: each source that sends reports, and has the CNAME by which they belong together. */
bool RtcpSession::AddSources(const SenderInfo* info, RtcpWriter* writer) noexcept {
  const std::string& cname = settings_.cname;
  const bool two = rtx_packets_ > 0;
  if (two && info != nullptr) {
    SenderInfo rtx = *info;
    rtx.packets = rtx_packets_;
    rtx.octets = rtx_octets_;
    if (!writer->AddSenderReport(rtx_ssrc_, rtx, nullptr, 0)) return false;
  }
  return writer->AddCname(settings_.ssrc, cname.data(), cname.size()) &&
         (!two || writer->AddCname(rtx_ssrc_, cname.data(), cname.size()));
}

/** RFC 3611: what the far end asked for, and an answer where it asks for its round trip. */
bool RtcpSession::AddExtendedReport(std::int64_t now, RtcpWriter* writer) noexcept {
  ExtendedReport report;
  const std::uint64_t ntp = NtpFromUnix(now + settings_.unix_offset);
  // §4.4: for who sends no RTP, and so no sender reports.
  if (extended_.receiver_round_trip && !WeSent(now)) {
    report.reference_time = &ntp;
    round_trip_.OnReportSent(ntp);
  }
  const ReferenceTimeReply reply = {reference_source_, last_reference_,
                                    NtpShortFromNs(now - reference_arrival_)};
  if (last_reference_ != 0) report.reply = &reply;
  last_reference_ = 0;
  if (has_metrics_ && extended_.voip_metrics) report.voip = &metrics_;
  has_metrics_ = false;
  const bool empty =
      report.reference_time == nullptr && report.reply == nullptr && report.voip == nullptr;
  return empty || writer->AddExtendedReport(settings_.ssrc, report);
}

std::uint32_t RtcpSession::RtpTimestampAt(std::int64_t instant) const noexcept {
  const std::int64_t elapsed = instant - last_sampling_instant_;
  const std::int64_t ticks = TicksOfNs(elapsed, settings_.clock_rate);
  return last_rtp_timestamp_ + static_cast<std::uint32_t>(ticks);
}

}  // namespace dashvoip
