#ifndef DASHVOIP_ENGINE_AUDIO_STREAM_H_
#define DASHVOIP_ENGINE_AUDIO_STREAM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dashvoip/audio/sound_level.h"
#include "dashvoip/codec/coder_maker.h"
#include "dashvoip/engine/audio_payloads.h"
#include "dashvoip/engine/dtmf_order.h"
#include "dashvoip/engine/rtp_stream.h"
#include "dashvoip/engine/session_counters.h"
#include "dashvoip/engine/session_settings.h"
#include "dashvoip/engine/stream_setup.h"
#include "dashvoip/rtp/pacing_statistics.h"
#include "dashvoip/rtp/telephone_event.h"
#include "dashvoip/voice/loss_expectation.h"
#include "dashvoip/voice/noise_sender.h"
#include "dashvoip/voice/recent_loss.h"
#include "dashvoip/voice/tone_digits.h"
#include "dashvoip/voice/voice_codec.h"
#include "dashvoip/voice/voice_receiver.h"

namespace dashvoip {

/**
 * The audio stream of a session, both ways: sound in any codec of the table, keys (RFC 4733) and
 * comfort noise that comes (RFC 3389). Sequence numbers and the timestamps' clock live as long as
 * the session, as the SSRC does.
 */
class AudioStream : public RtpStream {
 public:
  /** @param random outlives the stream; the media thread's after construction. */
  AudioStream(SocketPair sockets, const StreamSetup& setup, RandomSource* random);

  /**
   * Makes the codecs of `settings` that are new; an ordinary thread does so before the media thread
   * is given them. @return false with words in `error`.
   */
  bool Prepare(const AudioStreamSettings& settings, CoderMaker* maker, std::string* error);

  /** @param settings nullptr closes the stream; otherwise they have been prepared. */
  void Configure(const AudioStreamSettings* settings, std::int64_t now) noexcept;
  std::uint32_t ptime_ms() const noexcept { return settings_.ptime_ms; }

  /**
   * Takes the microphone's sound of one slot; when a packet is full it goes out at once.
   * @param pcm `count` samples at the bus's rate; @param heard false when the microphone had
   * nothing.
   * @param deadline when the slot began.
   */
  void Send(const std::int16_t* pcm, std::size_t count, bool heard, std::int64_t deadline) noexcept;
  /** Keys to be sent; what finds the queue full is dropped. */
  void SendDtmf(const DtmfOrder& order) noexcept;
  /** The thread slept through slots: their sound is gone, the timestamps go on. */
  void NoteSkipped(std::uint64_t slots) noexcept;

  /** Fills `out` with what is to be heard in the slot. @return false for silence. */
  bool Render(std::int64_t deadline, std::int16_t* out, std::size_t count) noexcept;

  /** A key of the far end that was let go. */
  struct Key {
    char digit;
    std::uint32_t duration_ms;
  };
  /** @return true once for each of them. */
  bool TakeKey(std::int64_t now, Key* key) noexcept;
  AudioSnapshot Counters() const noexcept;
  /** Absent before anything was received. */
  Optional<VoiceLoss> Loss() const noexcept;

 private:
  void OnPacket(const RtpPacket& packet, std::int64_t arrival_ns) noexcept override;
  bool MeasureVoice(VoipMetrics* out) const noexcept override;
  bool TakeToneDigit(Key* key) noexcept;
  std::uint32_t ClockRateOf(const RtpPacket& packet) const noexcept override;
  void OnFeedback(const RtcpEvents& events, std::int64_t arrival_ns) noexcept override;
  void OnTelephoneEvent(const RtpPacket& packet, std::uint32_t event_rate,
                        std::int64_t arrival_ns) noexcept;
  bool PrepareCodec(AudioCodec id, CoderMaker* maker, std::string* error);
  VoiceCodec& CodecOf(AudioCodec id) noexcept { return *codecs_[static_cast<std::size_t>(id)]; }
  std::int64_t NsOf(std::size_t samples) const noexcept;
  /** Of what is sent, Hz. */
  std::uint32_t clock_rate() const noexcept { return encoding_->info().clock_rate; }
  std::uint32_t TicksOfMs(std::uint32_t ms) const noexcept { return clock_rate() * ms / 1000; }
  double Milliseconds(std::uint32_t samples) const noexcept;
  std::uint64_t Frames(std::uint64_t samples) const noexcept;
  void Encode(VoiceCodec* codec) noexcept;
  void BeginPacket(std::int64_t instant) noexcept;
  void SendPacket(std::int64_t deadline) noexcept;
  void SendSound(std::int64_t deadline) noexcept;
  void SendSoundOrNoise(std::int64_t deadline) noexcept;
  void SendNoise(std::int64_t deadline) noexcept;
  void SendKey(const TelephoneEventSender::Packet& key, std::int64_t deadline) noexcept;
  void SendOut(const RtpHeader& header, std::uint8_t* packet, std::size_t payload,
               std::int64_t deadline) noexcept;

  // As much as fits any link.
  static constexpr std::size_t kMaxPayload = 1400;

  const std::uint32_t bus_rate_hz_;
  // Those that were agreed on so far. Who prepares them adds some; the media thread knows of them
  // by the settings that it gets afterwards.
  std::array<std::unique_ptr<VoiceCodec>, kAudioCodecCount> codecs_;
  const std::uint16_t buffer_cap_ms_;
  VoiceReceiver voice_;
  RecentLoss recent_loss_;
  LossExpectation loss_expectation_;
  TelephoneEventReceiver keys_heard_;
  const std::unique_ptr<ToneDigits> tone_digits_;  // null: keys in the sound are sound
  bool has_events_ = false;  // the far end sends its keys as events: its tones are the same ones
  std::uint32_t heard_key_rate_ = 8000;  // of their clock, Hz
  PacingStatistics pacing_;
  SoundLevel sent_level_;   // of the microphone
  SoundLevel heard_level_;  // of what is played

  AudioStreamSettings settings_;
  AudioPayloads payloads_;          // of settings_
  VoiceCodec* encoding_ = nullptr;  // of codecs_, once configured
  std::uint64_t bad_events_ = 0;    // payloads that are no telephone-event

  // Sending.
  std::uint16_t sequence_;
  std::uint32_t timestamp_;         // of the first sample of the packet being filled
  std::int64_t timestamp_instant_;  // the slot to which it belongs
  bool spurt_begins_ = true;
  TelephoneEventSender keys_;
  NoiseSender noise_;                // in pauses, where it was agreed on
  std::size_t filled_ = 0;           // samples of the bus
  std::vector<std::int16_t> sound_;  // that are to go into the packet
  std::array<std::uint8_t, kRtpHeaderSize + kMaxPayload> packet_;
  std::uint64_t skipped_slots_ = 0;
  std::uint64_t microphone_underruns_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_AUDIO_STREAM_H_
