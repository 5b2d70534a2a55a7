#ifndef DASHVOIP_VOICE_SENDER_CLOCK_H_
#define DASHVOIP_VOICE_SENDER_CLOCK_H_

#include <cstdint>

#include "dashvoip/rtp/packet.h"

namespace dashvoip {

/**
 * Gives the packets of a sender whose timestamps do not count samples (doubled, in milliseconds,
 * constant, wobbling) timestamps that do, by their sequence numbers. RFC 3550 §5.1 demands that
 * they count; as long as they do they are passed on as they are, with pauses and all.
 */
class SenderClock {
 public:
  explicit SenderClock(std::uint32_t clock_rate) noexcept : clock_rate_(clock_rate) {}

  std::uint32_t rate() const noexcept { return clock_rate_; }
  /** @param samples in the packet, ticks of the clock; @param arrival ns. @return the timestamp to
   * play it by. */
  std::uint32_t OnPacket(const RtpHeader& header, std::uint32_t samples,
                         std::int64_t arrival) noexcept;
  /** What was last added to a timestamp. */
  std::uint32_t offset() const noexcept { return offset_; }
  bool by_sequence() const noexcept { return by_sequence_; }

 private:
  void Begin(const RtpHeader& header) noexcept;
  void Judge(std::int64_t step, std::int64_t since) noexcept;

  std::uint32_t clock_rate_;
  bool started_ = false;
  bool by_sequence_ = false;
  std::uint32_t ssrc_ = 0;
  // The newest packet.
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;  // as it came
  std::uint32_t given_ = 0;      // as it was passed on
  std::uint32_t samples_ = 0;
  std::int64_t arrival_ = 0;
  std::uint32_t offset_ = 0;  // of what is passed on, while timestamps are believed
  int odd_ = 0;               // in a row
  int even_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_SENDER_CLOCK_H_
