#include "dashvoip/codec/audio_coder.h"

#include "dashvoip/codec/g711.h"
#include "dashvoip/codec/g722.h"

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
  void Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    G711Decode(law_, payload, size, out);
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
  void Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    decoder_.Decode(payload, size, out);
  }
  void ResetEncoder() noexcept override { encoder_ = G722Encoder(); }
  void ResetDecoder() noexcept override { decoder_ = G722Decoder(); }

 private:
  G722Encoder encoder_;
  G722Decoder decoder_;
};

}  // namespace

bool AudioCoder::Conceal(std::int16_t*, std::size_t) noexcept { return false; }

std::unique_ptr<AudioCoder> AudioCoder::Create(AudioCodec id) {
  switch (id) {
    case AudioCodec::kPcma:
      return std::make_unique<G711Codec>(id, G711Law::kALaw);
    case AudioCodec::kPcmu:
      return std::make_unique<G711Codec>(id, G711Law::kMuLaw);
    case AudioCodec::kG722:
      return std::make_unique<G722Codec>();
  }
  return nullptr;  // no other value is made
}

}  // namespace dashvoip
