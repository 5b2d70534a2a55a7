#ifndef DASHVOIP_RTP_CONTROL_LATCH_H_
#define DASHVOIP_RTP_CONTROL_LATCH_H_

#include <cstdint>

#include "dashvoip/base/transport_address.h"

namespace dashvoip {

/** The far end as the stream's RTP, or that of the call's sound, proved it. */
struct ProvedSource {
  bool proved = false;
  TransportAddress address;
  bool has_ssrc = false;  ///< of this very stream
  std::uint32_t ssrc = 0;
};

/**
 * Whose RTCP counts, and where ours goes. The signalled address comes first; apart from that RTCP
 * is taken only from the host at which RTP was proved, with the SSRC heard there, or, where the
 * stream hears no RTP, after two packets in a row of one source. From others it neither counts nor
 * steers.
 */
class ControlLatch {
 public:
  enum class Verdict { kHeard, kMoved, kRefused };

  /** Another address than before begins afresh. */
  void SetSignalled(const TransportAddress& signalled) noexcept;
  /** As SourceLatch::Forget. */
  void Forget() noexcept { described_ = false; }

  /** @param ssrc sender of the first packet of a datagram that is valid RTCP. */
  Verdict OnPacket(const TransportAddress& from, std::uint32_t ssrc,
                   const ProvedSource& source) noexcept;

  /** Where to send. */
  const TransportAddress& remote() const noexcept { return remote_; }
  std::uint64_t refused() const noexcept { return refused_; }

 private:
  bool IsProved(const TransportAddress& from, std::uint32_t ssrc,
                const ProvedSource& source) noexcept;

  bool described_ = false;
  TransportAddress signalled_;
  TransportAddress remote_;
  bool has_candidate_ = false;
  TransportAddress candidate_;
  std::uint32_t candidate_ssrc_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_CONTROL_LATCH_H_
