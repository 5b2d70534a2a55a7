#include "dashvoip/srtp/srtp_transform.h"

namespace dashvoip {

void SrtpTransform::SetKeys(const SrtpLane& lane) noexcept {
  former_ = lane && lane.receiver != lane_.receiver ? lane_.receiver : nullptr;
  lane_ = lane;
}

bool SrtpTransform::ProtectRtp(std::uint8_t* packet, std::size_t* size) noexcept {
  return lane_ && lane_.sender->ProtectRtp(packet, size);
}

bool SrtpTransform::ProtectRtcp(std::uint8_t* packet, std::size_t* size) noexcept {
  return lane_ && lane_.sender->ProtectRtcp(packet, size);
}

bool SrtpTransform::UnprotectRtp(std::uint8_t* packet, std::size_t* size) noexcept {
  return Admit(&SrtpReceiver::UnprotectRtp, packet, size);
}

bool SrtpTransform::UnprotectRtcp(std::uint8_t* packet, std::size_t* size) noexcept {
  return Admit(&SrtpReceiver::UnprotectRtcp, packet, size);
}

bool SrtpTransform::Admit(Unprotect unprotect, std::uint8_t* packet, std::size_t* size) noexcept {
  if (!lane_) return false;
  SrtpReceiver::Verdict verdict = (lane_.receiver->*unprotect)(packet, size);
  if (verdict == SrtpReceiver::Verdict::kForged && former_ != nullptr) {
    verdict = (former_->*unprotect)(packet, size);
  } else if (verdict == SrtpReceiver::Verdict::kGenuine) {
    former_ = nullptr;
  }
  switch (verdict) {
    case SrtpReceiver::Verdict::kGenuine:
      return true;
    case SrtpReceiver::Verdict::kForged:
      ++forged_;
      break;
    case SrtpReceiver::Verdict::kReplayed:
      ++replayed_;
      break;
    case SrtpReceiver::Verdict::kNoise:
      break;
  }
  return false;
}

Optional<SrtpSnapshot> SrtpTransform::Snapshot() const noexcept {
  if (!lane_) return {};
  SrtpSnapshot out{};
  out.suite = lane_.receiver->suite();
  out.forged = forged_;
  out.replayed = replayed_;
  return out;
}

}  // namespace dashvoip
