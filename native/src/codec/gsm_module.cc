#include <gsm.h>

#include <algorithm>
#include <memory>
#include <string>

#include "dashvoip/codec/codec_module.h"

namespace dashvoip {
namespace {

constexpr std::size_t kFrame = 160;  // samples
constexpr std::size_t kBytes = 33;
// RFC 3551 §4.5.8.1: the upper half of the first byte.
constexpr unsigned kSignature = 0xd;

struct Destroy {
  void operator()(gsm_state* state) const { gsm_destroy(state); }
};
using State = std::unique_ptr<gsm_state, Destroy>;

/**
 * RFC 3551 §4.5.8: full rate, 13 kbit/s. The library cannot forget without allocating, and what it
 * remembers fades within some frames: nothing is reset.
 */
class GsmCoder : public AudioCoder {
 public:
  GsmCoder() : AudioCoder(AudioCodec::kGsm), encoder_(gsm_create()), decoder_(gsm_create()) {}

  bool ready() const noexcept { return encoder_ && decoder_; }

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    std::size_t size = 0;
    for (std::size_t at = 0; at + kFrame <= count; at += kFrame, size += kBytes) {
      std::copy(in + at, in + at + kFrame, frame_);
      gsm_encode(encoder_.get(), frame_, out + size);
    }
    return size;
  }

  std::size_t MaxPayload(std::size_t count) const noexcept override {
    return count / kFrame * kBytes;
  }

  std::size_t SamplesIn(const std::uint8_t* payload, std::size_t size) const noexcept override {
    if (size % kBytes != 0) return 0;
    for (std::size_t at = 0; at < size; at += kBytes) {
      if (payload[at] >> 4 != kSignature) return 0;
    }
    return size / kBytes * kFrame;
  }

  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    for (std::size_t at = 0; at < size; at += kBytes, out += kFrame) {
      std::copy(payload + at, payload + at + kBytes, bytes_);
      if (gsm_decode(decoder_.get(), bytes_, frame_) != 0) return false;
      std::copy(frame_, frame_ + kFrame, out);
    }
    return true;
  }

 private:
  const State encoder_;
  const State decoder_;
  gsm_signal frame_[kFrame];
  gsm_byte bytes_[kBytes];
};

const char* Version() {
  static const std::string version = "libgsm " + std::to_string(GSM_MAJOR) + "." +
                                     std::to_string(GSM_MINOR) + "." +
                                     std::to_string(GSM_PATCHLEVEL);
  return version.c_str();
}

AudioCoder* Create(AudioCodec id, std::uint32_t) {
  if (id != AudioCodec::kGsm) return nullptr;
  auto coder = std::make_unique<GsmCoder>();
  return coder->ready() ? coder.release() : nullptr;
}

constexpr CodecModule kModule = {CodecModule::kAbi, Version, Create};

}  // namespace
}  // namespace dashvoip

const dashvoip::CodecModule* dashvoip_codec_module() { return &dashvoip::kModule; }
