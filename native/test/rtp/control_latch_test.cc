#include "dashvoip/rtp/control_latch.h"

#include <doctest/doctest.h>

namespace dashvoip {
namespace {

using Verdict = ControlLatch::Verdict;

TransportAddress At(std::uint8_t host, std::uint16_t port) {
  TransportAddress address;
  address.ip[15] = host;
  address.port = port;
  return address;
}

const TransportAddress kSignalled = At(1, 4001);
const TransportAddress kBehindNat = At(2, 9001);

ProvedSource Proved(std::uint8_t host, bool has_ssrc) {
  ProvedSource source;
  source.proved = true;
  source.address = At(host, 9000);
  source.has_ssrc = has_ssrc;
  source.ssrc = 7;
  return source;
}

}  // namespace

TEST_CASE("control latch: a stream that is opened again begins afresh") {
  ControlLatch latch;
  latch.SetSignalled(kSignalled);
  REQUIRE(latch.OnPacket(kBehindNat, 7, Proved(2, true)) == Verdict::kMoved);
  latch.SetSignalled(kSignalled);
  CHECK(latch.remote() == kBehindNat);
  latch.Forget();
  CHECK(latch.OnPacket(kSignalled, 7, ProvedSource()) == Verdict::kRefused);
  latch.SetSignalled(kSignalled);
  CHECK(latch.remote() == kSignalled);
}

TEST_CASE("control latch: the signalled address is heard, strangers are not") {
  ControlLatch latch;
  CHECK(latch.OnPacket(TransportAddress(), 7, ProvedSource()) == Verdict::kRefused);
  latch.SetSignalled(kSignalled);
  CHECK(latch.OnPacket(kSignalled, 7, ProvedSource()) == Verdict::kHeard);
  CHECK(latch.OnPacket(kBehindNat, 7, ProvedSource()) == Verdict::kRefused);
  CHECK(latch.OnPacket(At(1, 4003), 7, ProvedSource()) == Verdict::kRefused);
  CHECK(latch.remote() == kSignalled);
  CHECK(latch.refused() == 3);
}

TEST_CASE("control latch: it follows the host and SSRC that RTP proved, and comes back") {
  ControlLatch latch;
  latch.SetSignalled(kSignalled);
  CHECK(latch.OnPacket(kBehindNat, 8, Proved(2, true)) == Verdict::kRefused);
  CHECK(latch.OnPacket(kBehindNat, 7, Proved(3, true)) == Verdict::kRefused);
  CHECK(latch.OnPacket(kBehindNat, 7, Proved(2, true)) == Verdict::kMoved);
  CHECK(latch.remote() == kBehindNat);
  CHECK(latch.OnPacket(kBehindNat, 7, Proved(2, true)) == Verdict::kHeard);
  // What was found is not believed for longer than its proof.
  CHECK(latch.OnPacket(kBehindNat, 7, ProvedSource()) == Verdict::kRefused);
  CHECK(latch.OnPacket(kSignalled, 7, ProvedSource()) == Verdict::kMoved);
  CHECK(latch.remote() == kSignalled);
}

TEST_CASE("control latch: without RTP of its own, two in a row of one source at the host") {
  ControlLatch latch;
  latch.SetSignalled(kSignalled);
  CHECK(latch.OnPacket(kBehindNat, 7, Proved(2, false)) == Verdict::kRefused);
  CHECK(latch.OnPacket(kBehindNat, 8, Proved(2, false)) == Verdict::kRefused);
  CHECK(latch.OnPacket(At(2, 9003), 8, Proved(2, false)) == Verdict::kRefused);
  CHECK(latch.OnPacket(At(2, 9003), 8, Proved(2, false)) == Verdict::kMoved);
  CHECK(latch.remote() == At(2, 9003));
}

TEST_CASE("control latch: a new description begins afresh, the same one changes nothing") {
  ControlLatch latch;
  latch.SetSignalled(kSignalled);
  latch.OnPacket(kBehindNat, 7, Proved(2, true));
  latch.SetSignalled(kSignalled);
  CHECK(latch.remote() == kBehindNat);
  latch.SetSignalled(At(5, 1));
  CHECK(latch.remote() == At(5, 1));
}

}  // namespace dashvoip
