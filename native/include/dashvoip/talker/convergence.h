#ifndef DASHVOIP_TALKER_CONVERGENCE_H_
#define DASHVOIP_TALKER_CONVERGENCE_H_

#include <cstdint>

namespace dashvoip {

/**
 * Judges how far an echo canceller has come, and says by how much the speaker is to be softer until
 * then. It never says so for long: where the echo is below the noise, or somebody speaks all the
 * time, nothing can be judged.
 */
class Convergence {
 public:
  static constexpr double kDucked = 0.25;  ///< -12 dB

  /** Mean powers of a block of so many seconds: what is played, heard, and left of it. */
  void Take(double played, double heard, double left, double seconds) noexcept;

  bool converged() const noexcept { return converged_; }
  /** What the canceller took out of late, dB, as far as noise lets it be seen. */
  double enhancement_db() const noexcept;
  /** For the speaker. */
  double speaker_gain() const noexcept { return converged_ ? 1 : kDucked; }
  /** Somebody speaks at the far end, or was played a moment ago. */
  bool far_speaks() const noexcept { return far_left_ > 0; }
  /** Mean power heard while the far end is silent: noise, and whoever speaks near. */
  double noise() const noexcept { return noise_; }
  void Reset() noexcept;

 private:
  double far_left_ = 0;   // seconds that the room still answers
  double quiet_for_ = 0;  // seconds without
  double noise_ = 0;      // power heard meanwhile
  double heard_ = 0;      // mean while the far end speaks
  double left_ = 0;
  double spoken_ = 0;    // seconds that the far end spoke
  double good_for_ = 0;  // of them, in a row
  bool converged_ = false;
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_CONVERGENCE_H_
