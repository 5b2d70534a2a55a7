#ifndef DASHVOIP_CODEC_CODER_MAKER_H_
#define DASHVOIP_CODEC_CODER_MAKER_H_

#include <map>
#include <memory>
#include <string>

#include "dashvoip/base/shared_module.h"
#include "dashvoip/codec/codec_module.h"

namespace dashvoip {

/** Makes coders: of codecs that are built in, and of those whose module it loads when asked. */
class CoderMaker {
 public:
  /** @param folder of the modules; empty searches as dlopen does. */
  explicit CoderMaker(std::string folder) : folder_(std::move(folder)) {}

  /** Whether `id` is built in, or its module is there; that is not loaded for the question. */
  bool Has(AudioCodec id) const;
  /** @param error gets words when nullptr is returned. */
  std::unique_ptr<AudioCoder> Make(AudioCodec id, std::uint32_t bus_rate_hz, std::string* error);

 private:
  const CodecModule* Load(const char* file, std::string* error);

  const std::string folder_;
  std::map<std::string, std::unique_ptr<SharedModule>> modules_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_CODER_MAKER_H_
