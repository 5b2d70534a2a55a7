// Shows RFC 7798.

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/rtp/packet.h"
#include "dashvoip/video/picture_packetizer.h"
#include "video/h264_capture.h"

namespace dashvoip {
namespace {

using test::Bytes;
using Result = PicturePacketizer::Result;
using Units = std::vector<Bytes>;

constexpr std::size_t kMaxPayload = 1200;

Bytes FromHex(const char* hex) {
  Bytes bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (; *hex != '\0'; hex += 2) {
    bytes.push_back(static_cast<std::uint8_t>(digit(hex[0]) << 4 | digit(hex[1])));
  }
  return bytes;
}

// Written by x265 for pictures of 322 x 242.
const Bytes kVps = FromHex("40010c01ffff01600000030090000003000003003c959409");
const Bytes kSps = FromHex(
    "42010101600000030090000003000003003ca00a8804071111965654a4c2f016808000000300800000030284");
const Bytes kPps = FromHex("4401c073c189");
const Bytes kAud = {0x46, 0x01, 0x50};
const Bytes kSei = {0x4e, 0x01, 5, 1, 9, 0x80};
const Bytes kSuffixSei = {0x50, 0x01, 0x84, 1, 9, 0x80};

/** @param type as table 7-1 of ITU-T H.265 has it. */
Bytes NalOf(int type, std::size_t size, std::uint8_t temporal = 1) {
  Bytes nal(size, 0x5a);
  nal[0] = static_cast<std::uint8_t>(type << 1);
  nal[1] = temporal;
  return nal;
}

/** Puts units together as RFC 7798 §4.4 has them, without DONL; anything else is a failure. */
class Receiver {
 public:
  void OnPacket(const std::uint8_t* data, std::size_t size) {
    RtpPacket packet;
    REQUIRE(ParseRtpPacket(data, size, &packet) == RtpParseResult::kOk);
    REQUIRE(packet.payload_size > 2);
    marked = packet.header.marker;
    const std::uint8_t* p = packet.payload;
    const std::size_t length = packet.payload_size;
    const int type = p[0] >> 1;
    types.push_back(type);
    if (type == 48) {
      TakeAggregate(p, length);
    } else if (type == 49) {
      TakeFragment(p, length);
    } else {
      REQUIRE(fragment_.empty());
      units.emplace_back(p, p + length);
    }
  }

  Units units;
  std::vector<int> types;
  bool marked = false;

 private:
  void TakeAggregate(const std::uint8_t* p, std::size_t length) {
    std::uint8_t lowest = 0xff;
    std::size_t count = 0;
    for (std::size_t at = 2; at < length; ++count) {
      REQUIRE(length - at > 2);
      const std::size_t part = ReadU16(p + at);
      REQUIRE(part >= 2);
      REQUIRE(length - at - 2 >= part);
      units.emplace_back(p + at + 2, p + at + 2 + part);
      lowest = std::min(lowest, units.back()[1]);
      at += 2 + part;
    }
    CHECK(count >= 2);
    CHECK(p[1] == lowest);  // the lowest temporal layer
  }

  void TakeFragment(const std::uint8_t* p, std::size_t length) {
    REQUIRE(length > 3);
    const bool start = (p[2] & 0x80) != 0;
    const bool end = (p[2] & 0x40) != 0;
    CHECK_FALSE((start && end));
    REQUIRE(start == fragment_.empty());
    if (start) fragment_ = {static_cast<std::uint8_t>((p[2] & 0x3f) << 1), p[1]};
    fragment_.insert(fragment_.end(), p + 3, p + length);
    if (!end) return;
    units.push_back(fragment_);
    fragment_.clear();
  }

  Bytes fragment_;
};

class Sender {
 public:
  Sender() : ring_(1000, 1000000), packetizer_(Settings(), &ring_) {}

  Result Send(const Units& units) {
    const Bytes annexb = test::AnnexB(units);
    std::size_t packets = 0;
    return packetizer_.Packetize(annexb.data(), annexb.size(), 1, &packets);
  }
  Receiver Delivered() {
    Receiver receiver;
    for (; ring_.size() > 0; ring_.Pop(1)) {
      CHECK(ring_.at(0).size <= kRtpHeaderSize + kMaxPayload);
      CHECK_FALSE(receiver.marked);
      receiver.OnPacket(ring_.at(0).data, ring_.at(0).size);
    }
    CHECK(receiver.marked);
    return receiver;
  }
  PicturePacketizerSnapshot counters() const { return packetizer_.Snapshot(); }

 private:
  static PicturePacketizerSettings Settings() {
    PicturePacketizerSettings settings;
    settings.codec = PictureCodec::kH265;
    settings.packetization_mode = 0;  // means nothing here
    settings.max_payload = kMaxPayload;
    return settings;
  }

  PacketRing ring_;
  PicturePacketizer packetizer_;
};

TEST_CASE("packetizer of H.265: small units share a packet, a large one goes in fragments") {
  Sender sender;
  const Bytes idr = NalOf(19, 5000);
  REQUIRE(sender.Send({kAud, kVps, kSps, kPps, kSei, idr, kSuffixSei}) == Result::kSent);
  const Receiver first = sender.Delivered();
  CHECK(first.units == Units{kAud, kVps, kSps, kPps, kSei, idr, kSuffixSei});
  CHECK(first.types == std::vector<int>{48, 49, 49, 49, 49, 49, 40});
  const Bytes slice = NalOf(1, 900, 2);
  REQUIRE(sender.Send({slice}) == Result::kSent);
  CHECK(sender.Delivered().units == Units{slice});
  // A unit that fits goes as it is, of two each has its own temporal layer.
  const Units two = {NalOf(1, 300, 3), NalOf(0, 300, 2)};
  REQUIRE(sender.Send(two) == Result::kSent);
  const Receiver last = sender.Delivered();
  CHECK(last.units == two);
  CHECK(last.types == std::vector<int>{48});
  CHECK(sender.counters().oversize_pictures == 0);
}

TEST_CASE("packetizer of H.265: what no receiver of one stream needs stays out") {
  Sender sender;
  const Bytes idr = NalOf(20, 800);
  Bytes upper_layer = NalOf(1, 50);
  upper_layer[1] = 9;  // nuh_layer_id 1
  Bytes higher_layer = NalOf(1, 50);
  higher_layer[0] |= 1;  // nuh_layer_id 32
  Bytes forbidden = NalOf(1, 50);
  forbidden[0] |= 0x80;
  REQUIRE(sender.Send({kVps,
                       kSps,
                       kPps,
                       idr,
                       upper_layer,
                       higher_layer,
                       forbidden,
                       NalOf(36, 3),
                       NalOf(37, 3),
                       NalOf(38, 9),
                       NalOf(10, 30),
                       NalOf(22, 30),
                       NalOf(41, 30),
                       NalOf(48, 30),
                       NalOf(63, 30),
                       {0x02}}) == Result::kSent);
  CHECK(sender.Delivered().units == Units{kVps, kSps, kPps, idr});
  CHECK(sender.counters().malformed_nal_units == 1);
}

TEST_CASE("packetizer of H.265: it begins at any picture of random access, and only there") {
  for (int type = 16; type <= 21; ++type) {
    Sender sender;
    CHECK(sender.Send({NalOf(1, 50)}) == Result::kDropped);
    CHECK(sender.Send({NalOf(9, 50)}) == Result::kDropped);
    REQUIRE(sender.Send({kVps, kSps, kPps, NalOf(type, 50)}) == Result::kSent);
    CHECK(sender.Send({NalOf(1, 50)}) == Result::kSent);
    CHECK(sender.counters().key_pictures == 1);
  }
}

TEST_CASE("packetizer of H.265: sets are repeated where one of them is missing") {
  const Bytes idr = NalOf(19, 3000);
  const Units all = {kVps, kSps, kPps, idr};
  for (const Units& lacking : {Units{idr}, Units{kSps, kPps, idr}}) {
    Sender sender;
    REQUIRE(sender.Send(all) == Result::kSent);
    sender.Delivered();
    Units sent = lacking;
    sent.insert(sent.begin(), kAud);
    REQUIRE(sender.Send(sent) == Result::kSent);
    Units expected = lacking;
    expected.insert(expected.begin(), {kAud, kVps, kSps, kPps});
    CHECK(sender.Delivered().units == expected);
    CHECK(sender.counters().repeated_parameter_sets == 1);
  }
}

}  // namespace
}  // namespace dashvoip
