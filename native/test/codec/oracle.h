#ifndef DASHVOIP_TEST_CODEC_ORACLE_H_
#define DASHVOIP_TEST_CODEC_ORACLE_H_

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
}

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

namespace dashvoip {
namespace test {

/** A decoder of libavcodec, for mono at 8 kHz: what others understand of our frames. */
class Oracle {
 public:
  /** @param frame_bytes where the decoder asks for it, else 0. */
  explicit Oracle(AVCodecID id, int frame_bytes = 0)
      : context_(avcodec_alloc_context3(avcodec_find_decoder(id))),
        packet_(av_packet_alloc()),
        frame_(av_frame_alloc()) {
    REQUIRE((context_ && packet_ && frame_));
    context_->sample_rate = 8000;
    context_->block_align = frame_bytes;
    context_->thread_count = 1;
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 24, 100)
    av_channel_layout_default(&context_->ch_layout, 1);
#else
    context_->channels = 1;
#endif
    REQUIRE(avcodec_open2(context_.get(), nullptr, nullptr) == 0);
  }

  /** One frame. */
  std::vector<std::int16_t> Decode(const std::uint8_t* bytes, std::size_t size) {
    REQUIRE(av_new_packet(packet_.get(), static_cast<int>(size)) == 0);
    std::copy(bytes, bytes + size, packet_->data);
    const int sent = avcodec_send_packet(context_.get(), packet_.get());
    av_packet_unref(packet_.get());
    REQUIRE(sent == 0);
    REQUIRE(avcodec_receive_frame(context_.get(), frame_.get()) == 0);
    std::vector<std::int16_t> sound(static_cast<std::size_t>(frame_->nb_samples));
    for (std::size_t n = 0; n < sound.size(); ++n) sound[n] = SampleAt(n);
    return sound;
  }

 private:
  std::int16_t SampleAt(std::size_t n) const {
    const void* const plane = frame_->extended_data[0];
    switch (frame_->format) {
      case AV_SAMPLE_FMT_S16:
      case AV_SAMPLE_FMT_S16P:
        return static_cast<const std::int16_t*>(plane)[n];
      default: {
        REQUIRE((frame_->format == AV_SAMPLE_FMT_FLT || frame_->format == AV_SAMPLE_FMT_FLTP));
        const float sample = 32768 * static_cast<const float*>(plane)[n];
        return static_cast<std::int16_t>(
            std::lrint(std::max(-32768.0F, std::min(32767.0F, sample))));
      }
    }
  }

  struct Free {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  };
  const std::unique_ptr<AVCodecContext, Free> context_;
  const std::unique_ptr<AVPacket, Free> packet_;
  const std::unique_ptr<AVFrame, Free> frame_;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_CODEC_ORACLE_H_
