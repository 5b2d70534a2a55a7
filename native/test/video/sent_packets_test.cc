// Shows RFC 4585.

#include "dashvoip/video/sent_packets.h"

#include <doctest/doctest.h>

#include <vector>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {
namespace {

constexpr std::int64_t kPause = 100;

/** Twelve bytes of header, the number told in the last byte too. */
std::vector<std::uint8_t> Numbered(std::uint16_t sequence, std::size_t size = 100) {
  std::vector<std::uint8_t> packet(size, static_cast<std::uint8_t>(sequence));
  WriteU16(packet.data() + 2, sequence);
  return packet;
}

struct Fixture {
  void Keep(std::uint16_t sequence, std::size_t size = 100) {
    const std::vector<std::uint8_t> packet = Numbered(sequence, size);
    sent.Keep(packet.data(), packet.size());
  }
  /** Four packets pay for one. */
  void Earn(std::uint16_t first) {
    for (std::uint16_t i = 0; i < 16; ++i) Keep(static_cast<std::uint16_t>(first + i));
  }
  bool HasAgain(std::uint16_t sequence, std::int64_t now) {
    const RingPacket packet = sent.Again(sequence, kPause, now);
    if (packet.size == 0) return false;
    CHECK(ReadU16(packet.data + 2) == sequence);
    CHECK(packet.data[packet.size - 1] == static_cast<std::uint8_t>(sequence));
    return true;
  }

  SentPackets sent{16, 4000};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "sent packets: one of those kept, by its number, and no other") {
  Earn(65530);
  CHECK(HasAgain(65530, 0));
  CHECK(HasAgain(9, 0));  // the newest, behind the turn of the numbers
  CHECK_FALSE(HasAgain(10, 0));
  CHECK_FALSE(HasAgain(65529, 0));
  CHECK_FALSE(HasAgain(30000, 0));
}

TEST_CASE_FIXTURE(Fixture, "sent packets: the oldest go first, by number and by bytes") {
  Earn(0);
  Keep(16);
  CHECK_FALSE(HasAgain(0, 0));
  CHECK(HasAgain(1, 0));
  Keep(17, 3900);
  CHECK_FALSE(HasAgain(16, 0));
  Keep(18, 4001);
  CHECK_FALSE(HasAgain(17, 0));
  CHECK_FALSE(HasAgain(18, 0));
}

TEST_CASE_FIXTURE(Fixture, "sent packets: what is under way is not sent a third time") {
  Earn(0);
  CHECK(HasAgain(3, 0));
  CHECK_FALSE(HasAgain(3, kPause - 1));
  CHECK(HasAgain(4, kPause - 1));
  CHECK(HasAgain(3, kPause));
}

TEST_CASE_FIXTURE(Fixture, "sent packets: a quarter of what is sent, whatever is asked for") {
  Earn(0);
  int again = 0;
  for (std::uint16_t sequence = 0; sequence < 16; ++sequence) again += HasAgain(sequence, 0);
  CHECK(again == 4);
  for (std::uint16_t sequence = 16; sequence < 20; ++sequence) Keep(sequence);
  CHECK(HasAgain(19, 0));
  CHECK_FALSE(HasAgain(18, 0));
}

TEST_CASE_FIXTURE(Fixture, "sent packets: however long nothing was missed, a burst is bounded") {
  SentPackets large(1024, 1024 * 1024);
  for (std::uint16_t sequence = 0; sequence < 1000; ++sequence) {
    const std::vector<std::uint8_t> packet = Numbered(sequence, 1000);
    large.Keep(packet.data(), packet.size());
  }
  int again = 0;
  for (std::uint16_t sequence = 0; sequence < 1000; ++sequence) {
    again += large.Again(sequence, kPause, 0).size > 0;
  }
  CHECK(again == 40);
}

TEST_CASE_FIXTURE(Fixture, "sent packets: a number given anew is the new packet, and may be sent") {
  Earn(0);
  CHECK(HasAgain(15, 0));
  sent.Clear();
  CHECK_FALSE(HasAgain(15, 1000));
  Keep(15);
  CHECK(HasAgain(15, 1));
  Keep(40);  // some were never sent
  CHECK_FALSE(HasAgain(15, 1000));
  CHECK(HasAgain(40, 1));
  Keep(42);
  CHECK_FALSE(HasAgain(41, 1000));
}

}  // namespace dashvoip
