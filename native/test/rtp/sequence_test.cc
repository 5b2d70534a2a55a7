// Shows RFC 3550.

#include "dashvoip/rtp/sequence.h"

#include <doctest/doctest.h>

namespace dashvoip {
namespace {

using Verdict = SequenceTracker::Verdict;

TEST_CASE("sequence: the nearest extension, over both wraps") {
  CHECK(ExtendSequence(5, 65534) == 65541);
  CHECK(ExtendSequence(65535, 65536) == 65535);
  CHECK(ExtendSequence(65535, 3) == -1);
  CHECK(ExtendTimestamp(10, 0xfffffff0) == 0x10000000a);
  CHECK(ExtendTimestamp(0xfffffff0, 10) == -16);
}

TEST_CASE("sequence: RFC 3550 A.1 counts cycles") {
  SequenceTracker tracker;
  CHECK(tracker.Update(65534) == Verdict::kFirst);
  CHECK(tracker.Update(65535) == Verdict::kNewer);
  CHECK(tracker.Update(1) == Verdict::kNewer);
  CHECK(tracker.Update(0) == Verdict::kOlder);
  CHECK(tracker.last() == 65536);
  CHECK(tracker.Update(1) == Verdict::kOlder);
  CHECK(tracker.extended_highest() == (1u << 16 | 1u));
  CHECK(tracker.expected() == 4);
}

TEST_CASE("sequence: one packet from far away is suspect, two in a row are a restart") {
  SequenceTracker tracker;
  tracker.Update(100);
  CHECK(tracker.Update(30000) == Verdict::kSuspect);
  CHECK(tracker.Update(101) == Verdict::kNewer);
  CHECK(tracker.Update(30001) == Verdict::kSuspect);
  CHECK(tracker.expected() == 2);
  CHECK(tracker.Update(30002) == Verdict::kRestarted);
  CHECK(tracker.expected() == 1);
  CHECK(tracker.Update(30003) == Verdict::kNewer);
  CHECK(tracker.expected() == 2);
}

TEST_CASE("sequence: the borders of drop-out and misorder") {
  SequenceTracker tracker;
  tracker.Update(5000);
  CHECK(tracker.Update(5000 + 2999) == Verdict::kNewer);
  CHECK(tracker.Update(7999 - 100) == Verdict::kOlder);
  CHECK(tracker.Update(7999 - 101) == Verdict::kSuspect);
  CHECK(tracker.Update(7999 + 3000) == Verdict::kSuspect);
}

TEST_CASE("sequence history: duplicates are told from latecomers") {
  using Seen = SequenceHistory::Verdict;
  SequenceHistory history;
  CHECK(history.Insert(-3) == Seen::kNew);
  CHECK(history.Insert(10) == Seen::kNew);
  CHECK(history.Insert(9) == Seen::kNew);
  CHECK(history.Insert(9) == Seen::kDuplicate);
  CHECK(history.Insert(-3) == Seen::kDuplicate);
  CHECK(history.Insert(10 + 1023) == Seen::kNew);
  CHECK(history.Insert(10) == Seen::kDuplicate);
  CHECK(history.Insert(9) == Seen::kTooOld);
  CHECK(history.Insert(11) == Seen::kNew);
  CHECK(history.Insert(100000) == Seen::kNew);
  CHECK(history.Insert(100000 - 1023) == Seen::kNew);
}

}  // namespace
}  // namespace dashvoip
