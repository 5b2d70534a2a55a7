#include "dashvoip/rtp/control_latch.h"

namespace dashvoip {

void ControlLatch::SetSignalled(const TransportAddress& signalled) noexcept {
  if (described_ && signalled == signalled_) return;
  described_ = true;
  signalled_ = signalled;
  remote_ = signalled;
  has_candidate_ = false;
}

ControlLatch::Verdict ControlLatch::OnPacket(const TransportAddress& from, std::uint32_t ssrc,
                                             const ProvedSource& source) noexcept {
  if (described_ && (from == signalled_ || IsProved(from, ssrc, source))) {
    if (from == remote_) return Verdict::kHeard;
    remote_ = from;
    return Verdict::kMoved;
  }
  ++refused_;
  return Verdict::kRefused;
}

bool ControlLatch::IsProved(const TransportAddress& from, std::uint32_t ssrc,
                            const ProvedSource& source) noexcept {
  if (!source.proved || from.ip != source.address.ip) return false;
  if (source.has_ssrc) return ssrc == source.ssrc;
  if (from == remote_) return true;
  const bool second = has_candidate_ && from == candidate_ && ssrc == candidate_ssrc_;
  has_candidate_ = true;
  candidate_ = from;
  candidate_ssrc_ = ssrc;
  return second;
}

}  // namespace dashvoip
