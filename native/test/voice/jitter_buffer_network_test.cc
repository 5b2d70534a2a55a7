#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "dashvoip/base/random_source.h"
#include "dashvoip/base/time_units.h"
#include "dashvoip/voice/jitter_buffer.h"
#include "voice/byte_codec.h"

namespace dashvoip {
namespace {

using test::Bytes;

constexpr std::int64_t kFrameNs = 20 * kNsPerMs;
constexpr std::size_t kFrame = 160;
constexpr std::size_t kCap = 1600;  // 200 ms

// A network and two clocks in virtual time.

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
    const std::int64_t now = 7 * kNsPerMs + slot * kFrameNs;
    for (; next < arrivals.size() && arrivals[next].time <= now; ++next) {
      RtpPacket packet;
      packet.header = arrivals[next].header;
      packet.payload = payload.data();
      packet.payload_size = payload.size();
      buffer.Put(packet, Bytes(packet), arrivals[next].time);
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
  CHECK(outcome.max_buffered <= std::max(kCap, network.packet_samples + 3 * kFrame));
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

TEST_CASE("jitter buffer: packets longer than the cap are played whole") {
  for (const std::uint32_t samples : {1600u, 2000u, 2400u}) {
    CAPTURE(samples);
    Network network;
    network.packet_samples = samples;
    network.jitter_ms = 10;
    const Outcome outcome = Simulate(network);
    CHECK(outcome.concealed_part <= 0.005);
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

TEST_CASE("jitter buffer: nothing is heard as late as a stall made it") {
  for (const double stall : {100.0, 200.0, 400.0, 900.0, 3000.0}) {
    for (const bool quiet : {true, false}) {
      CAPTURE(stall);
      CAPTURE(quiet);
      Network network;
      network.quiet = quiet;
      network.stall_at = 20;
      network.stall_ms = stall;
      network.measure_from = 20.02 + stall / 1000;  // at once, and for 200 ms
      network.seconds = network.measure_from + 0.2;
      CHECK(Simulate(network).mean_depth_ms <= 40);
    }
  }
}

TEST_CASE("jitter buffer: after a stall the delay comes back down") {
  for (const double stall : {100.0, 400.0, 900.0, 3000.0}) {
    CAPTURE(stall);
    Network network;
    network.quiet = stall != 400.0;  // in speech too
    network.stall_at = 20;
    network.stall_ms = stall;
    network.measure_from = 50;
    const Outcome outcome = Simulate(network);
    CHECK(outcome.concealed_part == 0);
    CHECK(outcome.mean_depth_ms <= 60);
    CHECK(outcome.max_depth <= kCap);
  }
}

}  // namespace
}  // namespace dashvoip
