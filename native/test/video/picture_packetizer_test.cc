// Shows RFC 6184.

#include "dashvoip/video/picture_packetizer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dashvoip/base/random_source.h"
#include "dashvoip/rtp/packet.h"
#include "video/h264_capture.h"

namespace dashvoip {
namespace {

using test::Bytes;
using Result = PicturePacketizer::Result;

constexpr std::size_t kMaxPayload = 1200;

class Sender {
 public:
  explicit Sender(int mode = 1, std::size_t max_packets = 1000, std::size_t max_bytes = 1000000)
      : ring_(max_packets, max_bytes), packetizer_(Settings(mode), &ring_) {}

  Result Send(const std::vector<Bytes>& nal_units, std::uint32_t timestamp) {
    return Send(test::AnnexB(nal_units), timestamp);
  }
  Result Send(const Bytes& annexb, std::uint32_t timestamp) {
    std::size_t packets = 0;
    const Result result = packetizer_.Packetize(annexb.data(), annexb.size(), timestamp, &packets);
    CHECK((result == Result::kSent) == (packets > 0));
    return result;
  }
  /** Takes all packets out; each must keep to the limit. */
  void Deliver(test::Depacketizer* receiver) {
    for (; ring_.size() > 0; ring_.Pop(1)) {
      const RingPacket packet = ring_.at(0);
      CHECK(packet.size <= kRtpHeaderSize + kMaxPayload);
      receiver->OnPacket(packet.data, packet.size);
      types_ += std::to_string(packet.data[kRtpHeaderSize] & 0x1f) + " ";
    }
  }
  PicturePacketizer& packetizer() { return packetizer_; }
  /** Packet types in the order they were delivered. */
  const std::string& types() const { return types_; }

 private:
  static PicturePacketizerSettings Settings(int mode) {
    PicturePacketizerSettings settings;
    settings.ssrc = 0x1234;
    settings.payload_type = 99;
    settings.packetization_mode = mode;
    settings.max_payload = kMaxPayload;
    settings.first_sequence_number = 65530;
    return settings;
  }

  PacketRing ring_;
  PicturePacketizer packetizer_;
  std::string types_;
};

Bytes NalOf(std::uint8_t header, std::size_t size) {
  Bytes nal(size, 0x5a);
  nal[0] = header;
  return nal;
}

const Bytes kSps = {0x67, 0x42, 0xc0, 0x28, 0xd9, 0x00, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x44, 0x00,
                    0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xf0, 0x3c, 0x60, 0xc9, 0x20};
const Bytes kPps = {0x68, 0xeb, 0xe3, 0xc4, 0x48, 0x44};

TEST_CASE("packetizer: a captured stream comes out as it went in") {
  const auto pictures = test::CapturedPictures();
  REQUIRE(pictures.size() > 100);
  Sender sender;
  test::Depacketizer receiver;
  std::size_t sent = 0;
  for (const test::Picture& picture : pictures) {
    REQUIRE(sender.Send(picture.nal_units, picture.timestamp) == Result::kSent);
    sender.Deliver(&receiver);
    ++sent;
    REQUIRE(receiver.pictures().size() == sent);
    CHECK(receiver.pictures().back().nal_units == picture.nal_units);
    CHECK(receiver.pictures().back().timestamp == picture.timestamp);
    CHECK(receiver.pictures().back().marked);
  }
  CHECK(sender.packetizer().Snapshot().pictures == pictures.size());
}

TEST_CASE("packetizer: parameter sets travel in one STAP-A, a large slice in FU-A") {
  Sender sender;
  test::Depacketizer receiver;
  const Bytes idr = NalOf(0x65, 5000);
  REQUIRE(sender.Send(std::vector<Bytes>{kSps, kPps, idr}, 1) == Result::kSent);
  sender.Deliver(&receiver);
  CHECK(sender.types() == "24 28 28 28 28 28 ");
  CHECK(receiver.pictures()[0].nal_units == std::vector<Bytes>{kSps, kPps, idr});
}

TEST_CASE("packetizer: AUD, filler and the camera's own units stay out, SEI goes through") {
  Sender sender;
  test::Depacketizer receiver;
  const Bytes sei = {0x06, 5, 1, 9, 0x80};
  const Bytes idr = NalOf(0x65, 2000);
  REQUIRE(sender.Send(std::vector<Bytes>{{0x09, 0xf0},
                                         {0x1a, 1, 2},
                                         kSps,
                                         kPps,
                                         sei,
                                         idr,
                                         {0x0a},
                                         {0x0b},
                                         {0x0c, 0xff, 0x80},
                                         {0x00, 1},
                                         {0x1e, 1}},
                      1) == Result::kSent);
  sender.Deliver(&receiver);
  CHECK(receiver.pictures()[0].nal_units == std::vector<Bytes>{kSps, kPps, sei, idr});
}

TEST_CASE("packetizer: an IDR without parameter sets gets the cached ones") {
  Sender sender;
  test::Depacketizer receiver;
  const Bytes idr = NalOf(0x65, 3000);
  sender.Send(std::vector<Bytes>{kSps, kPps, idr}, 1);
  sender.Send(std::vector<Bytes>{NalOf(0x41, 100)}, 2);
  sender.Send(std::vector<Bytes>{idr}, 3);
  sender.Deliver(&receiver);
  CHECK(receiver.pictures()[1].nal_units == std::vector<Bytes>{NalOf(0x41, 100)});
  CHECK(receiver.pictures()[2].nal_units == std::vector<Bytes>{kSps, kPps, idr});
  CHECK(sender.packetizer().Snapshot().repeated_parameter_sets == 1);

  // Known from before the call.
  Sender second;
  test::Depacketizer late;
  const Bytes sets = test::AnnexB({kSps, kPps});
  second.packetizer().parameter_sets()->UpdateFrom(sets.data(), sets.size());
  CHECK(second.Send(std::vector<Bytes>{idr}, 1) == Result::kSent);
  second.Deliver(&late);
  CHECK(late.pictures()[0].nal_units == std::vector<Bytes>{kSps, kPps, idr});
}

TEST_CASE("packetizer: nothing is sent before the first IDR, nor after a loss until the next") {
  Sender sender;
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x41, 50)}, 1) == Result::kDropped);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x65, 50)}, 2) == Result::kSent);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x41, 50)}, 3) == Result::kSent);
  sender.packetizer().AwaitKeyFrame();
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x41, 50)}, 4) == Result::kDropped);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x65, 50)}, 5) == Result::kSent);
  CHECK(sender.packetizer().Snapshot().dropped_pictures == 2);
}

TEST_CASE("packetizer: a picture that does not fit is dropped whole, numbers have no gap") {
  Sender sender(1, 100, 8000);
  test::Depacketizer receiver;
  CHECK(sender.Send(std::vector<Bytes>{kSps, kPps, NalOf(0x65, 3000)}, 1) == Result::kSent);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x41, 6000)}, 2) == Result::kDropped);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x41, 100)}, 3) == Result::kDropped);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x65, 2000)}, 4) == Result::kSent);
  sender.Deliver(&receiver);
  REQUIRE(receiver.pictures().size() == 2);
  CHECK(receiver.pictures()[1].timestamp == 4);
  CHECK(sender.packetizer().next_sequence_number() ==
        static_cast<std::uint16_t>(65530 + sender.packetizer().Snapshot().packets));
}

TEST_CASE("packetizer: mode 0 sends single NAL units, and no aggregates") {
  Sender sender(0);
  test::Depacketizer receiver;
  CHECK(sender.Send(std::vector<Bytes>{kSps, kPps, NalOf(0x65, 1200)}, 1) == Result::kSent);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x41, 90)}, 2) == Result::kSent);
  sender.Deliver(&receiver);
  CHECK(sender.types() == "7 8 5 1 ");
  CHECK(receiver.pictures()[1].marked);
  CHECK(sender.packetizer().Snapshot().oversize_pictures == 0);
}

TEST_CASE("packetizer: a slice that mode 0 cannot carry goes out in fragments, and is counted") {
  Sender sender(0);
  test::Depacketizer receiver;
  CHECK(sender.Send(std::vector<Bytes>{kSps, kPps, NalOf(0x65, 1201)}, 1) == Result::kSent);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x41, 90)}, 2) == Result::kSent);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0x41, 90), NalOf(0x41, 1201)}, 3) == Result::kSent);
  sender.Deliver(&receiver);
  REQUIRE(receiver.pictures().size() == 3);
  CHECK(sender.types() == "7 8 28 28 1 1 28 28 ");
  CHECK(sender.packetizer().Snapshot().oversize_pictures == 2);
  CHECK(sender.packetizer().Snapshot().dropped_pictures == 0);
}

TEST_CASE("packetizer: SEI and parameter sets alone are no picture") {
  for (const int mode : {0, 1}) {
    Sender sender(mode);
    const Bytes sei = {0x06, 5, 1, 9, 0x80};
    CHECK(sender.Send(std::vector<Bytes>{kSps, kPps, sei}, 1) == Result::kEmpty);
    CHECK(sender.packetizer().Snapshot().pictures == 0);
    CHECK(sender.packetizer().Snapshot().packets == 0);
  }
}

/** The first byte of each packet's payload. */
Bytes FirstBytes(const std::vector<Bytes>& nal_units) {
  PacketRing ring(100, 100000);
  PicturePacketizerSettings settings;
  PicturePacketizer packetizer(settings, &ring);
  const Bytes unit = test::AnnexB(nal_units);
  std::size_t packets = 0;
  packetizer.Packetize(unit.data(), unit.size(), 1, &packets);
  Bytes first;
  for (std::size_t i = 0; i < packets; ++i) first.push_back(ring.at(i).data[kRtpHeaderSize]);
  return first;
}

TEST_CASE("packetizer: a STAP-A is as important as its most important unit, RFC 6184 section 5.7") {
  const auto importance = [](const std::vector<Bytes>& units) {
    const Bytes first = FirstBytes(units);
    REQUIRE(first.size() == 1);
    CHECK((first[0] & 0x1f) == 24);
    CHECK((first[0] & 0x80) == 0);
    return first[0] >> 5;
  };
  CHECK(importance({{0x06, 5, 1, 9, 0x80}, NalOf(0x25, 50)}) == 1);
  CHECK(importance({NalOf(0x45, 50), NalOf(0x25, 50)}) == 2);
  CHECK(importance({NalOf(0x25, 50), NalOf(0x45, 50), {0x06, 5, 1, 9, 0x80}}) == 2);
  CHECK(importance({kSps, kPps, NalOf(0x25, 50)}) == 3);
  // And a fragment as its unit.
  for (const std::uint8_t header : {0x65, 0x45, 0x25}) {
    for (const std::uint8_t byte : FirstBytes({NalOf(header, 3000)})) {
      CHECK(byte == ((header & 0x60) | 28));
    }
  }
}

TEST_CASE("packetizer: both parameter sets are repeated when either is missing") {
  for (const bool sps : {true, false}) {
    Sender sender;
    test::Depacketizer receiver;
    const Bytes idr = NalOf(0x65, 300);
    sender.Send(std::vector<Bytes>{kSps, kPps, idr}, 1);
    sender.Send(std::vector<Bytes>{sps ? kSps : kPps, idr}, 2);
    sender.Deliver(&receiver);
    const std::vector<Bytes>& units = receiver.pictures()[1].nal_units;
    REQUIRE(units.size() == 4);
    CHECK(units[0] == kSps);
    CHECK(units[1] == kPps);
    CHECK(units[3] == idr);
    CHECK(sender.packetizer().Snapshot().repeated_parameter_sets == 1);
  }
}

TEST_CASE("packetizer: a unit with the forbidden bit stays out, the others go") {
  Sender sender;
  test::Depacketizer receiver;
  const Bytes idr = NalOf(0x65, 60);
  CHECK(sender.Send(std::vector<Bytes>{kSps, kPps, NalOf(0xe5, 50), idr, NalOf(0xe1, 50)}, 1) ==
        Result::kSent);
  sender.Deliver(&receiver);
  CHECK(receiver.pictures()[0].nal_units == std::vector<Bytes>{kSps, kPps, idr});
  CHECK(sender.packetizer().Snapshot().malformed_nal_units == 2);
  // It makes no key frame of what is none.
  Sender second;
  CHECK(second.Send(std::vector<Bytes>{NalOf(0xe5, 50), NalOf(0x41, 50)}, 1) == Result::kDropped);
}

TEST_CASE("packetizer: nothing for a receiver") {
  Sender sender;
  CHECK(sender.Send(Bytes(), 1) == Result::kEmpty);
  CHECK(sender.Send(Bytes(100, 7), 1) == Result::kEmpty);
  CHECK(sender.Send(std::vector<Bytes>{{0x09, 0xf0}}, 1) == Result::kEmpty);
  CHECK(sender.Send(std::vector<Bytes>{NalOf(0xe5, 50)}, 1) == Result::kEmpty);
  CHECK(sender.packetizer().Snapshot().malformed_nal_units == 1);
}

TEST_CASE("packetizer: sizes around every border come back whole") {
  Sender sender;
  test::Depacketizer receiver;
  REQUIRE(sender.Send(std::vector<Bytes>{NalOf(0x65, 10)}, 0) == Result::kSent);
  std::uint32_t timestamp = 0;
  for (const std::size_t base : {std::size_t{2}, kMaxPayload, 2 * kMaxPayload, 3 * kMaxPayload}) {
    for (std::size_t size = base > 8 ? base - 8 : 1; size <= base + 8; ++size) {
      const std::vector<Bytes> units = {NalOf(0x41, size), NalOf(0x21, 30), NalOf(0x01, size)};
      REQUIRE(sender.Send(units, ++timestamp) == Result::kSent);
      sender.Deliver(&receiver);
      CHECK(receiver.pictures().back().nal_units == units);
    }
  }
}

TEST_CASE("packetizer: many small units share packets") {
  Sender sender;
  test::Depacketizer receiver;
  std::vector<Bytes> units = {kSps, kPps, NalOf(0x65, 400)};
  for (int i = 0; i < 40; ++i) units.push_back(NalOf(0x65, 20 + static_cast<std::size_t>(i)));
  REQUIRE(sender.Send(units, 7) == Result::kSent);
  CHECK(sender.packetizer().Snapshot().packets < 6);
  sender.Deliver(&receiver);
  CHECK(receiver.pictures()[0].nal_units == units);
}

}  // namespace
}  // namespace dashvoip
