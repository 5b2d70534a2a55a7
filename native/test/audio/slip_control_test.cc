#include "dashvoip/audio/slip_control.h"

#include <doctest/doctest.h>

#include <initializer_list>

namespace dashvoip {
namespace {

TEST_CASE("slip control: a level that swings within the band is left alone") {
  SlipControl slip(80);
  slip.Aim(200);
  for (int i = 0; i < 1000; ++i) CHECK(slip.Update(200 + (i % 2 == 0 ? 150 : -150)) == 0);
}

TEST_CASE("slip control: a level out of the band is brought to the aim, not just to its edge") {
  for (const double sign : {1.0, -1.0}) {
    SlipControl slip(80);
    slip.Aim(400);
    double level = 400 + sign * 120;
    for (int i = 0; i < 2000; ++i) level -= slip.Update(level);
    CHECK(level > 400 - 30);
    CHECK(level < 400 + 30);
  }
}

TEST_CASE("slip control: learns its aim, and can raise it") {
  SlipControl slip(80);
  slip.Learn();
  for (int i = 0; i < 64; ++i) CHECK(slip.Update(300 + i % 2) == 0);
  CHECK(slip.aim() > 299);
  CHECK(slip.aim() < 302);
  slip.Raise(32);
  CHECK(slip.aim() > 331);
  slip.Learn();
  slip.Raise(32);  // nothing is known yet that could be raised
  for (int i = 0; i < 64; ++i) slip.Update(100);
  CHECK(slip.aim() == doctest::Approx(100));
}

}  // namespace
}  // namespace dashvoip
