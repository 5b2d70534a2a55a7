#ifndef DASHVOIP_CAMERA_LINE_FIT_H_
#define DASHVOIP_CAMERA_LINE_FIT_H_

#include <cstddef>

namespace dashvoip {

/** Straight line of least squares through points as they come; no point is kept. */
class LineFit {
 public:
  void Add(double x, double y) noexcept;
  std::size_t count() const noexcept { return count_; }
  /** y gained per x; 0 until two different x came. */
  double Slope() const noexcept;
  /** y of the line at this x. */
  double At(double x) const noexcept;
  /** Standard deviation of the points from the line, in y. */
  double Spread() const noexcept;

 private:
  std::size_t count_ = 0;
  double mean_x_ = 0;
  double mean_y_ = 0;
  double xx_ = 0;  // sums of squared and mixed deviations from the means
  double xy_ = 0;
  double yy_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_LINE_FIT_H_
