#include "dashvoip/engine/rtp_stream.h"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/random_source.h"
#include "dashvoip/rtp/ntp_time.h"
#include "dashvoip/rtp/rtcp_packet.h"
#include "test_peer.h"
#include "toy_transform.h"

using namespace dashvoip;        // NOLINT: a test of one part
using namespace dashvoip::test;  // NOLINT

namespace {

constexpr std::uint8_t kPayloadType = 96;

/** A stream of bytes without a meaning. */
class PlainStream : public RtpStream {
 public:
  PlainStream(SocketPair sockets, const StreamSetup& setup, RandomSource* random)
      : RtpStream(std::move(sockets), setup, {90000, 80000, 0}, random) {}

  using RtpStream::Close;
  using RtpStream::FarEnd;
  using RtpStream::key_frame_requests;
  using RtpStream::Received;
  using RtpStream::Sent;
  using RtpStream::ssrc;

  void Open(const RemoteEndpoint& remote, Direction direction, std::int64_t now) {
    RtpStream::Open(remote, PayloadTypes().set(kPayloadType), direction, now);
  }
  bool Say(std::uint32_t timestamp, const Bytes& payload, std::int64_t now) {
    const Bytes packet = RtpDatagram(kPayloadType, sequence++, timestamp, payload, ssrc());
    return SendRtp(packet.data(), packet.size(), {timestamp, now}, now);
  }

  std::vector<std::uint16_t> heard;
  Bytes last_payload;
  std::uint16_t sequence = 1000;

 private:
  void OnPacket(const RtpPacket& packet, std::int64_t) noexcept override {
    heard.push_back(packet.header.sequence_number);
    last_payload.assign(packet.payload, packet.payload + packet.payload_size);
  }
};

/** One end of a call, with sockets of its own. */
struct End {
  explicit End(std::uint64_t seed) : End(seed, BindPair()) {}
  End(std::uint64_t seed, SocketPair pair)
      : random(seed), port(pair.rtp_port), stream(std::move(pair), Setup(), &random) {}

  static StreamSetup Setup() {
    StreamSetup setup;
    setup.cname = "end@test";
    setup.family = AF_INET;
    return setup;
  }
  RemoteEndpoint Address() const { return RemoteAt(port, static_cast<std::uint16_t>(port + 1)); }

  SeededRandom random;
  std::uint16_t port;
  PlainStream stream;
};

struct Fixture {
  Fixture() : one(1), two(2), batch(new DatagramBatch) {}

  void OpenBoth(Direction direction = Direction::kSendRecv) {
    one.stream.Open(two.Address(), direction, now);
    two.stream.Open(one.Address(), direction, now);
  }
  void DrainBoth() {
    one.stream.Drain(batch.get(), MonotonicNs());
    two.stream.Drain(batch.get(), MonotonicNs());
  }

  End one;
  End two;
  std::unique_ptr<DatagramBatch> batch;
  std::int64_t now = MonotonicNs() - kNsPerSecond;
};

/** What a far end's socket gets to see of our RTCP. */
struct Compound : RtcpListener {
  explicit Compound(const Bytes& datagram) {
    valid = ParseRtcp(datagram.data(), datagram.size(), this) == RtcpParseResult::kOk;
  }
  void OnSenderReport(std::uint32_t sender, const SenderInfo& info) noexcept override {
    ssrc = sender;
    ntp = info.ntp;
    packets = info.packets;
    octets = info.octets;
    timestamp = info.rtp_timestamp;
  }
  void OnReportBlock(std::uint32_t, const ReportBlock& block) noexcept override {
    reported = block.ssrc;
  }
  void OnBye(std::uint32_t source) noexcept override { bye = source; }

  bool valid = false;
  std::uint32_t ssrc = 0;
  std::uint64_t ntp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t reported = 0;
  std::uint32_t bye = 0;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "RtpStream: what one end sends the other hears, both count it") {
  OpenBoth();
  CHECK(one.stream.Say(0, Bytes(100), now));
  CHECK(one.stream.Say(3000, Bytes(50), now));
  DrainBoth();
  CHECK(two.stream.heard == std::vector<std::uint16_t>{1000, 1001});
  CHECK(one.stream.Sent().packets == 2);
  CHECK(one.stream.Sent().bytes == 150);
  CHECK(one.stream.Sent().ssrc == one.stream.ssrc());
  CHECK(two.stream.Received().packets == 2);
  CHECK(two.stream.Received().bytes == 150);
  CHECK(two.stream.last_received() > 0);
  CHECK(one.stream.last_received() == 0);
  CHECK(two.stream.source().ssrc == one.stream.ssrc());
}

TEST_CASE_FIXTURE(Fixture, "RtpStream: a number far from the source's goes no further") {
  Peer peer;
  const RemoteEndpoint remote = RemoteAt(peer.port(), peer.port());
  one.stream.Open(remote, Direction::kSendRecv, now);
  for (const std::uint16_t number : {1, 2, 30000, 3}) {
    peer.SendTo(one.port, RtpDatagram(kPayloadType, number, 0));
  }
  DrainBoth();
  CHECK(one.stream.heard == std::vector<std::uint16_t>{1, 2, 3});
  CHECK(one.stream.Received().rejected == 1);
}

TEST_CASE_FIXTURE(Fixture, "RtpStream: a report counts what was sent and tells of what came") {
  Peer control;
  OpenBoth();
  RemoteEndpoint remote = two.Address();
  remote.rtcp_port = control.port();
  one.stream.Open(remote, Direction::kSendRecv, now);
  one.stream.Say(9000, Bytes(100), now);
  two.stream.Say(0, Bytes(100), now);
  DrainBoth();
  one.stream.Report(now + 100 * kNsPerMs);  // not yet
  CHECK(control.Receive(20).empty());
  one.stream.Report(now + kNsPerSecond);
  const Compound report(control.Receive());
  CHECK(report.valid);
  CHECK(report.ssrc == one.stream.ssrc());
  CHECK(report.packets == 1);
  CHECK(report.octets == 100);
  CHECK(report.timestamp == 9000 + 90000);  // the packet's, one second on
  CHECK(report.reported == two.stream.ssrc());
  CHECK(report.bye == 0);
  one.stream.Leave(now + kNsPerSecond);
  CHECK(Compound(control.Receive()).bye == one.stream.ssrc());
}

TEST_CASE_FIXTURE(Fixture, "RtpStream: the way there and back is measured in ms") {
  Peer control;
  RemoteEndpoint remote = two.Address();
  remote.rtcp_port = control.port();
  one.stream.Open(remote, Direction::kSendRecv, now);
  CHECK_FALSE(one.stream.FarEnd().round_trip_ms);
  CHECK_FALSE(one.stream.FarEnd().remote_loss_fraction);
  one.stream.Say(0, Bytes(100), MonotonicNs());
  one.stream.Report(MonotonicNs());
  const Compound report(control.Receive());
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ReportBlock block;
  block.ssrc = one.stream.ssrc();
  block.fraction_lost = 64;
  block.last_sr = NtpMiddle(report.ntp);
  block.delay_since_last_sr = 1;
  Bytes answer(64);
  RtcpWriter writer(answer.data(), answer.size());
  REQUIRE(writer.AddReceiverReport(7, &block, 1));
  answer.resize(writer.size());
  // One alone may be a lie.
  for (int i = 0; i < 2; ++i) control.SendTo(static_cast<std::uint16_t>(one.port + 1), answer);
  DrainBoth();
  REQUIRE(one.stream.FarEnd().remote_loss_fraction);
  CHECK(*one.stream.FarEnd().remote_loss_fraction == 0.25);
  CHECK(*one.stream.FarEnd().round_trip_ms >= 19);
  CHECK(*one.stream.FarEnd().round_trip_ms < 5000);
}

TEST_CASE_FIXTURE(Fixture, "RtpStream: a BYE and a request for a key frame are told once") {
  OpenBoth();
  one.stream.Say(0, Bytes(100), now);
  DrainBoth();
  one.stream.Leave(now);
  DrainBoth();
  CHECK(two.stream.TakeBye());
  CHECK_FALSE(two.stream.TakeBye());
  CHECK_FALSE(one.stream.TakeBye());

  Peer control;
  RemoteEndpoint remote = one.Address();
  remote.rtcp_port = control.port();
  two.stream.Open(remote, Direction::kSendRecv, now);
  Bytes loss(64);
  RtcpWriter writer(loss.data(), loss.size());
  REQUIRE(writer.AddReceiverReport(one.stream.ssrc(), nullptr, 0));
  REQUIRE(writer.AddPictureLoss(one.stream.ssrc(), two.stream.ssrc()));
  loss.resize(writer.size());
  for (int i = 0; i < 2; ++i) control.SendTo(static_cast<std::uint16_t>(two.port + 1), loss);
  DrainBoth();
  CHECK(two.stream.TakeKeyFrameRequests() == 2);
  CHECK(two.stream.TakeKeyFrameRequests() == 0);
  CHECK(two.stream.key_frame_requests() == 2);
  CHECK_FALSE(two.stream.TakeBye());
}

TEST_CASE_FIXTURE(Fixture,
                  "RtpStream: closed, nothing leaves and nothing is heard; its source lives on") {
  OpenBoth();
  const std::uint32_t ssrc = one.stream.ssrc();
  one.stream.Say(0, Bytes(10), now);
  DrainBoth();
  two.stream.Close();
  CHECK_FALSE(two.stream.open());
  CHECK_FALSE(two.stream.sends());
  CHECK_FALSE(two.stream.receives());
  one.stream.Say(160, Bytes(10), now);
  CHECK_FALSE(two.stream.Say(0, Bytes(10), now));
  two.stream.Report(now + 60 * kNsPerSecond);
  two.stream.Leave(now);
  DrainBoth();
  CHECK(two.stream.heard.size() == 1);
  CHECK_FALSE(one.stream.TakeBye());
  OpenBoth(Direction::kRecvOnly);
  CHECK_FALSE(one.stream.sends());
  CHECK(one.stream.receives());
  CHECK(one.stream.ssrc() == ssrc);
}

TEST_CASE_FIXTURE(Fixture, "RtpStream: what was numbered during a hold is not lost") {
  OpenBoth();
  one.stream.Say(0, Bytes(10), now);
  DrainBoth();
  two.stream.Open(one.Address(), Direction::kInactive, now);
  two.stream.Open(one.Address(), Direction::kSendRecv, now);
  one.stream.sequence = 1050;
  one.stream.Say(8000, Bytes(10), now);
  DrainBoth();
  CHECK(two.stream.Received().packets == 2);
  CHECK(two.stream.Received().lost == 0);
}

TEST_CASE_FIXTURE(Fixture, "RtpStream: through a transform both ends hear each other") {
  ToyTransform transform(0x5a);
  one.stream.SetTransform(&transform);
  two.stream.SetTransform(&transform);
  OpenBoth();
  const Bytes before(100, 0x33);
  CHECK(one.stream.Say(0, before, now));
  CHECK(two.stream.Say(0, before, now));
  DrainBoth();
  CHECK(one.stream.heard.size() == 1);
  CHECK(two.stream.heard.size() == 1);
  CHECK(two.stream.last_payload == before);
  CHECK(two.stream.Received().bytes == 100);
  CHECK(one.stream.Sent().bytes == 100);
  one.stream.Leave(now);
  DrainBoth();
  CHECK(two.stream.TakeBye());
  CHECK(two.stream.Received().rejected == 0);
}

TEST_CASE_FIXTURE(Fixture, "RtpStream: a transform is seen on the wire, in RTP and RTCP") {
  Peer peer;
  Peer control;
  const RemoteEndpoint remote = RemoteAt(peer.port(), control.port());
  ToyTransform transform(0x5a);
  one.stream.SetTransform(&transform);
  one.stream.Open(remote, Direction::kSendRecv, now);
  one.stream.Say(0, Bytes(100, 0x33), now);
  const Bytes packet = peer.Receive();
  CHECK(packet.size() == kRtpHeaderSize + 100 + ToyTransform::kTag);
  CHECK(packet[kRtpHeaderSize] == (0x33 ^ 0x5a));
  one.stream.Report(now + kNsPerSecond);
  Bytes report = control.Receive();
  CHECK_FALSE(Compound(report).valid);
  std::size_t size = report.size();
  REQUIRE(transform.UnprotectRtcp(report.data(), &size));
  report.resize(size);
  CHECK(Compound(report).ssrc == one.stream.ssrc());
}

TEST_CASE_FIXTURE(Fixture, "RtpStream: what a transform refuses is dropped and counted") {
  Peer peer;
  const RemoteEndpoint remote = RemoteAt(peer.port(), peer.port());
  ToyTransform transform(0x5a);
  ToyTransform other(0x5b);
  one.stream.SetTransform(&transform);
  one.stream.Open(remote, Direction::kSendRecv, now);
  const auto send = [&](PacketTransform* by, std::uint16_t number, std::size_t spoilt) {
    Bytes packet = RtpDatagram(kPayloadType, number, 0);
    std::size_t size = packet.size();
    packet.resize(size + PacketTransform::kMaxTrailer);
    if (by != nullptr) REQUIRE(by->ProtectRtp(packet.data(), &size));
    packet.resize(size);
    if (spoilt > 0) packet[size - spoilt] ^= 1;
    peer.SendTo(one.port, packet);
  };
  send(&transform, 1, 0);
  send(&transform, 2, 1);   // the tag
  send(&transform, 3, 60);  // the payload
  send(&other, 4, 0);
  send(nullptr, 5, 0);
  peer.SendTo(one.port, Bytes{0x80, kPayloadType});
  Bytes bye(64);
  RtcpWriter writer(bye.data(), bye.size());
  REQUIRE(writer.AddReceiverReport(7, nullptr, 0));
  REQUIRE(writer.AddBye(7));
  bye.resize(writer.size());
  peer.SendTo(static_cast<std::uint16_t>(one.port + 1), bye);
  DrainBoth();
  CHECK(one.stream.heard == std::vector<std::uint16_t>{1});
  CHECK(one.stream.Received().rejected == 6);
  CHECK_FALSE(one.stream.TakeBye());

  transform.refuses = true;
  CHECK_FALSE(one.stream.Say(0, Bytes(10), now));
  CHECK(one.stream.Sent().send_errors == 1);
  transform.refuses = false;
  CHECK_FALSE(one.stream.Say(0, Bytes(2048 - PacketTransform::kMaxTrailer), now));  // no room
  CHECK(one.stream.Sent().send_errors == 2);
  CHECK(one.stream.Sent().packets == 0);
}
