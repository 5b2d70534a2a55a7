#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
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

TEST_CASE("jitter buffer: under anything the cap holds, nothing plays twice and all adds up") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    SeededRandom random(seed);
    const auto below = [&random](std::uint64_t bound) { return random.Next() % bound; };
    const std::size_t cap = 480 + below(2000);
    JitterBuffer buffer(8000, cap);
    std::int64_t now = 1000 * kNsPerMs;
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
        buffer.Put(packet, Bytes(packet), now - static_cast<std::int64_t>(below(60)) * kNsPerMs);
        sent += size;
        ++sequence;
        timestamp += 160;
        if (below(20) == 0) {
          ++sequence;
          timestamp += 160;
        }
      } else if (below(30) == 0) {
        buffer.PutEvent(ssrc, timestamp - static_cast<std::uint32_t>(below(400)),
                        static_cast<std::uint32_t>(below(900)));
      } else if (below(30) == 0) {
        RtpPacket noise;
        noise.header.ssrc = ssrc;
        noise.header.sequence_number = sequence++;
        noise.header.timestamp = timestamp;
        noise.payload = payload.data();
        noise.payload_size = 1;
        buffer.PutNoise(noise, 8000, now);
      } else if (below(500) == 0) {
        buffer.Reset();
      } else {
        const JitterBuffer::Slot slot = buffer.Get(now, kFrame);
        asked += kFrame;
        now += kFrameNs;
        std::size_t covered = 0;
        for (std::size_t i = 0; i < slot.run_count; ++i)
          covered += static_cast<std::size_t>(slot.runs[i].end - slot.runs[i].begin);
        const bool sound = slot.kind == JitterBuffer::Slot::Kind::kSound;
        const bool shorten = slot.wish == JitterBuffer::Wish::kShorten;
        std::size_t ahead = shorten ? 0 : slot.limit;
        for (std::size_t i = 0; i < slot.ahead_count; ++i) {
          const JitterBuffer::Run& run = slot.runs[slot.run_count + i];
          if (run.kind == SoundKind::kSound) ahead += static_cast<std::size_t>(run.end - run.begin);
        }
        if (covered != (sound ? kFrame : 0) || ahead != slot.limit) FAIL("slot is not covered");
        if (slot.limit > 0) {
          const auto change = static_cast<std::ptrdiff_t>(1 + below(slot.limit));
          buffer.Resize(slot.wish == JitterBuffer::Wish::kShorten ? change : -change);
        }
      }
      const JitterBufferSnapshot s = buffer.Snapshot();
      const std::uint64_t gone = s.played + s.discarded + s.removed + s.late + s.duplicate;
      // A long packet and three slots fit whatever the cap is.
      const std::size_t most = std::max(cap, payload.size() + 3 * kFrame);
      const bool within_cap = s.depth <= most && s.buffered <= most;
      const bool received_adds_up = s.received == sent && sent == gone + s.buffered;
      const bool asked_adds_up =
          asked == s.played + s.concealed + s.silent + s.inserted + s.undecided;
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
      if (random.NextUnit() < 0.1) arrivals.emplace_back(at + 15 * kNsPerMs, n);
    }
    std::sort(arrivals.begin(), arrivals.end());
    std::vector<int> times_played(256, 0);
    int newest = -1;
    std::size_t next = 0;
    for (std::int64_t now = 0; now < 6000 * kNsPerMs; now += kFrameNs) {
      for (; next < arrivals.size() && arrivals[next].first <= now; ++next) {
        const int n = arrivals[next].second;
        const std::vector<std::uint8_t> payload(kFrame, static_cast<std::uint8_t>(n));
        RtpPacket packet;
        packet.header.sequence_number = static_cast<std::uint16_t>(65500 + n);
        packet.header.timestamp = static_cast<std::uint32_t>(n) * 160u - 8000u;
        packet.payload = payload.data();
        packet.payload_size = payload.size();
        buffer.Put(packet, Bytes(packet), arrivals[next].first);
      }
      const JitterBuffer::Slot slot = buffer.Get(now, kFrame);
      for (std::size_t i = 0; i < slot.run_count; ++i) {
        const JitterBuffer::Run& run = slot.runs[i];
        if (run.kind != SoundKind::kSound) continue;
        for (std::int64_t at = run.begin; at < run.end; ++at) {
          const int n = run.packet->payload[at - run.packet->begin];
          if (n < newest) FAIL("out of order");
          newest = n;
          ++times_played[static_cast<std::size_t>(n)];
        }
      }
    }
    for (const int times : times_played) CHECK(times <= static_cast<int>(kFrame));
  }
}

}  // namespace
}  // namespace dashvoip
