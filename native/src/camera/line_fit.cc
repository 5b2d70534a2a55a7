#include "dashvoip/camera/line_fit.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {

// Welford's update: times of a long-running clock are large numbers that differ by little.
void LineFit::Add(double x, double y) noexcept {
  ++count_;
  const double n = static_cast<double>(count_);
  const double dx = x - mean_x_;
  const double dy = y - mean_y_;
  mean_x_ += dx / n;
  mean_y_ += dy / n;
  xx_ += dx * (x - mean_x_);
  xy_ += dx * (y - mean_y_);
  yy_ += dy * (y - mean_y_);
}

double LineFit::Slope() const noexcept { return xx_ > 0 ? xy_ / xx_ : 0; }

double LineFit::At(double x) const noexcept { return mean_y_ + Slope() * (x - mean_x_); }

double LineFit::Spread() const noexcept {
  if (count_ < 3) return 0;
  return std::sqrt(std::max(0.0, yy_ - Slope() * xy_) / static_cast<double>(count_ - 2));
}

}  // namespace dashvoip
