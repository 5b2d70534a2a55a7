#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "dashvoip/codec/aac_decoder.h"
#include "dashvoip/codec/aac_module.h"
#include "script.h"

// The module, linked in: access units as a camera gives them, one after the other. What is seen is
// our side; libavcodec is as the system has it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  fuzz::Script script(data, size);
  const std::uint32_t rate = script.Number({48000, 8000, 16000, 44100});
  const std::uint32_t channels = script.Number({1, 2, 6, 7, 8});
  const std::unique_ptr<dashvoip_aac, decltype(&dashvoip_aac_destroy)> decoder(
      dashvoip_aac_create(rate, channels), dashvoip_aac_destroy);
  if (!decoder) return 0;
  // The last sample that fits, and no more: AddressSanitizer sees what is written behind it.
  std::vector<std::int16_t> out(AacDecoder::kMaxSamples);
  while (!script.done()) {
    const std::size_t wanted = script.Byte();
    const std::uint8_t* const unit = script.at();
    const std::size_t length = script.Skip(wanted);
    std::uint32_t decoded = 0;
    const int samples =
        dashvoip_aac_decode(decoder.get(), unit, static_cast<std::uint32_t>(length), out.data(),
                            static_cast<std::uint32_t>(out.size()), &decoded);
    if (samples > 0 && (decoded == 0 || decoded > DASHVOIP_AAC_MAX_CHANNELS)) std::abort();
    if (samples > 0 && static_cast<std::size_t>(samples) * decoded > out.size()) std::abort();
  }
  return 0;
}
