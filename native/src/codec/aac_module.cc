#include "dashvoip/codec/aac_module.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

#define DASHVOIP_AAC_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

// ISO/IEC 14496-3 table 1.18, samplingFrequencyIndex.
constexpr std::array<std::uint32_t, 13> kRates = {
    {96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}};
constexpr unsigned kObjectTypeAacLc = 2;
constexpr int kConfigBytes = 2;

struct FreeContext {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FreePacket {
  void operator()(AVPacket* packet) const {
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(57, 12, 100)
    av_free(packet);  // holds no data between two calls
#else
    av_packet_free(&packet);
#endif
  }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

// ISO/IEC 14496-3 section 1.6.2.1, AudioSpecificConfig: object type (5 bits), frequency index (4),
// channel configuration (4), then three zero flags of GASpecificConfig.
bool PutAudioSpecificConfig(std::uint32_t rate, std::uint32_t channels, std::uint8_t* out) {
  const auto found = std::find(kRates.begin(), kRates.end(), rate);
  if (found == kRates.end() || channels < 1 || channels > 7) return false;
  const auto index = static_cast<unsigned>(found - kRates.begin());
  const unsigned bits = kObjectTypeAacLc << 11 | index << 7 | channels << 3;
  out[0] = static_cast<std::uint8_t>(bits >> 8);
  out[1] = static_cast<std::uint8_t>(bits & 0xFF);
  return true;
}

std::int16_t FromFloat(float sample) {
  return static_cast<std::int16_t>(
      std::lrintf(std::max(-32768.0F, std::min(32767.0F, sample * 32768.0F))));
}

// The channel count moved in libavutil 57.24; libavcodec 61 has the new form only.
unsigned Channels(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 24, 100)
  return static_cast<unsigned>(frame.ch_layout.nb_channels);
#else
  return static_cast<unsigned>(frame.channels);
#endif
}

// FFmpeg 2.8, that of Buildroot 2016.08, lets the caller allocate a packet; av_new_packet() fills
// it in.
AVPacket* AllocatePacket() {
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(57, 12, 100)
  return static_cast<AVPacket*>(av_mallocz(sizeof(AVPacket)));
#else
  return av_packet_alloc();
#endif
}

// 1: a frame came, 0: not yet, negative: an error of libavutil. Before libavcodec 57.37 (FFmpeg
// 3.1) there is one call for both directions.
int DecodePacket(AVCodecContext* context, AVPacket* packet, AVFrame* frame) {
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(57, 37, 100)
  int complete = 0;
  const int used = avcodec_decode_audio4(context, frame, &complete, packet);
  return used < 0 ? used : complete;
#else
  const int sent = avcodec_send_packet(context, packet);
  if (sent < 0) return sent;
  const int received = avcodec_receive_frame(context, frame);
  if (received == AVERROR(EAGAIN)) return 0;
  return received < 0 ? received : 1;
#endif
}

bool Interleave(const AVFrame& frame, unsigned channels, std::int16_t* out) {
  const auto samples = static_cast<unsigned>(frame.nb_samples);
  for (unsigned c = 0; c < channels; ++c) {
    const void* plane = frame.extended_data[c];
    for (unsigned i = 0; i < samples; ++i) {
      switch (frame.format) {
        case AV_SAMPLE_FMT_FLTP:
          out[i * channels + c] = FromFloat(static_cast<const float*>(plane)[i]);
          break;
        case AV_SAMPLE_FMT_S16P:
          out[i * channels + c] = static_cast<const std::int16_t*>(plane)[i];
          break;
        default:
          return false;
      }
    }
  }
  return true;
}

}  // namespace

struct dashvoip_aac {
  std::unique_ptr<AVCodecContext, FreeContext> context;
  std::unique_ptr<AVPacket, FreePacket> packet;
  std::unique_ptr<AVFrame, FreeFrame> frame;
};

DASHVOIP_AAC_EXPORT int dashvoip_aac_abi(void) { return DASHVOIP_AAC_ABI; }

DASHVOIP_AAC_EXPORT const char* dashvoip_aac_version(void) {
  static const std::array<char, 32> text = [] {
    std::array<char, 32> words{};
    const unsigned version = avcodec_version();
    std::snprintf(words.data(), words.size(), "%u.%u.%u", version >> 16, version >> 8 & 0xFF,
                  version & 0xFF);
    return words;
  }();
  return text.data();
}

DASHVOIP_AAC_EXPORT dashvoip_aac* dashvoip_aac_create(uint32_t sample_rate, uint32_t channels) {
  std::uint8_t config[kConfigBytes];
  if (!PutAudioSpecificConfig(sample_rate, channels, config)) return nullptr;
  av_log_set_level(AV_LOG_QUIET);
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(58, 9, 100)
  avcodec_register_all();
#endif
  const AVCodec* const codec = avcodec_find_decoder(AV_CODEC_ID_AAC);
  if (codec == nullptr) return nullptr;
  std::unique_ptr<dashvoip_aac> decoder(new (std::nothrow) dashvoip_aac);
  if (!decoder) return nullptr;
  decoder->context.reset(avcodec_alloc_context3(codec));
  decoder->packet.reset(AllocatePacket());
  decoder->frame.reset(av_frame_alloc());
  if (!decoder->context || !decoder->packet || !decoder->frame) return nullptr;
  AVCodecContext& context = *decoder->context;
  context.extradata =
      static_cast<std::uint8_t*>(av_mallocz(kConfigBytes + AV_INPUT_BUFFER_PADDING_SIZE));
  if (context.extradata == nullptr) return nullptr;
  std::memcpy(context.extradata, config, kConfigBytes);
  context.extradata_size = kConfigBytes;
  context.thread_count = 1;
  if (avcodec_open2(&context, codec, nullptr) < 0) return nullptr;
  return decoder.release();
}

DASHVOIP_AAC_EXPORT int dashvoip_aac_decode(dashvoip_aac* decoder, const uint8_t* data,
                                            uint32_t size, int16_t* out, uint32_t capacity,
                                            uint32_t* channels) {
  // libavcodec reads past the end of its input: it gets a padded copy.
  AVPacket& packet = *decoder->packet;
  if (av_new_packet(&packet, static_cast<int>(size)) < 0) return AVERROR(ENOMEM);
  std::memcpy(packet.data, data, size);
  const int result = DecodePacket(decoder->context.get(), &packet, decoder->frame.get());
  av_packet_unref(&packet);
  if (result <= 0) return result;
  const AVFrame& frame = *decoder->frame;
  const unsigned count = Channels(frame);
  const auto samples = static_cast<unsigned>(frame.nb_samples);
  const bool fits = count > 0 && count <= DASHVOIP_AAC_MAX_CHANNELS && samples * count <= capacity;
  *channels = count;
  return fits && Interleave(frame, count, out) ? frame.nb_samples : AVERROR_INVALIDDATA;
}

DASHVOIP_AAC_EXPORT void dashvoip_aac_destroy(dashvoip_aac* decoder) {
  const std::unique_ptr<dashvoip_aac> destroyed(decoder);
}
