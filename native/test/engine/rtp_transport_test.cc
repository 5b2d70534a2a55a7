// Shows RFC 7983.

#include "dashvoip/engine/rtp_transport.h"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "dashvoip/base/monotonic.h"
#include "dashvoip/rtp/rtcp_packet.h"
#include "test_peer.h"
#include "toy_transform.h"

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
    transport.SetRemote(RemoteAt(rtp, rtcp), PayloadTypes().set(kPayloadType), trust,
                        MonotonicNs() - kNsPerSecond);
  }
  void ShareRtpPort(const SocketAddress& address) {
    RemoteEndpoint remote = RemoteAt(address, Loopback(9));
    remote.rtcp_mux = true;
    transport.SetRemote(remote, PayloadTypes().set(kPayloadType), trust,
                        MonotonicNs() - kNsPerSecond);
  }
  void Drain() {
    transport.DrainRtp(batch.get(), &heard, MonotonicNs());
    transport.DrainRtcp(batch.get(), &heard, MonotonicNs());
  }

  SourceLatch::Trust trust = SourceLatch::Trust::kAnybody;
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

TEST_CASE_FIXTURE(Fixture,
                  "RtpTransport: a NAT is followed by RTP, and then by RTCP of that host") {
  Peer signalled;
  Peer stranger;
  SignalFarEnd(signalled.address(), signalled.address());
  stranger.SendTo(port, Bytes{1, 2, 3});
  rtcp_peer.SendTo(static_cast<std::uint16_t>(port + 1), ReceiverReport());
  for (std::uint16_t i = 0; i < 7; ++i) {
    rtp_peer.SendTo(port, RtpDatagram(kPayloadType, i, 0));
    stranger.SendTo(port, RtpDatagram(kPayloadType, static_cast<std::uint16_t>(90 + 2 * i), 0));
  }
  Drain();
  CHECK(heard.sequence_numbers == std::vector<std::uint16_t>{4, 5, 6});
  CHECK(heard.rtcp == 1);
  CHECK(transport.rejected() == 12);
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(rtp_peer.Receive() == kSound);
  SourceSnapshot source = transport.Source();
  CHECK(source.address->port == rtp_peer.port());
  CHECK(source.heard);
  CHECK_FALSE(source.signalled);
  CHECK(source.moves == 1);
  CHECK(source.refused == 11);
  CHECK(transport.SendRtcp(kSound.data(), kSound.size()));
  CHECK(rtcp_peer.Receive() == kSound);
  // Back where the description says.
  for (std::uint16_t i = 7; i < 12; ++i) signalled.SendTo(port, RtpDatagram(kPayloadType, i, 0));
  Drain();
  source = transport.Source();
  CHECK(source.signalled);
  CHECK(source.moves == 2);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: RTCP on the RTP port is taken from the far end alone") {
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  rtcp_peer.SendTo(port, ReceiverReport());
  Drain();
  CHECK(heard.rtcp == 0);
  CHECK(transport.Source().refused == 1);
  rtp_peer.SendTo(port, ReceiverReport());
  Drain();
  CHECK(heard.rtcp == 1);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: what only sends follows the host that the sound proved") {
  trust = SourceLatch::Trust::kNobody;
  SocketAddress private_address{};
  REQUIRE(SocketAddress::Parse("127.0.0.77", 4000, &private_address));
  SignalFarEnd(private_address, private_address);
  const auto pictures = [this] {
    for (std::uint16_t i = 0; i < 6; ++i) rtp_peer.SendTo(port, RtpDatagram(kPayloadType, i, 0));
    for (int i = 0; i < 3; ++i) {
      rtcp_peer.SendTo(static_cast<std::uint16_t>(port + 1), ReceiverReport());
    }
    Drain();
  };
  pictures();
  CHECK(heard.sequence_numbers.empty());
  CHECK(heard.rtcp == 0);
  ProvedSource sound;
  sound.proved = true;
  sound.address.FromSockaddr(Loopback(9).storage);
  transport.FollowHost(sound);
  pictures();
  CHECK(heard.sequence_numbers == std::vector<std::uint16_t>{4, 5});
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(rtp_peer.Receive() == kSound);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: with rtcp-mux RTP and RTCP use one port at both ends") {
  ShareRtpPort(rtp_peer.address());
  rtp_peer.SendTo(port, RtpDatagram(kPayloadType, 1, 0));
  Bytes marked = RtpDatagram(kPayloadType, 2, 160);
  marked[1] |= 0x80;  // no RTCP for all its second byte
  rtp_peer.SendTo(port, marked);
  rtp_peer.SendTo(port, ReceiverReport());
  Drain();
  CHECK(heard.sequence_numbers == std::vector<std::uint16_t>{1, 2});
  CHECK(heard.rtcp == 1);
  CHECK(transport.rejected() == 0);
  CHECK(transport.SendRtcp(kSound.data(), kSound.size()));
  CHECK(rtp_peer.Receive() == kSound);
  CHECK(rtp_peer.from_port() == port);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: with rtcp-mux RTCP follows where RTP was found") {
  Peer signalled;
  Peer stranger;
  ShareRtpPort(signalled.address());
  CHECK(transport.SendRtcp(kSound.data(), kSound.size()));
  CHECK(signalled.Receive() == kSound);
  for (std::uint16_t i = 0; i < 7; ++i) rtp_peer.SendTo(port, RtpDatagram(kPayloadType, i, 0));
  Drain();
  CHECK(transport.SendRtcp(kSound.data(), kSound.size()));
  CHECK(rtp_peer.Receive() == kSound);
  CHECK(signalled.Receive(20).empty());
  // Of another host nobody is heard; of this one, who has the SSRC.
  rtp_peer.SendTo(port, ReceiverReport());
  Bytes other = ReceiverReport();
  other[7] = 8;
  stranger.SendTo(port, other);
  Drain();
  CHECK(heard.rtcp == 1);
}

TEST_CASE_FIXTURE(Fixture,
                  "RtpTransport: with rtcp-mux a picture's RTCP comes from the sound's host") {
  trust = SourceLatch::Trust::kNobody;
  ShareRtpPort(Loopback(9));
  ProvedSource sound;
  sound.proved = true;
  sound.address.FromSockaddr(Loopback(4).storage);
  transport.FollowHost(sound);
  // Two in a row, as on a port of its own.
  for (int i = 0; i < 3; ++i) rtp_peer.SendTo(port, ReceiverReport());
  Drain();
  CHECK(heard.rtcp == 2);
  CHECK(transport.SendRtcp(kSound.data(), kSound.size()));
  CHECK(rtp_peer.Receive() == kSound);
  // And the picture goes there, now and after the next description that says the same.
  for (int i = 0; i < 2; ++i) {
    CHECK(transport.SendRtp(kSound.data(), kSound.size()));
    CHECK(rtp_peer.Receive() == kSound);
    CHECK_FALSE(transport.Source().signalled);
    CHECK(transport.Source().moves == 1);
    ShareRtpPort(Loopback(9));
  }
  // A description that says otherwise counts.
  ShareRtpPort(rtcp_peer.address());
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(rtcp_peer.Receive() == kSound);
  CHECK(transport.Source().signalled);
}

TEST_CASE_FIXTURE(Fixture,
                  "RtpTransport: with rtcp-mux RTP that is heard counts for more than RTCP") {
  Peer elsewhere;
  ShareRtpPort(rtp_peer.address());
  ProvedSource sound;
  sound.proved = true;
  sound.address.FromSockaddr(Loopback(4).storage);
  transport.FollowHost(sound);
  for (int i = 0; i < 2; ++i) elsewhere.SendTo(port, ReceiverReport());
  Drain();
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(elsewhere.Receive() == kSound);
  rtp_peer.SendTo(port, RtpDatagram(kPayloadType, 1, 0));
  Drain();
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(rtp_peer.Receive() == kSound);
  CHECK(transport.Source().signalled);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: on ports of their own RTCP says nothing of RTP") {
  trust = SourceLatch::Trust::kNobody;
  Peer elsewhere;
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  ProvedSource sound;
  sound.proved = true;
  sound.address.FromSockaddr(Loopback(4).storage);
  transport.FollowHost(sound);
  for (int i = 0; i < 3; ++i) {
    elsewhere.SendTo(static_cast<std::uint16_t>(port + 1), ReceiverReport());
  }
  Drain();
  CHECK(heard.rtcp == 2);
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(rtp_peer.Receive() == kSound);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: after rtcp-mux RTCP goes apart again") {
  ShareRtpPort(rtp_peer.address());
  rtp_peer.SendTo(port, RtpDatagram(kPayloadType, 1, 0));
  Drain();
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  CHECK(transport.SendRtcp(kSound.data(), kSound.size()));
  CHECK(rtcp_peer.Receive() == kSound);
  CHECK(rtcp_peer.from_port() == port + 1);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: what waited since before the stream decides nothing") {
  for (std::uint16_t i = 0; i < 5; ++i) rtp_peer.SendTo(port, RtpDatagram(kPayloadType, i, 0));
  transport.SetRemote(RemoteAt(rtp_peer.port(), rtp_peer.port()), PayloadTypes().set(kPayloadType),
                      trust, MonotonicNs() + kNsPerSecond);
  Drain();
  CHECK(transport.early() == 5);
  CHECK(heard.sequence_numbers.empty());
  CHECK_FALSE(transport.Source().heard);
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

TEST_CASE_FIXTURE(Fixture, "RtpTransport: once closed it forgets whom it has heard") {
  Peer elsewhere;
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  for (std::uint16_t number = 1; number <= 2 * SourceLatch::kLearnRun; ++number) {
    elsewhere.SendTo(port, RtpDatagram(kPayloadType, number, 0));
  }
  Drain();
  REQUIRE(transport.Source().moves == 1);
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  CHECK_FALSE(transport.Source().signalled);
  transport.ClearRemote();
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  CHECK(transport.Source().signalled);
  CHECK_FALSE(transport.Source().heard);
}

struct RoomyFixture : Fixture {
  RoomyFixture() : Fixture(BindPair(512 * 1024)) {}
};

TEST_CASE_FIXTURE(RoomyFixture, "RtpTransport: a flood is taken in portions of 256") {
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  for (int i = 0; i < 260; ++i) {
    rtp_peer.SendTo(port, RtpDatagram(kPayloadType, static_cast<std::uint16_t>(i), 0, Bytes(1)));
  }
  transport.DrainRtp(batch.get(), &heard, MonotonicNs());
  CHECK(heard.sequence_numbers.size() == 256);
  transport.DrainRtp(batch.get(), &heard, MonotonicNs());
  CHECK(heard.sequence_numbers.size() == 260);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: a flood does not make the stream deaf") {
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  Peer flooder;
  std::uint16_t number = 0;
  const auto slot = [&](int garbage) {
    for (int i = 0; i < garbage; ++i) flooder.SendTo(port, Bytes(40, 0x80));
    rtp_peer.SendTo(port, RtpDatagram(kPayloadType, number++, 0));
    Drain();
  };
  for (int i = 0; i < 5; ++i) slot(0);
  slot(40);  // the kernel's filter is set now
  const std::uint64_t before = transport.rejected();
  // Far more than the socket's buffer holds, in front of each packet.
  for (int i = 0; i < 10; ++i) slot(2000);
  CHECK(heard.sequence_numbers.size() == 16);
  CHECK(transport.rejected() == before);
  CHECK(transport.Source().refused > 10000);
  // RTCP of the far end passes too, on either port.
  rtp_peer.SendTo(port, ReceiverReport());
  rtcp_peer.SendTo(static_cast<std::uint16_t>(port + 1), ReceiverReport());
  Drain();
  CHECK(heard.rtcp == 2);
}

TEST_CASE_FIXTURE(Fixture,
                  "RtpTransport: in a flood the signalled address still wins the call back") {
  Peer signalled;
  SignalFarEnd(signalled.address(), signalled.address());
  std::uint16_t number = 0;
  for (int i = 0; i < 8; ++i) rtp_peer.SendTo(port, RtpDatagram(kPayloadType, number++, 0));
  Drain();
  REQUIRE(transport.Source().heard);
  REQUIRE_FALSE(transport.Source().signalled);
  Peer flooder;
  for (int i = 0; i < 40; ++i) flooder.SendTo(port, Bytes(40, 0x80));
  rtp_peer.SendTo(port, RtpDatagram(kPayloadType, number++, 0));
  Drain();  // the kernel's filter is set now
  for (std::uint16_t i = 0; i < 3; ++i) signalled.SendTo(port, RtpDatagram(kPayloadType, i, 0));
  Drain();
  CHECK(transport.Source().signalled);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: a flood in the far end's name does not make it deaf") {
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  std::uint16_t number = 0;
  // Noise, another payload type, another SSRC: all from the very socket that the sound comes from.
  const std::vector<Bytes> forged{Bytes(40, 0x80), RtpDatagram(13, 7, 0, Bytes(20), 0xbad),
                                  RtpDatagram(kPayloadType, 7, 0, Bytes(20), 0xbad)};
  const auto slot = [&](int garbage) {
    for (int i = 0; i < garbage; ++i) rtp_peer.SendTo(port, forged[number % forged.size()]);
    rtp_peer.SendTo(port, RtpDatagram(kPayloadType, number++, 0));
    Drain();
  };
  for (int i = 0; i < 5; ++i) slot(0);
  for (int i = 0; i < 2; ++i) slot(40);  // the source is filtered first, then the SSRC
  const std::uint64_t before = transport.rejected();
  for (int i = 0; i < 9; ++i) slot(2000);
  CHECK(heard.sequence_numbers.size() == 16);
  CHECK(transport.rejected() == before);
  // A new SSRC of the far end is heard as soon as the present one is silent for the usual time.
  const std::int64_t later = MonotonicNs() + SourceLatch::kSourceNs;
  transport.DrainRtp(batch.get(), &heard, later);
  for (std::uint16_t i = 0; i < 3; ++i) {
    rtp_peer.SendTo(port, RtpDatagram(kPayloadType, i, 0, Bytes(), 0xfee));
  }
  transport.DrainRtp(batch.get(), &heard, later + SourceLatch::kSourceNs);
  CHECK(transport.rejected() > before);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: once the far end is silent, others are seen again") {
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  Peer moved;
  for (std::uint16_t i = 0; i < 5; ++i) rtp_peer.SendTo(port, RtpDatagram(kPayloadType, i, 0));
  for (int i = 0; i < 40; ++i) moved.SendTo(port, Bytes(40, 0x80));
  const std::int64_t now = MonotonicNs();
  transport.DrainRtp(batch.get(), &heard, now);
  moved.SendTo(port, RtpDatagram(kPayloadType, 5, 0));
  transport.DrainRtp(batch.get(), &heard, now + kNsPerSecond);
  CHECK(transport.rejected() == 40);  // the filter still stood
  moved.SendTo(port, RtpDatagram(kPayloadType, 6, 0));
  transport.DrainRtp(batch.get(), &heard, now + kNsPerSecond);
  CHECK(transport.rejected() == 41);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: a flood of RTCP does not hide the far end's") {
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  Peer flooder;
  const auto control_port = static_cast<std::uint16_t>(port + 1);
  for (int i = 0; i < 40; ++i) flooder.SendTo(control_port, ReceiverReport());
  Drain();
  for (int i = 0; i < 2000; ++i) flooder.SendTo(control_port, ReceiverReport());
  rtcp_peer.SendTo(control_port, ReceiverReport());
  Drain();
  CHECK(heard.rtcp == 1);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: in a flood a shared port admits the far end's RTCP") {
  Peer signalled;
  trust = SourceLatch::Trust::kNobody;
  ShareRtpPort(signalled.address());
  Peer flooder;
  for (int i = 0; i < 40; ++i) flooder.SendTo(port, Bytes(40, 0x80));
  Drain();
  for (int i = 0; i < 2000; ++i) flooder.SendTo(port, Bytes(40, 0x80));
  signalled.SendTo(port, ReceiverReport());
  Drain();
  CHECK(heard.rtcp == 1);
  CHECK(transport.rejected() == 40);
}

TEST_CASE_FIXTURE(Fixture, "RtpTransport: in a flood of a shared port RTCP may have moved") {
  ShareRtpPort(rtp_peer.address());
  for (std::uint16_t i = 0; i < 5; ++i) rtp_peer.SendTo(port, RtpDatagram(kPayloadType, i, 0));
  rtcp_peer.SendTo(port,
                   ReceiverReport());  // of the same host and SSRC, behind a NAT's second hole
  Drain();
  REQUIRE(heard.rtcp == 1);
  Peer flooder;
  for (int i = 0; i < 40; ++i) flooder.SendTo(port, Bytes(40, 0x80));
  rtp_peer.SendTo(port, RtpDatagram(kPayloadType, 5, 0));
  Drain();  // the kernel's filter is set now
  const std::uint64_t before = transport.rejected();
  flooder.SendTo(port, Bytes(40, 0x80));
  rtcp_peer.SendTo(port, ReceiverReport());
  Drain();
  CHECK(heard.rtcp == 2);
  CHECK(transport.rejected() == before);
}

TEST_CASE("RtpTransport: in a bundle the picture uses the ports of sound, and both get RTCP") {
  Fixture sound;
  RtpTransport picture(SocketPair(), AF_INET);
  Heard picture_heard;
  sound.transport.Carry(&picture, &picture_heard);
  sound.ShareRtpPort(sound.rtp_peer.address());
  RemoteEndpoint remote = RemoteAt(sound.rtp_peer.address(), Loopback(9));
  remote.rtcp_mux = true;
  picture.SetRemote(remote, PayloadTypes().set(96), SourceLatch::Trust::kNobody, MonotonicNs());
  const Bytes packet = RtpDatagram(96, 1, 0);
  REQUIRE(picture.SendRtp(packet.data(), packet.size()));
  CHECK(sound.rtp_peer.Receive() == packet);
  CHECK(sound.rtp_peer.from_port() == sound.port);
  sound.rtp_peer.SendTo(sound.port, ReceiverReport());
  sound.rtp_peer.SendTo(sound.port, RtpDatagram(kPayloadType, 5, 0));
  sound.Drain();
  picture.DrainRtp(sound.batch.get(), &picture_heard, MonotonicNs());
  CHECK(sound.heard.rtcp == 1);
  CHECK(picture_heard.rtcp == 1);
  CHECK(sound.heard.sequence_numbers.size() == 1);
  CHECK(picture_heard.sequence_numbers.empty());
}

namespace {

/** A transport whose side channel somebody reads. */
struct Beside : Fixture {
  Beside() : side(&wake) {
    transport.Listen(&side, MediaComponent::kVideoRtp, MediaComponent::kVideoRtcp);
  }
  Bytes NextHeard() {
    SideDatagram datagram;
    if (!side.NextHeard(&datagram)) return Bytes();
    component = datagram.component;
    return Bytes(datagram.bytes.begin(), datagram.bytes.begin() + datagram.size);
  }

  WakeFd wake;
  SideChannel side;
  MediaComponent component{};
};

constexpr std::uint16_t kChannel = 0x4002;
const Bytes kStun{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};
const Bytes kZrtp{0x10, 0, 0, 1, 'Z', 'R', 'T', 'P'};

Bytes InChannel(const Bytes& payload, std::uint16_t channel = kChannel) {
  Bytes framed{static_cast<std::uint8_t>(channel >> 8), static_cast<std::uint8_t>(channel),
               static_cast<std::uint8_t>(payload.size() >> 8),
               static_cast<std::uint8_t>(payload.size())};
  framed.insert(framed.end(), payload.begin(), payload.end());
  return framed;
}

TransportAddress AddressOf(const Peer& peer) {
  TransportAddress address;
  REQUIRE(address.FromSockaddr(peer.address().storage));
  return address;
}

}  // namespace

TEST_CASE_FIXTURE(Beside,
                  "RtpTransport: what is beside media is heard on its socket, and is no stranger") {
  rtp_peer.SendTo(port, kStun);
  rtcp_peer.SendTo(static_cast<std::uint16_t>(port + 1), kZrtp);
  Bytes longest(SideDatagram::kMaxBytes, 0);
  rtp_peer.SendTo(port, longest);
  longest.push_back(0);
  rtp_peer.SendTo(port, longest);
  rtp_peer.SendTo(port, Bytes{20, 1, 2, 3});  // DTLS is nobody's here
  Drain();
  CHECK(NextHeard() == kStun);
  CHECK(component == MediaComponent::kVideoRtp);
  CHECK(NextHeard().size() == SideDatagram::kMaxBytes);
  CHECK(NextHeard() == kZrtp);
  CHECK(component == MediaComponent::kVideoRtcp);
  CHECK(NextHeard().empty());
  CHECK(transport.rejected() == 2);
  for (int i = 0; i < 40; ++i) rtp_peer.SendTo(port, kStun);
  Drain();
  CHECK(side.TakeDropped() == 8);
  CHECK(side.TakeDropped() == 0);
}

TEST_CASE_FIXTURE(Beside, "RtpTransport: a TURN server's channel carries what is encrypted") {
  ToyTransform ours(7);
  ToyTransform theirs(7);
  transport.SetTransform(&ours);
  Peer server;
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  MediaAim aim;
  aim.to = AddressOf(server);
  aim.channel = kChannel;
  transport.Aim(false, aim);
  Bytes packet = RtpDatagram(kPayloadType, 1, 0);
  REQUIRE(transport.SendRtp(packet.data(), packet.size()));
  Bytes framed = server.Receive();
  REQUIRE(framed.size() == packet.size() + 4 + ToyTransform::kTag);
  Bytes inside(framed.begin() + 4, framed.end());
  CHECK(framed == InChannel(inside));
  std::size_t size = inside.size();
  CHECK(theirs.UnprotectRtp(inside.data(), &size));
  inside.resize(size);
  CHECK(inside == packet);

  size = packet.size();
  packet.resize(size + ToyTransform::kTag);
  REQUIRE(theirs.ProtectRtp(packet.data(), &size));
  server.SendTo(port, InChannel(packet));
  rtp_peer.SendTo(port, InChannel(packet));  // from elsewhere: the control plane's to judge
  Bytes cut = InChannel(packet);
  cut.pop_back();
  server.SendTo(port, cut);
  server.SendTo(port, InChannel(kStun));
  Drain();
  CHECK(heard.sequence_numbers == std::vector<std::uint16_t>{1});
  CHECK(transport.rejected() == 1);
  CHECK(NextHeard() == InChannel(packet));
  CHECK(NextHeard() == InChannel(kStun));
  CHECK(NextHeard().empty());

  transport.SetTransform(nullptr);
  cut = InChannel(RtpDatagram(kPayloadType, 2, 0));
  cut.pop_back();
  server.SendTo(port, cut);
  Drain();
  CHECK(heard.sequence_numbers == std::vector<std::uint16_t>{1});
}

TEST_CASE_FIXTURE(Beside, "RtpTransport: what is aimed listens to nobody else") {
  Peer found;
  Peer found_rtcp;
  transport.Aim(false, {AddressOf(found), 0});
  transport.Aim(true, {AddressOf(found_rtcp), 0});
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  for (std::uint16_t i = 0; i < 20; ++i) rtp_peer.SendTo(port, RtpDatagram(kPayloadType, i, 0));
  found.SendTo(port, RtpDatagram(kPayloadType, 77, 0));
  Drain();
  CHECK(heard.sequence_numbers == std::vector<std::uint16_t>{77});
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(found.Receive() == kSound);
  CHECK(transport.SendRtcp(kSound.data(), kSound.size()));
  CHECK(found_rtcp.Receive() == kSound);
  // Nor does a description lead it elsewhere.
  SignalFarEnd(rtp_peer.address(), rtcp_peer.address());
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(found.Receive() == kSound);
  transport.Aim(false, MediaAim());
  CHECK(transport.SendRtp(kSound.data(), kSound.size()));
  CHECK(rtp_peer.Receive() == kSound);
}
