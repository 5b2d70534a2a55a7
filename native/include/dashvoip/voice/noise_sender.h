#ifndef DASHVOIP_VOICE_NOISE_SENDER_H_
#define DASHVOIP_VOICE_NOISE_SENDER_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/voice/voice_activity.h"

namespace dashvoip {

/**
 * What goes out in pauses of speech in place of sound: now and then how loud the noise is that
 * nobody is to miss (RFC 3389). What is louder than a quiet cabin counts as sound: music on hold
 * and tones are as steady as noise.
 */
class NoiseSender {
 public:
  enum class Action : std::uint8_t {
    kSound,    ///< the packet goes out as it is
    kNoise,    ///< `level()` goes out in its place
    kNothing,  ///< what was sent last goes on
  };

  explicit NoiseSender(std::uint32_t rate_hz) noexcept;

  /** Takes the next part of a packet. */
  void Take(const std::int16_t* samples, std::size_t count) noexcept;
  /** The packet is complete. */
  Action Next() noexcept;
  /** In -dBov, 0..127, against a full-scale square wave. */
  std::uint8_t level() const noexcept { return level_; }
  /** What was sent last is not what is heard any more: another codec, a hold, keys. */
  void Restart() noexcept { pausing_ = false; }
  void Reset() noexcept;

 private:
  const std::uint32_t rate_hz_;
  VoiceActivity activity_;
  double heard_ = 0;       // seconds, until it is known what is noise here
  double since_sent_ = 0;  // seconds of the pause
  double packet_ = 0;      // seconds
  bool spoken_ = false;    // in the packet
  bool pausing_ = false;
  std::uint8_t level_ = 127;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_NOISE_SENDER_H_
