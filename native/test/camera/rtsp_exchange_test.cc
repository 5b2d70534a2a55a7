#include "dashvoip/camera/rtsp_exchange.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "dashvoip/camera/frame_continuity.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kVideo = 0, kAudio = 1;

std::vector<cl_track> Table(std::uint32_t width = 640) {
  std::vector<cl_track> table(2);
  table[kVideo].kind = CL_VIDEO;
  table[kVideo].width = width;
  table[kAudio].kind = CL_AUDIO;
  return table;
}

RtspFrame FrameOf(cl_ftype type, std::size_t size = 10, std::uint32_t missing = 0) {
  RtspFrame frame;
  frame.type = type;
  frame.data.assign(size, 7);
  frame.missing = missing;
  return frame;
}

/** An exchange whose stream the owner was told of. */
struct Rig {
  Rig() {
    exchange.Publish(Table());
    REQUIRE(Event() == CL_EV_UP);
  }
  int Event() {
    wake = cl_wake{};
    CHECK(exchange.Wait(0, &wake) == CL_OK);
    return wake.ev;
  }
  int Read(std::uint32_t track, std::uint32_t capacity = 1U << 20) {
    buffer.resize(capacity);
    return exchange.Read(track, buffer.data(), capacity, &frame);
  }

  RtspExchange exchange;
  cl_wake wake{};
  cl_frame frame{};
  std::vector<std::uint8_t> buffer;
};

TEST_CASE("rtsp exchange: the same tracks are the same stream, other ones a new generation") {
  Rig rig;
  REQUIRE(rig.exchange.Start(kVideo, false) == CL_OK);
  rig.exchange.Publish(Table());
  CHECK(rig.Event() == CL_EV_NONE);
  CHECK(rig.exchange.Wished());
  rig.exchange.Publish(Table(1280));
  CHECK_FALSE(rig.exchange.Wished());
  CHECK(rig.Read(kVideo) == CL_STALE);
  CHECK(rig.Event() == CL_EV_DOWN);
  CHECK(rig.Event() == CL_EV_UP);
  cl_track tracks[CL_MAX_TRACKS];
  REQUIRE(rig.exchange.Tracks(tracks, CL_MAX_TRACKS) == 2);
  CHECK(tracks[kVideo].gen == 2);
  CHECK(tracks[kVideo].width == 1280);
  CHECK(tracks[kAudio].id == kAudio);
}

TEST_CASE("rtsp exchange: a stream that came and went between two looks is never told") {
  RtspExchange exchange;
  cl_wake wake{};
  exchange.Publish(Table());
  exchange.Withdraw();
  CHECK(exchange.Wait(0, &wake) == CL_OK);
  CHECK(wake.ev == CL_EV_NONE);
  exchange.Lose();
  CHECK(exchange.Wait(-1, &wake) == CL_OK);
  CHECK(wake.ev == CL_EV_LINK);
  CHECK(exchange.Tracks(nullptr, 0) == CL_LINK);
}

TEST_CASE("rtsp exchange: data is told once, for what is started") {
  Rig rig;
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_IDR));
  CHECK(rig.Event() == CL_EV_NONE);
  REQUIRE(rig.exchange.Start(kVideo, false) == CL_OK);
  CHECK(rig.exchange.Start(kVideo, false) == CL_BADARG);
  CHECK(rig.Read(kVideo) == CL_AGAIN);
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_P));
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_P));
  rig.exchange.Deliver(9, FrameOf(CL_F_P));
  CHECK(rig.Event() == CL_EV_DATA);
  CHECK(rig.wake.arg == kVideo);
  CHECK(rig.Event() == CL_EV_NONE);
  CHECK(rig.Read(kVideo) == CL_OK);
  CHECK(rig.Read(kVideo) == CL_OK);
  CHECK(rig.frame.seq == 2);
  CHECK(rig.Read(kVideo) == CL_AGAIN);
  CHECK(rig.Read(kAudio) == CL_BADARG);
}

TEST_CASE("rtsp exchange: from a key frame on, and nothing counts as lost before it") {
  Rig rig;
  REQUIRE(rig.exchange.Start(kVideo, true) == CL_OK);
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_P, 10, 3));
  CHECK(rig.Read(kVideo) == CL_AGAIN);
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_IDR));
  CHECK(rig.Read(kVideo) == CL_OK);
  CHECK(rig.frame.type == CL_F_IDR);
  CHECK(rig.frame.lost == 0);
  CHECK(rig.exchange.Stats().dropped == 0);
}

TEST_CASE("rtsp exchange: what is missing is added up and numbered") {
  Rig rig;
  REQUIRE(rig.exchange.Start(kAudio, false) == CL_OK);
  rig.exchange.Deliver(kAudio, FrameOf(CL_F_AUDIO, 10));
  rig.exchange.Deliver(kAudio, FrameOf(CL_F_AUDIO, 200, 2));
  rig.exchange.Deliver(kAudio, FrameOf(CL_F_AUDIO, 10));
  rig.exchange.Deliver(kAudio, FrameOf(CL_F_AUDIO, 10, FrameContinuity::kUnknown));
  CHECK(rig.Read(kAudio, 100) == CL_OK);
  CHECK(rig.frame.seq == 1);
  CHECK(rig.Read(kAudio, 100) == CL_TOOSMALL);
  CHECK(rig.Read(kAudio, 100) == CL_OK);
  CHECK(rig.frame.seq == 5);
  CHECK(rig.frame.lost == 3);
  CHECK(rig.Read(kAudio, 100) == CL_OK);
  CHECK(rig.frame.lost == FrameContinuity::kUnknown);
  CHECK(rig.exchange.Stats().oversize == 1);
  CHECK(rig.exchange.Stats().seq_gaps == 2);
  CHECK(rig.exchange.Stats().frames == 3);
  CHECK(rig.exchange.Stats().bytes == 30);
}

TEST_CASE("rtsp exchange: a full queue drops what comes, pictures until the next key frame") {
  Rig rig;
  REQUIRE(rig.exchange.Start(kVideo, false) == CL_OK);
  REQUIRE(rig.exchange.Start(kAudio, false) == CL_OK);
  for (std::size_t i = 0; i < RtspExchange::kMaxFrames + 5; ++i) {
    rig.exchange.Deliver(kVideo, FrameOf(CL_F_P));
    rig.exchange.Deliver(kAudio, FrameOf(CL_F_AUDIO));
  }
  CHECK(rig.exchange.Stats().dropped == 10);
  for (std::size_t i = 0; i < RtspExchange::kMaxFrames; ++i) {
    CHECK(rig.Read(kVideo) == CL_OK);
    CHECK(rig.Read(kAudio) == CL_OK);
  }
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_P));
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_IDR));
  rig.exchange.Deliver(kAudio, FrameOf(CL_F_AUDIO));
  CHECK(rig.exchange.Stats().dropped == 11);
  CHECK(rig.Read(kVideo) == CL_OK);
  CHECK(rig.frame.type == CL_F_IDR);
  CHECK(rig.frame.lost == 6);
  CHECK(rig.Read(kAudio) == CL_OK);
  CHECK(rig.frame.lost == 5);
}

TEST_CASE("rtsp exchange: the queue is bounded in bytes, too") {
  Rig rig;
  REQUIRE(rig.exchange.Start(kVideo, false) == CL_OK);
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_IDR, RtspExchange::kMaxBytes));
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_IDR, 1));
  CHECK(rig.exchange.Stats().dropped == 1);
  CHECK(rig.Read(kVideo) == CL_OK);
  rig.exchange.Deliver(kVideo, FrameOf(CL_F_IDR, 1));
  CHECK(rig.Read(kVideo) == CL_OK);
  CHECK(rig.frame.lost == 1);
}

TEST_CASE("rtsp exchange: the receiver waits for wishes and for the end") {
  Rig rig;
  CHECK_FALSE(rig.exchange.AwaitWish(0));
  REQUIRE(rig.exchange.Start(kAudio, false) == CL_OK);
  CHECK(rig.exchange.AwaitWish(0));
  CHECK(rig.exchange.Stop(kAudio) == CL_OK);
  CHECK_FALSE(rig.exchange.AwaitWish(0));
  CHECK_FALSE(rig.exchange.ending());
  rig.exchange.End();
  CHECK(rig.exchange.ending());
  CHECK(rig.exchange.AwaitWish(0));
}

}  // namespace
}  // namespace dashvoip
