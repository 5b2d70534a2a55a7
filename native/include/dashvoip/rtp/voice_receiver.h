#ifndef DASHVOIP_RTP_VOICE_RECEIVER_H_
#define DASHVOIP_RTP_VOICE_RECEIVER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/codec/g711.h"
#include "dashvoip/codec/plc.h"
#include "dashvoip/rtp/jitter_buffer.h"

namespace dashvoip {

/**
 * From RTP to sound: jitter buffer, G.711 decoder, packet-loss concealment and the changes of
 * depth, put together. 8 kHz mono S16 comes out, one slot per call.
 */
class VoiceReceiver {
 public:
  /** Longest slot, samples: 60 ms. */
  static constexpr std::size_t kMaxSlot = 480;

  /** @param cap_ms hard cap of the jitter buffer. */
  VoiceReceiver(G711Law law, std::uint32_t cap_ms);

  /** A packet of the negotiated payload type. @param arrival ns, as JitterBuffer::Put. */
  void Put(const RtpPacket& packet, std::int64_t arrival) noexcept { buffer_.Put(packet, arrival); }

  /**
   * Always fills `out`. @param now the slot's deadline, ns; @param count 80..kMaxSlot, the same
   * each time. @return false when there is nothing to hear (before the first packet, pause, hold).
   */
  bool Render(std::int64_t now, std::int16_t* out, std::size_t count) noexcept;

  /** New session description: forgets sound, law may change; counters stay. */
  void Reset(G711Law law) noexcept;

  JitterBufferSnapshot Snapshot() const noexcept { return buffer_.Snapshot(); }

 private:
  void RenderRuns(const JitterBuffer::Slot& slot, std::int16_t* out) noexcept;
  bool TryResize(const JitterBuffer::Slot& slot, std::int16_t* out, std::size_t count) noexcept;

  G711Law law_;
  JitterBuffer buffer_;
  PacketLossConcealer concealer_;
  std::array<std::int16_t, 2 * kMaxSlot> scratch_{};
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_VOICE_RECEIVER_H_
