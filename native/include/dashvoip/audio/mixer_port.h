#ifndef DASHVOIP_AUDIO_MIXER_PORT_H_
#define DASHVOIP_AUDIO_MIXER_PORT_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * One place of a Mixer: what speaks (an injector, as the microphone, an announcement, a tone), what
 * hears (a tap, as the speaker, a recorder, a level meter, the reference of an echo canceller), or
 * both (a call). Mono S16 at the bus rate; all of it is the media thread's.
 */
class MixerPort {
 public:
  virtual ~MixerPort() = default;

  /** Whether it speaks now: what does not is not asked for sound. */
  virtual bool speaks() const noexcept { return false; }
  /** Whether it hears now: what does not is told nothing. */
  virtual bool hears() const noexcept { return false; }

  /**
   * @param slot when the present slot began, CLOCK_MONOTONIC in ns.
   * @param out room for `count` samples, all of which are filled unless it is silent.
   * @return false for silence.
   */
  virtual bool Read(std::int64_t slot, std::int16_t* out, std::size_t count) noexcept {
    static_cast<void>(slot);
    static_cast<void>(out);
    static_cast<void>(count);
    return false;
  }
  /** @param heard false when nobody had anything to say: `samples` are silence. */
  virtual void Write(std::int64_t slot, const std::int16_t* samples, std::size_t count,
                     bool heard) noexcept {
    static_cast<void>(slot);
    static_cast<void>(samples);
    static_cast<void>(count);
    static_cast<void>(heard);
  }
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_MIXER_PORT_H_
