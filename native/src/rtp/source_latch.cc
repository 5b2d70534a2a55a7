#include "dashvoip/rtp/source_latch.h"

namespace dashvoip {

void SourceLatch::SetSignalled(const TransportAddress& signalled) noexcept {
  decided_ = false;
  if (signalled == signalled_) return;
  signalled_ = signalled;
  remote_ = signalled;
}

SourceLatch::Verdict SourceLatch::OnPacket(const TransportAddress& from, bool valid) noexcept {
  if (!valid || (decided_ && from != remote_)) {
    ++refused_;
    return Verdict::kRefused;
  }
  decided_ = true;
  if (from == remote_) return Verdict::kAccepted;
  remote_ = from;
  ++moves_;
  return Verdict::kLatched;
}

}  // namespace dashvoip
