#include "dashvoip/camera/frame_continuity.h"

#include <doctest/doctest.h>

namespace dashvoip {
namespace {

constexpr bool kVideo = false;
constexpr bool kAudio = true;

TEST_CASE("frame continuity: video is judged by number, over the wrap of 32 bits") {
  FrameContinuity track(kVideo, 2002);
  CHECK(track.Next(0xFFFFFFFEU, 1000) == 0);
  CHECK(track.Next(0xFFFFFFFFU, 3002) == 0);
  CHECK(track.Next(0, 5004) == 0);
  CHECK(track.Next(3, 11010) == 2);
  CHECK(track.Next(4, 9008) == 0);  // PTS of B pictures goes back
}

TEST_CASE("frame continuity: numbers that stand still or go back are a loss of unknown size") {
  FrameContinuity track(kVideo, 0);
  CHECK(track.Next(7, 0) == 0);
  CHECK(track.Next(7, 10) == FrameContinuity::kUnknown);
  CHECK(track.Next(6, 20) == FrameContinuity::kUnknown);
  CHECK(track.Next(7, 30) == 0);
  CHECK(track.Next(7 + 1000, 40) == FrameContinuity::kUnknown - 1);
}

TEST_CASE("frame continuity: audio with constant numbers is judged by PTS") {
  FrameContinuity track(kAudio, 1280);
  CHECK(track.Next(5, 0) == 0);
  CHECK(track.Next(5, 1280) == 0);
  CHECK(track.Next(5, 2561) == 0);  // rounding of the camera's ticks
  CHECK(track.Next(5, 2560 + 3 * 1280) == 2);
}

TEST_CASE("frame continuity: PTS back at zero is another beginning") {
  FrameContinuity track(kAudio, 1280);
  CHECK(track.Next(1, 128000) == 0);
  CHECK(track.Next(2, 0) == FrameContinuity::kUnknown);
  CHECK(track.Next(3, 1280) == 0);
}

TEST_CASE("frame continuity: audio without a frame duration falls back to numbers") {
  FrameContinuity track(kAudio, 0);
  CHECK(track.Next(1, 0) == 0);
  CHECK(track.Next(3, 1280) == 1);
}

TEST_CASE("frame continuity: the first frame after a restart has no past") {
  FrameContinuity track(kVideo, 2002);
  CHECK(track.Next(1, 0) == 0);
  track.Restart();
  CHECK(track.Next(100, 0) == 0);
}

}  // namespace
}  // namespace dashvoip
