#ifndef DASHVOIP_SRTP_SRTP_TRANSFORM_H_
#define DASHVOIP_SRTP_SRTP_TRANSFORM_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/api/snapshots.h"
#include "dashvoip/rtp/packet_transform.h"
#include "dashvoip/srtp/srtp_receiver.h"
#include "dashvoip/srtp/srtp_sender.h"

namespace dashvoip {

/** Both directions of a stream; owned by the session's keyring. */
struct SrtpLane {
  SrtpSender* sender = nullptr;
  SrtpReceiver* receiver = nullptr;

  explicit operator bool() const noexcept { return sender != nullptr; }
};

/** SRTP of one stream (RFC 3711): what its present keys make of packets, counted. */
class SrtpTransform : public PacketTransform {
 public:
  /**
   * From now on. What comes under the former key is still heard until the first packet under the
   * new one, or until the next change: the far end learns later than we that keys have changed.
   */
  void SetKeys(const SrtpLane& lane) noexcept;

  bool ProtectRtp(std::uint8_t* packet, std::size_t* size) noexcept override;
  bool ProtectRtcp(std::uint8_t* packet, std::size_t* size) noexcept override;
  bool UnprotectRtp(std::uint8_t* packet, std::size_t* size) noexcept override;
  bool UnprotectRtcp(std::uint8_t* packet, std::size_t* size) noexcept override;

  /** Absent without keys. */
  Optional<SrtpSnapshot> Snapshot() const noexcept;

 private:
  using Unprotect = SrtpReceiver::Verdict (SrtpReceiver::*)(std::uint8_t*, std::size_t*);
  bool Admit(Unprotect unprotect, std::uint8_t* packet, std::size_t* size) noexcept;

  SrtpLane lane_;
  SrtpReceiver* former_ = nullptr;
  std::uint64_t forged_ = 0;
  std::uint64_t replayed_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_SRTP_TRANSFORM_H_
