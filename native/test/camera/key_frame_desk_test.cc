#include "dashvoip/camera/key_frame_desk.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "sim/netfifo_client.h"

namespace dashvoip {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Outcome = KeyFrameDesk::Outcome;
using test::Eventually;

constexpr std::chrono::milliseconds kLong(20000);
constexpr std::chrono::milliseconds kShort(20);

const Bytes kSps = {0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x0a, 0xda, 0x11, 0xe4};
const Bytes kPps = {0, 0, 0, 1, 0x68, 0xce, 0x38, 0x80};
const Bytes kSlice = {0, 0, 0, 1, 0x65, 0x77, 0x77};

Bytes Joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

ParameterSets Sets() {
  ParameterSets sets;
  const Bytes both = Joined({kSps, kPps});
  sets.UpdateFrom(both.data(), both.size());
  REQUIRE(sets.complete());
  return sets;
}

/** Somebody who waits at a desk. */
struct Waiter {
  explicit Waiter(KeyFrameDesk* desk)
      : thread([this, desk] { outcome = desk->Take(kLong, &picture); }) {
    REQUIRE(Eventually([desk] { return desk->wanted(); }));
  }
  ~Waiter() { Join(); }
  void Join() {
    if (thread.joinable()) thread.join();
  }

  Outcome outcome = Outcome::kNone;
  Bytes picture;
  std::thread thread;
};

TEST_CASE("key frame desk: who waits gets the next one, and only that") {
  std::atomic<int> wakes{0};
  KeyFrameDesk desk([&wakes] { ++wakes; });
  const Bytes first = Joined({kSps, kPps, kSlice});
  desk.Give(kSlice.data(), kSlice.size(), Sets());  // nobody waits
  CHECK_FALSE(desk.wanted());
  Waiter waiter(&desk);
  desk.Give(first.data(), first.size(), Sets());
  desk.Give(kSlice.data(), kSlice.size(), Sets());
  waiter.Join();
  CHECK(waiter.outcome == Outcome::kTaken);
  CHECK(waiter.picture == first);
  CHECK(wakes == 1);
  CHECK_FALSE(desk.wanted());
}

TEST_CASE("key frame desk: one that came without parameter sets gets the newest, both or none") {
  KeyFrameDesk desk([] {});
  for (const Bytes& bare : {kSlice, Joined({kSps, kSlice}), Joined({kPps, kSlice})}) {
    Waiter waiter(&desk);
    desk.Give(bare.data(), bare.size(), Sets());
    waiter.Join();
    CHECK(waiter.picture == Joined({kSps, kPps, bare}));
  }
}

TEST_CASE("key frame desk: a key frame of H.265 gets all three where the VPS is missing") {
  const Bytes vps = {0, 0, 0, 1, 0x40, 0x01, 0x0c, 0x01, 0xff};
  const Bytes sps = {0,    0,    0,    1,    0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00,
                     0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c, 0xa0, 0x0a, 0x88, 0x04,
                     0x07, 0x11, 0x11, 0x96, 0x56, 0x54, 0xa4, 0xc2, 0xf0, 0x16, 0x80, 0x80};
  const Bytes pps = {0, 0, 0, 1, 0x44, 0x01, 0xc0, 0x73, 0xc1, 0x89};
  const Bytes slice = {0, 0, 0, 1, 0x26, 0x01, 0x77};
  ParameterSets sets(PictureCodec::kH265);
  const Bytes all = Joined({vps, sps, pps});
  sets.UpdateFrom(all.data(), all.size());
  REQUIRE(sets.complete());
  KeyFrameDesk desk([] {});
  const Bytes lacking = Joined({sps, pps, slice});
  const Bytes whole = Joined({vps, sps, pps, slice});
  for (const Bytes& given : {lacking, whole}) {
    Waiter waiter(&desk);
    desk.Give(given.data(), given.size(), sets);
    waiter.Join();
    CHECK(waiter.picture == (given == whole ? whole : Joined({all, lacking})));
  }
}

TEST_CASE("key frame desk: nothing comes in time, and the camera is told") {
  std::atomic<int> wakes{0};
  KeyFrameDesk desk([&wakes] { ++wakes; });
  Bytes out;
  CHECK(desk.Take(kShort, &out) == Outcome::kNone);
  CHECK(out.empty());
  CHECK(wakes == 2);
  CHECK_FALSE(desk.wanted());
}

TEST_CASE("key frame desk: a second one is sent away, the first still served") {
  KeyFrameDesk desk([] {});
  Waiter waiter(&desk);
  Bytes out;
  CHECK(desk.Take(kLong, &out) == Outcome::kBusy);
  CHECK(desk.wanted());
  desk.Give(kSlice.data(), kSlice.size(), Sets());
  waiter.Join();
  CHECK(waiter.outcome == Outcome::kTaken);
}

TEST_CASE("key frame desk: closing sends away who waits, and whoever comes later") {
  KeyFrameDesk desk([] {});
  Waiter waiter(&desk);
  desk.Close();
  waiter.Join();
  CHECK(waiter.outcome == Outcome::kClosed);
  Bytes out;
  CHECK(desk.Take(kLong, &out) == Outcome::kClosed);
}

TEST_CASE("key frame desk: the largest picture fits, a larger one is passed over") {
  KeyFrameDesk desk([] {});
  Waiter waiter(&desk);
  Bytes picture(KeyFrameDesk::kMaxPicture + 1, 0x55);
  std::copy(kSlice.begin(), kSlice.end(), picture.begin());
  desk.Give(picture.data(), picture.size(), Sets());
  CHECK(desk.wanted());
  picture.pop_back();
  desk.Give(picture.data(), picture.size(), Sets());
  waiter.Join();
  CHECK(waiter.outcome == Outcome::kTaken);
  CHECK(waiter.picture.size() == picture.size() + kSps.size() + kPps.size());
}

}  // namespace
}  // namespace dashvoip
