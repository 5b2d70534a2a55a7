#ifndef DASHVOIP_AUDIO_NULL_DEVICE_H_
#define DASHVOIP_AUDIO_NULL_DEVICE_H_

#include <algorithm>

#include "dashvoip/audio/audio_port.h"

namespace dashvoip {

/** A microphone in an empty room. */
class NullSource : public AudioSource {
 public:
  void SetActive(bool) override {}
  bool Pull(std::int16_t* out, std::size_t count) noexcept override {
    std::fill(out, out + count, std::int16_t{0});
    return true;
  }
  DeviceSnapshot Status() const override {
    DeviceSnapshot status;
    status.open = true;
    return status;
  }
};

/** A loudspeaker without a cone. */
class NullSink : public AudioSink {
 public:
  void SetActive(bool) override {}
  void Push(const std::int16_t*, std::size_t) noexcept override {}
  DeviceSnapshot Status() const override {
    DeviceSnapshot status;
    status.open = true;
    return status;
  }
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_NULL_DEVICE_H_
