#include "dashvoip/base/byte_order.h"
#include "dashvoip/codec/audio_coder.h"
#include "dashvoip/codec/g711.h"
#include "dashvoip/codec/g722.h"
#include "dashvoip/codec/g726.h"

namespace dashvoip {
namespace {

/** RFC 3551 §4.5.14: a byte a sample. */
class G711Codec : public AudioCoder {
 public:
  G711Codec(AudioCodec id, G711Law law) noexcept : AudioCoder(id), law_(law) {}

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    G711Encode(law_, in, count, out);
    return count;
  }
  std::size_t MaxPayload(std::size_t count) const noexcept override { return count; }
  std::size_t SamplesIn(const std::uint8_t*, std::size_t size) const noexcept override {
    return size;
  }
  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    G711Decode(law_, payload, size, out);
    return true;
  }

 private:
  const G711Law law_;
};

/** RFC 3551 §4.5.2: a byte for two samples, and a clock that is half as fast as the sound. */
class G722Codec : public AudioCoder {
 public:
  G722Codec() noexcept : AudioCoder(AudioCodec::kG722) {}

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    encoder_.Encode(in, count, out);
    return count / 2;
  }
  std::size_t MaxPayload(std::size_t count) const noexcept override { return count / 2; }
  std::size_t SamplesIn(const std::uint8_t*, std::size_t size) const noexcept override {
    return 2 * size;
  }
  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    decoder_.Decode(payload, size, out);
    return true;
  }
  void ResetEncoder() noexcept override { encoder_ = G722Encoder(); }
  void ResetDecoder() noexcept override { decoder_ = G722Decoder(); }

 private:
  G722Encoder encoder_;
  G722Decoder decoder_;
};

/** RFC 3551 §4.5.11: samples as they are, in network order. */
class L16Codec : public AudioCoder {
 public:
  explicit L16Codec(AudioCodec id) noexcept : AudioCoder(id) {}

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    for (std::size_t i = 0; i < count; ++i)
      WriteU16(out + 2 * i, static_cast<std::uint16_t>(in[i]));
    return 2 * count;
  }
  std::size_t MaxPayload(std::size_t count) const noexcept override { return 2 * count; }
  std::size_t SamplesIn(const std::uint8_t*, std::size_t size) const noexcept override {
    return size % 2 == 0 ? size / 2 : 0;
  }
  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    for (std::size_t i = 0; i < size / 2; ++i) {
      out[i] = static_cast<std::int16_t>(ReadU16(payload + 2 * i));
    }
    return true;
  }
};

/** RFC 3551 §4.5.4: eight codewords fill whole bytes. */
class G726Codec : public AudioCoder {
 public:
  G726Codec(AudioCodec id, unsigned bits, G726Packing packing) noexcept
      : AudioCoder(id), packing_(packing), encoder_(bits), decoder_(bits) {}

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    return G726EncodePacked(&encoder_, packing_, in, count, out);
  }
  std::size_t MaxPayload(std::size_t count) const noexcept override {
    return count * encoder_.bits() / 8;
  }
  std::size_t SamplesIn(const std::uint8_t*, std::size_t size) const noexcept override {
    const std::size_t bits = 8 * size;
    return bits % encoder_.bits() == 0 ? bits / encoder_.bits() : 0;
  }
  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    G726DecodePacked(&decoder_, packing_, payload, size, out);
    return true;
  }
  void ResetEncoder() noexcept override { encoder_ = G726(encoder_.bits()); }
  void ResetDecoder() noexcept override { decoder_ = G726(decoder_.bits()); }

 private:
  const G726Packing packing_;
  G726 encoder_;
  G726 decoder_;
};

}  // namespace

std::unique_ptr<AudioCoder> BuiltInCoder(AudioCodec id) {
  switch (id) {
    case AudioCodec::kPcma:
      return std::make_unique<G711Codec>(id, G711Law::kALaw);
    case AudioCodec::kPcmu:
      return std::make_unique<G711Codec>(id, G711Law::kMuLaw);
    case AudioCodec::kG722:
      return std::make_unique<G722Codec>();
    case AudioCodec::kL1616:
    case AudioCodec::kL168:
      return std::make_unique<L16Codec>(id);
    case AudioCodec::kG72640:
      return std::make_unique<G726Codec>(id, 5, G726Packing::kLow);
    case AudioCodec::kG72632:
      return std::make_unique<G726Codec>(id, 4, G726Packing::kLow);
    case AudioCodec::kG72624:
      return std::make_unique<G726Codec>(id, 3, G726Packing::kLow);
    case AudioCodec::kG72616:
      return std::make_unique<G726Codec>(id, 2, G726Packing::kLow);
    case AudioCodec::kAal2G72640:
      return std::make_unique<G726Codec>(id, 5, G726Packing::kHigh);
    case AudioCodec::kAal2G72632:
      return std::make_unique<G726Codec>(id, 4, G726Packing::kHigh);
    case AudioCodec::kAal2G72624:
      return std::make_unique<G726Codec>(id, 3, G726Packing::kHigh);
    case AudioCodec::kAal2G72616:
      return std::make_unique<G726Codec>(id, 2, G726Packing::kHigh);
    case AudioCodec::kOpus:
    case AudioCodec::kGsm:
    case AudioCodec::kSpeex32:
    case AudioCodec::kSpeex16:
    case AudioCodec::kSpeex8:
    case AudioCodec::kAmr:
    case AudioCodec::kAmrOa:
    case AudioCodec::kG723:
    case AudioCodec::kIlbc:
    case AudioCodec::kIlbc20:
    case AudioCodec::kG729:
      break;
  }
  return nullptr;
}

}  // namespace dashvoip
