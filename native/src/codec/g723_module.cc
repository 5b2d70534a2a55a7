extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
}

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "dashvoip/codec/codec_module.h"

namespace dashvoip {
namespace {

constexpr std::size_t kFrame = 240;  // samples
// RFC 3551 §4.5.3, table 2: bytes of a frame by the two lower bits of its first byte. The last is
// none that is sent.
constexpr std::size_t kBytes[] = {24, 20, 4, 0};
constexpr unsigned kNoise = 2;
constexpr std::size_t kMostBytes = 24;
constexpr int kBitrate = 6300;  // the one that libavcodec encodes

std::size_t BytesOf(std::uint8_t first) noexcept { return kBytes[first & 3u]; }

// A frame of 6.3 kbit/s whose first pitch lag is none that there is: libavcodec finds it damaged,
// and makes one up of what it knows; behind noise it goes on with that.
constexpr std::uint8_t kDamaged[kMostBytes] = {0xfc, 0xff, 0xff, 0xff, 0xff, 0xff};

struct FreeContext {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

/** The channel count moved in libavutil 57.24; libavcodec 61 has the new form only. */
template <typename Sound>
void MakeMono(Sound* sound) noexcept {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 24, 100)
  av_channel_layout_default(&sound->ch_layout, 1);
#else
  sound->channels = 1;
  sound->channel_layout = AV_CH_LAYOUT_MONO;
#endif
}

/** A frame in, a frame out, of one direction. */
struct Libavcodec {
  explicit Libavcodec(const AVCodec* codec)
      : context(codec == nullptr ? nullptr : avcodec_alloc_context3(codec)),
        packet(av_packet_alloc()),
        frame(av_frame_alloc()) {
    if (!context || !packet || !frame) return;
    context->sample_rate = 8000;
    context->sample_fmt = AV_SAMPLE_FMT_S16;
    context->bit_rate = kBitrate;
    context->thread_count = 1;
    MakeMono(context.get());
    ready = avcodec_open2(context.get(), codec, nullptr) >= 0;
  }

  const std::unique_ptr<AVCodecContext, FreeContext> context;
  const std::unique_ptr<AVPacket, FreePacket> packet;
  const std::unique_ptr<AVFrame, FreeFrame> frame;
  bool ready = false;
};

/**
 * RFC 3551 §4.5.3: 6.3 kbit/s are sent, without pauses; 5.3 and the noise of Annex A are understood
 * as well. Nothing is reset, as libavcodec has no way to; what it remembers fades.
 */
class G723Coder : public AudioCoder {
 public:
  G723Coder()
      : AudioCoder(AudioCodec::kG723),
        encoder_(avcodec_find_encoder(AV_CODEC_ID_G723_1)),
        decoder_(avcodec_find_decoder(AV_CODEC_ID_G723_1)) {
    if (!encoder_.ready) return;
    AVFrame& frame = *encoder_.frame;
    frame.format = AV_SAMPLE_FMT_S16;
    frame.sample_rate = 8000;
    frame.nb_samples = static_cast<int>(kFrame);
    frame.pts = 0;
    MakeMono(&frame);
    room_ = av_frame_get_buffer(&frame, 0) >= 0;
  }

  bool ready() const noexcept { return encoder_.ready && decoder_.ready && room_; }

  bool TakesMemory() const noexcept override { return true; }

  std::size_t Encode(const std::int16_t* in, std::size_t count,
                     std::uint8_t* out) noexcept override {
    std::size_t size = 0;
    for (std::size_t at = 0; at + kFrame <= count; at += kFrame) {
      size += EncodeFrame(in + at, out + size);
    }
    return size;
  }

  std::size_t MaxPayload(std::size_t count) const noexcept override {
    return count / kFrame * kMostBytes;
  }

  std::size_t SamplesIn(const std::uint8_t* payload, std::size_t size) const noexcept override {
    std::size_t samples = 0;
    for (std::size_t at = 0; at < size; samples += kFrame) {
      const std::size_t length = BytesOf(payload[at]);
      if (length == 0 || length > size - at) return 0;
      at += length;
    }
    return samples;
  }

  bool EndsInNoise(const std::uint8_t* payload, std::size_t size) const noexcept override {
    std::size_t last = 0;
    for (std::size_t at = 0; at < size && BytesOf(payload[at]) != 0;) {
      last = at;
      at += BytesOf(payload[at]);
    }
    return size > 0 && (payload[last] & 3u) == kNoise;
  }

  bool Decode(const std::uint8_t* payload, std::size_t size, std::int16_t* out) noexcept override {
    for (const std::uint8_t* const end = payload + size; payload < end; out += kFrame) {
      if (!DecodeFrame(payload, out)) return false;
      payload += BytesOf(*payload);
    }
    return true;
  }

  bool Conceal(std::int16_t* out, std::size_t count) noexcept override {
    if (count % kFrame != 0) return false;
    for (std::size_t at = 0; at < count; at += kFrame) {
      if (!DecodeFrame(kDamaged, out + at)) return false;
    }
    return true;
  }

 private:
  /** @param out room for kMostBytes. @return bytes; 0 when the library refuses. */
  std::size_t EncodeFrame(const std::int16_t* in, std::uint8_t* out) noexcept {
    AVFrame& frame = *encoder_.frame;
    if (av_frame_make_writable(&frame) < 0) return 0;
    std::memcpy(frame.data[0], in, kFrame * sizeof(*in));
    frame.pts += frame.nb_samples;
    if (avcodec_send_frame(encoder_.context.get(), &frame) < 0) return 0;
    AVPacket& packet = *encoder_.packet;
    if (avcodec_receive_packet(encoder_.context.get(), &packet) < 0) return 0;
    const auto size = static_cast<std::size_t>(packet.size);
    const bool fits = size <= kMostBytes;
    if (fits) std::copy(packet.data, packet.data + size, out);
    av_packet_unref(&packet);
    return fits ? size : 0;
  }

  /** @param frame as long as its first byte says; @param out room for kFrame samples. */
  bool DecodeFrame(const std::uint8_t* bytes, std::int16_t* out) noexcept {
    const std::size_t size = BytesOf(*bytes);
    // libavcodec reads past the end of its input: what lies there is ours, and zero.
    std::copy(bytes, bytes + size, padded_);
    AVPacket& packet = *decoder_.packet;
    packet.data = padded_;
    packet.size = static_cast<int>(size);
    if (avcodec_send_packet(decoder_.context.get(), &packet) < 0) return false;
    AVFrame& frame = *decoder_.frame;
    if (avcodec_receive_frame(decoder_.context.get(), &frame) < 0) return false;
    const bool whole = static_cast<std::size_t>(frame.nb_samples) == kFrame;
    if (whole) std::memcpy(out, frame.extended_data[0], kFrame * sizeof(*out));
    av_frame_unref(&frame);
    return whole;
  }

  Libavcodec encoder_;
  Libavcodec decoder_;
  bool room_ = false;
  std::uint8_t padded_[kMostBytes + AV_INPUT_BUFFER_PADDING_SIZE] = {};
};

const char* Version() {
  static const std::string version = [] {
    const unsigned number = avcodec_version();
    return "libavcodec " + std::to_string(number >> 16) + "." + std::to_string(number >> 8 & 0xff) +
           "." + std::to_string(number & 0xff);
  }();
  return version.c_str();
}

AudioCoder* Create(AudioCodec id, std::uint32_t) {
  if (id != AudioCodec::kG723) return nullptr;
  av_log_set_level(AV_LOG_QUIET);
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(58, 9, 100)
  avcodec_register_all();
#endif
  auto coder = std::make_unique<G723Coder>();
  return coder->ready() ? coder.release() : nullptr;
}

constexpr CodecModule kModule = {CodecModule::kAbi, Version, Create};

}  // namespace
}  // namespace dashvoip

const dashvoip::CodecModule* dashvoip_codec_module() { return &dashvoip::kModule; }
