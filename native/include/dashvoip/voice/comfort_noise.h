#ifndef DASHVOIP_VOICE_COMFORT_NOISE_H_
#define DASHVOIP_VOICE_COMFORT_NOISE_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * Noise at a level that the far end tells (RFC 3389 §3) in place of sound that it does not send.
 * Its colour is that of a quiet room: what the packet says of the spectrum is passed over.
 */
class ComfortNoise {
 public:
  explicit ComfortNoise(std::uint32_t rate_hz) noexcept;

  /** @param level in -dBov, 0..127: root mean square against a full-scale square wave. */
  void SetLevel(std::uint8_t level) noexcept;
  void Generate(std::int16_t* out, std::size_t count) noexcept;

 private:
  const double pole_;
  const double follow_;  // so much of the way to a new level with each sample
  const double rms_;     // of one uniform number of -1..1 behind the pole
  std::uint32_t seed_ = 1;
  double amplitude_ = 0;  // follows wanted_, so that a new level is no click
  double wanted_ = 0;
  double smooth_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_COMFORT_NOISE_H_
