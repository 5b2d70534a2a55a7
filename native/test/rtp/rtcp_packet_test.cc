// Shows RFC 3550.

#include "dashvoip/rtp/rtcp_packet.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "rtp/test_files.h"

namespace dashvoip {
namespace {

using test::Bytes;
using test::ReadTestFile;

struct Recorder : RtcpListener {
  void OnSenderReport(std::uint32_t sender, const SenderInfo& info) noexcept override {
    said += "SR " + std::to_string(sender) + " ";
    sender_info = info;
  }
  void OnReceiverReport(std::uint32_t sender) noexcept override {
    said += "RR " + std::to_string(sender) + " ";
  }
  void OnReportBlock(std::uint32_t, const ReportBlock& block) noexcept override {
    said += "block " + std::to_string(block.ssrc) + " ";
    last_block = block;
  }
  void OnCname(std::uint32_t source, const char* name, std::size_t size) noexcept override {
    said += "cname " + std::to_string(source) + " " + std::string(name, size) + " ";
  }
  void OnBye(std::uint32_t source) noexcept override {
    said += "bye " + std::to_string(source) + " ";
  }
  void OnPictureLoss(std::uint32_t sender, std::uint32_t media) noexcept override {
    said += "pli " + std::to_string(sender) + " " + std::to_string(media) + " ";
  }
  void OnPacketsLost(std::uint32_t, std::uint32_t media, std::uint16_t first,
                     std::uint16_t following) noexcept override {
    said += "nack " + std::to_string(media) + " " + std::to_string(first) + " " +
            std::to_string(following) + " ";
  }
  void OnMaxBitrate(std::uint32_t, std::uint32_t media, const MaxBitrate& most) noexcept override {
    said += "tmmbr " + std::to_string(media) + " " + std::to_string(most.bits_per_second) + " " +
            std::to_string(most.overhead) + " ";
  }
  void OnEstimatedBitrate(std::uint32_t sender, std::uint32_t most) noexcept override {
    said += "remb " + std::to_string(sender) + " " + std::to_string(most) + " ";
  }
  void OnFullIntraRequest(std::uint32_t, std::uint32_t media,
                          std::uint8_t command) noexcept override {
    said += "fir " + std::to_string(media) + " " + std::to_string(command) + " ";
  }
  std::string said;
  SenderInfo sender_info;
  ReportBlock last_block;
};

RtcpParseResult Parse(const Bytes& bytes, Recorder* recorder) {
  return ParseRtcp(bytes.data(), bytes.size(), recorder);
}

// A packet that may not come first, behind an empty receiver report of 1.
Bytes Compound(const std::string& file) {
  Bytes bytes = {0x80, 201, 0, 1, 0, 0, 0, 1};
  const Bytes second = ReadTestFile(file);
  bytes.insert(bytes.end(), second.begin(), second.end());
  return bytes;
}

TEST_CASE("RTCP: sender and receiver reports of another implementation") {
  Recorder recorder;
  REQUIRE(Parse(ReadTestFile("rtp-bin/rtcp_sr.bin"), &recorder) == RtcpParseResult::kOk);
  CHECK(recorder.said == "SR 1831097322 block 2398654957 ");
  CHECK(recorder.sender_info.ntp == 16016567581311369308u);
  CHECK(recorder.sender_info.rtp_timestamp == 1722342718u);
  CHECK(recorder.sender_info.packets == 269);
  CHECK(recorder.sender_info.octets == 13557);

  Recorder second;
  REQUIRE(Parse(ReadTestFile("rtp-bin/rtcp_rr.bin"), &second) == RtcpParseResult::kOk);
  CHECK(second.said == "RR 817267719 block 1200895919 ");
  CHECK(second.last_block.fraction_lost == 0);
  CHECK(second.last_block.cumulative_lost == 0);
  CHECK(second.last_block.highest_sequence == 630);
  CHECK(second.last_block.jitter == 1906);
  CHECK(second.last_block.last_sr == 0);
}

TEST_CASE("RTCP: SDES and BYE follow a report") {
  Recorder recorder;
  REQUIRE(Parse(Compound("rtp-bin/rtcp_sdes.bin"), &recorder) == RtcpParseResult::kOk);
  CHECK(recorder.said == "RR 1 cname 1831097322 {63f459ea-41fe-4474-9d33-9707c9ee79d1} ");
  Recorder bye;
  REQUIRE(Parse(Compound("rtp-bin/rtcp_bye.bin"), &bye) == RtcpParseResult::kOk);
  CHECK(bye.said == "RR 1 bye 2924645187 ");
  Recorder nobody;
  REQUIRE(Parse(Compound("rtp-bin/rtcp_bye_no_sources.bin"), &nobody) == RtcpParseResult::kOk);
  CHECK(nobody.said == "RR 1 ");
  Recorder padded;
  REQUIRE(Parse(Compound("rtp-bin/rtcp_bye_padding.bin"), &padded) == RtcpParseResult::kOk);
  CHECK(padded.said == "RR 1 ");
}

TEST_CASE("RTCP: feedback may come alone (RFC 5506)") {
  Recorder recorder;
  REQUIRE(Parse(ReadTestFile("rtp-bin/rtcp_psfb_pli.bin"), &recorder) == RtcpParseResult::kOk);
  CHECK(recorder.said == "pli 1414554213 587284409 ");
  Recorder nack;
  REQUIRE(Parse(ReadTestFile("rtp-bin/rtcp_rtpfb.bin"), &nack) == RtcpParseResult::kOk);
  CHECK(nack.said ==
        "nack 4145934052 12 0 nack 4145934052 32 64 nack 4145934052 54 0 nack 4145934052 76 0 "
        "nack 4145934052 110 4096 nack 4145934052 142 0 nack 4145934052 183 8 "
        "nack 4145934052 223 4096 nack 4145934052 271 0 nack 4145934052 292 0 ");
  // TMMBR: 19 << 14 bit/s, 40 bytes of overhead; then more than 32 bits can say.
  Recorder most;
  REQUIRE(Parse({0x83, 205, 0,  6, 0,    0,  0, 9, 0, 0, 0,    0, 0, 0,
                 0,    7,   56, 0, 0x26, 40, 0, 0, 0, 8, 0xfc, 0, 2, 0},
                &most) == RtcpParseResult::kOk);
  CHECK(most.said == "tmmbr 7 311296 40 tmmbr 8 4294967295 0 ");
  // REMB of Chromium: 2 Mbit/s.
  Recorder estimate;
  const Bytes remb = {0x8f, 206, 0,   5,   0, 0,    0,    9,    0, 0, 0, 0,
                      'R',  'E', 'M', 'B', 1, 0x0f, 0xd0, 0x90, 0, 0, 0, 7};
  REQUIRE(Parse(remb, &estimate) == RtcpParseResult::kOk);
  CHECK(estimate.said == "remb 9 2000000 ");
  Recorder application;
  Bytes named = remb;
  named[12] = 'X';
  REQUIRE(Parse(named, &application) == RtcpParseResult::kOk);
  CHECK(application.said.empty());
  // RFC 8888's congestion feedback, FMT 11, is none.
  Recorder other;
  REQUIRE(Parse({0x8b, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 3, 0, 4}, &other) ==
          RtcpParseResult::kOk);
  CHECK(other.said.empty());
}

TEST_CASE("RTCP: broken packets are refused and tell nothing") {
  for (const char* file : {"rtcp_sr_invalid.bin", "rtcp_rr_invalid.bin", "rtcp_psfb_invalid.bin",
                           "rtcp_rtpfb_invalid.bin"}) {
    CAPTURE(file);
    Recorder recorder;
    CHECK(Parse(ReadTestFile(std::string("rtp-bin/") + file), &recorder) ==
          RtcpParseResult::kBadLength);
    CHECK(recorder.said.empty());
  }
  for (const char* file :
       {"rtcp_bye_invalid.bin", "rtcp_sdes_item_truncated.bin", "rtcp_sdes_source_truncated.bin"}) {
    CAPTURE(file);
    Recorder recorder;
    CHECK(Parse(Compound(std::string("rtp-bin/") + file), &recorder) ==
          RtcpParseResult::kBadLength);
    CHECK(recorder.said.empty());
  }
}

TEST_CASE("RTCP: validity checks of RFC 3550 A.2") {
  Recorder recorder;
  CHECK(Parse({0x80, 201, 0}, &recorder) == RtcpParseResult::kTooShort);
  CHECK(Parse({0x40, 201, 0, 1, 0, 0, 0, 1}, &recorder) == RtcpParseResult::kBadVersion);
  CHECK(Parse({0x80, 203, 0, 0}, &recorder) == RtcpParseResult::kBadFirstPacket);
  CHECK(Parse({0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4}, &recorder) ==
        RtcpParseResult::kBadFirstPacket);
  // Second packet with another version, padding in the middle, length past the end.
  CHECK(Parse({0x80, 201, 0, 1, 0, 0, 0, 1, 0x40, 203, 0, 0}, &recorder) ==
        RtcpParseResult::kBadVersion);
  CHECK(Parse({0x80, 201, 0, 1, 0, 0, 0, 1, 0xa0, 203, 0, 1, 0, 0, 0, 4, 0x80, 203, 0, 0},
              &recorder) == RtcpParseResult::kBadLength);
  CHECK(Parse({0x80, 201, 0, 1, 0, 0, 0, 1, 0x80, 203, 0, 1}, &recorder) ==
        RtcpParseResult::kBadLength);
  CHECK(recorder.said.empty());
  // Padding at the end is right, and so is a type nobody knows.
  CHECK(Parse({0x80, 201, 0, 1, 0, 0, 0, 1, 0xa1, 203, 0, 2, 0, 0, 0, 9, 0, 0, 0, 4}, &recorder) ==
        RtcpParseResult::kOk);
  CHECK(recorder.said == "RR 1 bye 9 ");
  CHECK(Parse({0x80, 201, 0, 1, 0, 0, 0, 1, 0x80, 208, 0, 0}, &recorder) == RtcpParseResult::kOk);
}

TEST_CASE("RTCP: what is written is read back") {
  std::uint8_t buffer[256];
  RtcpWriter writer(buffer, sizeof buffer);
  SenderInfo info;
  info.ntp = 0x0123456789abcdefu;
  info.rtp_timestamp = 1;
  info.packets = 2;
  info.octets = 3;
  ReportBlock block;
  block.ssrc = 5;
  block.fraction_lost = 200;
  block.cumulative_lost = -3;
  block.highest_sequence = 0x00020001;
  block.jitter = 99;
  block.last_sr = 0x456789ab;
  block.delay_since_last_sr = 65536;
  REQUIRE(writer.AddSenderReport(4, info, &block, 1));
  REQUIRE(writer.AddCname(4, "cam", 3));
  REQUIRE(writer.AddPictureLoss(4, 5));
  REQUIRE(writer.AddFullIntraRequest(4, 5, 17));
  REQUIRE(writer.AddBye(4));
  Recorder recorder;
  REQUIRE(ParseRtcp(buffer, writer.size(), &recorder) == RtcpParseResult::kOk);
  CHECK(recorder.said == "SR 4 block 5 cname 4 cam pli 4 5 fir 5 17 bye 4 ");
  CHECK(recorder.sender_info.ntp == info.ntp);
  CHECK(recorder.last_block.cumulative_lost == -3);
  CHECK(recorder.last_block.fraction_lost == 200);
  CHECK(recorder.last_block.delay_since_last_sr == 65536);
}

TEST_CASE("RTCP: names of every length end on a whole word") {
  for (std::size_t length = 0; length <= 255; ++length) {
    std::uint8_t buffer[300];
    RtcpWriter writer(buffer, sizeof buffer);
    const std::string name(length, 'x');
    REQUIRE(writer.AddReceiverReport(1, nullptr, 0));
    REQUIRE(writer.AddCname(1, name.data(), name.size()));
    Recorder recorder;
    REQUIRE(ParseRtcp(buffer, writer.size(), &recorder) == RtcpParseResult::kOk);
    CHECK(recorder.said == "RR 1 cname 1 " + name + " ");
  }
}

TEST_CASE("RTCP: a writer without room adds nothing") {
  std::uint8_t buffer[20];
  RtcpWriter writer(buffer, sizeof buffer);
  CHECK(writer.AddReceiverReport(1, nullptr, 0));
  CHECK_FALSE(writer.AddSenderReport(1, SenderInfo(), nullptr, 0));
  CHECK_FALSE(writer.AddCname(1, "a name", 6));
  CHECK(writer.size() == 8);
  CHECK(writer.AddBye(1));
  CHECK(writer.size() == 16);
}

}  // namespace
}  // namespace dashvoip
