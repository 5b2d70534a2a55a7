#include "dashvoip/engine/rtp_transport.h"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "dashvoip/engine/monotonic.h"
#include "dashvoip/rtp/rtcp_packet.h"
#include "test_peer.h"

using namespace dashvoip;        // NOLINT: a test of one part
using namespace dashvoip::test;  // NOLINT

namespace {

constexpr std::uint8_t kPayloadType = 8;

class Heard : public RtpReceiver {
 public:
  void OnRtp(const RtpPacket& packet, std::int64_t) noexcept override {
    sequence_numbers.push_back(packet.header.sequence_number);
  }
  void OnRtcp(const std::uint8_t*, std::size_t, std::int64_t) noexcept override { ++rtcp; }

  std::vector<std::uint16_t> sequence_numbers;
  int rtcp = 0;
};

struct Fixture {
  Fixture() : Fixture(BindPair()) {}
  explicit Fixture(SocketPair pair)
      : port(pair.rtp_port), transport(std::move(pair), AF_INET), batch(new DatagramBatch) {}

  void SignalFarEnd(const SocketAddress& rtp, const SocketAddress& rtcp) {
    RemoteEndpoint remote;
    remote.rtp = rtp;
    remote.rtcp = rtcp;
    transport.SetRemote(remote, PayloadTypes().set(kPayloadType));
  }
  void Drain() {
    transport.DrainRtp(batch.get(), &heard, MonotonicNs());
    transport.DrainRtcp(batch.get(), &heard, MonotonicNs());
  }

  std::uint16_t port;
  RtpTransport transport;
  std::unique_ptr<DatagramBatch> batch;
  Heard heard;
  Peer rtp_peer;
  Peer rtcp_peer;
};

Bytes ReceiverReport() {
  Bytes report(64);
  RtcpWriter writer(report.data(), report.size());
  REQUIRE(writer.AddReceiverReport(7, nullptr, 0));
  report.resize(writer.size());
  return report;
}

const Bytes kSound{0x55, 0x55};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "RtpTransport: packets of the far end pass, all else is counted") {
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  rtp_peer.SendTo(port, RtpDatagram(kPayloadType, 1, 0));
  rtp_peer.SendTo(port, Bytes{'n', 'o', 'i', 's', 'e'});
  rtp_peer.SendTo(port, Bytes());
  rtp_peer.SendTo(port, RtpDatagram(13, 2, 0));  // another payload type
  Bytes cut = RtpDatagram(kPayloadType, 3, 0);
  cut.resize(11);
  rtp_peer.SendTo(port, cut);
  rtp_peer.SendTo(port, RtpDatagram(kPayloadType, 4, 0, Bytes(4000)));  // oversized
  rtcp_peer.SendTo(static_cast<std::uint16_t>(port + 1), ReceiverReport());
  rtcp_peer.SendTo(static_cast<std::uint16_t>(port + 1), Bytes(5, 0xff));
  rtp_peer.SendTo(port, ReceiverReport());  // unasked on the RTP port
  Drain();
  CHECK(heard.sequence_numbers == std::vector<std::uint16_t>{1});
  CHECK(heard.rtcp == 2);
  CHECK(transport.rejected() == 6);
}

TEST_CASE_FIXTURE(Fixture,
                  "RtpTransport: before a description nothing passes and nothing is sent") {
  rtp_peer.SendTo(port, RtpDatagram(kPayloadType, 1, 0));
  Drain();
  CHECK(heard.sequence_numbers.empty());
  CHECK(transport.rejected() == 1);
  CHECK_FALSE(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(transport.send_errors() == 0);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: the far end is where its first valid packet comes from") {
  Peer signalled;
  Peer stranger;
  SignalFarEnd(signalled.address(), signalled.address());
  stranger.SendTo(port, Bytes{1, 2, 3});  // noise does not latch
  rtp_peer.SendTo(port, RtpDatagram(kPayloadType, 1, 0));
  stranger.SendTo(port, RtpDatagram(kPayloadType, 99, 0));
  Drain();
  CHECK(heard.sequence_numbers == std::vector<std::uint16_t>{1});
  CHECK(transport.rejected() == 2);
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(rtp_peer.Receive() == kSound);
  // RTCP has a latch of its own.
  CHECK(transport.SendRtcp(kSound.data(), kSound.size()));
  CHECK(signalled.Receive() == kSound);
  rtcp_peer.SendTo(static_cast<std::uint16_t>(port + 1), ReceiverReport());
  Drain();
  CHECK(transport.SendRtcp(kSound.data(), kSound.size()));
  CHECK(rtcp_peer.Receive() == kSound);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: nothing goes to the address of a hold, or once closed") {
  SocketAddress hold{};
  REQUIRE(SocketAddress::Parse("0.0.0.0", 4000, &hold));
  SignalFarEnd(hold, hold);
  CHECK_FALSE(transport.SendRtp(kSound.data(), kSound.size()));
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  transport.ClearRemote();
  CHECK_FALSE(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(transport.send_errors() == 0);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: a flood is taken in portions") {
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  for (int i = 0; i < 40; ++i) {
    rtp_peer.SendTo(port, RtpDatagram(kPayloadType, static_cast<std::uint16_t>(i), 0, Bytes(1)));
  }
  Drain();
  CHECK(heard.sequence_numbers.size() == 40);
}
