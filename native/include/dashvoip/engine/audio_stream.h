#ifndef DASHVOIP_ENGINE_AUDIO_STREAM_H_
#define DASHVOIP_ENGINE_AUDIO_STREAM_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/engine/engine_settings.h"
#include "dashvoip/engine/rtp_stream.h"
#include "dashvoip/engine/session_counters.h"
#include "dashvoip/engine/stream_setup.h"
#include "dashvoip/rtp/pacing_statistics.h"
#include "dashvoip/rtp/telephone_event.h"
#include "dashvoip/voice/voice_receiver.h"

namespace dashvoip {

/** Rate of the sound between devices and streams, Hz. */
constexpr std::uint32_t kBusRateHz = 8000;
constexpr std::size_t kBusSamplesPerMs = kBusRateHz / 1000;

/**
 * The audio stream of a session, both ways: G.711, keys (RFC 4733) and comfort noise that comes
 * (RFC 3389). Sequence numbers and the timestamps' clock live as long as the session, as the SSRC
 * does.
 */
class AudioStream : public RtpStream {
 public:
  /** @param random outlives the stream; the media thread's after construction. */
  AudioStream(SocketPair sockets, const StreamSetup& setup, RandomSource* random);

  /** @param settings nullptr closes the stream. */
  void Configure(const AudioStreamSettings* settings, std::int64_t now) noexcept;
  std::uint32_t ptime_ms() const noexcept { return settings_.ptime_ms; }

  /**
   * Takes the microphone's sound of one slot; when a packet is full it goes out at once.
   * @param pcm `count` samples at kBusRateHz; @param heard false when the microphone had nothing.
   * @param deadline when the slot began.
   */
  void Send(const std::int16_t* pcm, std::size_t count, bool heard, std::int64_t deadline) noexcept;
  /** Keys to be sent; what finds the queue full is dropped. */
  void SendDtmf(const DtmfOrder& order) noexcept;
  /** The thread slept through slots: their sound is gone, the timestamps go on. */
  void NoteSkipped(std::uint64_t slots) noexcept;

  /** Fills `out` with what is to be heard in the slot. @return false for silence. */
  bool Render(std::int64_t deadline, std::int16_t* out, std::size_t count) noexcept;

  /** @return true once for each key of the far end that was let go. */
  bool TakeKey(std::int64_t now, TelephoneEventReceiver::Key* key) noexcept {
    return open() && keys_heard_.Take(now, key);
  }
  AudioSnapshot Counters() const noexcept;
  /** Of what should have been heard; absent before anything was received. */
  Optional<double> ConcealedPart() const noexcept;

 private:
  static constexpr std::size_t kMaxSamples = 60 * kBusSamplesPerMs;

  void OnPacket(const RtpPacket& packet, std::int64_t arrival_ns) noexcept override;
  void OnTelephoneEvent(const RtpPacket& packet, std::int64_t arrival_ns) noexcept;
  void SendPacket(std::int64_t deadline) noexcept;
  void SendSound(std::int64_t deadline) noexcept;
  void SendKey(const TelephoneEventSender::Packet& key, std::int64_t deadline) noexcept;
  void SendOut(const RtpHeader& header, std::uint8_t* packet, std::size_t payload,
               std::int64_t deadline) noexcept;

  VoiceReceiver voice_;
  TelephoneEventReceiver keys_heard_;
  PacingStatistics pacing_;

  AudioStreamSettings settings_{};
  G711Law law_ = G711Law::kALaw;
  std::uint64_t bad_events_ = 0;  // payloads that are no telephone-event

  // Sending.
  std::uint16_t sequence_;
  std::uint32_t timestamp_;         // of the first sample of the packet being filled
  std::int64_t timestamp_instant_;  // the slot to which it belongs
  bool spurt_begins_ = true;
  TelephoneEventSender keys_;
  std::size_t filled_ = 0;
  std::array<std::uint8_t, kRtpHeaderSize + kMaxSamples> packet_{};
  std::uint64_t skipped_slots_ = 0;
  std::uint64_t microphone_underruns_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_AUDIO_STREAM_H_
