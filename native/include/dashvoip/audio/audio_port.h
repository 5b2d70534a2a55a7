#ifndef DASHVOIP_AUDIO_AUDIO_PORT_H_
#define DASHVOIP_AUDIO_AUDIO_PORT_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/api/snapshots.h"

namespace dashvoip {

/**
 * The near end's voice, mono S16 at the bus rate given at construction. Devices run on threads of
 * their own behind a bounded ring; the media thread only ever copies.
 */
class AudioSource {
 public:
  virtual ~AudioSource() = default;
  /** Non-RT: begins or ends capturing, so that an idle agent costs nothing. */
  virtual void SetActive(bool active) = 0;
  /**
   * RT: fills `out` with `count` samples. @return false when there was not enough sound: `out` is
   * then silence and nothing was consumed.
   */
  virtual bool Pull(std::int16_t* out, std::size_t count) noexcept = 0;
  /** RT: how old the next sample is that `Pull` gives, as far as it is measured, ms. */
  virtual double PullDelayMs() const noexcept { return 0; }
  /** Non-RT: may take a lock. */
  virtual DeviceSnapshot Status() const = 0;
};

/** The far end's voice on its way to a loudspeaker, mono S16 at the bus rate. */
class AudioSink {
 public:
  virtual ~AudioSink() = default;
  virtual void SetActive(bool active) = 0;
  /** RT: takes `count` samples; what does not fit is dropped and counted as an overrun. */
  virtual void Push(const std::int16_t* samples, std::size_t count) noexcept = 0;
  /** RT: until the last sample that was pushed is heard, as far as it is measured, ms. */
  virtual double PushDelayMs() const noexcept { return 0; }
  virtual DeviceSnapshot Status() const = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_AUDIO_PORT_H_
