#ifndef DASHVOIP_VOICE_VOICE_RECEIVER_H_
#define DASHVOIP_VOICE_VOICE_RECEIVER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/codec/g711.h"
#include "dashvoip/voice/comfort_noise.h"
#include "dashvoip/voice/jitter_buffer.h"
#include "dashvoip/voice/plc.h"
#include "dashvoip/voice/sender_clock.h"

namespace dashvoip {

/**
 * From RTP to sound: jitter buffer, G.711 decoder of either law, packet-loss concealment, comfort
 * noise and the changes of depth, put together. 8 kHz mono S16 comes out, one slot per call.
 */
class VoiceReceiver {
 public:
  /** Longest slot, samples: 60 ms. */
  static constexpr std::size_t kMaxSlot = 480;

  /** @param cap_ms hard cap of the jitter buffer. */
  explicit VoiceReceiver(std::uint32_t cap_ms);

  /** Sound; the law may change from packet to packet. @param arrival ns, as JitterBuffer::Put. */
  void Put(const RtpPacket& packet, G711Law law, std::int64_t arrival) noexcept;
  /** RFC 3389: there is no sound from here on, but noise. */
  void PutNoise(const RtpPacket& packet, std::int64_t arrival) noexcept;
  /** RFC 4733: a key has been held for `duration` samples, instead of sound. */
  void PutEvent(const RtpHeader& header, std::uint32_t duration) noexcept {
    buffer_.PutEvent(header.ssrc, header.timestamp, duration);
  }

  /**
   * Always fills `out`. @param now the slot's deadline, ns; @param count 80..kMaxSlot, the same
   * each time. @return false when there is nothing to hear (before the first packet, pause, hold).
   */
  bool Render(std::int64_t now, std::int16_t* out, std::size_t count) noexcept;

  /** Forgets the sound in it (hold); counters stay. */
  void Reset() noexcept;

  JitterBufferSnapshot Snapshot() const noexcept { return buffer_.Snapshot(); }
  /** Samples of comfort noise that were heard. */
  std::uint64_t noise() const noexcept { return noise_; }

 private:
  void RenderRun(const JitterBuffer::Run& run, std::int16_t* out) noexcept;
  void RenderNoise(std::int16_t* out, std::size_t count) noexcept;
  void RenderRuns(const JitterBuffer::Slot& slot, std::int16_t* out) noexcept;
  bool TryResize(const JitterBuffer::Slot& slot, std::int16_t* out, std::size_t count) noexcept;

  JitterBuffer buffer_;
  SenderClock clock_;
  ComfortNoise comfort_noise_;
  bool noisy_ = false;  // noise is what the sender said last
  std::uint64_t noise_ = 0;
  PacketLossConcealer concealer_;
  std::array<std::int16_t, 2 * kMaxSlot> scratch_{};
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_VOICE_RECEIVER_H_
