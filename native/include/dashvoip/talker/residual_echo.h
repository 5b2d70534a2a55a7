#ifndef DASHVOIP_TALKER_RESIDUAL_ECHO_H_
#define DASHVOIP_TALKER_RESIDUAL_ECHO_H_

namespace dashvoip {

/**
 * What an echo canceller leaves is made softer while the far end alone speaks. What it leaves is in
 * a steady proportion to what it took out; whatever is well above that is somebody near, who is let
 * through at once. It never goes below the noise, so that the line does not fall dead.
 */
class ResidualEcho {
 public:
  /** Mean powers of a block: what was taken out, and what is left. @return gain for what is left.
   */
  double Take(double taken, double left, double noise, double seconds) noexcept;
  /** Somebody near is heard, alone or beside the echo. */
  bool near_speaks() const noexcept { return near_left_ > 0; }
  void Reset() noexcept { *this = ResidualEcho(); }

 private:
  static constexpr double kStart = 0.5;

  double taken_ = 0;  // of late; the room answers longer than the filter
  double left_ = 0;   // smoothed
  double leak_ = kStart;
  double near_left_ = 0;  // seconds
  double gain_ = 1;
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_RESIDUAL_ECHO_H_
