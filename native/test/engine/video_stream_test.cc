// Shows RFC 4585, 4588.

#include "dashvoip/engine/video_stream.h"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/random_source.h"
#include "dashvoip/rtp/rtcp_packet.h"
#include "test_peer.h"
#include "toy_transform.h"

using namespace dashvoip;        // NOLINT: a test of one part
using namespace dashvoip::test;  // NOLINT

namespace {

void AppendNal(Bytes* unit, std::uint8_t header, std::size_t size) {
  unit->insert(unit->end(), {0, 0, 0, 1, header});
  unit->insert(unit->end(), size - 1, 0x77);
}

/** SPS (baseline, 64x64), PPS and an IDR slice of 3000 bytes, or one P slice. */
Bytes Picture(bool key) {
  Bytes unit;
  if (!key) {
    AppendNal(&unit, 0x41, 500);
    return unit;
  }
  const Bytes sps{0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x0a, 0xda, 0x11, 0x2c, 0x80};
  const Bytes pps{0, 0, 0, 1, 0x68, 0xce, 0x38, 0x80};
  unit.insert(unit.end(), sps.begin(), sps.end());
  unit.insert(unit.end(), pps.begin(), pps.end());
  AppendNal(&unit, 0x65, 3000);
  return unit;
}

/** A VPS of x265, and an IDR slice. */
Bytes H265Picture() {
  Bytes unit{0,    0,    0,    1,    0x40, 0x01, 0x0c, 0x01, 0xff, 0xff, 0x01, 0x60, 0x00, 0x00,
             0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c, 0x95, 0x94, 0x09};
  unit.insert(unit.end(), {0, 0, 0, 1, 19 << 1, 1});
  unit.insert(unit.end(), 800, 0x77);
  return unit;
}

struct Fixture {
  Fixture() : Fixture(BindPair()) {}
  explicit Fixture(SocketPair pair)
      : port(pair.rtp_port), stream(std::move(pair), Setup(), &random), batch(new DatagramBatch) {
    settings.payload_type = 96;
    settings.packetization_mode = 1;
    settings.remote = RemoteAt(peer.port(), rtcp_peer.port());
  }

  static StreamSetup Setup() {
    StreamSetup setup;
    setup.cname = "test@localhost";
    setup.family = AF_INET;
    setup.max_video_payload = 1200;
    return setup;
  }

  void Configure(Direction direction) {
    settings.direction = direction;
    stream.Configure(&settings, MonotonicNs(), now);
  }
  void Show(bool key, PictureCodec codec = PictureCodec::kH264) {
    AccessUnit unit;
    unit.codec = codec;
    unit.pts = pts += 3000;
    unit.timescale = 90000;
    unit.frame_ticks = 3000;
    unit.key_frame = key;
    const Bytes picture = codec == PictureCodec::kH265 ? H265Picture() : Picture(key);
    unit.size = static_cast<std::uint32_t>(picture.size());
    stream.OnPicture(unit, picture.data(), now);
    now += 34 * kNsPerMs;
    stream.SendDue(now);
  }
  void Ask(const Bytes& datagram) {
    rtcp_peer.SendTo(static_cast<std::uint16_t>(port + 1), datagram);
    stream.Drain(batch.get(), MonotonicNs());
  }

  SeededRandom random{9};
  std::uint16_t port;
  VideoStream stream;
  std::unique_ptr<DatagramBatch> batch;
  VideoStreamSettings settings{};
  Peer peer;
  Peer rtcp_peer;
  std::int64_t now = MonotonicNs();
  std::uint64_t pts = 0;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "VideoStream: begins at a key frame, with its parameter sets") {
  Configure(Direction::kSendOnly);
  CHECK_FALSE(stream.Counters().first_picture_ms);
  Show(false);
  CHECK(stream.Counters().dropped_frames == 1);
  Show(true);
  Show(false);
  const Bytes datagram = peer.Receive();
  const RtpPacket first = Parse(datagram);
  CHECK(first.header.payload_type == 96);
  CHECK((first.payload[0] & 0x1f) == kNalStapA);
  const VideoSnapshot counters = stream.Counters();
  CHECK(counters.frames == 2);
  CHECK(counters.key_frames == 1);
  CHECK(counters.sent.packets == 5);  // STAP-A, three fragments, one P slice
  CHECK(counters.limited_frames == 0);
  CHECK(*counters.first_picture_ms >= 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "VideoStream: hold and resume continue the source and await a key frame") {
  Configure(Direction::kSendOnly);
  Show(true);
  RtpHeader before;
  for (int i = 0; i < 4; ++i) before = Parse(peer.Receive()).header;
  CHECK(before.marker);
  Configure(Direction::kInactive);
  CHECK_FALSE(stream.sends());
  Configure(Direction::kSendOnly);
  Show(false);
  CHECK(peer.Receive(50).empty());
  Show(true);
  const RtpHeader after = Parse(peer.Receive()).header;
  CHECK(after.ssrc == before.ssrc);
  CHECK(after.sequence_number == static_cast<std::uint16_t>(before.sequence_number + 1));
  CHECK(after.timestamp == before.timestamp + 2 * 3000);
}

TEST_CASE_FIXTURE(Fixture,
                  "VideoStream: on hold nothing leaves that waited, and no number is missing") {
  Configure(Direction::kSendOnly);
  Show(true);
  RtpHeader before;
  for (int i = 0; i < 4; ++i) before = Parse(peer.Receive()).header;
  AccessUnit unit;
  unit.pts = pts += 3000;
  unit.timescale = 90000;
  unit.frame_ticks = 3000;
  unit.key_frame = true;
  const Bytes picture = Picture(true);
  unit.size = static_cast<std::uint32_t>(picture.size());
  stream.OnPicture(unit, picture.data(), now);
  SUBCASE("held") { Configure(Direction::kInactive); }
  SUBCASE("closed") { stream.Configure(nullptr, 0, now); }
  now += kNsPerSecond;
  stream.SendDue(now);
  CHECK(peer.Receive(50).empty());
  CHECK(stream.NextWake(0) == VideoPacer::kNever);
  Configure(Direction::kSendOnly);
  Show(true);
  CHECK(Parse(peer.Receive()).header.sequence_number ==
        static_cast<std::uint16_t>(before.sequence_number + 1));
}

TEST_CASE_FIXTURE(Fixture, "VideoStream: slices that mode 0 cannot carry are sent, and counted") {
  settings.packetization_mode = 0;
  Configure(Direction::kSendOnly);
  for (int i = 0; i < 5; ++i) Show(true);
  CHECK(stream.Counters().oversize_frames == 5);
  CHECK(stream.Counters().frames == 5);
  // Counted on when the form changes.
  settings.packetization_mode = 1;
  Configure(Direction::kSendOnly);
  Show(true);
  CHECK(stream.Counters().oversize_frames == 5);
  CHECK(stream.Counters().frames == 6);
}

TEST_CASE_FIXTURE(Fixture, "VideoStream: the far end's limit is kept by leaving out whole groups") {
  settings.max_bitrate = 200000U;
  Configure(Direction::kSendOnly);
  // Groups of a second: a key frame of 3 kB and P frames of 0.5 kB, 160 kbit/s at 30 pictures.
  std::uint64_t shown = 0;
  for (int i = 0; i < 300; ++i, ++shown) Show(i % 30 == 0);
  CHECK(stream.Counters().limited_frames == 0);
  CHECK(*stream.Counters().max_bitrate == 200000);
  CHECK(stream.Counters().bitrate == doctest::Approx(146000).epsilon(0.15));
  settings.max_bitrate = 80000U;
  Configure(Direction::kSendOnly);
  const std::uint64_t bytes = stream.Counters().sent.bytes;
  for (int i = 0; i < 900; ++i, ++shown) Show(i % 30 == 0);
  const VideoSnapshot counters = stream.Counters();
  CHECK(counters.limited_frames % 30 == 0);  // whole groups
  CHECK(counters.frames + counters.limited_frames == shown);
  CHECK(counters.dropped_frames == 0);
  const double seconds = 900 * 0.034;
  const double rate = static_cast<double>(counters.sent.bytes - bytes) * 8 / seconds;
  CHECK(rate < 80000);
  CHECK(rate > 50000);
}

TEST_CASE_FIXTURE(Fixture, "VideoStream: another payload type continues the numbers") {
  Configure(Direction::kSendOnly);
  Show(true);
  RtpHeader before;
  for (int i = 0; i < 4; ++i) before = Parse(peer.Receive()).header;
  settings.payload_type = 102;
  Configure(Direction::kSendOnly);
  Show(true);
  const RtpHeader after = Parse(peer.Receive()).header;
  CHECK(after.payload_type == 102);
  CHECK(after.sequence_number == static_cast<std::uint16_t>(before.sequence_number + 1));
  CHECK(stream.Counters().frames == 2);
}

TEST_CASE_FIXTURE(Fixture,
                  "VideoStream: after a loss in front of us nothing goes until a key frame") {
  Configure(Direction::kSendOnly);
  Show(true);
  AccessUnit unit;
  unit.pts = pts += 3000;
  unit.timescale = 90000;
  unit.gap_before = true;
  const Bytes picture = Picture(false);
  unit.size = static_cast<std::uint32_t>(picture.size());
  stream.OnPicture(unit, picture.data(), now);
  CHECK(stream.Counters().dropped_frames == 1);
  stream.NoteDropped(2);
  CHECK(stream.Counters().dropped_frames == 3);
}

TEST_CASE_FIXTURE(Fixture, "VideoStream: packets in a row go through a transform one by one") {
  ToyTransform transform(0x5a);
  stream.SetTransform(&transform);
  Configure(Direction::kSendOnly);
  Show(true);
  std::size_t fragments = 0;
  for (int i = 0; i < 4; ++i) {  // STAP-A, three fragments
    Bytes packet = peer.Receive();
    std::size_t size = packet.size();
    REQUIRE(transform.UnprotectRtp(packet.data(), &size));
    packet.resize(size);
    const RtpPacket clear = Parse(packet);
    if ((clear.payload[0] & 0x1f) != kNalFuA) continue;
    ++fragments;
    CHECK(clear.payload[clear.payload_size - 1] == 0x77);
  }
  CHECK(fragments == 3);
}

TEST_CASE_FIXTURE(Fixture, "VideoStream: PLI and FIR are requests, noise and BYE are not") {
  Configure(Direction::kSendOnly);
  Bytes pli(64);
  RtcpWriter pli_writer(pli.data(), pli.size());
  REQUIRE(pli_writer.AddPictureLoss(7, stream.Counters().sent.ssrc));
  pli.resize(pli_writer.size());
  Ask(pli);
  CHECK(stream.TakeKeyFrameRequests() == 1);
  CHECK(stream.TakeKeyFrameRequests() == 0);
  Bytes fir(64);
  RtcpWriter fir_writer(fir.data(), fir.size());
  REQUIRE(fir_writer.AddFullIntraRequest(7, stream.Counters().sent.ssrc, 1));
  fir.resize(fir_writer.size());
  Ask(fir);
  CHECK(stream.TakeKeyFrameRequests() == 1);
  Ask(Bytes(40, 0x80));
  CHECK(stream.TakeKeyFrameRequests() == 0);
  CHECK(stream.Counters().key_frame_requests == 2);
  CHECK(stream.Counters().rejected == 1);
  CHECK_FALSE(stream.TakeBye());
}

namespace {

/** Generic NACK, RFC 4585 §6.2.1. */
Bytes Missed(std::uint32_t media, std::uint16_t first, std::uint16_t following) {
  Bytes nack{0x81, 205, 0, 3, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0};
  WriteU32(&nack[8], media);
  WriteU16(&nack[12], first);
  WriteU16(&nack[14], following);
  return nack;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "VideoStream: what the far end missed is sent once more, as it was") {
  Configure(Direction::kSendOnly);
  Show(true);
  std::vector<Bytes> sent;
  for (int i = 0; i < 4; ++i) sent.push_back(peer.Receive());
  for (int i = 0; i < 10; ++i) {
    Show(false);
    peer.Receive();
  }
  const std::uint32_t ssrc = stream.Counters().sent.ssrc;
  const std::uint16_t first = Parse(sent[0]).header.sequence_number;
  const std::uint64_t packets = stream.Counters().sent.packets;
  Ask(Missed(ssrc, first, 2));  // it, and the second behind it
  CHECK(peer.Receive() == sent[0]);
  CHECK(peer.Receive() == sent[2]);
  Ask(Missed(ssrc, first, 0));          // that is under way
  Ask(Missed(ssrc + 1, first + 1, 0));  // of somebody else
  Ask(Missed(ssrc, first - 1, 0));      // never sent
  CHECK(peer.Receive(50).empty());
  CHECK(stream.Counters().retransmitted == 2);
  CHECK(stream.Counters().sent.packets == packets);
  Configure(Direction::kInactive);
  Ask(Missed(ssrc, first + 1, 0));
  CHECK(peer.Receive(50).empty());
}

TEST_CASE_FIXTURE(Fixture, "VideoStream: where it was agreed on, it goes by RTX") {
  settings.rtx_payload_type = 97;
  Configure(Direction::kSendOnly);
  Show(true);
  std::vector<Bytes> sent;
  for (int i = 0; i < 4; ++i) sent.push_back(peer.Receive());
  for (int i = 0; i < 10; ++i) {
    Show(false);
    peer.Receive();
  }
  const std::uint32_t ssrc = stream.Counters().sent.ssrc;
  CHECK(stream.media_ssrc() == ssrc);
  CHECK(stream.rtx_ssrc() != ssrc);
  const RtpHeader first = Parse(sent[0]).header;
  const std::uint64_t packets = stream.Counters().sent.packets;
  Ask(Missed(ssrc, first.sequence_number, 4));  // it, and the last of the picture
  std::uint16_t before = 0;
  for (const Bytes& missed : {sent[0], sent[3]}) {
    const RtpPacket original = Parse(missed);
    const Bytes datagram = peer.Receive();
    const RtpPacket again = Parse(datagram);
    CHECK(again.header.payload_type == 97);
    CHECK(again.header.ssrc == stream.rtx_ssrc());
    CHECK(again.header.timestamp == original.header.timestamp);
    CHECK(again.header.marker == original.header.marker);
    // RFC 4588 §4: the original number, then the payload as it was.
    REQUIRE(again.payload_size == original.payload_size + 2);
    CHECK(ReadU16(again.payload) == original.header.sequence_number);
    CHECK(Bytes(again.payload + 2, again.payload + again.payload_size) ==
          Bytes(original.payload, original.payload + original.payload_size));
    if (before != 0) CHECK(again.header.sequence_number == before + 1);
    before = again.header.sequence_number;
  }
  CHECK(stream.Counters().retransmitted == 2);
  CHECK(stream.Counters().sent.packets == packets);
}

TEST_CASE_FIXTURE(Fixture, "VideoStream: pictures of another codec than was agreed on stay here") {
  Configure(Direction::kSendOnly);
  CHECK(stream.Counters().codec == VideoCodec::kH264);
  Show(true);
  Show(true, PictureCodec::kH265);
  CHECK(stream.Counters().frames == 1);
  CHECK(stream.Counters().dropped_frames == 1);
  settings.codec = VideoCodec::kH265;
  Configure(Direction::kSendOnly);
  Show(true);
  CHECK(stream.Counters().frames == 1);
  Show(true, PictureCodec::kH265);
  const VideoSnapshot counters = stream.Counters();
  CHECK(counters.codec == VideoCodec::kH265);
  CHECK(counters.frames == 2);
  CHECK(counters.dropped_frames == 2);
}

TEST_CASE_FIXTURE(Fixture, "VideoStream: on a narrow way it sends what arrives, and says so") {
  Configure(Direction::kSendOnly);
  for (int i = 0; i < 90; ++i) Show(i % 30 == 0);
  CHECK_FALSE(stream.Counters().link_bitrate);
  const std::uint32_t sent = stream.Counters().bitrate;
  REQUIRE(sent > 0);
  // Three quarters are lost.
  Bytes report{0x81, 201, 0, 7, 0, 0, 0, 7, 0, 0, 0, 0, 192, 0, 0, 0};
  report.resize(32);
  WriteU32(&report[8], stream.Counters().sent.ssrc);
  rtcp_peer.SendTo(static_cast<std::uint16_t>(port + 1), report);
  stream.Drain(batch.get(), now);
  REQUIRE(stream.Counters().link_bitrate);
  CHECK(*stream.Counters().link_bitrate < sent);
  const std::uint64_t before = stream.Counters().frames;
  for (int i = 0; i < 90; ++i) Show(i % 30 == 0);
  const VideoSnapshot counters = stream.Counters();
  CHECK(counters.frames - before < 60);
  CHECK(counters.frames - before + counters.limited_frames + counters.dropped_frames == 90);
}

TEST_CASE_FIXTURE(Fixture, "VideoStream: REMB bounds what is sent") {
  Configure(Direction::kSendOnly);
  Show(true);
  Ask({0x8f, 206, 0,   5,   0, 0,    0,    9,    0, 0, 0, 0,
       'R',  'E', 'M', 'B', 1, 0x0f, 0xd0, 0x90, 0, 0, 0, 7});
  REQUIRE(stream.Counters().link_bitrate);
  CHECK(*stream.Counters().link_bitrate == 2000000);
}
