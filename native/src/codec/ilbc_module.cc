#include <ilbc.h>

#include <algorithm>
#include <memory>

#include "dashvoip/codec/codec_module.h"

namespace dashvoip {
namespace {

/** RFC 3952 §3: samples and bytes of a frame. */
struct Mode {
  std::int16_t ms;
  std::size_t samples;
  std::size_t bytes;
};
constexpr Mode kModes[] = {{30, 240, 50}, {20, 160, 38}};
constexpr std::size_t kMostBytes = 50;

// The library's name for them since its version 3 is another one; its own structs are not.
using EncoderState = iLBC_encinst_t_;
using DecoderState = iLBC_decinst_t_;

struct FreeEncoder {
  void operator()(EncoderState* state) const { WebRtcIlbcfix_EncoderFree(state); }
};
struct FreeDecoder {
  void operator()(DecoderState* state) const { WebRtcIlbcfix_DecoderFree(state); }
};

EncoderState* NewEncoder() {
  EncoderState* state = nullptr;
  return WebRtcIlbcfix_EncoderCreate(&state) == 0 ? state : nullptr;
}
DecoderState* NewDecoder() {
  DecoderState* state = nullptr;
  return WebRtcIlbcfix_DecoderCreate(&state) == 0 ? state : nullptr;
}

// Version 2 takes bytes as words of 16 bits, and lengths in one; these take either. -----------

template <typename Result, typename Length, typename Byte>
bool EncodeWith(Result (*encode)(EncoderState*, const std::int16_t*, Length, Byte*),
                EncoderState* state, const std::int16_t* in, const Mode& mode,
                std::int16_t* bytes) {
  const auto made =
      encode(state, in, static_cast<Length>(mode.samples), reinterpret_cast<Byte*>(bytes));
  return static_cast<long>(made) == static_cast<long>(mode.bytes);
}

template <typename Result, typename Length, typename Byte>
bool DecodeWith(Result (*decode)(DecoderState*, Byte*, Length, std::int16_t*, std::int16_t*),
                DecoderState* state, const std::int16_t* bytes, const Mode& mode,
                std::int16_t* out) {
  std::int16_t kind = 0;
  const auto made =
      decode(state, reinterpret_cast<Byte*>(bytes), static_cast<Length>(mode.bytes), out, &kind);
  return static_cast<long>(made) == static_cast<long>(mode.samples);
}

template <typename Result, typename Count>
void ConcealWith(Result (*conceal)(DecoderState*, std::int16_t*, Count), DecoderState* state,
                 std::int16_t* out) {
  conceal(state, out, 1);
}

/**
 * RFC 3952: sends frames of the mode that was agreed on, and hears either, which their length
 * tells apart.
 */
class IlbcCoder : public AudioCoder {
 public:
  explicit IlbcCoder(AudioCodec id)
      : AudioCoder(id),
        sent_(kModes[id == AudioCodec::kIlbc20 ? 1 : 0]),
        encoder_(NewEncoder()),
        decoder_(NewDecoder()) {
    if (!ready()) return;
    ResetEncoder();
    ResetDecoder();
  }

  bool ready() const noexcept { return encoder_ != nullptr && decoder_ != nullptr; }

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    std::size_t size = 0;
    for (std::size_t at = 0; at + sent_.samples <= count; at += sent_.samples) {
      if (!EncodeWith(WebRtcIlbcfix_Encode, encoder_.get(), in + at, sent_, words_)) return 0;
      const auto* const bytes = reinterpret_cast<const std::uint8_t*>(words_);
      std::copy(bytes, bytes + sent_.bytes, out + size);
      size += sent_.bytes;
    }
    return size;
  }

  std::size_t MaxPayload(std::size_t count) const noexcept override {
    return count / sent_.samples * sent_.bytes;
  }

  std::size_t SamplesIn(const std::uint8_t*, std::size_t size) const noexcept override {
    const Mode* const mode = ModeOf(size);
    return mode == nullptr ? 0 : size / mode->bytes * mode->samples;
  }

  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    const Mode* const mode = ModeOf(size);
    if (mode == nullptr) return false;
    Hear(*mode);
    for (std::size_t at = 0; at < size; at += mode->bytes, out += mode->samples) {
      std::copy(payload + at, payload + at + mode->bytes, reinterpret_cast<std::uint8_t*>(words_));
      if (!DecodeWith(WebRtcIlbcfix_Decode, decoder_.get(), words_, *mode, out)) return false;
    }
    return true;
  }

  bool Conceal(std::int16_t* out, std::size_t count) noexcept override {
    if (count % heard_->samples != 0) return false;
    for (std::size_t at = 0; at < count; at += heard_->samples) {
      ConcealWith(WebRtcIlbcfix_DecodePlc, decoder_.get(), out + at);
    }
    return true;
  }

  void ResetEncoder() noexcept override { WebRtcIlbcfix_EncoderInit(encoder_.get(), sent_.ms); }
  void ResetDecoder() noexcept override {
    heard_ = &sent_;
    WebRtcIlbcfix_DecoderInit(decoder_.get(), heard_->ms);
  }

 private:
  /** The one of `size` bytes; where it may be either, the one that was agreed on. */
  const Mode* ModeOf(std::size_t size) const noexcept {
    if (size % sent_.bytes == 0) return &sent_;
    const Mode& other = kModes[&sent_ == &kModes[0] ? 1 : 0];
    return size % other.bytes == 0 ? &other : nullptr;
  }

  void Hear(const Mode& mode) noexcept {
    if (heard_ == &mode) return;
    heard_ = &mode;
    WebRtcIlbcfix_DecoderInit(decoder_.get(), mode.ms);
  }

  const Mode& sent_;
  const Mode* heard_ = &sent_;
  const std::unique_ptr<EncoderState, FreeEncoder> encoder_;
  const std::unique_ptr<DecoderState, FreeDecoder> decoder_;
  std::int16_t words_[kMostBytes / 2];
};

const char* Version() { return "libilbc"; }

AudioCoder* Create(AudioCodec id, std::uint32_t) {
  if (id != AudioCodec::kIlbc && id != AudioCodec::kIlbc20) return nullptr;
  auto coder = std::make_unique<IlbcCoder>(id);
  return coder->ready() ? coder.release() : nullptr;
}

constexpr CodecModule kModule = {CodecModule::kAbi, Version, Create};

}  // namespace
}  // namespace dashvoip

const dashvoip::CodecModule* dashvoip_codec_module() { return &dashvoip::kModule; }
