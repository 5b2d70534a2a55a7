#ifndef DASHVOIP_VIDEO_STILL_MAKER_H_
#define DASHVOIP_VIDEO_STILL_MAKER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dashvoip {

/** One picture, for people. */
struct Still {
  std::vector<std::uint8_t> jpeg;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/**
 * Makes a JPEG of a key frame with its parameter sets, in Annex B form. Takes a tenth of a second
 * and some 10 MB for a 1920 x 1080 picture: not for real-time threads nor the event loop. What the
 * work took is back with the system when this returns; the libraries behind the module stay loaded.
 * @param folder where dashvoip-still.so lies; empty searches as dlopen does.
 * @param error gets words when there is none.
 */
bool MakeStill(const std::string& folder, const std::uint8_t* key_frame, std::size_t size,
               Still* out, std::string* error);

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_STILL_MAKER_H_
