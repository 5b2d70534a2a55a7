#include <opencore-amrnb/interf_dec.h>
#include <opencore-amrnb/interf_enc.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "dashvoip/codec/codec_module.h"

namespace dashvoip {
namespace {

constexpr std::size_t kFrame = 160;  // samples
// 3GPP TS 26.101: bits of a frame by its type; eight modes of speech and the noise of a pause.
constexpr std::size_t kBits[] = {95, 103, 118, 134, 148, 159, 204, 244, 39};
constexpr unsigned kSpeechModes = 8;
constexpr unsigned kNoise = 8;
constexpr unsigned kNoData = 15;
constexpr unsigned kAnyMode = 15;  // a request that is none
constexpr std::size_t kMostFrame = 32;
constexpr std::size_t kMostFrames = 15;  // 300 ms

std::size_t BitsOf(unsigned type) noexcept { return type < 9 ? kBits[type] : 0; }

class Bits {
 public:
  Bits(const std::uint8_t* bytes, std::size_t size) noexcept : bytes_(bytes), end_(8 * size) {}
  std::size_t left() const noexcept { return end_ - at_; }
  unsigned Take(std::size_t count) noexcept {
    unsigned bits = 0;
    for (; count > 0; --count, ++at_) bits = bits << 1 | (bytes_[at_ / 8] >> (7 - at_ % 8) & 1u);
    return bits;
  }

 private:
  const std::uint8_t* bytes_;
  const std::size_t end_;
  std::size_t at_ = 0;
};

class BitWriter {
 public:
  explicit BitWriter(std::uint8_t* bytes) noexcept : bytes_(bytes) {}
  void Put(unsigned value, std::size_t count) noexcept {
    for (; count > 0; --count, ++at_) {
      if (at_ % 8 == 0) bytes_[at_ / 8] = 0;
      bytes_[at_ / 8] =
          static_cast<std::uint8_t>(bytes_[at_ / 8] | (value >> (count - 1) & 1u) << (7 - at_ % 8));
    }
  }
  void Align() noexcept { at_ = (at_ + 7) / 8 * 8; }
  std::size_t size() const noexcept { return (at_ + 7) / 8; }

 private:
  std::uint8_t* const bytes_;
  std::size_t at_ = 0;
};

/** The heads of a payload, RFC 4867 §4.3 and §4.4. */
struct Contents {
  unsigned request = kAnyMode;
  std::size_t count = 0;  // 0: it is no payload
  struct Entry {
    unsigned type;
    bool good;
  } entries[kMostFrames];
};

struct EndEncoder {
  void operator()(void* state) const { Encoder_Interface_exit(state); }
};
struct EndDecoder {
  void operator()(void* state) const { Decoder_Interface_exit(state); }
};

/**
 * RFC 4867: narrowband, bandwidth-efficient or octet-aligned; no CRC, no interleaving. As with
 * GSM the library cannot forget without allocating, and what it remembers fades: nothing is reset.
 */
class AmrCoder : public AudioCoder {
 public:
  explicit AmrCoder(AudioCodec id)
      : AudioCoder(id),
        aligned_(id == AudioCodec::kAmrOa),
        encoder_(Encoder_Interface_init(0)),
        decoder_(Decoder_Interface_init()) {}

  bool ready() const noexcept { return encoder_ != nullptr && decoder_ != nullptr; }

  void Configure(const EncoderSettings& settings) noexcept override {
    modes_ = settings.modes.Or(0xff);
    requested_ = kSpeechModes - 1;
  }

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    const std::size_t frames = count / kFrame;
    BitWriter bits(out);
    bits.Put(kAnyMode, 4);
    if (aligned_) bits.Align();
    const unsigned mode = Mode();
    for (std::size_t n = 0; n < frames; ++n) {
      bits.Put(n + 1 < frames ? 1 : 0, 1);
      bits.Put(mode << 1 | 1, 5);
      if (aligned_) bits.Align();
    }
    for (std::size_t n = 0; n < frames; ++n) {
      std::uint8_t frame[kMostFrame + 1];
      Encoder_Interface_Encode(encoder_.get(), static_cast<::Mode>(mode), in + n * kFrame, frame,
                               0);
      // Behind the head that files have (RFC 4867 §5.3).
      Bits speech(frame + 1, kMostFrame);
      for (std::size_t left = BitsOf(mode); left > 0; --left) bits.Put(speech.Take(1), 1);
      if (aligned_) bits.Align();
    }
    return bits.size();
  }

  std::size_t MaxPayload(std::size_t count) const noexcept override {
    return 1 + count / kFrame * (1 + kMostFrame);
  }

  std::size_t SamplesIn(const std::uint8_t* payload, std::size_t size) const noexcept override {
    Bits bits(payload, size);
    return Read(&bits).count * kFrame;
  }

  bool EndsInNoise(const std::uint8_t* payload, std::size_t size) const noexcept override {
    Bits bits(payload, size);
    const Contents contents = Read(&bits);
    return contents.count > 0 && contents.entries[contents.count - 1].type == kNoise;
  }

  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    Bits bits(payload, size);
    const Contents contents = Read(&bits);
    // RFC 4867 §4.3.1: the mode that the far end likes to be sent.
    if (contents.request < kSpeechModes) requested_ = contents.request;
    for (std::size_t n = 0; n < contents.count; ++n, out += kFrame) {
      const auto& entry = contents.entries[n];
      const std::size_t length = BitsOf(entry.type);
      std::uint8_t frame[kMostFrame + 1] = {};
      for (std::size_t i = 0; i < length; ++i) {
        frame[1 + i / 8] =
            static_cast<std::uint8_t>(frame[1 + i / 8] | bits.Take(1) << (7 - i % 8));
      }
      if (aligned_) bits.Take((8 - length % 8) % 8);
      frame[0] = Head(entry.good ? entry.type : kNoData);
      Decoder_Interface_Decode(decoder_.get(), frame, out, 0);
    }
    return true;
  }

  bool Conceal(std::int16_t* out, std::size_t count) noexcept override {
    if (count % kFrame != 0) return false;
    for (std::size_t at = 0; at < count; at += kFrame) {
      const std::uint8_t nothing[kMostFrame + 1] = {Head(kNoData)};
      Decoder_Interface_Decode(decoder_.get(), nothing, out + at, 1);
    }
    return true;
  }

 private:
  static std::uint8_t Head(unsigned type) noexcept {
    return static_cast<std::uint8_t>(type << 3 | 4);
  }

  /** The best that was agreed on and is not above what the far end asks for. */
  unsigned Mode() const noexcept {
    for (unsigned mode = requested_ + 1; mode-- > 0;) {
      if ((modes_ >> mode & 1u) != 0) return mode;
    }
    unsigned lowest = 0;
    while (lowest + 1 < kSpeechModes && (modes_ >> lowest & 1u) == 0) ++lowest;
    return lowest;
  }

  /** Leaves `bits` where the speech begins. */
  Contents Read(Bits* bits) const noexcept {
    const std::size_t head = aligned_ ? 8 : 4;
    const std::size_t entry = aligned_ ? 8 : 6;
    Contents contents;
    if (bits->left() < head + entry) return contents;
    contents.request = bits->Take(4);
    if (aligned_) bits->Take(4);
    std::size_t speech = 0;
    for (bool more = true; more;) {
      if (bits->left() < entry || contents.count == kMostFrames) return Contents();
      more = bits->Take(1) != 0;
      const unsigned type = bits->Take(4);
      const bool good = bits->Take(1) != 0;
      if (aligned_) bits->Take(2);
      if (type > 8 && type != kNoData) return Contents();
      contents.entries[contents.count++] = {type, good};
      speech += aligned_ ? (BitsOf(type) + 7) / 8 * 8 : BitsOf(type);
    }
    return bits->left() < speech ? Contents() : contents;
  }

  const bool aligned_;
  const std::unique_ptr<void, EndEncoder> encoder_;
  const std::unique_ptr<void, EndDecoder> decoder_;
  unsigned modes_ = 0xff;
  unsigned requested_ = kSpeechModes - 1;
};

const char* Version() { return "opencore-amr"; }

AudioCoder* Create(AudioCodec id, std::uint32_t) {
  if (id != AudioCodec::kAmr && id != AudioCodec::kAmrOa) return nullptr;
  auto coder = std::make_unique<AmrCoder>(id);
  return coder->ready() ? coder.release() : nullptr;
}

constexpr CodecModule kModule = {CodecModule::kAbi, Version, Create};

}  // namespace
}  // namespace dashvoip

const dashvoip::CodecModule* dashvoip_codec_module() { return &dashvoip::kModule; }
