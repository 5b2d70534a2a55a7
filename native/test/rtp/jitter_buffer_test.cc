#include "dashvoip/rtp/jitter_buffer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "dashvoip/rtp/random_source.h"

namespace dashvoip {
namespace {

constexpr std::int64_t kMs = 1000000;
constexpr std::int64_t kFrameNs = 20 * kMs;
constexpr std::size_t kFrame = 160;
constexpr std::size_t kCap = 1600;  // 200 ms

// ---- Scenarios as text ----------------------------------------------------------------------

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
    buffer_.Put(packet, now_ - 8 * kMs);
  }

  JitterBuffer buffer_{8000, kCap};
  std::vector<std::uint8_t> payload_ = std::vector<std::uint8_t>(kFrame, 0x55);
  std::int64_t now_ = 1000 * kMs;
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
      {"two packets swapped in the buffer", "50(PG) HG RPG 10(PG) HPRG 10(PG)",
       "concealed = 1, late = 0"},
      {"a stall of 300 ms comes back in one burst", "100(PG) 15(G) 15(P) 50(PG)",
       "depth < 4, discarded > 10, restarts = 0"},
      {"a pause of the sender is not played late", "50(PG) 60(TG) 50(PG)",
       "played = 100, depth = 1, silent > 30, restarts = 0"},
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

// ---- A network in virtual time --------------------------------------------------------------

struct Network {
  std::uint32_t packet_samples = kFrame;
  double seconds = 60;
  double jitter_ms = 0;  ///< uniform, on top of 50 ms
  double loss = 0;       ///< 0..1
  double drift_ppm = 0;  ///< sender's clock against ours
  double shift_at = -1;  ///< from this second on ...
  double shift_ms = 0;   ///< ... the way is longer by this
  double stall_at = -1;  ///< at this second the network delivers nothing ...
  double stall_ms = 0;   ///< ... for this long
  double measure_from = 10;
  bool quiet = true;  ///< wishes that are not urgent are fulfilled
};

struct Outcome {
  double concealed_part = 0;  ///< after measure_from
  double mean_depth_ms = 0;
  std::uint32_t last_depth = 0;
  std::uint32_t max_depth = 0;
  std::uint32_t max_buffered = 0;
  JitterBufferSnapshot total;
};

struct Arrival {
  std::int64_t time;
  RtpHeader header;
};

std::vector<Arrival> Arrivals(const Network& network, RandomSource* random) {
  std::vector<Arrival> arrivals;
  const double packet_ms = network.packet_samples / 8.0;
  for (std::uint32_t n = 0; n * packet_ms < network.seconds * 1000; ++n) {
    const double sent_ms = n * packet_ms * (1 + network.drift_ppm / 1e6);
    double arrival_ms = sent_ms + 50 + random->NextUnit() * network.jitter_ms;
    if (network.shift_at >= 0 && sent_ms >= network.shift_at * 1000) arrival_ms += network.shift_ms;
    const double stall_end = network.stall_at * 1000 + network.stall_ms;
    if (arrival_ms >= network.stall_at * 1000 && arrival_ms < stall_end) arrival_ms = stall_end;
    if (random->NextUnit() < network.loss) continue;
    Arrival arrival;
    arrival.time = static_cast<std::int64_t>(arrival_ms * 1e6);
    arrival.header.ssrc = 1;
    arrival.header.sequence_number = static_cast<std::uint16_t>(n + 65000);
    arrival.header.timestamp = n * network.packet_samples + 0xffff0000u;
    arrivals.push_back(arrival);
  }
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const Arrival& a, const Arrival& b) { return a.time < b.time; });
  return arrivals;
}

// What a caller with quiet sound does with a wish.
void Fulfil(JitterBuffer* buffer, const JitterBuffer::Slot& slot, bool quiet) {
  if (slot.wish == JitterBuffer::Wish::kNone || (!slot.urgent && !quiet)) return;
  const auto limit = static_cast<std::ptrdiff_t>(slot.limit);
  // Speech gives only a pitch period at a time.
  const std::ptrdiff_t most = quiet ? limit : std::min<std::ptrdiff_t>(limit, 61);
  if (slot.wish == JitterBuffer::Wish::kShorten) buffer->Resize(most);
  if (slot.wish == JitterBuffer::Wish::kLengthen) {
    buffer->Resize(-std::min<std::ptrdiff_t>(most, kFrame / 2));
  }
}

Outcome Simulate(const Network& network) {
  SeededRandom random(11);
  const std::vector<Arrival> arrivals = Arrivals(network, &random);
  const std::vector<std::uint8_t> payload(network.packet_samples, 0x55);
  JitterBuffer buffer(8000, kCap);
  Outcome outcome;
  std::size_t next = 0;
  double depth_sum = 0;
  int measured = 0;
  JitterBufferSnapshot before;
  for (int slot = 0; next < arrivals.size(); ++slot) {
    const std::int64_t now = 7 * kMs + slot * kFrameNs;
    for (; next < arrivals.size() && arrivals[next].time <= now; ++next) {
      RtpPacket packet;
      packet.header = arrivals[next].header;
      packet.payload = payload.data();
      packet.payload_size = payload.size();
      buffer.Put(packet, arrivals[next].time);
      outcome.max_buffered = std::max(outcome.max_buffered, buffer.Snapshot().buffered);
    }
    Fulfil(&buffer, buffer.Get(now, kFrame), network.quiet);
    const JitterBufferSnapshot s = buffer.Snapshot();
    outcome.max_depth = std::max(outcome.max_depth, s.depth);
    if (slot < network.measure_from * 50) {
      before = s;
    } else {
      depth_sum += s.depth / 8.0;
      ++measured;
    }
  }
  CHECK(outcome.max_buffered <= kCap);
  outcome.total = buffer.Snapshot();
  outcome.last_depth = outcome.total.depth;
  outcome.mean_depth_ms = depth_sum / measured;
  outcome.concealed_part =
      static_cast<double>(outcome.total.concealed - before.concealed) / (measured * 160.0);
  return outcome;
}

TEST_CASE("jitter buffer: a steady network costs one frame") {
  const Outcome outcome = Simulate(Network());
  CHECK(outcome.total.concealed == 0);
  CHECK(outcome.mean_depth_ms <= 20);
  CHECK(outcome.max_depth <= kFrame);
}

TEST_CASE("jitter buffer: follows the jitter and hides nearly all of it") {
  for (const bool quiet : {true, false}) {
    Network network;
    network.quiet = quiet;
    for (const double jitter : {2.0, 10.0, 30.0, 60.0, 100.0}) {
      CAPTURE(jitter);
      CAPTURE(quiet);
      network.jitter_ms = jitter;
      const Outcome outcome = Simulate(network);
      CHECK(outcome.concealed_part <= 0.01);
      // The range of the jitter, a frame to play, and at most two frames of grid and caution.
      CHECK(outcome.mean_depth_ms <= jitter + 60);
      CHECK(outcome.total.restarts == 0);
    }
  }
}

TEST_CASE("jitter buffer: loss is concealed once, and adds no delay") {
  Network network;
  network.loss = 0.05;
  network.jitter_ms = 5;
  const Outcome outcome = Simulate(network);
  CHECK(outcome.concealed_part == doctest::Approx(0.05).epsilon(0.2));
  CHECK(outcome.mean_depth_ms <= 45);
}

TEST_CASE("jitter buffer: packets of 10 to 60 ms are played in slots of 20 ms") {
  for (const std::uint32_t samples : {80u, 160u, 240u, 320u, 400u, 480u, 100u, 333u}) {
    CAPTURE(samples);
    Network network;
    network.packet_samples = samples;
    network.jitter_ms = 4;
    const Outcome outcome = Simulate(network);
    CHECK(outcome.concealed_part <= 0.005);
    CHECK(outcome.mean_depth_ms <= samples / 8.0 + 50);
    CHECK(outcome.total.discarded == 0);
  }
}

TEST_CASE("jitter buffer: a drifting clock fills and drains nothing") {
  for (const double ppm : {-200.0, 200.0, 1000.0, -1000.0}) {
    for (const bool quiet : {true, false}) {
      CAPTURE(ppm);
      CAPTURE(quiet);
      Network network;
      network.seconds = 600;
      network.drift_ppm = ppm;
      network.jitter_ms = 3;
      network.quiet = quiet;
      const Outcome outcome = Simulate(network);
      CHECK(outcome.concealed_part <= 0.002);
      CHECK(outcome.mean_depth_ms <= 60);
      CHECK(outcome.last_depth <= 4 * kFrame);
      CHECK(outcome.total.discarded == 0);
    }
  }
}

TEST_CASE("jitter buffer: a longer way is followed, a shorter one too") {
  for (const double shift : {60.0, -40.0}) {
    CAPTURE(shift);
    Network network;
    network.shift_at = 20;
    network.shift_ms = shift;
    network.measure_from = 45;
    const Outcome outcome = Simulate(network);
    CHECK(outcome.concealed_part == 0);
    CHECK(outcome.mean_depth_ms <= 40);
  }
}

TEST_CASE("jitter buffer: after a stall the delay comes back down") {
  for (const double stall : {100.0, 400.0, 900.0, 3000.0}) {
    CAPTURE(stall);
    Network network;
    network.stall_at = 20;
    network.stall_ms = stall;
    network.measure_from = 50;
    const Outcome outcome = Simulate(network);
    CHECK(outcome.concealed_part == 0);
    CHECK(outcome.mean_depth_ms <= 60);
    CHECK(outcome.max_depth <= kCap);
  }
}

// ---- Invariants -----------------------------------------------------------------------------

TEST_CASE("jitter buffer: under anything the cap holds, nothing plays twice and all adds up") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    SeededRandom random(seed);
    const auto below = [&random](std::uint64_t bound) { return random.Next() % bound; };
    const std::size_t cap = 480 + below(2000);
    JitterBuffer buffer(8000, cap);
    std::int64_t now = 1000 * kMs;
    std::uint16_t sequence = static_cast<std::uint16_t>(random.Next());
    std::uint32_t timestamp = static_cast<std::uint32_t>(random.Next());
    std::uint32_t ssrc = 1;
    std::uint64_t asked = 0;
    std::uint64_t sent = 0;
    std::vector<std::uint8_t> payload(700);
    for (int step = 0; step < 2000; ++step) {
      if (below(100) < 55) {
        RtpPacket packet;
        const std::uint64_t kind = below(200);
        const std::size_t size = below(10) == 0 ? below(700) : 160;
        if (kind == 0) ++ssrc;
        if (kind == 1) timestamp += static_cast<std::uint32_t>(random.Next());
        if (kind == 2) sequence = static_cast<std::uint16_t>(random.Next());
        packet.header.ssrc = ssrc;
        // A tenth is reordered or repeated.
        const auto back = static_cast<std::uint16_t>(below(10) == 0 ? below(8) : 0);
        packet.header.sequence_number = static_cast<std::uint16_t>(sequence - back);
        packet.header.timestamp = timestamp - back * 160u;
        packet.payload = payload.data();
        packet.payload_size = size;
        buffer.Put(packet, now - static_cast<std::int64_t>(below(60)) * kMs);
        sent += size;
        ++sequence;
        timestamp += 160;
        if (below(20) == 0) {
          ++sequence;
          timestamp += 160;
        }
      } else if (below(500) == 0) {
        buffer.Reset();
      } else {
        const JitterBuffer::Slot slot = buffer.Get(now, kFrame);
        asked += kFrame;
        now += kFrameNs;
        std::size_t covered = 0;
        for (std::size_t i = 0; i < slot.run_count; ++i) covered += slot.runs[i].size;
        const bool sound = slot.kind == JitterBuffer::Slot::Kind::kSound;
        const bool shorten = slot.wish == JitterBuffer::Wish::kShorten;
        const std::size_t ahead = shorten ? slot.ahead[0].size + slot.ahead[1].size : slot.limit;
        if (covered != (sound ? kFrame : 0) || ahead != slot.limit) FAIL("slot is not covered");
        if (slot.limit > 0) {
          const auto change = static_cast<std::ptrdiff_t>(1 + below(slot.limit));
          buffer.Resize(slot.wish == JitterBuffer::Wish::kShorten ? change : -change);
        }
      }
      const JitterBufferSnapshot s = buffer.Snapshot();
      const std::uint64_t gone = s.played + s.discarded + s.removed + s.late + s.duplicate;
      const bool within_cap = s.depth <= cap && s.buffered <= cap;
      const bool received_adds_up = s.received == sent && sent == gone + s.buffered;
      const bool asked_adds_up = asked == s.played + s.concealed + s.silent + s.inserted;
      if (within_cap && received_adds_up && asked_adds_up) continue;
      CAPTURE(step);
      REQUIRE(within_cap);
      REQUIRE(received_adds_up);
      REQUIRE(asked_adds_up);
    }
  }
}

TEST_CASE("jitter buffer: no sample plays twice and none out of order") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    SeededRandom random(seed);
    JitterBuffer buffer(8000, kCap);
    // Packet n holds the byte n in all its samples; it is late, lost, doubled, reordered at random.
    std::vector<std::pair<std::int64_t, int>> arrivals;
    for (int n = 0; n < 256; ++n) {
      if (random.NextUnit() < 0.05) continue;
      const auto at = static_cast<std::int64_t>((n * 20 + random.NextUnit() * 80) * 1e6);
      arrivals.emplace_back(at, n);
      if (random.NextUnit() < 0.1) arrivals.emplace_back(at + 15 * kMs, n);
    }
    std::sort(arrivals.begin(), arrivals.end());
    std::vector<int> times_played(256, 0);
    int newest = -1;
    std::size_t next = 0;
    for (std::int64_t now = 0; now < 6000 * kMs; now += kFrameNs) {
      for (; next < arrivals.size() && arrivals[next].first <= now; ++next) {
        const int n = arrivals[next].second;
        const std::vector<std::uint8_t> payload(kFrame, static_cast<std::uint8_t>(n));
        RtpPacket packet;
        packet.header.sequence_number = static_cast<std::uint16_t>(65500 + n);
        packet.header.timestamp = static_cast<std::uint32_t>(n) * 160u - 8000u;
        packet.payload = payload.data();
        packet.payload_size = payload.size();
        buffer.Put(packet, arrivals[next].first);
      }
      const JitterBuffer::Slot slot = buffer.Get(now, kFrame);
      for (std::size_t i = 0; i < slot.run_count; ++i) {
        if (slot.runs[i].data == nullptr) continue;
        for (std::size_t k = 0; k < slot.runs[i].size; ++k) {
          const int n = slot.runs[i].data[k];
          if (n < newest) FAIL("out of order");
          newest = n;
          ++times_played[static_cast<std::size_t>(n)];
        }
      }
    }
    for (const int times : times_played) CHECK(times <= static_cast<int>(kFrame));
  }
}

TEST_CASE("jitter buffer: empty, oversized and crumbling packets") {
  JitterBuffer buffer(8000, kCap);
  std::vector<std::uint8_t> payload(kCap + 1);
  RtpPacket packet;
  packet.payload = payload.data();
  buffer.Put(packet, 0);
  CHECK(buffer.Snapshot().received == 0);
  packet.payload_size = kCap + 1;
  buffer.Put(packet, 0);
  CHECK(buffer.Snapshot().discarded == kCap + 1);
  // Every second sample in a packet of its own: more runs than a slot has.
  packet.payload_size = 1;
  for (std::uint16_t n = 0; n < 800; ++n) {
    packet.header.sequence_number = n;
    packet.header.timestamp = n * 2u;
    buffer.Put(packet, 0);
  }
  const JitterBuffer::Slot slot = buffer.Get(100 * kMs, kFrame);
  REQUIRE(slot.kind == JitterBuffer::Slot::Kind::kSound);
  CHECK(slot.run_count == slot.runs.size());
  CHECK(slot.wish == JitterBuffer::Wish::kNone);
  CHECK(buffer.Get(200 * kMs, 0).run_count == 0);
}

}  // namespace
}  // namespace dashvoip
