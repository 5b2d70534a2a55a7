#ifndef DASHVOIP_AUDIO_SLIP_CONTROL_H_
#define DASHVOIP_AUDIO_SLIP_CONTROL_H_

#include <cstdint>

namespace dashvoip {

/**
 * Keeps a buffer between two clocks that nobody synchronises at its aim, by leaving out or doubling
 * one sample per block: at 20 ms blocks up to 0.6 %, far more than crystals differ and too little
 * to hear. Idle while the level stays within the band, so equal clocks leave the sound untouched.
 */
class SlipControl {
 public:
  /** @param band_samples how far the mean level may stray from its aim before correction begins. */
  explicit SlipControl(double band_samples) : band_(band_samples) {}

  /** Keeps the level here from now on. */
  void Aim(double aim_samples) noexcept;
  /** Keeps the level at the mean of the next 64 blocks. */
  void Learn() noexcept;
  /** Raises the aim; while it is still being learned, learning begins again. */
  void Raise(double samples) noexcept;
  double aim() const noexcept { return aim_; }
  /**
   * Once per block.
   * @param level samples in the buffer, free of the sawtooth of whole blocks where possible.
   * @return 1: leave one sample out, -1: double one, 0: leave the block alone.
   */
  int Update(double level) noexcept;

 private:
  const double band_;
  double aim_ = 0;
  double mean_ = 0;
  bool correcting_ = false;
  int to_learn_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_SLIP_CONTROL_H_
