#include "dashvoip/camera/line_fit.h"

#include <doctest/doctest.h>

#include <cmath>

namespace dashvoip {
namespace {

TEST_CASE("line fit: too few points give no line") {
  LineFit fit;
  CHECK(fit.Slope() == 0);
  CHECK(fit.Spread() == 0);
  fit.Add(5, 7);
  fit.Add(5, 9);
  CHECK(fit.Slope() == 0);
  CHECK(fit.At(100) == doctest::Approx(8));
}

TEST_CASE(
    "line fit: a drift of 30 ppm in late and jittery readings of a clock long since started") {
  LineFit fit;
  const double origin = 3e6;  // a month in seconds
  for (int i = 0; i < 400; ++i) {
    const double jitter = 0.001 * std::fabs(std::sin(i * 2.3));
    fit.Add(origin + i * 0.02, 77 + i * 0.02 * (1 + 30e-6) + jitter);
  }
  CHECK((fit.Slope() - 1) * 1e6 == doctest::Approx(30).epsilon(0.4));
  CHECK(fit.Spread() > 0.0001);
  CHECK(fit.Spread() < 0.001);
  CHECK(fit.At(origin + 4) == doctest::Approx(81).epsilon(0.0001));
}

}  // namespace
}  // namespace dashvoip
