#include "dashvoip/voice/jitter_buffer.h"

#include <doctest/doctest.h>

#include <cctype>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "dashvoip/base/time_units.h"
#include "voice/byte_codec.h"

namespace dashvoip {
namespace {

using test::Bytes;

constexpr std::int64_t kFrameNs = 20 * kNsPerMs;
constexpr std::size_t kFrame = 160;
constexpr std::size_t kCap = 1600;  // 200 ms
constexpr std::size_t kLongestPacket = 8 * JitterBuffer::kLongestPacketMs;

/**
 * One letter, one event:
 *   P  a packet of 20 ms arrives              L  one is lost on the way
 *   H  one is held back by the network        R  the one held back arrives
 *   D  the last one arrives again             G  20 ms pass, a slot is played
 *   T  the sender pauses for 20 ms (no packet, its clock runs on)
 *   J  the sender's clock leaps by 100 s      X  the sender starts anew with another SSRC
 *   W  the sequence number is about to wrap (before the first packet)
 * and N( ... ) repeats.
 */
std::string Expand(const std::string& script) {
  std::string out;
  for (std::size_t at = 0; at < script.size(); ++at) {
    if (script[at] == ' ') continue;
    if (std::isdigit(static_cast<unsigned char>(script[at])) == 0) {
      out += script[at];
      continue;
    }
    std::size_t digits = 0;
    const int times = std::stoi(script.substr(at), &digits);
    const std::size_t open = at + digits;
    std::size_t close = open;
    for (int depth = 0; close < script.size(); ++close) {
      if (script[close] == '(') ++depth;
      if (script[close] == ')' && --depth == 0) break;
    }
    const std::string inner = Expand(script.substr(open + 1, close - open - 1));
    for (int i = 0; i < times; ++i) out += inner;
    at = close;
  }
  return out;
}

class Scenario {
 public:
  JitterBufferSnapshot Run(const std::string& script) {
    for (const char event : Expand(script)) Do(event);
    return buffer_.Snapshot();
  }

 private:
  void Do(char event) {
    switch (event) {
      case 'P':
        Next(&last_);
        Arrive(last_);
        break;
      case 'L':
        Next(&last_);
        break;
      case 'H':
        Next(&held_);
        break;
      case 'R':
        Arrive(held_);
        break;
      case 'D':
        Arrive(last_);
        break;
      case 'G':
        buffer_.Get(now_, kFrame);
        now_ += kFrameNs;
        break;
      case 'T':
        timestamp_ += kFrame;
        break;
      case 'J':
        timestamp_ += 800000;
        break;
      case 'X':
        ++ssrc_;
        sequence_ = 777;
        timestamp_ = 12345;
        break;
      case 'W':
        sequence_ = 65530;
        timestamp_ = 0xffffffffu - 5 * kFrame;
        break;
      default:
        throw std::runtime_error(std::string("no such event: ") + event);
    }
  }

  void Next(RtpHeader* header) {
    header->ssrc = ssrc_;
    header->sequence_number = sequence_++;
    header->timestamp = timestamp_;
    timestamp_ += kFrame;
  }

  // Packets come 8 ms before the slot is played.
  void Arrive(const RtpHeader& header) {
    RtpPacket packet;
    packet.header = header;
    packet.payload = payload_.data();
    packet.payload_size = payload_.size();
    buffer_.Put(packet, Bytes(packet), now_ - 8 * kNsPerMs);
  }

  JitterBuffer buffer_{8000, kCap};
  std::vector<std::uint8_t> payload_ = std::vector<std::uint8_t>(kFrame, 0x55);
  std::int64_t now_ = 1000 * kNsPerMs;
  std::uint32_t ssrc_ = 1;
  std::uint16_t sequence_ = 100;
  std::uint32_t timestamp_ = 5000;
  RtpHeader last_;
  RtpHeader held_;
};

// "name = 3", "name < 3", "name > 3", all of them, separated by commas.
void CheckExpectations(const JitterBufferSnapshot& s, const std::string& expectations) {
  const std::map<std::string, std::uint64_t> values = {
      {"played", s.played / kFrame},     {"concealed", s.concealed / kFrame},
      {"silent", s.silent / kFrame},     {"discarded", s.discarded / kFrame},
      {"late", s.late_packets},          {"duplicate", s.duplicate / kFrame},
      {"restarts", s.restarts},          {"depth", s.depth / kFrame},
      {"buffered", s.buffered / kFrame}, {"received", s.received / kFrame},
  };
  std::istringstream text(expectations);
  std::string part;
  while (std::getline(text, part, ',')) {
    std::istringstream words(part);
    std::string name;
    char relation = 0;
    std::uint64_t number = 0;
    words >> name >> relation >> number;
    CAPTURE(part);
    const std::uint64_t value = values.at(name);
    CAPTURE(value);
    if (relation == '=') CHECK(value == number);
    if (relation == '<') CHECK(value < number);
    if (relation == '>') CHECK(value > number);
  }
}

struct ScenarioCase {
  const char* name;
  const char* script;
  const char* expected;
};

TEST_CASE("jitter buffer: scenarios") {
  const ScenarioCase cases[] = {
      {"nothing ever comes", "10(G)", "silent = 10, played = 0, concealed = 0"},
      {"steady: one frame waits, nothing is made up", "500(PG)",
       "played = 500, concealed = 0, silent = 0, depth = 1, late = 0, discarded = 0"},
      {"both numbers wrap", "W 100(PG)", "played = 100, concealed = 0, restarts = 0"},
      {"one lost packet costs one frame, not delay", "50(PG) LG 50(PG)",
       "played = 100, concealed = 1, depth = 1, late = 0"},
      {"three lost in a row", "50(PG) 3(LG) 50(PG)", "played = 100, concealed = 3, depth = 1"},
      {"5 % loss", "40(19(PG) LG) PG", "played = 761, concealed = 40, depth = 1, late = 0"},
      {"duplicates change nothing", "100(PDG)",
       "played = 100, duplicate = 100, concealed = 0, depth = 1"},
      {"a late packet is played, and the delay grows by it", "50(PG) HG RPG 20(PG)",
       "played = 71, concealed = 1, late = 0, discarded = 0, depth = 2"},
      {"one that comes when its place was played is late, and counted", "50(PG) HPG PG R 10(PG)",
       "late = 1, concealed = 1, depth = 2"},
      {"two packets swapped in the buffer", "50(PG) HG RPG 10(PG) HPRG 10(PG)",
       "concealed = 1, late = 0"},
      {"a stall of 300 ms comes back in one burst", "100(PG) 15(G) 15(P) 50(PG)",
       "depth < 4, discarded > 10, restarts = 0"},
      {"a pause of the sender is not played late", "50(PG) 60(TG) 50(PG)",
       "played = 100, depth = 1, silent = 60, concealed = 0, restarts = 0"},
      {"a short one is no loss either, though nothing says so before its end",
       "50(PG) 9(TG) 50(PG)", "played = 100, depth = 1, silent = 9, concealed = 0"},
      {"what was lost beside a pause may be all of it", "50(PG) LG 9(TG) 50(PG)",
       "played = 100, depth = 1, silent = 0, concealed = 10"},
      {"a pause that waits in the buffer is no loss", "50(PG) 3(G) 3(T) 3(P) 3(T) P 20(PG)",
       "concealed = 0, restarts = 0"},
      {"a pause of a minute", "50(PG) 3000(TG) 50(PG)", "played = 100, depth = 1, silent > 2900"},
      {"the sender's clock leaps", "50(PG) J 50(PG)", "played = 100, restarts = 1, depth = 1"},
      {"another SSRC", "50(PG) X 50(PG)", "played = 100, restarts = 1, depth = 1"},
      {"another SSRC while sound waits: it goes", "50(PG) PPP X 50(PG)",
       "restarts = 1, discarded = 3, depth = 1"},
      {"the network delivers everything at once: the cap holds", "PG 100(P) G",
       "depth < 11, discarded > 88"},
      {"nobody fetches: the cap holds", "1000(P)", "buffered = 10, discarded = 990"},
      {"packets in pairs: every second one waits", "100(PPGG)",
       "concealed < 2, depth < 4, late = 0"},
  };
  for (const ScenarioCase& one : cases) {
    const std::string name = one.name;
    CAPTURE(name);
    CheckExpectations(Scenario().Run(one.script), one.expected);
  }
}

TEST_CASE("jitter buffer: empty, oversized and very short packets") {
  JitterBuffer buffer(8000, kCap);
  std::vector<std::uint8_t> payload(kLongestPacket + 1);
  RtpPacket packet;
  packet.payload = payload.data();
  buffer.Put(packet, Bytes(packet), 0);
  CHECK(buffer.Snapshot().received == 0);
  packet.payload_size = kLongestPacket + 1;
  buffer.Put(packet, Bytes(packet), 0);
  CHECK(buffer.Snapshot().discarded == kLongestPacket + 1);
  // Every second sample in a packet of its own: more runs than a slot has.
  packet.payload_size = 1;
  for (std::uint16_t n = 0; n < 800; ++n) {
    packet.header.sequence_number = n;
    packet.header.timestamp = n * 2u;
    buffer.Put(packet, Bytes(packet), 0);
  }
  const JitterBuffer::Slot slot = buffer.Get(100 * kNsPerMs, kFrame);
  REQUIRE(slot.kind == JitterBuffer::Slot::Kind::kSound);
  CHECK(slot.run_count == slot.runs.size());
  CHECK(slot.wish == JitterBuffer::Wish::kNone);
  CHECK(buffer.Get(200 * kNsPerMs, 0).run_count == 0);
}

/** A sender of 20 ms packets and the wishes that the buffer has. */
class Wishes {
 public:
  /** A packet that comes `late_ms` later than the first one did. */
  void Arrive(std::int64_t late_ms) {
    RtpPacket packet;
    packet.header.sequence_number = static_cast<std::uint16_t>(number_);
    packet.header.timestamp = static_cast<std::uint32_t>(number_ * 160);
    packet.payload = payload_.data();
    packet.payload_size = payload_.size();
    buffer_.Put(packet, Bytes(packet), 1000 * kNsPerMs + number_ * kFrameNs + late_ms * kNsPerMs);
    ++number_;
  }
  /** The slot that begins `ms` after the first packet came, and so many slots later. */
  JitterBuffer::Slot Get(std::int64_t ms) {
    const JitterBuffer::Slot slot = buffer_.Get(1000 * kNsPerMs + ms * kNsPerMs, kFrame);
    if (slot.wish == JitterBuffer::Wish::kShorten) ++shorten;
    if (slot.wish == JitterBuffer::Wish::kLengthen) ++lengthen;
    if (slot.urgent) ++urgent;
    return slot;
  }
  /** Packets and slots in their rhythm, wishes not fulfilled. */
  void Run(int slots, std::int64_t late_ms) {
    shorten = lengthen = urgent = 0;
    for (int i = 0; i < slots; ++i) {
      Arrive(late_ms);
      Get((number_ - 1) * 20 + 15);
    }
  }
  JitterBuffer& buffer() { return buffer_; }

  int shorten = 0;
  int lengthen = 0;
  int urgent = 0;

 private:
  JitterBuffer buffer_{8000, kCap};
  std::vector<std::uint8_t> payload_ = std::vector<std::uint8_t>(kFrame, 0x55);
  std::int64_t number_ = 0;
};

TEST_CASE("jitter buffer: the first packet waits for a margin of 3 ms and a bin of 2") {
  Wishes early;
  early.Arrive(0);
  CHECK(early.Get(4).kind == JitterBuffer::Slot::Kind::kSilence);
  Wishes due;
  due.Arrive(0);
  CHECK(due.Get(6).kind == JitterBuffer::Slot::Kind::kSound);
}

TEST_CASE(
    "jitter buffer: jitter that nears the slack makes it ask for growth, at once when large") {
  Wishes wishes;
  wishes.Run(100, 0);
  CHECK(wishes.lengthen == 0);
  // The slack is 15 ms: 13 ms late is in time, but without margin.
  wishes.Run(20, 13);
  CHECK(wishes.lengthen > 10);
  CHECK(wishes.urgent == 0);
  CHECK(wishes.buffer().Snapshot().concealed == 0);
  CHECK(wishes.buffer().Snapshot().target > kFrame + 13 * 8);

  // With the slack next to nothing it is urgent: half a frame is missing.
  Wishes tight;
  for (int i = 0; i < 100; ++i) {
    tight.Arrive(0);
    tight.Get(i * 20 + 6);
  }
  for (int i = 100; i < 200; ++i) {
    tight.Arrive(i % 3 == 0 ? 16 : 0);
    tight.Get(i * 20 + 6);
  }
  CHECK(tight.urgent > 0);
}

TEST_CASE("jitter buffer: shrinks only after two seconds of calm, urgently after four") {
  Wishes wishes;
  wishes.Run(100, 0);
  // A packet comes a slot late: the delay has grown by it.
  wishes.Get(100 * 20 + 15);
  wishes.Arrive(20);
  wishes.Arrive(0);
  wishes.Get(101 * 20 + 15);
  REQUIRE(wishes.buffer().Snapshot().depth == 2 * kFrame);
  wishes.Run(95, 0);
  CHECK(wishes.shorten == 0);
  wishes.Run(95, 0);
  CHECK(wishes.shorten > 80);
  CHECK(wishes.urgent == 0);
  wishes.Run(50, 0);
  CHECK(wishes.shorten == 50);
  CHECK(wishes.urgent > 30);
}

TEST_CASE("jitter buffer: the clock of RTP and the rate of the bus are two things") {
  struct Rates {
    std::uint32_t clock;
    std::uint32_t bus;
  };
  for (const Rates rates : {Rates{8000, 16000}, Rates{48000, 8000}, Rates{16000, 48000}}) {
    CAPTURE(rates.clock);
    CAPTURE(rates.bus);
    JitterBuffer buffer(rates.bus, rates.bus / 5);
    const std::vector<std::uint8_t> payload(kFrame, 0x55);
    RtpPacket packet;
    packet.header.timestamp = 0xfffffff0u;
    packet.payload = payload.data();
    packet.payload_size = payload.size();
    const std::size_t frame = rates.bus / 50;
    for (std::int64_t n = 0; n < 50; ++n) {
      buffer.Put(packet, {rates.clock, rates.clock / 50, nullptr}, n * kFrameNs);
      ++packet.header.sequence_number;
      packet.header.timestamp += rates.clock / 50;
      buffer.Get(n * kFrameNs + 15 * kNsPerMs, frame);
    }
    JitterBufferSnapshot s = buffer.Snapshot();
    CHECK(s.played == 50 * frame);
    CHECK(s.concealed == 0);
    CHECK(s.restarts == 0);
    CHECK(s.depth == frame);
    // Another clock is another timeline.
    buffer.Put(packet, {rates.clock * 2, rates.clock / 25, nullptr}, 50 * kFrameNs);
    CHECK(buffer.Snapshot().restarts == 1);
  }
}

TEST_CASE("jitter buffer: packets shorter than a sample of the bus leave no gap between them") {
  JitterBuffer buffer(8000, kCap);
  const std::uint8_t payload = 0;
  RtpPacket packet;
  packet.payload = &payload;
  packet.payload_size = 1;
  // 48 kHz in pieces of 35 ticks, 5.83 samples.
  for (int n = 0; n < 60; ++n) {
    buffer.Put(packet, {48000, 35, nullptr}, 0);
    ++packet.header.sequence_number;
    packet.header.timestamp += 35;
  }
  CHECK(buffer.Snapshot().buffered == 60 * 35 / 6);
  CHECK(buffer.Snapshot().duplicate == 0);
}

TEST_CASE("jitter buffer: its storage is bounded, and the oldest packet goes first") {
  JitterBuffer buffer(8000, kCap);
  const std::uint8_t payload = 0;
  RtpPacket packet;
  packet.payload = &payload;
  packet.payload_size = 1;
  // A sample in each: the cap is far away.
  for (int n = 0; n < 500; ++n) {
    buffer.Put(packet, {8000, 1, nullptr}, 0);
    ++packet.header.sequence_number;
    ++packet.header.timestamp;
  }
  const JitterBufferSnapshot s = buffer.Snapshot();
  CHECK(s.buffered == 96);  // of 5 ms, what the longest packet and three slots take
  CHECK(s.discarded == 500 - 96);
  const JitterBuffer::Slot slot = buffer.Get(100 * kNsPerMs, kFrame);
  REQUIRE(slot.run_count > 0);
  CHECK(slot.runs[0].begin == 500 - 96);
}

}  // namespace
}  // namespace dashvoip
