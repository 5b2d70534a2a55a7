#ifndef DASHVOIP_AUDIO_SOUND_LEVEL_H_
#define DASHVOIP_AUDIO_SOUND_LEVEL_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** How loud sound is, as a meter shows it: the mean power of the last fifth of a second or so. */
class SoundLevel {
 public:
  /** Takes the sound of one slot. */
  void Add(const std::int16_t* samples, std::size_t count) noexcept;
  /** A slot in which there was none. */
  void AddSilence() noexcept { Take(0); }
  void Reset() noexcept { power_ = 0; }

  /** Against a full-scale square wave, RFC 6464 §3: 0 is the loudest, -127 is silence. */
  double dbov() const noexcept;

 private:
  void Take(double power) noexcept;

  double power_ = 0;  // of 1
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_SOUND_LEVEL_H_
