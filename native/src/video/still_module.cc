#include "dashvoip/video/still_module.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "dashvoip/video/annexb.h"
#include "dashvoip/video/parameter_sets.h"

#define DASHVOIP_STILL_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

using dashvoip::NalRole;
using dashvoip::NalUnit;
using dashvoip::PictureCodec;

// Of 1 to 31: no artefact is seen at 4, and a sharper one would be twice as large.
constexpr int kQuantizer = 4;
constexpr int kColours = 256;

struct FreeContext {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FreePacket {
  void operator()(AVPacket* packet) const {
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(57, 12, 100)
    av_packet_unref(packet);
    av_free(packet);
#else
    av_packet_free(&packet);
#endif
  }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
using Context = std::unique_ptr<AVCodecContext, FreeContext>;
using Packet = std::unique_ptr<AVPacket, FreePacket>;
using Frame = std::unique_ptr<AVFrame, FreeFrame>;

// FFmpeg 2.8, that of Buildroot 2016.08, has the caller allocate a packet.
Packet AllocatePacket() {
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(57, 12, 100)
  return Packet(static_cast<AVPacket*>(av_mallocz(sizeof(AVPacket))));
#else
  return Packet(av_packet_alloc());
#endif
}

// A key frame of H.265 has its VPS with it, which would be of no type in H.264.
PictureCodec CodecOf(const std::uint8_t* annexb, std::size_t size) {
  dashvoip::AnnexBReader reader(annexb, size);
  NalUnit nal;
  while (reader.Next(&nal)) {
    if (RoleOf(PictureCodec::kH265, nal) == NalRole::kVps) return PictureCodec::kH265;
  }
  return PictureCodec::kH264;
}

// All that is decoded: parameter sets and slices of a key frame. Null with words for what is
// no such picture, or one that would take more memory than any camera's.
const char* Select(PictureCodec codec, const std::uint8_t* annexb, std::size_t size,
                   std::vector<std::uint8_t>* out) {
  constexpr std::array<std::uint8_t, 4> kStartCode = {{0, 0, 0, 1}};
  bool sps = false;
  bool pps = false;
  bool slice = false;
  dashvoip::AnnexBReader reader(annexb, size);
  NalUnit nal;
  out->reserve(size + kStartCode.size() + AV_INPUT_BUFFER_PADDING_SIZE);
  while (reader.Next(&nal)) {
    const NalRole role = RoleOf(codec, nal);
    if (role == NalRole::kSps) {
      dashvoip::SpsParameters parameters;
      if (!ParseSps(codec, nal, &parameters)) return "its sequence parameter set makes no sense";
      if (parameters.macroblocks > DASHVOIP_STILL_MAX_MACROBLOCKS) return "it is too large";
      sps = true;
    } else if (role == NalRole::kPps) {
      pps = true;
    } else if (role == NalRole::kKeySlice) {
      slice = true;
    } else if (role != NalRole::kVps) {
      continue;
    }
    out->insert(out->end(), kStartCode.begin(), kStartCode.end());
    out->insert(out->end(), nal.data, nal.data + nal.size);
  }
  if (!sps) return "it came without a sequence parameter set";
  if (!pps) return "it came without a picture parameter set";
  return slice ? nullptr : "it is no key frame";
}

Context Open(const AVCodec* codec, void (*set)(AVCodecContext*, const AVFrame*),
             const AVFrame* frame) {
  Context context(codec != nullptr ? avcodec_alloc_context3(codec) : nullptr);
  if (!context) return nullptr;
  context->thread_count = 1;
  set(context.get(), frame);
  if (avcodec_open2(context.get(), codec, nullptr) < 0) return nullptr;
  return context;
}

void SetDecoder(AVCodecContext* context, const AVFrame*) {
  // What is damaged is told; a picture made up around it would look as if the camera saw it.
  context->err_recognition = AV_EF_EXPLODE;
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(58, 0, 100)
  context->max_pixels = DASHVOIP_STILL_MAX_MACROBLOCKS * std::int64_t{kColours};
#endif
}

void SetEncoder(AVCodecContext* context, const AVFrame* frame) {
  context->width = frame->width;
  context->height = frame->height;
  context->pix_fmt = static_cast<AVPixelFormat>(frame->format);
  context->color_range = AVCOL_RANGE_JPEG;
  context->time_base = {1, 1};
  context->flags |= AV_CODEC_FLAG_QSCALE;
  context->global_quality = FF_QP2LAMBDA * kQuantizer;
  // Tables made to measure would take 12 MB for a 1920 x 1080 picture, to save a tenth of its JPEG.
  av_opt_set(context->priv_data, "huffman", "default", 0);
}

// Sends one packet and its end. Before libavcodec 57.37 (FFmpeg 3.1) there is one call for both
// directions.
bool Decode(AVCodecContext* context, AVPacket* packet, AVFrame* frame) {
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(57, 37, 100)
  int complete = 0;
  if (avcodec_decode_video2(context, frame, &complete, packet) < 0) return false;
  if (complete != 0) return true;
  av_packet_unref(packet);
  return avcodec_decode_video2(context, frame, &complete, packet) >= 0 && complete != 0;
#else
  return avcodec_send_packet(context, packet) >= 0 && avcodec_send_packet(context, nullptr) >= 0 &&
         avcodec_receive_frame(context, frame) >= 0;
#endif
}

bool Encode(AVCodecContext* context, const AVFrame* frame, AVPacket* packet) {
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(57, 37, 100)
  int complete = 0;
  return avcodec_encode_video2(context, packet, frame, &complete) >= 0 && complete != 0;
#else
  return avcodec_send_frame(context, frame) >= 0 && avcodec_receive_packet(context, packet) >= 0;
#endif
}

// A JPEG has levels of the full range (JFIF 1.02), cameras mostly those of television (ITU-T H.273
// clause 8.3: luma 16 to 235, chroma 16 to 240 about 128).
std::uint8_t FullRange(int level, int zero, int at_zero, int span) {
  const int stretched = (2 * (level - zero) * 255 + span) / (2 * span) + at_zero;
  return static_cast<std::uint8_t>(std::max(0, std::min(255, stretched)));
}

void Stretch(std::uint8_t* data, int stride, int width, int height, bool chroma) {
  std::array<std::uint8_t, kColours> full;
  for (int level = 0; level < kColours; ++level) {
    full[static_cast<std::size_t>(level)] =
        chroma ? FullRange(level, 128, 128, 224) : FullRange(level, 16, 0, 219);
  }
  for (int y = 0; y < height; ++y, data += stride) {
    for (int x = 0; x < width; ++x) data[x] = full[data[x]];
  }
}

/** A way of sampling that a JPEG has as well. */
struct Sampling {
  AVPixelFormat camera, full_range;
  int shift_x, shift_y;  // of chroma
};
constexpr Sampling kSamplings[] = {
    {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P, 1, 1},
    {AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUVJ422P, 1, 0},
    {AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ444P, 0, 0},
};

// @return false: a JPEG cannot hold this kind of picture.
bool MakeFullRange(AVFrame* frame) {
  for (const Sampling& sampling : kSamplings) {
    if (frame->format == sampling.full_range) return true;
    if (frame->format != sampling.camera) continue;
    frame->format = sampling.full_range;
    if (frame->color_range == AVCOL_RANGE_JPEG) return true;
    frame->color_range = AVCOL_RANGE_JPEG;
    Stretch(frame->data[0], frame->linesize[0], frame->width, frame->height, false);
    const int width = (frame->width + (1 << sampling.shift_x) - 1) >> sampling.shift_x;
    const int height = (frame->height + (1 << sampling.shift_y) - 1) >> sampling.shift_y;
    Stretch(frame->data[1], frame->linesize[1], width, height, true);
    Stretch(frame->data[2], frame->linesize[2], width, height, true);
    return true;
  }
  return false;
}

const char* DecodeKeyFrame(const std::uint8_t* annexb, std::size_t size, AVFrame* frame) {
  std::vector<std::uint8_t> selected;
  const PictureCodec codec = CodecOf(annexb, size);
  const char* const words = Select(codec, annexb, size, &selected);
  if (words != nullptr) return words;
  const bool h265 = codec == PictureCodec::kH265;
  const Context decoder =
      Open(avcodec_find_decoder(h265 ? AV_CODEC_ID_HEVC : AV_CODEC_ID_H264), SetDecoder, nullptr);
  if (!decoder) {
    return h265 ? "libavcodec is built without its hevc decoder"
                : "libavcodec is built without its h264 decoder";
  }
  const Packet packet = AllocatePacket();
  if (!packet || av_new_packet(packet.get(), static_cast<int>(selected.size())) < 0) {
    return "no memory";
  }
  std::memcpy(packet->data, selected.data(), selected.size());
  if (!Decode(decoder.get(), packet.get(), frame)) return "it is damaged";
  if (frame->decode_error_flags != 0) return "it is damaged";
  return nullptr;
}

const char* Make(const std::uint8_t* annexb, std::size_t size, dashvoip_still* out) {
  av_log_set_level(AV_LOG_QUIET);
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(58, 9, 100)
  avcodec_register_all();
#endif
  const Frame frame(av_frame_alloc());
  if (!frame) return "no memory";
  const char* const words = DecodeKeyFrame(annexb, size, frame.get());
  if (words != nullptr) return words;
  // The decoder is gone, so that this copies nothing.
  if (av_frame_make_writable(frame.get()) < 0) return "no memory";
  if (!MakeFullRange(frame.get())) return "a JPEG cannot hold its kind of colours";
  frame->quality = FF_QP2LAMBDA * kQuantizer;
  frame->pts = 0;
  const Context encoder = Open(avcodec_find_encoder(AV_CODEC_ID_MJPEG), SetEncoder, frame.get());
  if (!encoder) return "libavcodec is built without its mjpeg encoder";
  const Packet jpeg = AllocatePacket();
  if (!jpeg || !Encode(encoder.get(), frame.get(), jpeg.get())) return "no JPEG can be made of it";
  out->jpeg = new (std::nothrow) std::uint8_t[static_cast<std::size_t>(jpeg->size)];
  if (out->jpeg == nullptr) return "no memory";
  std::copy(jpeg->data, jpeg->data + jpeg->size, out->jpeg);
  out->size = static_cast<std::uint32_t>(jpeg->size);
  out->width = static_cast<std::uint32_t>(frame->width);
  out->height = static_cast<std::uint32_t>(frame->height);
  return nullptr;
}

}  // namespace

DASHVOIP_STILL_EXPORT int dashvoip_still_abi(void) { return DASHVOIP_STILL_ABI; }

DASHVOIP_STILL_EXPORT int dashvoip_still_make(const uint8_t* annexb, uint32_t size,
                                              dashvoip_still* out,
                                              char why[DASHVOIP_STILL_WHY_BYTES]) {
  *out = dashvoip_still{};
  const char* words = "no memory";
  try {
    words = Make(annexb, size, out);
  } catch (const std::bad_alloc&) {
    // Of our own copy: the words fit.
  }
  if (words == nullptr) return 0;
  std::snprintf(why, DASHVOIP_STILL_WHY_BYTES, "%s", words);
  return -1;
}

DASHVOIP_STILL_EXPORT void dashvoip_still_free(dashvoip_still* still) {
  delete[] still->jpeg;
  *still = dashvoip_still{};
}
