// Shows RFC 3611.

#include "dashvoip/rtp/extended_report.h"

#include <doctest/doctest.h>

#include <vector>

#include "dashvoip/base/time_units.h"
#include "dashvoip/rtp/rtcp_session.h"

namespace dashvoip {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Told : RtcpListener {
  void OnReferenceTime(std::uint32_t from, std::uint64_t time) noexcept override {
    sender = from;
    ntp = time;
  }
  void OnReferenceTimeReply(std::uint32_t, const ReferenceTimeReply& reply) noexcept override {
    replies.push_back(reply);
  }
  void OnVoipMetrics(std::uint32_t, const VoipMetrics& told) noexcept override {
    metrics = told;
    ++reports;
  }

  std::uint32_t sender = 0;
  std::uint64_t ntp = 0;
  std::vector<ReferenceTimeReply> replies;
  VoipMetrics metrics;
  int reports = 0;
};

VoipMetrics Metrics() {
  VoipMetrics m;
  m.ssrc = 0x01020304;
  m.loss_rate = 5;
  m.discard_rate = 6;
  m.burst_density = 7;
  m.gap_density = 8;
  m.burst_ms = 0x0910;
  m.gap_ms = 0x1112;
  m.round_trip_ms = 0x1314;
  m.end_system_ms = 0x1516;
  m.signal_dbm0 = -21;
  m.noise_dbm0 = -60;
  m.echo_return_loss = 55;
  m.r_factor = 93;
  m.mos_listening = 44;
  m.mos_conversational = 43;
  m.receiver_config = 0xf4;
  m.buffer_ms = 40;
  m.buffer_max_ms = 80;
  m.buffer_cap_ms = 200;
  return m;
}

// By hand, from the figures of RFC 3611 §2, §4.4, §4.5 and §4.7.
const Bytes kWhole =
    {0x80, 207,  0,    17,   0xaa, 0xbb, 0xcc, 0xdd,                          // header, SSRC
     4,    0,    0,    2,    0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,  // reference time
     5,    0,    0,    3,    0,    0,    0,    9,    0,    1,    0,    2,
     0,    0,    0x80, 0,                                                  // DLRR
     7,    0,    0,    8,    1,    2,    3,    4,    5,    6,    7,    8,  // VoIP metrics
     0x09, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0xeb, 0xc4, 55,   16,
     93,   127,  44,   43,   0xf4, 0,    0,    40,   0,    80,   0,    200};
// RTCP that is no feedback begins with a report (RFC 3550 §6.1).
const Bytes kReport = {0x80, 201, 0, 1, 0xaa, 0xbb, 0xcc, 0xdd};

Bytes Compound(const Bytes& extended) {
  Bytes out = kReport;
  out.insert(out.end(), extended.begin(), extended.end());
  return out;
}

TEST_CASE("extended report: every byte is where RFC 3611 has it") {
  Bytes out(128);
  RtcpWriter writer(out.data(), out.size());
  const std::uint64_t ntp = 0x1122334455667788;
  const ReferenceTimeReply reply = {9, 0x00010002, 0x8000};
  const VoipMetrics metrics = Metrics();
  ExtendedReport report;
  report.reference_time = &ntp;
  report.reply = &reply;
  report.voip = &metrics;
  REQUIRE(writer.AddExtendedReport(0xaabbccdd, report));
  out.resize(writer.size());
  CHECK(out == kWhole);
  RtcpWriter narrow(out.data(), kWhole.size() - 1);
  CHECK_FALSE(narrow.AddExtendedReport(1, report));
}

TEST_CASE("extended report: what is written is read") {
  Told told;
  const Bytes compound = Compound(kWhole);
  REQUIRE(ParseRtcp(compound.data(), compound.size(), &told) == RtcpParseResult::kOk);
  CHECK(told.sender == 0xaabbccdd);
  CHECK(told.ntp == 0x1122334455667788);
  REQUIRE(told.replies.size() == 1);
  CHECK(told.replies[0].ssrc == 9);
  CHECK(told.replies[0].last_reference == 0x00010002);
  CHECK(told.replies[0].delay == 0x8000);
  const VoipMetrics& m = told.metrics;
  CHECK(m.ssrc == 0x01020304);
  CHECK(m.gap_ms == 0x1112);
  CHECK(m.round_trip_ms == 0x1314);
  CHECK(m.signal_dbm0 == -21);
  CHECK(m.noise_dbm0 == -60);
  CHECK(m.external_r == VoipMetrics::kUnknown);
  CHECK(m.mos_conversational == 43);
  CHECK(m.buffer_cap_ms == 200);
}

TEST_CASE("extended report: types of others are skipped, what is cut short is refused") {
  Told told;
  const Bytes unknown =
      Compound({0x80, 207, 0, 4, 0, 0, 0, 1, 99, 0, 0, 1, 1, 2, 3, 4, 42, 7, 0, 0});
  CHECK(ParseRtcp(unknown.data(), unknown.size(), &told) == RtcpParseResult::kOk);
  CHECK(told.reports == 0);
  const Bytes bad[] = {
      {0x80, 207, 0, 0},                                      // no SSRC
      {0x80, 207, 0, 2, 0, 0, 0, 1, 7, 0, 0, 8},              // a block without its body
      {0x80, 207, 0, 3, 0, 0, 0, 1, 4, 0, 0, 1, 1, 2, 3, 4},  // a reference time of a word
      {0x80, 207, 0, 4, 0, 0, 0, 1, 5, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2},  // two thirds of a reply
      {0x80, 207, 0, 3, 0, 0, 0, 1, 7, 0, 0, 1, 1, 2, 3, 4},              // metrics of a word
  };
  for (const Bytes& each : bad) {
    const Bytes compound = Compound(each);
    CHECK(ParseRtcp(compound.data(), compound.size(), &told) == RtcpParseResult::kBadLength);
  }
  for (std::size_t cut = kReport.size() + 1; cut < Compound(kWhole).size(); ++cut) {
    const Bytes compound = Compound(kWhole);
    CHECK(ParseRtcp(compound.data(), cut, &told) == RtcpParseResult::kBadLength);
  }
  CHECK(told.reports == 0);
}

RtcpSettings Settings(std::uint32_t ssrc) {
  RtcpSettings settings;
  settings.ssrc = ssrc;
  settings.cname = "camera";
  settings.clock_rate = 8000;
  settings.bandwidth = 80000;
  return settings;
}

/** Two ends whose reports take 30 ms each way: the first only listens. */
class Pair {
 public:
  Pair() : listener(Settings(1), &random_), talker(Settings(2), &random_) {
    listener.Start(0);
    talker.Start(0);
  }

  /** Both send what is due for so many seconds, and hear what the other sent. */
  void Run(int seconds) {
    for (const std::int64_t end = now_ + seconds * kNsPerSecond; now_ < end; now_ += kStep) {
      talker.OnRtpSent(static_cast<std::uint32_t>(now_ / 125000), now_, 160, now_);
      Carry(&listener, &talker);
      Carry(&talker, &listener);
    }
  }

 private:
  static constexpr std::int64_t kStep = 20 * kNsPerMs;

  void Carry(RtcpSession* from, RtcpSession* to) {
    std::uint8_t out[512];
    const std::size_t size = from->OnTimer(now_, nullptr, out, sizeof out);
    if (size > 0) to->OnRtcpReceived(out, size, now_ + 30 * kNsPerMs);
  }

  SeededRandom random_{4};
  std::int64_t now_ = 0;

 public:
  RtcpSession listener;
  RtcpSession talker;
};

TEST_CASE("extended report: who only listens learns its round trip, where that is asked for") {
  Pair pair;
  pair.Run(20);
  CHECK_FALSE(pair.listener.Snapshot().has_round_trip);
  pair.listener.SetExtendedReports({false, true});
  pair.Run(60);
  REQUIRE(pair.listener.Snapshot().has_round_trip);
  CHECK(pair.listener.Snapshot().round_trip == doctest::Approx(60 * kNsPerMs).epsilon(0.02));
}

TEST_CASE("extended report: metrics are sent where they are asked for, and heard for our source") {
  Pair pair;
  VoipMetrics metrics = Metrics();
  metrics.ssrc = 2;
  pair.listener.SetMetrics(metrics);
  pair.Run(10);
  CHECK_FALSE(pair.talker.Snapshot().has_remote_metrics);
  pair.listener.SetExtendedReports({true, false});
  CHECK(pair.listener.wants_metrics());
  pair.listener.SetMetrics(metrics);
  pair.Run(10);
  REQUIRE(pair.talker.Snapshot().has_remote_metrics);
  CHECK(pair.talker.Snapshot().remote_metrics.mos_conversational == 43);
  // Of another source they say nothing of us.
  metrics.ssrc = 3;
  metrics.mos_conversational = 20;
  pair.listener.SetMetrics(metrics);
  pair.Run(10);
  CHECK(pair.talker.Snapshot().remote_metrics.mos_conversational == 43);
}

}  // namespace
}  // namespace dashvoip
