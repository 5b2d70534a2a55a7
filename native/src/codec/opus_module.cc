#include <opus.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "dashvoip/codec/codec_module.h"

namespace dashvoip {
namespace {

// What the highest complexity gains is hard to hear, and costs the double.
constexpr int kComplexity = 5;
constexpr opus_int32 kUsualBitrate = 32000;
// A packet that fits any link; what is larger the encoder makes smaller.
constexpr std::size_t kMostBytes = 1275;
// RFC 6716 §2.1.2: the longest packet.
constexpr std::size_t kMostMs = 120;
// What a report says decays over some ten of them: losses come in bursts.
constexpr double kForget = 0.8;
// What rounds to less than one of a hundred is nothing.
constexpr double kLeastLoss = 0.005;
// Told of less than this, the library adds no FEC where the bit rate is not ample for it, and yet
// spends bits; from here on it gives up bandwidth for it.
constexpr double kLeastTold = 0.06;

struct FreeEncoder {
  void operator()(OpusEncoder* encoder) const { opus_encoder_destroy(encoder); }
};
struct FreeDecoder {
  void operator()(OpusDecoder* decoder) const { opus_decoder_destroy(decoder); }
};

int BandwidthOf(std::uint32_t playback_rate) noexcept {
  // RFC 7587 §3.1.1, table 1.
  if (playback_rate <= 8000) return OPUS_BANDWIDTH_NARROWBAND;
  if (playback_rate <= 12000) return OPUS_BANDWIDTH_MEDIUMBAND;
  if (playback_rate <= 16000) return OPUS_BANDWIDTH_WIDEBAND;
  if (playback_rate <= 24000) return OPUS_BANDWIDTH_SUPERWIDEBAND;
  return OPUS_BANDWIDTH_FULLBAND;
}

/** RFC 7587: any rate of the bus is one of Opus' own, so that nothing is resampled. */
class OpusCoder : public AudioCoder {
 public:
  explicit OpusCoder(std::uint32_t rate_hz)
      : AudioCoder(AudioCodec::kOpus, rate_hz),
        encoder_(opus_encoder_create(static_cast<opus_int32>(rate_hz), 1, OPUS_APPLICATION_VOIP,
                                     nullptr)),
        decoder_(opus_decoder_create(static_cast<opus_int32>(rate_hz), 1, nullptr)) {
    if (ready()) Configure(EncoderSettings());
  }

  bool ready() const noexcept { return encoder_ != nullptr && decoder_ != nullptr; }

  void Configure(const EncoderSettings& settings) noexcept override {
    settings_ = settings;
    Set(OPUS_SET_COMPLEXITY(kComplexity));
    Set(OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
    Set(OPUS_SET_BITRATE(static_cast<opus_int32>(settings.bitrate.Or(kUsualBitrate))));
    Set(OPUS_SET_MAX_BANDWIDTH(BandwidthOf(settings.playback_rate.Or(48000))));
    Set(OPUS_SET_VBR(settings.constant_bitrate.Or(false) ? 0 : 1));
    Set(OPUS_SET_INBAND_FEC(settings.forward_error_correction.Or(false) ? 1 : 0));
    Set(OPUS_SET_DTX(settings.discontinuous.Or(false) ? 1 : 0));
    SetLoss();
  }

  void ExpectLoss(double fraction) noexcept override {
    loss_ = std::max(fraction, loss_ * kForget);
    SetLoss();
  }

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    const opus_int32 size = opus_encode(encoder_.get(), in, static_cast<int>(count), out,
                                        static_cast<opus_int32>(MaxPayload(count)));
    // Two bytes at most are a frame of silence, which need not be sent.
    const opus_int32 least = settings_.discontinuous.Or(false) ? 3 : 1;
    return size < least ? 0 : static_cast<std::size_t>(size);
  }

  std::size_t MaxPayload(std::size_t) const noexcept override { return kMostBytes; }

  std::size_t SamplesIn(const std::uint8_t* payload, std::size_t size) const noexcept override {
    if (size == 0) return 0;
    const int samples = opus_packet_get_nb_samples(payload, static_cast<opus_int32>(size),
                                                   static_cast<opus_int32>(sample_rate()));
    return samples < 0 ? 0 : static_cast<std::size_t>(samples);
  }

  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    const std::size_t count = SamplesIn(payload, size);
    return Decoded(payload, size, out, count, 0);
  }

  bool Conceal(std::int16_t* out, std::size_t count) noexcept override {
    return Decoded(nullptr, 0, out, count, 0);
  }

  bool Recover(const std::uint8_t* payload, std::size_t size, std::int16_t* out,
               std::size_t count) noexcept override {
    return Decoded(payload, size, out, count, 1);
  }

  void ResetEncoder() noexcept override { Set(OPUS_RESET_STATE); }
  void ResetDecoder() noexcept override { opus_decoder_ctl(decoder_.get(), OPUS_RESET_STATE); }

 private:
  template <typename... Arguments>
  void Set(Arguments... arguments) noexcept {
    opus_encoder_ctl(encoder_.get(), arguments...);
  }

  void SetLoss() noexcept {
    const double told = loss_ < kLeastLoss ? 0 : std::max(loss_, kLeastTold);
    Set(OPUS_SET_PACKET_LOSS_PERC(static_cast<opus_int32>(std::lround(100 * told))));
  }

  bool Decoded(const std::uint8_t* payload, std::size_t size, std::int16_t* out, std::size_t count,
               int lost_before) noexcept {
    // The library takes no more for a loss than for a packet.
    if (count == 0 || count > kMostMs * sample_rate() / 1000) return false;
    return opus_decode(decoder_.get(), payload, static_cast<opus_int32>(size), out,
                       static_cast<int>(count), lost_before) == static_cast<int>(count);
  }

  const std::unique_ptr<OpusEncoder, FreeEncoder> encoder_;
  const std::unique_ptr<OpusDecoder, FreeDecoder> decoder_;
  EncoderSettings settings_;
  double loss_ = 0;
};

AudioCoder* Create(AudioCodec id, std::uint32_t bus_rate_hz) {
  if (id != AudioCodec::kOpus) return nullptr;
  auto coder = std::make_unique<OpusCoder>(bus_rate_hz);
  return coder->ready() ? coder.release() : nullptr;
}

constexpr CodecModule kModule = {CodecModule::kAbi, opus_get_version_string, Create};

}  // namespace
}  // namespace dashvoip

const dashvoip::CodecModule* dashvoip_codec_module() { return &dashvoip::kModule; }
