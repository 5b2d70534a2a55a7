#include "dashvoip/camera/rtsp_module.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
}

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <limits>
#include <memory>
#include <new>
#include <string>

#include "dashvoip/base/monotonic.h"
#include "dashvoip/camera/camlink.h"

#define DASHVOIP_RTSP_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

using dashvoip::kNsPerMs;
using dashvoip::MonotonicNs;

constexpr int kTeardownMs = 500;

struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct CloseInput {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};
struct FreeDictionary {
  void operator()(AVDictionary* options) const { av_dict_free(&options); }
};

std::uint32_t CodecOf(AVCodecID id) {
  switch (id) {
    case AV_CODEC_ID_H264:
      return DASHVOIP_RTSP_H264;
    case AV_CODEC_ID_HEVC:
      return DASHVOIP_RTSP_H265;
    case AV_CODEC_ID_AAC:
      return DASHVOIP_RTSP_AAC;
    case AV_CODEC_ID_PCM_S16BE:
      return DASHVOIP_RTSP_L16;
    case AV_CODEC_ID_PCM_ALAW:
      return DASHVOIP_RTSP_PCMA;
    case AV_CODEC_ID_PCM_MULAW:
      return DASHVOIP_RTSP_PCMU;
    default:
      return DASHVOIP_RTSP_OTHER;
  }
}

std::uint32_t KindOf(AVMediaType type) {
  if (type == AVMEDIA_TYPE_VIDEO) return CL_VIDEO;
  return type == AVMEDIA_TYPE_AUDIO ? CL_AUDIO : CL_TEXT;
}

// The channel count moved in libavutil 57.24; libavformat 61 has the new form only.
int Channels(const AVCodecParameters& codec) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 24, 100)
  return codec.ch_layout.nb_channels;
#else
  return codec.channels;
#endif
}

std::uint32_t NotNegative(std::int64_t value) {
  return value > 0 && value <= std::numeric_limits<std::uint32_t>::max()
             ? static_cast<std::uint32_t>(value)
             : 0;
}

// What the server itself says by a status code, as against what happens to the connection.
bool IsAnswer(int error) {
  return error == AVERROR_HTTP_BAD_REQUEST || error == AVERROR_HTTP_UNAUTHORIZED ||
         error == AVERROR_HTTP_FORBIDDEN || error == AVERROR_HTTP_NOT_FOUND ||
         error == AVERROR_HTTP_OTHER_4XX || error == AVERROR_HTTP_SERVER_ERROR;
}

// "tcp://host:port" of "rtsp://host[:port]/path", RFC 2326 3.2.
std::string TcpAddress(const std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  const std::string host = url.substr(begin, url.find('/', begin) - begin);
  return "tcp://" + host + (host.find(':') == std::string::npos ? ":554" : "");
}

}  // namespace

struct dashvoip_rtsp {
  std::string url;
  std::unique_ptr<AVFormatContext, CloseInput> context;
  std::unique_ptr<AVPacket, FreePacket> packet;
  std::atomic<bool> interrupted{false};
  // The calling thread's, which is the one that asks Expired().
  std::int64_t deadline_ns = 0;
  bool ending = false;

  void Limit(int timeout_ms) { deadline_ns = MonotonicNs() + timeout_ms * kNsPerMs; }
  AVIOInterruptCB Callback() { return {&Expired, this}; }
  static int Expired(void* self) {
    const auto& client = *static_cast<const dashvoip_rtsp*>(self);
    const bool ended = !client.ending && client.interrupted.load(std::memory_order_acquire);
    return ended || MonotonicNs() > client.deadline_ns ? 1 : 0;
  }
};

DASHVOIP_RTSP_EXPORT int dashvoip_rtsp_abi(void) { return DASHVOIP_RTSP_ABI; }

DASHVOIP_RTSP_EXPORT const char* dashvoip_rtsp_version(void) {
  static const std::array<char, 32> text = [] {
    std::array<char, 32> words{};
    const unsigned version = avformat_version();
    std::snprintf(words.data(), words.size(), "%u.%u.%u", version >> 16, version >> 8 & 0xFF,
                  version & 0xFF);
    return words;
  }();
  return text.data();
}

DASHVOIP_RTSP_EXPORT dashvoip_rtsp* dashvoip_rtsp_create(const char* url) {
  av_log_set_level(AV_LOG_QUIET);
#if LIBAVFORMAT_VERSION_INT < AV_VERSION_INT(58, 9, 100)
  av_register_all();
  avformat_network_init();
#endif
  if (av_find_input_format("rtsp") == nullptr) return nullptr;
  std::unique_ptr<dashvoip_rtsp> client(new (std::nothrow) dashvoip_rtsp);
  if (!client) return nullptr;
  client->url = url;
  client->packet.reset(av_packet_alloc());
  return client->packet ? client.release() : nullptr;
}

DASHVOIP_RTSP_EXPORT int dashvoip_rtsp_connect(dashvoip_rtsp* client, int timeout_ms) {
  dashvoip_rtsp_disconnect(client);
  AVFormatContext* context = avformat_alloc_context();
  if (context == nullptr) return DASHVOIP_RTSP_NO_SERVER;
  context->interrupt_callback = client->Callback();
  AVDictionary* options = nullptr;
  av_dict_set(&options, "rtsp_transport", "tcp", 0);
  av_dict_set(&options, "initial_pause", "1", 0);
  av_dict_set(&options, "allowed_media_types", "video+audio", 0);
  client->Limit(timeout_ms);
  // Frees the context when it fails.
  const int result = avformat_open_input(&context, client->url.c_str(), nullptr, &options);
  const std::unique_ptr<AVDictionary, FreeDictionary> not_taken(options);
  if (result < 0) return IsAnswer(result) ? DASHVOIP_RTSP_NO_STREAM : DASHVOIP_RTSP_NO_SERVER;
  client->context.reset(context);
  if (context->nb_streams > 0) return DASHVOIP_RTSP_OK;
  dashvoip_rtsp_disconnect(client);
  return DASHVOIP_RTSP_NO_STREAM;
}

DASHVOIP_RTSP_EXPORT uint32_t dashvoip_rtsp_track_count(const dashvoip_rtsp* client) {
  return client->context ? client->context->nb_streams : 0;
}

DASHVOIP_RTSP_EXPORT void dashvoip_rtsp_describe(const dashvoip_rtsp* client, uint32_t track,
                                                 dashvoip_rtsp_track* out) {
  const AVStream& stream = *client->context->streams[track];
  const AVCodecParameters& codec = *stream.codecpar;
  *out = dashvoip_rtsp_track{};
  out->codec = CodecOf(codec.codec_id);
  out->kind = KindOf(codec.codec_type);
  out->payload_type = NotNegative(stream.id);
  out->timescale = NotNegative(stream.time_base.den / std::max(1, stream.time_base.num));
  if (stream.avg_frame_rate.num > 0) {
    const AVRational frame = av_inv_q(stream.avg_frame_rate);
    out->ticks_per_frame = NotNegative(av_rescale_q(1, frame, stream.time_base));
  }
  out->width = NotNegative(codec.width);
  out->height = NotNegative(codec.height);
  out->sample_rate = NotNegative(codec.sample_rate);
  out->channels = NotNegative(Channels(codec));
  out->setup = codec.extradata;
  out->setup_size = NotNegative(codec.extradata_size);
}

DASHVOIP_RTSP_EXPORT int dashvoip_rtsp_play(dashvoip_rtsp* client, int timeout_ms) {
  if (!client->context) return DASHVOIP_RTSP_ENDED;
  client->Limit(timeout_ms);
  return av_read_play(client->context.get()) < 0 ? DASHVOIP_RTSP_ENDED : DASHVOIP_RTSP_OK;
}

DASHVOIP_RTSP_EXPORT int dashvoip_rtsp_read(dashvoip_rtsp* client, int timeout_ms,
                                            dashvoip_rtsp_packet* out) {
  if (!client->context) return DASHVOIP_RTSP_ENDED;
  AVPacket& packet = *client->packet;
  av_packet_unref(&packet);
  client->Limit(timeout_ms);
  if (av_read_frame(client->context.get(), &packet) < 0) return DASHVOIP_RTSP_ENDED;
  const std::int64_t pts = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  out->track = static_cast<std::uint32_t>(packet.stream_index);
  out->has_pts = pts != AV_NOPTS_VALUE ? 1 : 0;
  out->pts = out->has_pts != 0 ? pts : 0;
  out->data = packet.data;
  out->size = NotNegative(packet.size);
  return DASHVOIP_RTSP_OK;
}

DASHVOIP_RTSP_EXPORT void dashvoip_rtsp_disconnect(dashvoip_rtsp* client) {
  if (!client->context) return;
  av_packet_unref(client->packet.get());
  client->ending = true;
  client->Limit(kTeardownMs);
  client->context.reset();
  client->ending = false;
}

DASHVOIP_RTSP_EXPORT int dashvoip_rtsp_listens(dashvoip_rtsp* client, int timeout_ms) {
  client->Limit(timeout_ms);
  const AVIOInterruptCB callback = client->Callback();
  AVIOContext* connection = nullptr;
  const int result = avio_open2(&connection, TcpAddress(client->url).c_str(), AVIO_FLAG_READ_WRITE,
                                &callback, nullptr);
  if (result < 0) return DASHVOIP_RTSP_NO_SERVER;
  avio_closep(&connection);
  return DASHVOIP_RTSP_OK;
}

DASHVOIP_RTSP_EXPORT void dashvoip_rtsp_interrupt(dashvoip_rtsp* client) {
  client->interrupted.store(true, std::memory_order_release);
}

DASHVOIP_RTSP_EXPORT void dashvoip_rtsp_destroy(dashvoip_rtsp* client) {
  const std::unique_ptr<dashvoip_rtsp> destroyed(client);
  dashvoip_rtsp_disconnect(client);
}
