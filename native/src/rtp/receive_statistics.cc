#include "dashvoip/rtp/receive_statistics.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

namespace {

// RFC 3550 §6.4.1: 24 bits signed, clamped and not wrapped.
std::int32_t Clamp24(std::int64_t value) noexcept {
  return static_cast<std::int32_t>(
      std::min<std::int64_t>(0x7fffff, std::max<std::int64_t>(-0x800000, value)));
}

}  // namespace

ReceiveStatistics::ReceiveStatistics(std::uint32_t clock_rate) noexcept : clock_rate_(clock_rate) {}

std::int64_t ReceiveStatistics::LostOfSource() const noexcept {
  return static_cast<std::int64_t>(sequence_.expected()) - static_cast<std::int64_t>(received_);
}

void ReceiveStatistics::BeginCounting() noexcept {
  history_.Reset();
  received_ = 0;
  expected_prior_ = 0;
  received_prior_ = 0;
  has_transit_ = false;
}

void ReceiveStatistics::BeginSource(std::uint32_t ssrc) noexcept {
  lost_before_ += LostOfSource();
  sequence_.Reset();
  BeginCounting();
  jitter_ = 0;
  active_ = true;
  ssrc_ = ssrc;
}

void ReceiveStatistics::Resume() noexcept {
  sequence_.Resume();
  has_transit_ = false;
}

SequenceTracker::Verdict ReceiveStatistics::OnPacket(const RtpPacket& packet,
                                                     std::int64_t arrival) noexcept {
  if (!active_ || packet.header.ssrc != ssrc_) BeginSource(packet.header.ssrc);
  const std::int64_t lost = LostOfSource();
  const SequenceTracker::Verdict verdict = sequence_.Update(packet.header.sequence_number);
  if (verdict == SequenceTracker::Verdict::kSuspect) {
    ++totals_.suspect;
    return verdict;
  }
  if (verdict == SequenceTracker::Verdict::kRestarted) {
    lost_before_ += lost;
    BeginCounting();
  }
  ++received_;
  ++totals_.packets;
  totals_.bytes += packet.payload_size;
  const SequenceHistory::Verdict seen = history_.Insert(sequence_.last());
  if (seen == SequenceHistory::Verdict::kDuplicate) {
    ++totals_.duplicates;
  } else if (verdict == SequenceTracker::Verdict::kOlder) {
    ++totals_.reordered;
  }
  UpdateJitter(packet.header.timestamp, arrival);
  return verdict;
}

void ReceiveStatistics::SetClockRate(std::uint32_t clock_rate) noexcept {
  if (clock_rate == clock_rate_) return;
  jitter_ = static_cast<std::uint32_t>(std::uint64_t{jitter_} * clock_rate / clock_rate_);
  clock_rate_ = clock_rate;
  has_transit_ = false;
}

void ReceiveStatistics::UpdateJitter(std::uint32_t timestamp, std::int64_t arrival) noexcept {
  // Packets of one instant (fragments of a picture, repeated DTMF events) were not sent at it.
  if (has_transit_ && timestamp == last_timestamp_) return;
  last_timestamp_ = timestamp;
  const auto ticks = static_cast<std::uint32_t>(TicksOfNs(arrival, clock_rate_));
  const std::uint32_t transit = ticks - timestamp;
  const std::int64_t difference = static_cast<std::int32_t>(transit - transit_);
  const auto magnitude = static_cast<std::uint32_t>(difference < 0 ? -difference : difference);
  // A leap of more than a second is the sender's clock beginning anew, not jitter.
  if (has_transit_ && magnitude <= clock_rate_) {
    jitter_ += magnitude - ((jitter_ + 8) >> 4);  // RFC 3550 §A.8
  }
  has_transit_ = true;
  transit_ = transit;
}

ReportBlock ReceiveStatistics::TakeReportBlock() noexcept {
  ReportBlock block;
  block.ssrc = ssrc_;
  block.cumulative_lost = Clamp24(LostOfSource());
  block.highest_sequence = sequence_.extended_highest();
  block.jitter = jitter_ >> 4;
  // RFC 3550 §A.3.
  const std::uint64_t expected = sequence_.expected() - expected_prior_;
  const auto lost =
      static_cast<std::int64_t>(expected) - static_cast<std::int64_t>(received_ - received_prior_);
  if (lost > 0) {
    // Below 256: the highest number of the interval was received.
    block.fraction_lost =
        static_cast<std::uint8_t>(static_cast<std::uint64_t>(lost) * 256 / expected);
  }
  expected_prior_ = sequence_.expected();
  received_prior_ = received_;
  return block;
}

ReceiveSnapshot ReceiveStatistics::Snapshot() const noexcept {
  ReceiveSnapshot snapshot = totals_;
  snapshot.lost = lost_before_ + LostOfSource();
  snapshot.ssrc = ssrc_;
  snapshot.jitter_ms = (jitter_ >> 4) * 1000.0 / clock_rate_;
  return snapshot;
}

}  // namespace dashvoip
