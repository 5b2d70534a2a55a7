#ifndef DASHVOIP_RTP_SOURCE_LATCH_H_
#define DASHVOIP_RTP_SOURCE_LATCH_H_

#include <cstdint>

#include "dashvoip/rtp/transport_address.h"

namespace dashvoip {

/**
 * Symmetric RTP (RFC 4961) that latches once: peers behind a NAT signal an address that nothing
 * reaches, so the first valid packet decides where the far end really is. After that decision
 * every other source is refused until a new session description arrives.
 */
class SourceLatch {
 public:
  enum class Verdict {
    kAccepted,
    kLatched,  ///< accepted, and the far end is elsewhere than signalled: send there from now on
    kRefused,
  };

  /**
   * A session description names the far end; the latch is armed anew. When it names the same
   * address as before (hold, resume, session refresh) we go on sending to where the far end was
   * found, until a packet says otherwise.
   */
  void SetSignalled(const TransportAddress& signalled) noexcept;

  /**
   * @param valid the packet parsed, and carries a negotiated payload type (or is valid RTCP, for
   * the latch of an RTCP port). Only such a packet decides; others are refused.
   */
  Verdict OnPacket(const TransportAddress& from, bool valid) noexcept;

  /** Where to send. */
  const TransportAddress& remote() const noexcept { return remote_; }
  const TransportAddress& signalled() const noexcept { return signalled_; }
  std::uint64_t moves() const noexcept { return moves_; }
  bool decided() const noexcept { return decided_; }
  std::uint64_t refused() const noexcept { return refused_; }

 private:
  TransportAddress signalled_;
  TransportAddress remote_;
  bool decided_ = false;
  std::uint64_t refused_ = 0;
  std::uint64_t moves_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_SOURCE_LATCH_H_
