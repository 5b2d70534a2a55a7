#include "dashvoip/engine/audio_stream.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dashvoip/base/monotonic.h"
#include "dashvoip/voice/emodel.h"

namespace dashvoip {

constexpr std::size_t AudioStream::kMaxPayload;

namespace {

// Bits per second of 64 kbit/s (G.711, G.722) in 20 ms packets with IP and UDP headers, for RTCP's
// share of 5 %.
constexpr std::uint32_t kBandwidth = 80000;
// RTCP is in no hurry: a little less than five slots, so that jitter of a wake does not make it
// six.
constexpr std::int64_t kRtcpDrainNs = 90 * kNsPerMs;
// RFC 3611 §4.7.6.
constexpr std::uint8_t kEnhancedConcealment = 3 << 6;
constexpr std::uint8_t kAdaptiveBuffer = 3 << 4;

std::uint8_t Of256(double share) noexcept {
  return static_cast<std::uint8_t>(std::min(255.0, 256 * share));
}

std::uint16_t Whole(double ms) noexcept {
  return static_cast<std::uint16_t>(std::min(65535.0, std::max(0.0, ms)));
}

std::uint8_t Tenths(double mos) noexcept {
  return static_cast<std::uint8_t>(std::lround(10 * mos));
}

}  // namespace

AudioStream::AudioStream(SocketPair sockets, const StreamSetup& setup, RandomSource* random)
    : RtpStream(std::move(sockets), setup, {kAudioCodecs[0].clock_rate, kBandwidth, kRtcpDrainNs},
                random),
      bus_rate_hz_(setup.bus_rate_hz),
      buffer_cap_ms_(static_cast<std::uint16_t>(setup.jitter_buffer_max_ms)),
      voice_(bus_rate_hz_, setup.jitter_buffer_max_ms),
      recent_loss_(bus_rate_hz_),
      tone_digits_(setup.tone_digits ? std::make_unique<ToneDigits>(bus_rate_hz_) : nullptr),
      sequence_(FirstSequenceNumber(random)),
      timestamp_(static_cast<std::uint32_t>(random->Next())),
      timestamp_instant_(0),
      noise_(bus_rate_hz_),
      sound_(bus_rate_hz_ * VoiceCodec::kLongestSentMs / 1000) {}

bool AudioStream::Prepare(const AudioStreamSettings& settings, CoderMaker* maker,
                          std::string* error) {
  if (!PrepareCodec(settings.codec, maker, error)) return false;
  for (const AudioFormat& format : settings.receive) {
    if (!PrepareCodec(format.codec, maker, error)) return false;
  }
  return true;
}

bool AudioStream::PrepareCodec(AudioCodec id, CoderMaker* maker, std::string* error) {
  std::unique_ptr<VoiceCodec>& codec = codecs_[static_cast<std::size_t>(id)];
  if (codec != nullptr) return true;
  std::unique_ptr<AudioCoder> coder = maker->Make(id, bus_rate_hz_, error);
  if (coder == nullptr) return false;
  codec = std::make_unique<VoiceCodec>(std::move(coder), bus_rate_hz_);
  return true;
}

void AudioStream::Configure(const AudioStreamSettings* settings, std::int64_t now) noexcept {
  if (settings == nullptr) {
    Close();
    return;
  }
  const bool sent = sends();
  const bool received = receives();
  if (timestamp_instant_ == 0) timestamp_instant_ = now;
  if (!sent || settings->ptime_ms != settings_.ptime_ms) filled_ = 0;
  settings_ = *settings;
  payloads_ = AudioPayloads(settings_);
  Encode(&CodecOf(settings_.codec));
  encoding_->Configure(settings_.encoder.Or(EncoderSettings()));
  Open(settings_.remote, payloads_.accepted(), settings_.direction, now);
  if (!sent) {
    spurt_begins_ = true;
    sent_level_.Reset();
    noise_.Reset();
  }
  if (!sends() || !settings_.telephone_event) keys_.Clear();
  SetExtendedReports({settings_.voip_metrics.Or(false), settings_.receiver_round_trip.Or(false)});
  if (!received || !receives()) {
    voice_.Reset();
    keys_heard_.Reset();
    if (tone_digits_) tone_digits_->Reset();
    has_events_ = false;
    heard_level_.Reset();
  }
}

/** What is sent from now on; the memory of a codec that was not in use is of other sound. */
void AudioStream::Encode(VoiceCodec* codec) noexcept {
  if (codec == encoding_) return;
  encoding_ = codec;
  encoding_->ResetEncoder();
  noise_.Restart();
  SetClockRate(clock_rate());
}

// Samples are counted by the slots' deadlines, which are exact multiples of a slot apart; so are
// those of a hold, or of slots that were slept through.
void AudioStream::BeginPacket(std::int64_t instant) noexcept {
  const std::int64_t elapsed = instant - timestamp_instant_;
  const std::int64_t rate = clock_rate();
  const std::int64_t rest = (elapsed % kNsPerSecond * rate + kNsPerSecond / 2) / kNsPerSecond;
  timestamp_ += static_cast<std::uint32_t>(elapsed / kNsPerSecond * rate + rest);
  timestamp_instant_ = instant;
}

void AudioStream::Send(const std::int16_t* pcm, std::size_t count, bool heard,
                       std::int64_t deadline) noexcept {
  const std::size_t full = settings_.ptime_ms * bus_rate_hz_ / 1000;
  std::size_t taken = 0;
  while (taken < count) {
    if (filled_ == 0) BeginPacket(deadline + NsOf(taken));
    const std::size_t part = std::min(count - taken, full - filled_);
    std::copy(pcm + taken, pcm + taken + part, &sound_[filled_]);
    if (settings_.comfort_noise) noise_.Take(pcm + taken, part);
    filled_ += part;
    taken += part;
    if (filled_ == full) SendPacket(deadline);
  }
  sent_level_.Add(pcm, count);
  if (!heard) ++microphone_underruns_;
}

/** `filled_` samples are complete; keys go before sound. */
void AudioStream::SendPacket(std::int64_t deadline) noexcept {
  TelephoneEventSender::Packet key;
  switch (keys_.Next(timestamp_, TicksOfMs(settings_.ptime_ms), &key)) {
    case TelephoneEventSender::Action::kEvent:
      SendKey(key, deadline);
      break;
    case TelephoneEventSender::Action::kSilence:
      std::fill_n(sound_.begin(), filled_, std::int16_t{0});
      SendSound(deadline);
      break;
    case TelephoneEventSender::Action::kSound:
      SendSoundOrNoise(deadline);
      break;
  }
  filled_ = 0;
}

void AudioStream::SendSoundOrNoise(std::int64_t deadline) noexcept {
  if (!settings_.comfort_noise) {
    SendSound(deadline);
    return;
  }
  switch (noise_.Next()) {
    case NoiseSender::Action::kSound:
      SendSound(deadline);
      break;
    case NoiseSender::Action::kNoise:
      SendNoise(deadline);
      break;
    case NoiseSender::Action::kNothing:
      spurt_begins_ = true;
      break;
  }
}

/** RFC 3389 section 4: as if it were a codec of its own; of the spectrum nothing is said. */
void AudioStream::SendNoise(std::int64_t deadline) noexcept {
  RtpHeader header;
  header.payload_type = *settings_.comfort_noise;
  header.timestamp = timestamp_;
  packet_[kRtpHeaderSize] = noise_.level();
  spurt_begins_ = true;  // of the sound behind it
  SendOut(header, packet_.data(), 1, deadline);
}

void AudioStream::SendSound(std::int64_t deadline) noexcept {
  const std::size_t payload = encoding_->Encode(sound_.data(), filled_, &packet_[kRtpHeaderSize]);
  if (payload == 0) {
    spurt_begins_ = true;  // behind the pause
    return;
  }
  RtpHeader header;
  header.payload_type = settings_.payload_type;
  header.marker = spurt_begins_;
  header.timestamp = timestamp_;
  spurt_begins_ = false;
  SendOut(header, packet_.data(), payload, deadline);
}

void AudioStream::SendKey(const TelephoneEventSender::Packet& key, std::int64_t deadline) noexcept {
  RtpHeader header;
  header.payload_type = *settings_.telephone_event;
  header.marker = key.marker;
  noise_.Restart();
  header.timestamp = key.timestamp;
  spurt_begins_ = true;  // of the sound behind it
  std::array<std::uint8_t, kRtpHeaderSize + TelephoneEvent::kSize> packet;
  TelephoneEvent event = key.event;
  const std::uint64_t ticks = event.duration;
  event.duration = static_cast<std::uint16_t>(
      ticks * settings_.telephone_event_rate.Or(clock_rate()) / clock_rate());
  event.Write(&packet[kRtpHeaderSize]);
  SendOut(header, packet.data(), TelephoneEvent::kSize, deadline);
}

/** @param packet room for the header in front of `payload` bytes. */
void AudioStream::SendOut(const RtpHeader& header, std::uint8_t* packet, std::size_t payload,
                          std::int64_t deadline) noexcept {
  RtpHeader numbered = header;
  numbered.sequence_number = sequence_++;
  numbered.ssrc = ssrc();
  WriteRtpHeader(numbered, packet);
  const Sampled sampled = {timestamp_, deadline - NsOf(filled_)};
  if (!SendRtp(packet, kRtpHeaderSize + payload, sampled, deadline)) return;
  pacing_.OnSent(deadline, MonotonicNs());
}

void AudioStream::SendDtmf(const DtmfOrder& order) noexcept {
  if (!sends() || !settings_.telephone_event) return;
  for (std::size_t i = 0; i < order.count; ++i) {
    keys_.Push(order.events[i], TicksOfMs(order.tone_ms), TicksOfMs(order.gap_ms));
  }
}

void AudioStream::NoteSkipped(std::uint64_t slots) noexcept {
  skipped_slots_ += slots;
  spurt_begins_ = true;
  filled_ = 0;
}

void AudioStream::OnPacket(const RtpPacket& packet, std::int64_t arrival_ns) noexcept {
  if (!receives()) return;
  const AudioPayload& payload = payloads_[packet.header.payload_type];
  switch (payload.kind) {
    case AudioPayload::Kind::kSound:
      voice_.Put(packet, &CodecOf(payload.codec), arrival_ns);
      break;
    case AudioPayload::Kind::kTelephoneEvent:
      OnTelephoneEvent(packet, payload.clock_rate, arrival_ns);
      break;
    case AudioPayload::Kind::kComfortNoise:
      voice_.PutNoise(packet, payload.clock_rate, arrival_ns);
      break;
    case AudioPayload::Kind::kRefused:
      break;
  }
}

/** That of the sound: keys are stamped in its midst. */
std::uint32_t AudioStream::ClockRateOf(const RtpPacket& packet) const noexcept {
  const AudioPayload& payload = payloads_[packet.header.payload_type];
  return payload.kind == AudioPayload::Kind::kSound ? payload.clock_rate : 0;
}

void AudioStream::OnFeedback(const RtcpEvents& events, std::int64_t) noexcept {
  if (!events.report || encoding_ == nullptr) return;
  const double reported = FarEnd().remote_loss_fraction.Or(0);
  encoding_->ExpectLoss(loss_expectation_.OnReport(reported, recent_loss_.share()));
}

void AudioStream::OnTelephoneEvent(const RtpPacket& packet, std::uint32_t event_rate,
                                   std::int64_t arrival_ns) noexcept {
  TelephoneEvent event;
  if (!TelephoneEvent::Parse(packet.payload, packet.payload_size, &event)) {
    ++bad_events_;
    return;
  }
  has_events_ = true;
  heard_key_rate_ = event_rate;
  keys_heard_.OnPacket(packet.header, event, arrival_ns);
  voice_.PutEvent(packet.header, event.duration, event_rate);
}

bool AudioStream::Render(std::int64_t deadline, std::int16_t* out, std::size_t count) noexcept {
  const bool sounds = voice_.Render(deadline, out, count);
  recent_loss_.OnSlot(voice_.Snapshot());
  const double expected = loss_expectation_.OnSlot(recent_loss_.share());
  if (expected > 0 && encoding_ != nullptr) encoding_->ExpectLoss(expected);
  if (tone_digits_) {
    if (!sounds) std::fill_n(out, count, std::int16_t{0});
    tone_digits_->Take(out, count);
  }
  if (sounds) {
    heard_level_.Add(out, count);
  } else {
    heard_level_.AddSilence();
  }
  return sounds;
}

bool AudioStream::TakeKey(std::int64_t now, Key* key) noexcept {
  if (!open()) return false;
  if (TakeToneDigit(key)) return true;
  TelephoneEventReceiver::Key heard;
  if (!keys_heard_.Take(now, &heard)) return false;
  const std::uint64_t ticks = heard.duration;
  *key = {heard.digit, static_cast<std::uint32_t>(ticks * 1000 / heard_key_rate_)};
  return true;
}

/** A gateway may send a key both ways: its events come first, and are more sure. */
bool AudioStream::TakeToneDigit(Key* key) noexcept {
  ToneDigits::Key heard{};
  while (tone_digits_ && tone_digits_->Next(&heard)) {
    if (has_events_) continue;
    *key = {heard.digit, heard.duration_ms};
    return true;
  }
  return false;
}

std::int64_t AudioStream::NsOf(std::size_t samples) const noexcept {
  return static_cast<std::int64_t>(samples) * kNsPerSecond / bus_rate_hz_;
}

double AudioStream::Milliseconds(std::uint32_t samples) const noexcept {
  return samples * 1000.0 / bus_rate_hz_;
}

/** Whole frames of 20 ms; a part of one counts as one. */
std::uint64_t AudioStream::Frames(std::uint64_t samples) const noexcept {
  const std::uint64_t frame = bus_rate_hz_ / 50;
  return (samples + frame - 1) / frame;
}

AudioSnapshot AudioStream::Counters() const noexcept {
  AudioSnapshot out{};
  const JitterBufferSnapshot buffer = voice_.Snapshot();
  out.codec = settings_.codec;
  out.direction = settings_.direction;
  out.sent = Sent();
  out.source = Source();
  out.srtp = Srtp();
  out.received = Received();
  out.received.late += buffer.late_packets;
  out.received.rejected += bad_events_ + voice_.damaged();
  out.buffer_ms = Milliseconds(buffer.depth);
  out.buffer_target_ms = Milliseconds(buffer.target);
  out.concealed_frames = Frames(buffer.concealed);
  out.comfort_noise_frames = Frames(voice_.noise());
  out.dropped_keys = keys_.dropped() + keys_heard_.dropped();
  out.played_frames = Frames(buffer.played);
  out.discarded_frames = Frames(buffer.discarded + buffer.removed);
  const PacingSnapshot pacing = pacing_.Snapshot();
  out.pacing_mean_us = pacing.mean_us;
  out.pacing_p99_us = pacing.p99_us;
  out.pacing_max_us = pacing.max_us;
  out.skipped_slots = skipped_slots_;
  out.microphone_underruns = microphone_underruns_;
  if (sends()) out.sent_level_dbov = sent_level_.dbov();
  if (receives()) out.heard_level_dbov = heard_level_.dbov();
  static_cast<FarEndSnapshot&>(out) = FarEnd();
  const RtcpSnapshot rtcp = Rtcp();
  if (rtcp.has_remote_metrics && rtcp.remote_metrics.mos_conversational != VoipMetrics::kUnknown) {
    out.remote_mos = rtcp.remote_metrics.mos_conversational / 10.0;
  }
  const double way_ms = out.round_trip_ms ? *out.round_trip_ms / 2 : 0;
  out.delay_ms = static_cast<std::uint32_t>(std::lround(way_ms + out.buffer_ms));
  return out;
}

Optional<VoiceLoss> AudioStream::Loss() const noexcept {
  const JitterBufferSnapshot buffer = voice_.Snapshot();
  const std::uint64_t expected = buffer.played + buffer.concealed;
  if (expected == 0) return {};
  return VoiceLoss{static_cast<double>(buffer.concealed) / static_cast<double>(expected),
                   recent_loss_.share()};
}

/** RFC 3611 §4.7, as far as it is known without the devices. */
bool AudioStream::MeasureVoice(VoipMetrics* out) const noexcept {
  const Optional<VoiceLoss> loss = Loss();
  if (!receives() || !loss) return false;
  const JitterBufferSnapshot buffer = voice_.Snapshot();
  const RtpReceiveSnapshot received = Received();
  const double lost = static_cast<double>(std::max<std::int64_t>(0, received.lost));
  const double expected = lost + static_cast<double>(received.packets);
  out->loss_rate = Of256(lost / expected);
  out->discard_rate = Of256(static_cast<double>(buffer.late_packets) / expected);
  const BurstMetrics::Figures bursts = voice_.Bursts();
  const double packet_ms = voice_.packet_size() * 1000.0 / bus_rate_hz_;
  out->burst_density = Of256(bursts.burst_density);
  out->gap_density = Of256(bursts.gap_density);
  out->burst_ms = Whole(bursts.burst_packets * packet_ms);
  out->gap_ms = Whole(bursts.gap_packets * packet_ms);
  const double round_trip_ms = FarEnd().round_trip_ms.Or(0);
  const double wait_ms = std::max(0, buffer.wait) * 1000.0 / bus_rate_hz_;
  const double end_system_ms = packet_ms + wait_ms + settings_.ptime_ms;
  out->round_trip_ms = Whole(round_trip_ms);
  out->end_system_ms = Whole(end_system_ms);
  // §4.7.4: dBm0, of which 0 dBov are 6.15 (RFC 6464 §3, G.711's clipping level).
  out->signal_dbm0 = static_cast<std::int8_t>(std::lround(heard_level_.dbov() + 6.15));
  const EquipmentImpairment codec =
      ImpairmentOf(kAudioCodecs[static_cast<std::size_t>(settings_.codec)]);
  const VoiceRating rating = RateVoice(codec, loss->call, round_trip_ms / 2 + packet_ms + wait_ms);
  out->r_factor = static_cast<std::uint8_t>(std::lround(rating.r));
  out->mos_conversational = Tenths(rating.mos);
  out->mos_listening = Tenths(RateVoice(codec, loss->call, 0).mos);
  out->receiver_config = kEnhancedConcealment | kAdaptiveBuffer;
  out->buffer_ms = Whole(wait_ms);
  out->buffer_max_ms = Whole(std::max(Milliseconds(buffer.target), wait_ms));
  out->buffer_cap_ms = buffer_cap_ms_;
  return true;
}

}  // namespace dashvoip
