#ifndef DASHVOIP_AUDIO_DRIFT_CONTROL_H_
#define DASHVOIP_AUDIO_DRIFT_CONTROL_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * Estimates how far two clocks that nobody synchronises drift apart, from the level of the buffer
 * between them, and tells by how much a resampler must run faster or slower for the level to stay.
 *
 * A controller of second order on the mean level of 2.5 s: crystals that differ by 200 ppm move the
 * buffer by less than 4 ms before they are followed, and the sound is never bent by more than
 * 500 ppm, a hundredth of a semitone. Clocks that are equal leave the sound untouched. What was
 * learned of the clocks outlives pauses.
 *
 * A level that rises faster than any crystal can make it tells of a stall. What that leaves behind
 * is taken back where nobody speaks; where it never gets silent, by 100 ppm.
 */
class DriftControl {
 public:
  static constexpr int kMostPpm = 500;

  /** @param rate_hz of the samples that levels are told in. */
  explicit DriftControl(std::uint32_t rate_hz) noexcept : rate_hz_(rate_hz) {}

  /** Keeps the level at the mean of the 2.5 s that now begin. */
  void Learn() noexcept;
  /** Playing stood still for as long as this many samples take: a stall, without guessing. */
  void Stalled(double samples) noexcept { Move(samples); }
  /**
   * Once per block.
   * @param level samples in the buffer, free of the sawtooth of whole blocks where possible.
   */
  void Update(double level, std::int64_t now_ns) noexcept;

  /**
   * Asked of each block that leaves the buffer while another one is there to take its place.
   * @return the block is silent, and more than its like was left by stalls: throw it away.
   */
  bool SkipSilent(const std::int16_t* block, std::size_t count) noexcept;
  /** The same for a part of a block. @return how many samples to throw away, `most` at most. */
  std::size_t TakeSilent(const std::int16_t* block, std::size_t count, std::size_t most) noexcept;
  /**
   * The buffer may stand lower by so many samples: taken back like what a stall left behind.
   * @return false while the level is being learned.
   */
  bool Lower(double samples) noexcept;

  /** Input that a resampler shall take above its nominal rate, -kMostPpm..kMostPpm. */
  int ppm() const noexcept { return ppm_; }

 private:
  static constexpr std::int64_t kNever = INT64_MIN;

  void Move(double samples) noexcept;
  void BeginWindow() noexcept;
  void EndWindow(double seconds) noexcept;
  void FollowStall(double mean) noexcept;
  void Steer(double beyond_drift) noexcept;

  const double rate_hz_;
  bool learning_ = true;
  double base_ = 0;   // level as learned, to which silence brings it back
  double aim_ = 0;    // level that is kept while somebody speaks: base_, and what stalls added
  double mean_ = 0;   // of the last window
  double drift_ = 0;  // estimate, seconds per second
  int ppm_ = 0;
  // The window of the moment.
  std::int64_t began_ns_ = kNever;
  double sum_ = 0;
  unsigned count_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_DRIFT_CONTROL_H_
