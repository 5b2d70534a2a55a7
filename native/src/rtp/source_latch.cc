#include "dashvoip/rtp/source_latch.h"

#include <algorithm>

namespace dashvoip {

constexpr std::int64_t SourceLatch::kGraceNs;
constexpr std::int64_t SourceLatch::kMoveNs;
constexpr std::int64_t SourceLatch::kSourceNs;
constexpr std::int64_t SourceLatch::kExclusiveNs;
constexpr unsigned SourceLatch::kLearnRun;
constexpr unsigned SourceLatch::kMoveRun;
constexpr unsigned SourceLatch::kReturnRun;
constexpr unsigned SourceLatch::kSourceRun;

void SourceLatch::SetSignalled(const TransportAddress& signalled, std::int64_t now) noexcept {
  if (described_ && signalled == signalled_) return;
  described_ = true;
  described_at_ = now;
  signalled_ = signalled;
  remote_ = signalled;
  heard_ = false;
  run_ = 0;
  has_first_ = false;
  home_ = Candidate();
  strangers_.fill(Candidate());
}

void SourceLatch::SetTrust(Trust trust, const TransportAddress& host) noexcept {
  trust_ = trust;
  host_ = host;
}

SourceLatch::Verdict SourceLatch::OnPacket(const RtpSource& packet, std::int64_t now) noexcept {
  if (!described_) return Refuse();
  if (heard_ && packet.from == remote_ && packet.ssrc == ssrc_) {
    last_heard_ = now;
    if (!packet.wanted) return Verdict::kIgnored;
    ++run_;
    if (run_ >= kReturnRun && !has_first_) {
      has_first_ = true;
      first_ssrc_ = ssrc_;
    }
    return Verdict::kHeard;
  }
  if (!packet.wanted) return Refuse();
  if (packet.from == remote_) return heard_ ? OnOtherSource(packet, now) : Follow(packet, 1, now);
  if (packet.from == signalled_) return OnSignalled(packet, now);
  return OnElsewhere(packet, now);
}

/** At the far end's address, with another SSRC than the one that is heard. */
SourceLatch::Verdict SourceLatch::OnOtherSource(const RtpSource& packet,
                                                std::int64_t now) noexcept {
  const unsigned run = RunOf(packet, now, &home_);
  const bool returns = has_first_ && packet.ssrc == first_ssrc_;
  const bool present_is_established = run_ >= kSourceRun;
  const bool present_is_silent = now - last_heard_ >= kSourceNs;
  if (run < kSourceRun) return Refuse();
  if (present_is_established && !present_is_silent && !returns) return Refuse();
  return Follow(packet, run, now);
}

/** At the signalled address, while the far end was found elsewhere. */
SourceLatch::Verdict SourceLatch::OnSignalled(const RtpSource& packet, std::int64_t now) noexcept {
  const unsigned run = RunOf(packet, now, &home_);
  return run < kReturnRun ? Refuse() : Follow(packet, run, now);
}

SourceLatch::Verdict SourceLatch::OnElsewhere(const RtpSource& packet, std::int64_t now) noexcept {
  if (!MayTeach(packet)) return Refuse();
  if (now - (heard_ ? last_heard_ : described_at_) < (heard_ ? kMoveNs : kGraceNs)) return Refuse();
  const unsigned needed = heard_ && packet.ssrc != ssrc_ ? kMoveRun : kLearnRun;
  const unsigned run = RunOf(packet, now, StrangerFor(packet));
  return run < needed ? Refuse() : Follow(packet, run, now);
}

bool SourceLatch::MayTeach(const RtpSource& packet) const noexcept {
  switch (trust_) {
    case Trust::kNobody:
      return false;
    case Trust::kHost:
      return packet.from.ip == host_.ip;
    case Trust::kSameSource:
      return !heard_ || packet.ssrc == ssrc_;
    case Trust::kAnybody:
      break;
  }
  return true;
}

/** How many packets in sequence `packet` makes; RFC 3550 §A.1 asks for consecutive numbers. */
unsigned SourceLatch::RunOf(const RtpSource& packet, std::int64_t now,
                            Candidate* candidate) noexcept {
  const bool continues =
      candidate->run > 0 && candidate->from == packet.from && candidate->ssrc == packet.ssrc &&
      candidate->next == packet.sequence_number && now - candidate->last < kMoveNs;
  candidate->run = continues ? candidate->run + 1 : 1;
  candidate->from = packet.from;
  candidate->ssrc = packet.ssrc;
  candidate->next = static_cast<std::uint16_t>(packet.sequence_number + 1);
  candidate->last = now;
  return candidate->run;
}

/** The stranger's own place, or that of the one who was silent longest. */
SourceLatch::Candidate* SourceLatch::StrangerFor(const RtpSource& packet) noexcept {
  Candidate* eldest = &strangers_[0];
  for (Candidate& candidate : strangers_) {
    if (candidate.run > 0 && candidate.from == packet.from && candidate.ssrc == packet.ssrc) {
      return &candidate;
    }
    if (candidate.run == 0 || candidate.last < eldest->last) eldest = &candidate;
  }
  eldest->run = 0;
  return eldest;
}

SourceLatch::Verdict SourceLatch::Follow(const RtpSource& packet, unsigned run,
                                         std::int64_t now) noexcept {
  const bool moved = packet.from != remote_;
  remote_ = packet.from;
  heard_ = true;
  ssrc_ = packet.ssrc;
  run_ = run;
  last_heard_ = now;
  home_ = Candidate();
  strangers_.fill(Candidate());
  if (moved) ++moves_;
  return moved ? Verdict::kMoved : Verdict::kHeard;
}

SourceLatch::Verdict SourceLatch::Refuse() noexcept {
  ++refused_;
  return Verdict::kRefused;
}

}  // namespace dashvoip
