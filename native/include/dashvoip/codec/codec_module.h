/*
 * What the module of a codec exports (dashvoip-opus.so): one table. It makes objects of our own
 * class, so that agent and module have to be of one build, which `abi` tells; the module deletes
 * what it made by its virtual destructor.
 */
#ifndef DASHVOIP_CODEC_CODEC_MODULE_H_
#define DASHVOIP_CODEC_CODEC_MODULE_H_

#include "dashvoip/codec/audio_coder.h"

namespace dashvoip {

struct CodecModule {
  /** Changes with AudioCoder, and with the table of codecs. */
  static constexpr int kAbi = 2000 + static_cast<int>(kAudioCodecCount);

  int abi;
  /** Of the library inside, for people. */
  const char* (*version)();
  /** @return nullptr for a codec of another module, and when the library refuses. */
  AudioCoder* (*create)(AudioCodec id, std::uint32_t bus_rate_hz);
};

}  // namespace dashvoip

/** Never nullptr. */
extern "C" __attribute__((visibility("default"))) const dashvoip::CodecModule*
dashvoip_codec_module();

#endif  // DASHVOIP_CODEC_CODEC_MODULE_H_
