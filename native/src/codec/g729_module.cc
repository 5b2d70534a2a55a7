extern "C" {
#include <bcg729/decoder.h>
#include <bcg729/encoder.h>
}

#include <memory>

#include "dashvoip/codec/codec_module.h"

namespace dashvoip {
namespace {

constexpr std::size_t kFrame = 80;  // samples
constexpr std::size_t kBytes = 10;
// RFC 3551 §4.5.6: of Annex B, behind the frames of speech if there are any.
constexpr std::size_t kNoiseBytes = 2;

struct CloseEncoder {
  void operator()(bcg729EncoderChannelContextStruct* state) const {
    closeBcg729EncoderChannel(state);
  }
};
struct CloseDecoder {
  void operator()(bcg729DecoderChannelContextStruct* state) const {
    closeBcg729DecoderChannel(state);
  }
};

/**
 * RFC 3551 §4.5.6: Annex A is sent, without pauses; Annex B is understood. As with GSM the library
 * cannot forget without allocating, and what it remembers fades: nothing is reset.
 */
class G729Coder : public AudioCoder {
 public:
  G729Coder()
      : AudioCoder(AudioCodec::kG729),
        encoder_(initBcg729EncoderChannel(0)),
        decoder_(initBcg729DecoderChannel()) {}

  bool ready() const noexcept { return encoder_ != nullptr && decoder_ != nullptr; }

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    std::size_t size = 0;
    for (std::size_t at = 0; at + kFrame <= count; at += kFrame) {
      std::uint8_t length = 0;
      bcg729Encoder(encoder_.get(), in + at, out + size, &length);
      size += length;
    }
    return size;
  }

  std::size_t MaxPayload(std::size_t count) const noexcept override {
    return count / kFrame * kBytes;
  }

  std::size_t SamplesIn(const std::uint8_t* payload, std::size_t size) const noexcept override {
    const std::size_t rest = size % kBytes;
    if (rest != 0 && rest != kNoiseBytes) return 0;
    return (size / kBytes + (EndsInNoise(payload, size) ? 1 : 0)) * kFrame;
  }

  bool EndsInNoise(const std::uint8_t*, std::size_t size) const noexcept override {
    return size % kBytes == kNoiseBytes;
  }

  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    for (; size >= kBytes; payload += kBytes, size -= kBytes, out += kFrame) {
      bcg729Decoder(decoder_.get(), payload, kBytes, 0, 0, 0, out);
    }
    if (size == kNoiseBytes) bcg729Decoder(decoder_.get(), payload, kNoiseBytes, 0, 1, 0, out);
    return true;
  }

  /** Behind noise the library goes on with it. */
  bool Conceal(std::int16_t* out, std::size_t count) noexcept override {
    if (count % kFrame != 0) return false;
    for (std::size_t at = 0; at < count; at += kFrame) {
      bcg729Decoder(decoder_.get(), nullptr, 0, 1, 0, 0, out + at);
    }
    return true;
  }

 private:
  const std::unique_ptr<bcg729EncoderChannelContextStruct, CloseEncoder> encoder_;
  const std::unique_ptr<bcg729DecoderChannelContextStruct, CloseDecoder> decoder_;
};

const char* Version() { return "bcg729"; }

AudioCoder* Create(AudioCodec id, std::uint32_t) {
  if (id != AudioCodec::kG729) return nullptr;
  auto coder = std::make_unique<G729Coder>();
  return coder->ready() ? coder.release() : nullptr;
}

constexpr CodecModule kModule = {CodecModule::kAbi, Version, Create};

}  // namespace
}  // namespace dashvoip

const dashvoip::CodecModule* dashvoip_codec_module() { return &dashvoip::kModule; }
