#ifndef DASHVOIP_AUDIO_BIQUAD_H_
#define DASHVOIP_AUDIO_BIQUAD_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** A filter of second order. */
class Biquad {
 public:
  /** Butterworth: half of the power at the corner, 12 dB less for each octave below it. */
  static Biquad HighPass(std::uint32_t rate_hz, double corner_hz) noexcept;

  double Next(double sample) noexcept {
    const double out = b0_ * sample + z1_;
    z1_ = b1_ * sample - a1_ * out + z2_;
    z2_ = b2_ * sample - a2_ * out;
    return out;
  }
  /** In place, rounded and saturated. */
  void Process(std::int16_t* samples, std::size_t count) noexcept;
  void Reset() noexcept { z1_ = z2_ = 0; }
  /** What fades away for ever is silence at last: numbers too small to matter are slow to reckon.
   */
  void Settle() noexcept;

 private:
  double b0_ = 1, b1_ = 0, b2_ = 0, a1_ = 0, a2_ = 0;
  double z1_ = 0, z2_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_BIQUAD_H_
