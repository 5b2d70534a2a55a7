#ifndef DASHVOIP_RTP_SOURCE_LATCH_H_
#define DASHVOIP_RTP_SOURCE_LATCH_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/base/time_units.h"
#include "dashvoip/base/transport_address.h"

namespace dashvoip {

/** What a packet that parsed as RTP says about who sent it. */
struct RtpSource {
  TransportAddress from;
  std::uint32_t ssrc = 0;
  std::uint16_t sequence_number = 0;
  bool wanted = false;  ///< its payload type is one of this stream
};

/**
 * Which of all senders is the far end, and where RTP goes: symmetric RTP (RFC 4961) in which the
 * address of the session description comes first. Times are ns of CLOCK_MONOTONIC.
 *
 * - The signalled address is heard from its first packet on. Where another was found meanwhile, a
 *   few packets in sequence from the signalled one win it back.
 * - Another address (a NAT's) is learned only while the signalled one was not heard, after packets
 *   in sequence of one SSRC.
 * - A far end that moves is followed once the old address has been silent for two seconds; a mover
 *   that goes on with the SSRC needs fewer packets than one with another.
 * - Another SSRC at the same address is on probation (RFC 3550 §A.1), and waits until the present
 *   one falls silent. The first SSRC of a description, when it comes back, does not wait.
 *
 * Packets that are not (yet) heard are refused and counted: one source at a time.
 */
class SourceLatch {
 public:
  /** Who may teach another address than the signalled one. */
  enum class Trust {
    kNobody,      ///< the stream only sends, and no NAT is known
    kHost,        ///< another stream of the call proved that the far end is at this host
    kSameSource,  ///< anybody until somebody was heard, then whoever goes on with the SSRC
    kAnybody,
  };
  enum class Verdict {
    kHeard,
    kMoved,    ///< heard, and the far end is elsewhere than before: send to `remote` from now on
    kRefused,  ///< a stranger, or a source on probation
    kIgnored,  ///< of the far end, but of no payload type of this stream
  };

  static constexpr std::int64_t kGraceNs = 200 * kNsPerMs;   ///< before a NAT is learned
  static constexpr std::int64_t kMoveNs = 2 * kNsPerSecond;  ///< silence before a move is followed
  static constexpr std::int64_t kSourceNs =
      100 * kNsPerMs;  ///< silence before another SSRC is heard
  static constexpr std::int64_t kExclusiveNs = kNsPerSecond;  ///< silence that ends `exclusive`
  static constexpr unsigned kLearnRun = 5;   ///< packets in sequence that teach a NAT or same move
  static constexpr unsigned kMoveRun = 10;   ///< with another SSRC
  static constexpr unsigned kReturnRun = 3;  ///< that win the signalled address back
  static constexpr unsigned kSourceRun = 2;  ///< MIN_SEQUENTIAL of RFC 3550 §A.1

  /**
   * A session description names the far end. Another address than before begins afresh; the same
   * one again (hold, resume, session refresh) says nothing new.
   */
  void SetSignalled(const TransportAddress& signalled, std::int64_t now) noexcept;
  /** The stream is closed: what comes next begins afresh, at the same address too. */
  void Forget() noexcept { described_ = false; }
  /** @param host of the far end, for Trust::kHost. */
  void SetTrust(Trust trust, const TransportAddress& host = TransportAddress()) noexcept;

  Verdict OnPacket(const RtpSource& packet, std::int64_t now) noexcept;

  /** Where to send. */
  const TransportAddress& remote() const noexcept { return remote_; }
  bool signalled() const noexcept { return remote_ == signalled_; }
  /** A source was heard at `remote`; its SSRC. */
  bool heard() const noexcept { return heard_; }
  std::uint32_t ssrc() const noexcept { return ssrc_; }
  /** The far end is proved and alive: until it falls silent no other address will be heard. */
  bool exclusive(std::int64_t now) const noexcept {
    return heard_ && run_ >= kReturnRun && now - last_heard_ < kExclusiveNs;
  }
  /** Nor will another SSRC at its address. */
  bool sole_source(std::int64_t now) const noexcept {
    return exclusive(now) && now - last_heard_ < kSourceNs;
  }
  std::uint64_t moves() const noexcept { return moves_; }
  std::uint64_t refused() const noexcept { return refused_; }

 private:
  /** Somebody who might be the far end. */
  struct Candidate {
    TransportAddress from;
    std::uint32_t ssrc = 0;
    std::uint16_t next = 0;  // sequence number that continues the run
    unsigned run = 0;        // 0: unused
    std::int64_t last = 0;
  };
  static constexpr std::size_t kCandidates = 4;

  Verdict OnSignalled(const RtpSource& packet, std::int64_t now) noexcept;
  Verdict OnOtherSource(const RtpSource& packet, std::int64_t now) noexcept;
  Verdict OnElsewhere(const RtpSource& packet, std::int64_t now) noexcept;
  bool MayTeach(const RtpSource& packet) const noexcept;
  unsigned RunOf(const RtpSource& packet, std::int64_t now, Candidate* candidate) noexcept;
  Candidate* StrangerFor(const RtpSource& packet) noexcept;
  Verdict Follow(const RtpSource& packet, unsigned run, std::int64_t now) noexcept;
  Verdict Refuse() noexcept;

  Trust trust_ = Trust::kAnybody;
  TransportAddress host_;
  bool described_ = false;
  std::int64_t described_at_ = 0;
  TransportAddress signalled_;
  TransportAddress remote_;

  bool heard_ = false;
  std::uint32_t ssrc_ = 0;
  unsigned run_ = 0;  // packets heard of it
  std::int64_t last_heard_ = 0;
  bool has_first_ = false;  // an SSRC was established since the description
  std::uint32_t first_ssrc_ = 0;

  Candidate home_;  // another SSRC at `remote`, or anyone at the signalled address
  std::array<Candidate, kCandidates> strangers_;
  std::uint64_t moves_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_SOURCE_LATCH_H_
