#ifndef DASHVOIP_VOICE_VOICE_RECEIVER_H_
#define DASHVOIP_VOICE_VOICE_RECEIVER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/voice/comfort_noise.h"
#include "dashvoip/voice/jitter_buffer.h"
#include "dashvoip/voice/plc.h"
#include "dashvoip/voice/sender_clock.h"
#include "dashvoip/voice/voice_codec.h"

namespace dashvoip {

/**
 * From RTP to sound: jitter buffer, decoders, packet-loss concealment, comfort noise and the
 * changes of depth, put together. Mono S16 at the rate of the bus comes out, one slot per call.
 */
class VoiceReceiver {
 public:
  /** Longest slot, ms. */
  static constexpr std::size_t kMaxSlotMs = JitterBuffer::kLongestSlotMs;

  /** @param bus_rate_hz a multiple of 8000; @param cap_ms hard cap of the jitter buffer. */
  VoiceReceiver(std::uint32_t bus_rate_hz, std::uint32_t cap_ms);

  /**
   * Sound; the codec may change from packet to packet. @param codec of the same bus, outlives this;
   * @param arrival ns, as JitterBuffer::Put.
   */
  void Put(const RtpPacket& packet, VoiceCodec* codec, std::int64_t arrival) noexcept;
  /** RFC 3389: there is no sound from here on, but noise. @param clock_rate of the packet, Hz. */
  void PutNoise(const RtpPacket& packet, std::uint32_t clock_rate, std::int64_t arrival) noexcept;
  /**
   * RFC 4733: a key has been held for `duration` ticks of `event_rate`, instead of sound; stamped
   * by the clock of the sound.
   */
  void PutEvent(const RtpHeader& header, std::uint32_t duration,
                std::uint32_t event_rate) noexcept {
    const std::uint64_t ticks = std::uint64_t{duration} * clock_.rate() / event_rate;
    buffer_.PutEvent(header.ssrc, header.timestamp, static_cast<std::uint32_t>(ticks));
  }

  /**
   * Always fills `out`. @param now the slot's deadline, ns; @param count samples, 10 ms to
   * kMaxSlotMs, the same each time. @return false when there is nothing to hear (before the first
   * packet, pause, hold).
   */
  bool Render(std::int64_t now, std::int16_t* out, std::size_t count) noexcept;

  /** Forgets the sound in it (hold); counters stay. */
  void Reset() noexcept;

  JitterBufferSnapshot Snapshot() const noexcept { return buffer_.Snapshot(); }
  /** As JitterBuffer's. */
  BurstMetrics::Figures Bursts() const noexcept { return buffer_.Bursts(); }
  std::size_t packet_size() const noexcept { return buffer_.packet_size(); }
  /** Samples of comfort noise that were heard. */
  std::uint64_t noise() const noexcept { return noise_; }
  /** Packets that their codec could not read: what they should have held was concealed. */
  std::uint64_t damaged() const noexcept { return damaged_; }

 private:
  void FollowClock(std::uint32_t clock_rate) noexcept;
  void Decode(EncodedPacket* packet) noexcept;
  void Keep(std::int64_t at, const std::int16_t* sound, std::size_t count) noexcept;
  void Fetch(std::int64_t at, std::int16_t* out, std::size_t count) const noexcept;
  void RenderRun(const JitterBuffer::Run& run, std::int16_t* out) noexcept;
  void RenderNoise(std::int16_t* out, std::size_t count) noexcept;
  void RenderPause(std::int16_t* out, std::size_t count) noexcept;
  void RenderLoss(const JitterBuffer::Run& run, std::int16_t* out) noexcept;
  std::size_t TakePatch(std::int16_t* out, std::size_t wanted) noexcept;
  bool MakePatch(const EncodedPacket* next) noexcept;
  const EncodedPacket* Behind(std::int64_t lost) const noexcept;
  bool TryResize(const JitterBuffer::Slot& slot, std::int16_t* out, std::size_t count) noexcept;

  const std::size_t scale_;  // of the rate: see pitch.h
  JitterBuffer buffer_;
  SenderClock clock_;
  ComfortNoise comfort_noise_;
  bool noisy_ = false;        // noise is what the sender said last
  bool codec_noise_ = false;  // and so by the codec's own ways
  std::uint64_t noise_ = 0;
  PacketLossConcealer concealer_;
  VoiceCodec* decoding_ = nullptr;  // whose memory goes on
  std::uint64_t restarts_ = 0;      // of the sender, up to then
  std::size_t packet_size_ = 0;     // of what it decoded last, samples
  std::uint64_t damaged_ = 0;

  // Decoded sound: a ring of a power of two, by the place on the buffer's timeline. What the buffer
  // hands out again after it was lengthened is still in it.
  std::vector<std::int16_t> decoded_;
  std::vector<std::int16_t> scratch_;

  // What a codec makes up for a loss is as long as a packet; slots may take it in parts.
  std::vector<std::int16_t> patch_;
  std::size_t patch_left_ = 0;  // at its end
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_VOICE_RECEIVER_H_
