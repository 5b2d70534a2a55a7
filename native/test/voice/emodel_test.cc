#include "dashvoip/voice/emodel.h"

#include <doctest/doctest.h>

namespace dashvoip {
namespace {

TEST_CASE("E-model: values of the Recommendation") {
  // G.107 Annex B: R of 93.2 is a MOS of 4.41, 80 is 4.03 and 50 is 2.58.
  CHECK(EModelRating(0, 0) == doctest::Approx(93.2));
  CHECK(EModelMos(93.2) == doctest::Approx(4.41).epsilon(0.002));
  CHECK(EModelMos(80) == doctest::Approx(4.03).epsilon(0.002));
  CHECK(EModelMos(50) == doctest::Approx(2.58).epsilon(0.002));
}

TEST_CASE("E-model: G.711 with concealment loses about 4 points per percent") {
  CHECK(EModelRating(0.01, 50) == doctest::Approx(93.2 - 95.0 / 26.1));
  CHECK(EModelMos(EModelRating(0.03, 50)) >= 3.9);
  CHECK(EModelRating(1, 0) < 20);
}

TEST_CASE("E-model: delay hurts from 100 ms on") {
  CHECK(EModelRating(0, 100) == doctest::Approx(93.2));
  CHECK(EModelRating(0, 200) == doctest::Approx(93.2 - 3.2).epsilon(0.02));
  CHECK(EModelRating(0, 400) < 70);
}

TEST_CASE("E-model: MOS never leaves 1..4.5") {
  for (double rating = -10; rating <= 110; rating += 0.5) {
    CHECK(EModelMos(rating) >= 1);
    CHECK(EModelMos(rating) <= 4.5);
  }
  CHECK(EModelRating(5, 100000) >= 0);
}

}  // namespace
}  // namespace dashvoip
