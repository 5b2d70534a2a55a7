#ifndef DASHVOIP_VOICE_VOICE_ACTIVITY_H_
#define DASHVOIP_VOICE_VOICE_ACTIVITY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/audio/biquad.h"

namespace dashvoip {

/**
 * Whether somebody speaks: what stands out of the noise that is always there, above the rumble of a
 * car, and a moment longer, so that no word loses its end. The noise is the least that was heard
 * within some seconds, which the pauses between words show while somebody speaks.
 */
class VoiceActivity {
 public:
  explicit VoiceActivity(std::uint32_t rate_hz) noexcept;

  /** Takes the next 5 to 20 ms of sound. @return whether somebody speaks. */
  bool Take(const std::int16_t* samples, std::size_t count) noexcept;
  bool speaks() const noexcept { return speaks_; }
  /** This very frame stands out, without the moment longer. */
  bool loud() const noexcept { return loud_; }
  /**
   * Mean power of the noise, of all frequencies, against a full-scale square wave as in RFC 3389
   * section 3; -127 before any was heard.
   */
  double noise_dbov() const noexcept;
  void Reset() noexcept;

 private:
  static constexpr std::size_t kWindows = 12;

  void FollowFloor(double power, double seconds) noexcept;
  void Judge(double power, double seconds) noexcept;

  const std::uint32_t rate_hz_;
  Biquad rumble_;
  std::array<double, kWindows> least_;  // of each fifth of a second; the first is the present one
  double smooth_ = 0;                   // power above the rumble
  double floor_ = 0;                    // of `smooth_`, the least
  double window_left_ = 0;              // seconds
  double loud_for_ = 0;                 // seconds
  double hang_left_ = 0;                // seconds
  double noise_ = 0;                    // mean power where nobody speaks
  bool begun_ = false;
  bool loud_ = false;
  bool speaks_ = false;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_VOICE_ACTIVITY_H_
