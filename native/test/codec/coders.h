#ifndef DASHVOIP_TEST_CODEC_CODERS_H_
#define DASHVOIP_TEST_CODEC_CODERS_H_

#include <memory>
#include <string>

#include "dashvoip/codec/coder_maker.h"
#include "places.h"

namespace dashvoip {
namespace test {

/** As this build has them, modules included. */
inline CoderMaker& Coders() {
  static CoderMaker maker(DASHVOIP_BUILD_DIR "/lib");
  return maker;
}

/** nullptr for a codec that is not in this build. @param bus_rate_hz 0: the codec's own. */
inline std::unique_ptr<AudioCoder> MakeCoder(AudioCodec id, std::uint32_t bus_rate_hz = 0) {
  if (!Coders().Has(id)) return nullptr;
  const std::uint32_t own = kAudioCodecs[static_cast<std::size_t>(id)].sample_rate;
  std::string error;
  std::unique_ptr<AudioCoder> coder =
      Coders().Make(id, bus_rate_hz != 0 ? bus_rate_hz : own, &error);
  INFO(error);
  REQUIRE((coder != nullptr));
  return coder;
}

/** The shortest packet from 20 ms on, ms. */
inline std::uint32_t PacketMs(const AudioCodecInfo& info) {
  std::uint32_t ms = 20;
  while ((info.lengths & Tens(ms)) == 0) ms += 10;
  return ms;
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_CODEC_CODERS_H_
