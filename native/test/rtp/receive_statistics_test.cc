// Shows RFC 3550.

#include "dashvoip/rtp/receive_statistics.h"

#include <doctest/doctest.h>

#include "dashvoip/base/time_units.h"
#include "rtp/test_files.h"

namespace dashvoip {
namespace {

class Receiver {
 public:
  SequenceTracker::Verdict Receive(std::uint16_t number, std::int64_t arrival_ms,
                                   std::uint32_t ssrc = 7) {
    RtpPacket packet;
    packet.header.sequence_number = number;
    packet.header.timestamp = number * 160u;
    packet.header.ssrc = ssrc;
    packet.payload_size = 160;
    return statistics_.OnPacket(packet, arrival_ms * kNsPerMs);
  }
  ReceiveStatistics& operator*() { return statistics_; }
  ReceiveStatistics* operator->() { return &statistics_; }

 private:
  ReceiveStatistics statistics_{8000};
};

TEST_CASE("statistics: loss, fraction lost and highest number (RFC 3550 A.3)") {
  Receiver receiver;
  for (std::uint16_t n = 0; n < 100; ++n) {
    if (n % 10 != 5) receiver.Receive(n, n * 20);
  }
  ReportBlock block = receiver->TakeReportBlock();
  CHECK(block.ssrc == 7);
  CHECK(block.cumulative_lost == 10);
  CHECK(block.fraction_lost == 10 * 256 / 100);
  CHECK(block.highest_sequence == 99);
  for (std::uint16_t n = 100; n < 200; ++n) receiver.Receive(n, n * 20);
  block = receiver->TakeReportBlock();
  CHECK(block.cumulative_lost == 10);
  CHECK(block.fraction_lost == 0);
  CHECK(receiver->Snapshot().packets == 190);
  CHECK(receiver->Snapshot().bytes == 190 * 160);
}

TEST_CASE("statistics: the fraction lost is of the interval, and 255 at most") {
  Receiver receiver;
  receiver.Receive(0, 0);
  receiver->TakeReportBlock();
  receiver.Receive(2000, 40000);  // 1999 of 2000
  ReportBlock block = receiver->TakeReportBlock();
  CHECK(block.fraction_lost == 255);
  CHECK(block.cumulative_lost == 1999);
  receiver.Receive(2001, 40020);
  receiver.Receive(2003, 40060);
  block = receiver->TakeReportBlock();
  CHECK(block.fraction_lost == 85);  // 1 of 3
  CHECK(block.cumulative_lost == 2000);
  CHECK(receiver->TakeReportBlock().fraction_lost == 0);
}

TEST_CASE("statistics: the loss told is clamped to 24 bits signed") {
  Receiver receiver;
  std::uint16_t number = 0;
  for (int i = 0; i < 3000; ++i) {
    receiver.Receive(number, i);
    number = static_cast<std::uint16_t>(number + 2999);
  }
  CHECK(receiver->TakeReportBlock().cumulative_lost == 0x7fffff);
}

TEST_CASE("statistics: what the far end numbered during a hold is not lost") {
  Receiver receiver;
  for (const std::uint16_t n : {1, 2, 4}) receiver.Receive(n, n * 20);
  receiver->Resume();
  receiver.Receive(3, 90);  // late, from before
  CHECK(receiver.Receive(154, 3080) == SequenceTracker::Verdict::kNewer);
  CHECK(receiver->Snapshot().lost == 0);
  receiver.Receive(156, 3120);
  CHECK(receiver->Snapshot().lost == 1);
  ReportBlock block = receiver->TakeReportBlock();
  CHECK(block.highest_sequence == 156);
  CHECK(block.cumulative_lost == 1);
  CHECK(block.fraction_lost == 256 / 7);
  // So long that the number alone would be suspect.
  receiver->Resume();
  CHECK(receiver.Receive(20000, 400000) == SequenceTracker::Verdict::kNewer);
  CHECK(receiver->Snapshot().lost == 1);
  // Numbered anew: two in a row, as ever.
  receiver->Resume();
  CHECK(receiver.Receive(7, 500000) == SequenceTracker::Verdict::kSuspect);
  CHECK(receiver.Receive(8, 500020) == SequenceTracker::Verdict::kRestarted);
  CHECK(receiver->Snapshot().lost == 1);
}

TEST_CASE("statistics: duplicates make the loss negative, as the RFC has it") {
  Receiver receiver;
  for (const std::uint16_t n : {1, 2, 2, 2, 4, 3}) receiver.Receive(n, n * 20);
  CHECK(receiver->Snapshot().lost == -2);
  CHECK(receiver->Snapshot().duplicates == 2);
  CHECK(receiver->Snapshot().reordered == 1);
  CHECK(receiver->TakeReportBlock().cumulative_lost == -2);
  CHECK(receiver->TakeReportBlock().fraction_lost == 0);
}

TEST_CASE("statistics: jitter of an even stream is 0, of one that alternates by 10 ms is 10 ms") {
  Receiver even;
  for (std::uint16_t n = 0; n < 500; ++n) even.Receive(n, 1000 + n * 20);
  CHECK(even->Snapshot().jitter_ms == 0);
  Receiver uneven;
  for (std::uint16_t n = 0; n < 500; ++n) uneven.Receive(n, 1000 + n * 20 + (n % 2) * 10);
  CHECK(uneven->Snapshot().jitter_ms == doctest::Approx(10).epsilon(0.02));
  // In the report in units of the stream's clock, of which there are 8 a ms.
  CHECK(uneven->TakeReportBlock().jitter == doctest::Approx(80).epsilon(0.02));
}

TEST_CASE("statistics: a leap of the sender's clock is not jitter") {
  Receiver receiver;
  for (std::uint16_t n = 0; n < 100; ++n) receiver.Receive(n, n * 20);
  for (std::uint16_t n = 100; n < 200; ++n) receiver.Receive(n, 60000 + n * 20);
  CHECK(receiver->Snapshot().jitter_ms < 0.1);
}

TEST_CASE("statistics: a new SSRC starts a new source, totals go on") {
  Receiver receiver;
  for (const std::uint16_t n : {10, 12}) receiver.Receive(n, n * 20);
  CHECK(receiver.Receive(40000, 300, 8) == SequenceTracker::Verdict::kFirst);
  CHECK(receiver->ssrc() == 8);
  CHECK(receiver->TakeReportBlock().cumulative_lost == 0);
  CHECK(receiver->Snapshot().lost == 1);
  CHECK(receiver->Snapshot().packets == 3);
}

TEST_CASE("statistics: suspects are not counted, a restart keeps the loss before it") {
  Receiver receiver;
  for (const std::uint16_t n : {1, 3, 4}) receiver.Receive(n, n * 20);
  receiver.Receive(20000, 100);
  CHECK(receiver->Snapshot().packets == 3);
  CHECK(receiver->Snapshot().suspect == 1);
  CHECK(receiver.Receive(20001, 120) == SequenceTracker::Verdict::kRestarted);
  CHECK(receiver->Snapshot().lost == 1);
  CHECK(receiver->Snapshot().packets == 4);
}

TEST_CASE("statistics: a captured G.711 stream") {
  ReceiveStatistics statistics(8000);
  const auto capture = test::ReadCapture("pcap/g711a.pcap");
  for (const auto& datagram : capture) {
    RtpPacket packet;
    REQUIRE(ParseRtpPacket(datagram.payload.data(), datagram.payload.size(), &packet) ==
            RtpParseResult::kOk);
    CHECK(packet.header.payload_type == 8);
    CHECK(packet.payload_size == 240);
    statistics.OnPacket(packet, datagram.time);
  }
  const ReceiveSnapshot snapshot = statistics.Snapshot();
  CHECK(snapshot.packets == capture.size());
  CHECK(snapshot.lost == 0);
  CHECK(snapshot.jitter_ms < 5);
}

}  // namespace
}  // namespace dashvoip
