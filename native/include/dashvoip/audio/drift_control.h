#ifndef DASHVOIP_AUDIO_DRIFT_CONTROL_H_
#define DASHVOIP_AUDIO_DRIFT_CONTROL_H_

#include <cstdint>

namespace dashvoip {

/**
 * Estimates how far two clocks that nobody synchronises drift apart, from the level of the buffer
 * between them, and tells by how much a resampler must run faster or slower for the level to stay.
 *
 * A controller of second order on the mean level of 2.5 s: crystals that differ by 200 ppm move the
 * buffer by less than 2 ms before they are followed, and the sound is never bent by more than
 * 500 ppm, a hundredth of a semitone. Clocks that are equal leave the sound untouched. What was
 * learned of the clocks outlives pauses.
 */
class DriftControl {
 public:
  static constexpr int kMostPpm = 500;

  /** @param rate_hz of the samples that levels are told in. */
  explicit DriftControl(std::uint32_t rate_hz) noexcept : rate_hz_(rate_hz) {}

  /** Keeps the level at the mean of the 2.5 s that now begin. */
  void Learn() noexcept;
  /** This much was thrown out of the buffer by other hands. */
  void Skipped(double samples) noexcept;
  /**
   * Once per block.
   * @param level samples in the buffer, free of the sawtooth of whole blocks where possible.
   */
  void Update(double level, std::int64_t now_ns) noexcept;

  /** Input that a resampler shall take above its nominal rate, -kMostPpm..kMostPpm. */
  int ppm() const noexcept { return ppm_; }
  /** By how many samples the last mean was above the aim: what may go while nobody speaks. */
  double excess() const noexcept { return excess_; }

 private:
  static constexpr std::int64_t kNever = INT64_MIN;

  void BeginWindow() noexcept;
  void EndWindow(double seconds) noexcept;
  void Steer(double proportional) noexcept;

  const double rate_hz_;
  double aim_ = 0;
  bool learning_ = true;
  double excess_ = 0;
  double drift_ = 0;  // estimate, seconds per second
  int ppm_ = 0;
  // The window of the moment.
  std::int64_t began_ns_ = kNever;
  double sum_ = 0;
  unsigned count_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_DRIFT_CONTROL_H_
