#ifndef DASHVOIP_AUDIO_CLIP_PORT_H_
#define DASHVOIP_AUDIO_CLIP_PORT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "dashvoip/audio/mixer_port.h"

namespace dashvoip {

/** Sound that is there as a whole, an announcement or a tone: once, or again and again. */
class ClipPort : public MixerPort {
 public:
  /** @param samples mono at the bus rate; not empty. */
  ClipPort(std::vector<std::int16_t> samples, bool repeats)
      : samples_(std::move(samples)), repeats_(repeats) {}

  /** It has been heard to its end. The media thread's, as all but the constructor. */
  bool done() const noexcept { return at_ == samples_.size(); }
  bool speaks() const noexcept override { return !done(); }
  bool Read(std::int64_t, std::int16_t* out, std::size_t count) noexcept override {
    for (std::size_t filled = 0; filled < count;) {
      const std::size_t part = std::min(count - filled, samples_.size() - at_);
      std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(at_), part, out + filled);
      filled += part;
      at_ += part;
      if (!done()) continue;
      if (repeats_) {
        at_ = 0;
      } else {
        std::fill(out + filled, out + count, std::int16_t{0});
        break;
      }
    }
    return true;
  }

 private:
  const std::vector<std::int16_t> samples_;
  const bool repeats_;
  std::size_t at_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_CLIP_PORT_H_
