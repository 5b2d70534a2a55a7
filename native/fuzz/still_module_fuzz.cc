#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "dashvoip/video/still_module.h"

// The module, linked in: whatever a camera calls a key frame. What is seen is our side; libavcodec
// is as the system has it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  char why[DASHVOIP_STILL_WHY_BYTES] = "";
  dashvoip_still still = {};
  const int result = dashvoip_still_make(data, static_cast<std::uint32_t>(size), &still, why);
  const bool done = result == 0;
  if (done != (still.jpeg != nullptr) || done == (std::strlen(why) > 0)) std::abort();
  // A JPEG from its first marker to its last.
  if (done && (still.size < 4 || still.jpeg[0] != 0xff || still.jpeg[1] != 0xd8 ||
               still.jpeg[still.size - 2] != 0xff || still.jpeg[still.size - 1] != 0xd9)) {
    std::abort();
  }
  if (done && (still.width == 0 || still.height == 0)) std::abort();
  dashvoip_still_free(&still);
  return 0;
}
