#include "dashvoip/rtp/packet.h"

#include <doctest/doctest.h>

#include <cstring>

#include "dashvoip/base/byte_order.h"
#include "rtp/test_files.h"

namespace dashvoip {
namespace {

using test::Bytes;
using test::ReadTestFile;

RtpParseResult Parse(const Bytes& bytes, RtpPacket* packet) {
  return ParseRtpPacket(bytes.data(), bytes.size(), packet);
}

TEST_CASE("RTP: a plain packet of another implementation") {
  const Bytes bytes = ReadTestFile("rtp-bin/rtp.bin");
  RtpPacket packet;
  REQUIRE(Parse(bytes, &packet) == RtpParseResult::kOk);
  CHECK(packet.header.payload_type == 0);
  CHECK_FALSE(packet.header.marker);
  CHECK(packet.header.sequence_number == 15743);
  CHECK(packet.header.timestamp == 3937035252u);
  CHECK(packet.csrc_count == 0);
  CHECK_FALSE(packet.has_extension);
  CHECK(packet.payload == bytes.data() + 12);
  CHECK(packet.payload_size == 160);

  Bytes written(bytes.size());
  WriteRtpHeader(packet.header, written.data());
  CHECK(std::memcmp(written.data(), bytes.data(), kRtpHeaderSize) == 0);
}

TEST_CASE("RTP: DTMF event, CSRC list, header extension, nothing but padding") {
  RtpPacket packet;
  const Bytes dtmf = ReadTestFile("rtp-bin/rtp_dtmf.bin");
  REQUIRE(Parse(dtmf, &packet) == RtpParseResult::kOk);
  CHECK(packet.header.payload_type == 101);
  CHECK(packet.header.marker);
  CHECK(packet.payload_size == 4);

  const Bytes csrc = ReadTestFile("rtp-bin/rtp_with_csrc.bin");
  REQUIRE(Parse(csrc, &packet) == RtpParseResult::kOk);
  REQUIRE(packet.csrc_count == 2);
  CHECK(ReadU32(packet.csrcs) == 2882400001u);
  CHECK(ReadU32(packet.csrcs + 4) == 3735928559u);
  CHECK(packet.payload_size == 160);

  const Bytes mid = ReadTestFile("rtp-bin/rtp_with_sdes_mid.bin");
  REQUIRE(Parse(mid, &packet) == RtpParseResult::kOk);
  CHECK(packet.has_extension);
  CHECK(packet.extension_profile == 0xbede);
  CHECK(packet.extension_size == 4);
  CHECK(packet.payload_size == 54);

  const Bytes padding = ReadTestFile("rtp-bin/rtp_only_padding.bin");
  REQUIRE(Parse(padding, &packet) == RtpParseResult::kOk);
  CHECK(packet.padding_size == 224);
  CHECK(packet.payload_size == 0);

  const Bytes both = ReadTestFile("rtp-bin/rtp_only_padding_with_header_extensions.bin");
  REQUIRE(Parse(both, &packet) == RtpParseResult::kOk);
  CHECK(packet.padding_size == 224);
  CHECK(packet.payload_size == 0);
  CHECK(packet.extension_size == 4);
}

TEST_CASE("RTP: every truncation of a packet with everything is refused or stays inside") {
  const Bytes bytes = ReadTestFile("rtp-bin/rtp_with_sdes_mid.bin");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    RtpPacket packet;
    const RtpParseResult result = Parse(cut, &packet);
    if (size < 12) CHECK(result == RtpParseResult::kTooShort);
    if (size >= 12 && size < 20) CHECK(result == RtpParseResult::kTruncated);
    if (result != RtpParseResult::kOk) continue;
    CHECK(packet.payload + packet.payload_size + packet.padding_size == cut.data() + cut.size());
  }
}

TEST_CASE("RTP: what is not RTP") {
  RtpPacket packet;
  Bytes bytes(12, 0);
  CHECK(Parse(bytes, &packet) == RtpParseResult::kBadVersion);
  bytes[0] = 0xa0;  // padding announced, its count byte is 0
  CHECK(Parse(bytes, &packet) == RtpParseResult::kBadPadding);
  bytes.push_back(2);  // more than there is
  CHECK(Parse(bytes, &packet) == RtpParseResult::kBadPadding);
  bytes[12] = 1;
  CHECK(Parse(bytes, &packet) == RtpParseResult::kOk);
  CHECK(packet.payload_size == 0);
  bytes[0] = 0x8f;  // fifteen CSRCs
  CHECK(Parse(bytes, &packet) == RtpParseResult::kTruncated);
}

TEST_CASE("RTP: RTCP on an RTP port is told apart (RFC 5761)") {
  const Bytes report = ReadTestFile("rtp-bin/rtcp_sr.bin");
  const Bytes rtp = ReadTestFile("rtp-bin/rtp.bin");
  CHECK(IsRtcp(report.data(), report.size()));
  CHECK_FALSE(IsRtcp(rtp.data(), rtp.size()));
  CHECK_FALSE(IsRtcp(report.data(), 3));
}

}  // namespace
}  // namespace dashvoip
