#include <speex/speex.h>

#include <algorithm>
#include <memory>

#include "dashvoip/codec/codec_module.h"

namespace dashvoip {
namespace {

// 15 kbit/s in narrowband, 28 in wideband: from here on more is hard to hear.
constexpr int kQuality = 8;
constexpr int kComplexity = 3;
constexpr std::size_t kMostBytes = 512;
// Bits of a frame with its header, by its submode: in narrowband, and of a layer above that
// (The Speex Codec Manual, tables 9.1 and 10.2). 0: there is no such submode.
constexpr std::size_t kNarrowBits[] = {5,  43, 119, 160, 220, 300, 364, 492,
                                       79, 0,  0,   0,   0,   0,   0,   0};
constexpr std::size_t kLayerBits[] = {4, 36, 112, 192, 352, 0, 0, 0};

struct EndEncoder {
  void operator()(void* state) const { speex_encoder_destroy(state); }
};
struct EndDecoder {
  void operator()(void* state) const { speex_decoder_destroy(state); }
};

const SpeexMode* ModeOf(AudioCodec id) {
  switch (id) {
    case AudioCodec::kSpeex8:
      return &speex_nb_mode;
    case AudioCodec::kSpeex16:
      return &speex_wb_mode;
    case AudioCodec::kSpeex32:
      return &speex_uwb_mode;
    default:
      return nullptr;
  }
}

class BitReader {
 public:
  BitReader(const std::uint8_t* bytes, std::size_t size) : bytes_(bytes), left_(size * 8) {}
  std::size_t left() const noexcept { return left_; }
  std::size_t at() const noexcept { return at_; }
  std::size_t Peek(std::size_t from, std::size_t count) const noexcept {
    std::size_t bits = 0;
    for (std::size_t i = at_ + from; i < at_ + from + count; ++i) {
      bits = bits << 1 | (bytes_[i / 8] >> (7 - i % 8) & 1u);
    }
    return bits;
  }
  /** @return false where there are not as many. */
  bool Skip(std::size_t count) noexcept {
    if (count == 0 || count > left_) return false;
    at_ += count;
    left_ -= count;
    return true;
  }

 private:
  const std::uint8_t* bytes_;
  std::size_t left_;
  std::size_t at_ = 0;
};

/** RFC 5574 §3.1: whole frames, then a terminator or less than a header. 0: anything else. */
std::size_t FramesIn(const std::uint8_t* payload, std::size_t size) noexcept {
  constexpr std::size_t kHeader = 5;
  constexpr std::size_t kTerminator = 15;
  BitReader bits(payload, size);
  std::size_t frames = 0;
  while (bits.left() >= kHeader && bits.Peek(1, 4) != kTerminator) {
    const bool layer = bits.Peek(0, 1) == 1;
    if (layer && frames == 0) return 0;
    if (!bits.Skip(layer ? kLayerBits[bits.Peek(1, 3)] : kNarrowBits[bits.Peek(1, 4)])) return 0;
    if (!layer) ++frames;
  }
  return frames;
}

class SpeexCoder : public AudioCoder {
 public:
  SpeexCoder(AudioCodec id, const SpeexMode* mode)
      : AudioCoder(id),
        encoder_(speex_encoder_init(mode)),
        decoder_(speex_decoder_init(mode)),
        frame_(info().sample_rate / 50) {
    speex_bits_init_buffer(&bits_, bytes_, sizeof(bytes_));
    if (!ready()) return;
    Set(SPEEX_SET_QUALITY, kQuality);
    Set(SPEEX_SET_COMPLEXITY, kComplexity);
    int enhanced = 1;
    speex_decoder_ctl(decoder_.get(), SPEEX_SET_ENH, &enhanced);
  }

  bool ready() const noexcept { return encoder_ != nullptr && decoder_ != nullptr; }

  void Configure(const EncoderSettings& settings) noexcept override {
    if (settings.bitrate) Set(SPEEX_SET_BITRATE, static_cast<int>(*settings.bitrate));
  }

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    speex_bits_reset(&bits_);
    for (std::size_t at = 0; at + frame_ <= count; at += frame_) {
      // The library writes into nothing of ours, but takes no const.
      speex_encode_int(encoder_.get(), const_cast<spx_int16_t*>(in + at), &bits_);
    }
    speex_bits_insert_terminator(&bits_);
    return static_cast<std::size_t>(
        speex_bits_write(&bits_, reinterpret_cast<char*>(out), static_cast<int>(kMostBytes)));
  }

  std::size_t MaxPayload(std::size_t) const noexcept override { return kMostBytes; }

  std::size_t SamplesIn(const std::uint8_t* payload, std::size_t size) const noexcept override {
    return FramesIn(payload, size) * frame_;
  }

  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    SpeexBits bits;
    speex_bits_set_bit_buffer(&bits, const_cast<std::uint8_t*>(payload), static_cast<int>(size));
    for (std::size_t left = FramesIn(payload, size); left > 0; --left, out += frame_) {
      if (speex_decode_int(decoder_.get(), &bits, out) != 0) return false;
    }
    return true;
  }

  bool Conceal(std::int16_t* out, std::size_t count) noexcept override {
    if (count % frame_ != 0) return false;
    for (std::size_t at = 0; at < count; at += frame_) {
      speex_decode_int(decoder_.get(), nullptr, out + at);
    }
    return true;
  }

  void ResetEncoder() noexcept override {
    speex_encoder_ctl(encoder_.get(), SPEEX_RESET_STATE, nullptr);
  }
  void ResetDecoder() noexcept override {
    speex_decoder_ctl(decoder_.get(), SPEEX_RESET_STATE, nullptr);
  }

 private:
  void Set(int request, int value) noexcept { speex_encoder_ctl(encoder_.get(), request, &value); }

  const std::unique_ptr<void, EndEncoder> encoder_;
  const std::unique_ptr<void, EndDecoder> decoder_;
  const std::size_t frame_;  // samples
  char bytes_[kMostBytes];
  SpeexBits bits_;
};

const char* Version() {
  const char* version = "";
  speex_lib_ctl(SPEEX_LIB_GET_VERSION_STRING, &version);
  return version;
}

AudioCoder* Create(AudioCodec id, std::uint32_t) {
  const SpeexMode* const mode = ModeOf(id);
  if (mode == nullptr) return nullptr;
  auto coder = std::make_unique<SpeexCoder>(id, mode);
  return coder->ready() ? coder.release() : nullptr;
}

constexpr CodecModule kModule = {CodecModule::kAbi, Version, Create};

}  // namespace
}  // namespace dashvoip

const dashvoip::CodecModule* dashvoip_codec_module() { return &dashvoip::kModule; }
