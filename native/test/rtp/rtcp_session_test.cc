// Shows RFC 3550, 5104.

#include "dashvoip/rtp/rtcp_session.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dashvoip/base/time_units.h"
#include "dashvoip/rtp/ntp_time.h"
#include "dashvoip/rtp/rtcp_interval.h"

namespace dashvoip {
namespace {

class FixedRandom : public RandomSource {
 public:
  explicit FixedRandom(double unit)
      : next_(static_cast<std::uint64_t>(unit * 9007199254740992.0) << 11) {}
  std::uint64_t Next() noexcept override { return next_; }

 private:
  std::uint64_t next_;
};

struct SenderInfoReader : RtcpListener {
  void OnSenderReport(std::uint32_t, const SenderInfo& sender_info) noexcept override {
    has_sender_info = true;
    info = sender_info;
  }
  void OnReportBlock(std::uint32_t, const ReportBlock& report_block) noexcept override {
    has_block = true;
    block = report_block;
  }
  void OnBye(std::uint32_t) noexcept override { bye = true; }
  bool has_sender_info = false;
  bool has_block = false;
  bool bye = false;
  SenderInfo info;
  ReportBlock block;
};

RtcpSettings Settings(std::uint32_t ssrc) {
  RtcpSettings settings;
  settings.ssrc = ssrc;
  settings.cname = "camera@192.0.2.1";
  settings.clock_rate = 8000;
  settings.bandwidth = 80000;
  settings.unix_offset = 1700000000 * kNsPerSecond;
  return settings;
}

TEST_CASE("NTP time: epoch, fraction and the middle bits") {
  CHECK(NtpFromUnix(0) == std::uint64_t{2208988800u} << 32);
  CHECK(static_cast<std::uint32_t>(NtpFromUnix(kNsPerSecond / 2)) == 0x80000000u);
  CHECK(NtpMiddle(0x0123456789abcdefu) == 0x456789abu);
  CHECK(NtpShortFromNs(3 * kNsPerSecond / 2) == 0x18000u);
  CHECK(NtpShortFromNs(-1) == 0);
  CHECK(NtpShortFromNs(70000 * kNsPerSecond) == 0xffffffffu);
  CHECK(NsFromNtpShort(0x18000) == 3 * kNsPerSecond / 2);
}

TEST_CASE("RTCP interval: the rules of RFC 3550 6.3.1") {
  RtcpIntervalInput input;
  input.members = 2;
  input.senders = 2;
  input.we_sent = true;
  input.bandwidth = 1000;
  input.average_size = 100;
  input.minimum = kNsPerSecond;
  CHECK(RtcpDeterministicInterval(input) == kNsPerSecond);
  input.average_size = 2000;
  CHECK(RtcpDeterministicInterval(input) == 4 * kNsPerSecond);
  // Few senders among many: a quarter of the bandwidth is theirs.
  input.members = 8;
  input.senders = 1;
  CHECK(RtcpDeterministicInterval(input) == 8 * kNsPerSecond);
  input.we_sent = false;
  CHECK(RtcpDeterministicInterval(input) == std::int64_t(2000 * 7 / 750.0 * 1e9));
  FixedRandom low(0);
  FixedRandom high(0.999999);
  input.bandwidth = 0;
  CHECK(RtcpRandomizedInterval(input, &low) == doctest::Approx(0.5e9 / 1.21828).epsilon(1e-5));
  CHECK(RtcpRandomizedInterval(input, &high) == doctest::Approx(1.5e9 / 1.21828).epsilon(1e-5));
}

TEST_CASE("RTCP session: the first report is soon, the next follow the interval") {
  SeededRandom random(1);
  RtcpSession session(Settings(1), &random);
  std::uint8_t out[256];
  CHECK(session.OnTimer(100 * kNsPerSecond, nullptr, out, sizeof out) == 0);
  session.Start(0);
  CHECK(session.next_deadline() >= 250 * kNsPerMs);
  CHECK(session.next_deadline() <= 500 * kNsPerMs);
  int reports = 0;
  std::int64_t previous = 0;
  for (std::int64_t now = 0; now < 600 * kNsPerSecond; now += 20 * kNsPerMs) {
    session.OnRtpSent(static_cast<std::uint32_t>(now / kNsPerMs * 8), now, 160, now);
    session.OnRtpReceived(now);
    if (session.OnTimer(now, nullptr, out, sizeof out) == 0) continue;
    ++reports;
    // 360 / 80 kbit/s = 4.5 s; 0.5 to 1.5 of it, divided by 1.218.
    if (reports > 1) CHECK(now - previous >= 1840 * kNsPerMs);
    if (reports > 1) CHECK(now - previous <= 11500 * kNsPerMs);
    previous = now;
  }
  CHECK(reports > 100);
  CHECK(reports < 170);
  CHECK(session.Snapshot().sent == static_cast<std::uint64_t>(reports));
}

TEST_CASE("RTCP session: a sender report maps NTP to RTP time") {
  FixedRandom random(0.5);
  RtcpSession session(Settings(1), &random);
  session.Start(0);
  session.OnRtpSent(5000, 300 * kNsPerMs, 160, 320 * kNsPerMs);
  std::uint8_t out[256];
  const std::size_t size = session.OnTimer(400 * kNsPerMs, nullptr, out, sizeof out);
  REQUIRE(size > 0);
  SenderInfoReader reader;
  REQUIRE(ParseRtcp(out, size, &reader) == RtcpParseResult::kOk);
  REQUIRE(reader.has_sender_info);
  CHECK(reader.info.packets == 1);
  CHECK(reader.info.octets == 160);
  CHECK(reader.info.rtp_timestamp == 5000 + 100 * 8);
  CHECK(reader.info.ntp == NtpFromUnix(1700000000 * kNsPerSecond + 400 * kNsPerMs));
  CHECK_FALSE(reader.has_block);
}

TEST_CASE("RTCP session: who sends nothing reports as a receiver") {
  FixedRandom random(0.5);
  RtcpSession session(Settings(1), &random);
  ReceiveStatistics statistics(8000);
  RtpPacket packet;
  packet.header.ssrc = 9;
  packet.payload_size = 160;
  session.Start(0);
  statistics.OnPacket(packet, 100 * kNsPerMs);
  session.OnRtpReceived(100 * kNsPerMs);
  std::uint8_t out[256];
  const std::size_t size = session.OnTimer(kNsPerSecond, &statistics, out, sizeof out);
  SenderInfoReader reader;
  REQUIRE(ParseRtcp(out, size, &reader) == RtcpParseResult::kOk);
  CHECK_FALSE(reader.has_sender_info);
  REQUIRE(reader.has_block);
  CHECK(reader.block.ssrc == 9);
  // Nothing more came: the next report is empty.
  SenderInfoReader second;
  const std::int64_t later = session.next_deadline() + 20 * kNsPerSecond;
  const std::size_t second_size = session.OnTimer(later, &statistics, out, sizeof out);
  REQUIRE(second_size > 0);
  REQUIRE(ParseRtcp(out, second_size, &second) == RtcpParseResult::kOk);
  CHECK_FALSE(second.has_block);
}

/** Two ends, 40 ms apart one way and 60 ms the other. */
struct Ends {
  Ends() {
    a.Start(0);
    b.Start(0);
    RtpPacket packet;
    packet.header.ssrc = 1;
    packet.payload_size = 160;
    for (std::uint16_t i = 0; i < 2; ++i) {
      packet.header.sequence_number = i;
      at_b.OnPacket(packet, 40 * kNsPerMs);
    }
    b.OnRtpReceived(40 * kNsPerMs);
  }
  /** A report of `a` at `sent`, and the answer of `b` that leaves 2.5 s later. */
  void Exchange(std::int64_t sent) {
    std::uint8_t out[256];
    a.OnRtpSent(0, sent, 160, sent);
    const std::size_t report = a.OnTimer(sent, nullptr, out, sizeof out);
    REQUIRE(report > 0);
    CHECK(b.OnRtcpReceived(out, report, sent + 40 * kNsPerMs).result == RtcpParseResult::kOk);
    RtpPacket packet;
    packet.header.ssrc = 1;
    packet.header.sequence_number = ++number;
    at_b.OnPacket(packet, sent);
    const std::size_t answer = b.OnTimer(sent + 2500 * kNsPerMs, &at_b, out, sizeof out);
    REQUIRE(answer > 0);
    a.OnRtcpReceived(out, answer, sent + 2560 * kNsPerMs);
  }

  SeededRandom random{3};
  RtcpSession a{Settings(1), &random};
  RtcpSession b{Settings(2), &random};
  ReceiveStatistics at_b{8000};
  std::uint16_t number = 1;
};

TEST_CASE("RTCP session: round trip from LSR and DLSR, over a way of 40 ms and back 60 ms") {
  Ends ends;
  ends.Exchange(500 * kNsPerMs);
  CHECK_FALSE(ends.a.Snapshot().has_round_trip);  // one alone may be anything
  ends.Exchange(30000 * kNsPerMs);
  REQUIRE(ends.a.Snapshot().has_round_trip);
  CHECK(ends.a.Snapshot().round_trip == doctest::Approx(100.0 * kNsPerMs).epsilon(0.001));
  CHECK(ends.a.Snapshot().has_remote_report);
  CHECK(ends.a.Snapshot().remote_fraction_lost == 0);
}

TEST_CASE("RTCP session: a block about a report we never sent gives no round trip") {
  FixedRandom random(0.5);
  RtcpSession session(Settings(1), &random);
  std::uint8_t out[64];
  RtcpWriter writer(out, sizeof out);
  ReportBlock block;
  block.ssrc = 1;
  block.last_sr = NtpMiddle(NtpFromUnix(1700000000 * kNsPerSecond));
  block.delay_since_last_sr = 65536 / 2;
  block.fraction_lost = 64;
  REQUIRE(writer.AddReceiverReport(2, &block, 1));
  for (int i = 0; i < 3; ++i) session.OnRtcpReceived(out, writer.size(), kNsPerSecond);
  CHECK_FALSE(session.Snapshot().has_round_trip);
  CHECK(session.Snapshot().remote_fraction_lost == 0.25);
}

TEST_CASE("RTCP session: of several blocks only that about our source counts") {
  FixedRandom random(0.5);
  RtcpSession session(Settings(1), &random);
  ReportBlock blocks[3];
  blocks[0].ssrc = 9;
  blocks[0].fraction_lost = 255;
  blocks[0].cumulative_lost = 1000;
  blocks[1].ssrc = 1;
  blocks[1].fraction_lost = 64;
  blocks[1].cumulative_lost = -3;
  blocks[1].jitter = 16;
  blocks[2].ssrc = 2;
  blocks[2].jitter = 99;
  std::uint8_t out[128];
  RtcpWriter writer(out, sizeof out);
  REQUIRE(writer.AddReceiverReport(2, blocks, 3));
  session.OnRtcpReceived(out, writer.size(), kNsPerSecond);
  CHECK(session.Snapshot().remote_fraction_lost == 0.25);
  CHECK(session.Snapshot().remote_lost == -3);
  CHECK(session.Snapshot().remote_jitter_ms == 2);
  RtcpSession other(Settings(5), &random);
  other.OnRtcpReceived(out, writer.size(), kNsPerSecond);
  CHECK_FALSE(other.Snapshot().has_remote_report);
}

TEST_CASE("RTCP session: the bytes of a receiver report, worked out by hand") {
  FixedRandom random(0.5);
  RtcpSettings settings = Settings(0x11223344);
  settings.cname = "cam";
  RtcpSession session(settings, &random);
  session.Start(0);
  // 65534, 65535, 0 (lost), 1 and 2, the last 7 ms = 56 ticks late.
  ReceiveStatistics statistics(8000);
  for (const int i : {0, 1, 3, 4}) {
    RtpPacket packet;
    packet.header.ssrc = 0xaabbccdd;
    packet.header.sequence_number = static_cast<std::uint16_t>(65534 + i);
    packet.header.timestamp = static_cast<std::uint32_t>(160 * i);
    statistics.OnPacket(packet, i * 20 * kNsPerMs + (i == 4 ? 7 * kNsPerMs : 0));
  }
  const auto hear = [&session](std::uint32_t source, std::uint64_t ntp, std::int64_t at) {
    std::uint8_t out[64];
    RtcpWriter writer(out, sizeof out);
    SenderInfo info;
    info.ntp = ntp;
    REQUIRE(writer.AddSenderReport(source, info, nullptr, 0));
    session.OnRtcpReceived(out, writer.size(), at);
  };
  hear(0xaabbccdd, 0x0123456789abcdefu, kNsPerSecond);
  std::uint8_t out[256];
  const std::size_t size =
      session.OnTimer(kNsPerSecond + 500 * kNsPerMs, &statistics, out, sizeof out);
  const std::uint8_t expected[] = {
      0x81, 201,  0,    7,                             // RR, one block, eight words
      0x11, 0x22, 0x33, 0x44,                          // ours
      0xaa, 0xbb, 0xcc, 0xdd,                          // about
      51,   0,    0,    1,                             // 1 of 5: 256 / 5; in all 1
      0,    1,    0,    2,                             // one cycle, number 2
      0,    0,    0,    3,                             // 56 / 16 ticks
      0x45, 0x67, 0x89, 0xab,                          // LSR
      0,    0,    0x80, 0,                             // DLSR: half a second
      0x81, 202,  0,    3,    0x11, 0x22, 0x33, 0x44,  // SDES
      1,    3,    'c',  'a',  'm',  0,    0,    0,     // CNAME, padded to a word
  };
  REQUIRE(size == sizeof expected);
  for (std::size_t i = 0; i < size; ++i) {
    CAPTURE(i);
    CHECK(out[i] == expected[i]);
  }

  // The report of another source is none of the source's in the block.
  hear(0x99999999, 0x1111222233334444u, 2 * kNsPerSecond);
  RtpPacket packet;
  packet.header.ssrc = 0xaabbccdd;
  packet.header.sequence_number = 3;
  packet.header.timestamp = 160 * 5;
  statistics.OnPacket(packet, 107 * kNsPerMs);
  SenderInfoReader reader;
  const std::int64_t later = session.next_deadline() + 20 * kNsPerSecond;
  const std::size_t second = session.OnTimer(later, &statistics, out, sizeof out);
  REQUIRE(ParseRtcp(out, second, &reader) == RtcpParseResult::kOk);
  REQUIRE(reader.has_block);
  CHECK(reader.block.last_sr == 0);
  CHECK(reader.block.delay_since_last_sr == 0);
  CHECK(reader.block.fraction_lost == 0);
}

TEST_CASE("RTCP session: key frames by PLI and FIR, a repeated FIR once") {
  FixedRandom random(0.5);
  RtcpSession session(Settings(1), &random);
  const auto receive = [&session](bool pli, std::uint32_t media, std::uint8_t command) {
    std::uint8_t out[64];
    RtcpWriter writer(out, sizeof out);
    if (pli) {
      writer.AddPictureLoss(2, media);
    } else {
      writer.AddFullIntraRequest(2, media, command);
    }
    return session.OnRtcpReceived(out, writer.size(), 0).key_frame_request;
  };
  CHECK(receive(true, 1, 0));
  CHECK(receive(true, 0, 0));
  CHECK_FALSE(receive(true, 3, 0));
  CHECK(receive(false, 1, 0));
  CHECK_FALSE(receive(false, 1, 0));
  CHECK(receive(false, 1, 1));
}

TEST_CASE("RTCP session: what the far end missed of ours, no more than can be helped") {
  FixedRandom random(0.5);
  RtcpSession session(Settings(1), &random);
  std::uint8_t nack[12 + 10 * 4] = {0x81, 205, 0, 12, 0,    0,    0,    2,
                                    0,    0,   0, 1,  0xff, 0xff, 0x80, 0x01};
  const RtcpEvents events = session.OnRtcpReceived(nack, sizeof nack, 0);
  REQUIRE(events.lost_count == 12);  // and nine entries of zeros
  CHECK(events.lost[0] == 0xffff);
  CHECK(events.lost[1] == 0);
  CHECK(events.lost[2] == 15);
  for (std::size_t i = 12; i < sizeof nack; ++i) nack[i] = 0xff;
  CHECK(session.OnRtcpReceived(nack, sizeof nack, 0).lost_count == RtcpEvents::kMaxLost);
  nack[11] = 3;
  CHECK(session.OnRtcpReceived(nack, sizeof nack, 0).lost_count == 0);
}

TEST_CASE("RTCP session: what the far end asks for is kept, and TMMBR is answered") {
  FixedRandom random(0.5);
  RtcpSession session(Settings(1), &random);
  session.Start(0);
  session.OnRtpSent(0, 0, 160, 0);
  std::uint8_t request[] = {0x83, 205, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0x0a, 0x71, 0, 40};
  session.OnRtcpReceived(request, sizeof request, 0);
  CHECK(session.Snapshot().requested_bitrate == 320000);
  std::uint8_t out[256];
  const std::size_t size = session.OnTimer(kNsPerSecond, nullptr, out, sizeof out);
  REQUIRE(size > 20);
  std::uint8_t notice[sizeof request];  // RFC 5104 §4.2.2: whose request bounds us
  std::copy(request, request + sizeof request, notice);
  notice[0] = 0x84;
  notice[7] = 1;
  notice[15] = 2;
  CHECK(std::equal(notice, notice + sizeof notice, out + size - sizeof notice));
  const std::size_t next = session.OnTimer(60 * kNsPerSecond, nullptr, out, sizeof out);
  CHECK(next == 36);  // a receiver report and a name: the request is answered once
  request[15] = 3;
  request[16] = 0;
  session.OnRtcpReceived(request, sizeof request, 0);
  CHECK(session.Snapshot().requested_bitrate == 320000);
}

struct SourcesReader : RtcpListener {
  void OnSenderReport(std::uint32_t sender, const SenderInfo& info) noexcept override {
    reports.push_back({sender, info.packets, info.octets});
  }
  void OnCname(std::uint32_t source, const char* name, std::size_t size) noexcept override {
    CHECK(std::string(name, size) == "camera@192.0.2.1");
    named.push_back(source);
  }
  void OnBye(std::uint32_t source) noexcept override { gone.push_back(source); }
  using Words = std::vector<std::uint32_t>;
  std::vector<Words> reports;
  Words named;
  Words gone;
};

TEST_CASE("RTCP session: once RTX was sent, its source reports, is named and says BYE, too") {
  FixedRandom random(0.5);
  std::uint8_t out[256];
  RtcpSession session(Settings(1), &random);
  session.Start(0);
  session.OnRtpSent(0, 0, 160, 0);
  const auto written = [&] {
    SourcesReader reader;
    const std::size_t size = session.WriteBye(kNsPerSecond, nullptr, out, sizeof out);
    REQUIRE(ParseRtcp(out, size, &reader) == RtcpParseResult::kOk);
    return reader;
  };
  CHECK(written().named == SourcesReader::Words{1});
  session.OnRtxSent(9, 100);
  session.OnRtxSent(9, 50);
  const SourcesReader reader = written();
  CHECK(reader.reports == std::vector<SourcesReader::Words>{{1, 1, 160}, {9, 2, 150}});
  CHECK(reader.named == SourcesReader::Words{1, 9});
  CHECK(reader.gone == SourcesReader::Words{1, 9});
}

TEST_CASE("RTCP session: BYE only after something was sent") {
  FixedRandom random(0.5);
  std::uint8_t out[256];
  RtcpSession silent(Settings(1), &random);
  silent.Start(0);
  CHECK(silent.WriteBye(kNsPerSecond, nullptr, out, sizeof out) == 0);
  RtcpSession session(Settings(1), &random);
  session.Start(0);
  session.OnRtpSent(0, 0, 160, 0);
  const std::size_t size = session.WriteBye(kNsPerSecond, nullptr, out, sizeof out);
  SenderInfoReader reader;
  REQUIRE(ParseRtcp(out, size, &reader) == RtcpParseResult::kOk);
  CHECK(reader.bye);
  CHECK(reader.has_sender_info);
  RtcpSession far(Settings(2), &random);
  CHECK(far.OnRtcpReceived(out, size, 0).bye);
  const std::uint8_t noise[] = {1, 2, 3, 4, 5};
  CHECK(far.OnRtcpReceived(noise, sizeof noise, 0).result == RtcpParseResult::kBadVersion);
  CHECK(far.Snapshot().invalid == 1);
}

}  // namespace
}  // namespace dashvoip
