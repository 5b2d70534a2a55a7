#include "dashvoip/audio/alsa_device.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "audio/delay_watch.h"
#include "audio/fake_card.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

using test::DelayWatch;
using test::FakeCard;
using Direction = AlsaPcm::Direction;

constexpr std::uint32_t kRate = 8000;
constexpr std::size_t kBlock = 160;
constexpr std::int64_t kTickNs = 10 * kNsPerMs;
constexpr std::size_t kAnyNumber = 100000;
constexpr std::int16_t kLoud = 8000;

std::int64_t virtual_ns;
std::int64_t VirtualNs() { return virtual_ns; }

/** A card whose clock is this much faster than ours, from one tick of 10 ms to the next. */
struct DriftingCard {
  explicit DriftingCard(double ppm) : frames_per_tick(kRate / 100 * (1 + ppm * 1e-6)) {
    card.Hear({kLoud});
    virtual_ns = 0;
  }
  void Tick() {
    virtual_ns += kTickNs;
    frames += frames_per_tick;
    const auto whole = static_cast<unsigned>(frames);
    card.Advance(whole);
    frames -= whole;
  }

  FakeCard card{{}};
  const double frames_per_tick;
  double frames = 0;
};

TEST_CASE("ALSA: the sound of a card whose clock is 200 ppm off keeps its delay") {
  for (const double ppm : {-200.0, 200.0}) {
    CAPTURE(ppm);
    DriftingCard clock(ppm);
    AlsaPcm pcm(Direction::kCapture, FakeCard::Open);
    REQUIRE(pcm.Open("fake", kRate) == "");
    AlsaCapture capture(kRate, VirtualNs);
    capture.OnOpen(pcm);
    DelayWatch delay;
    std::int16_t out[kBlock];
    while (virtual_ns < DelayWatch::kEndNs) {
      clock.Tick();
      REQUIRE(capture.OnTick(pcm, kAnyNumber) >= 0);
      if (virtual_ns % (2 * kTickNs) != 0) continue;
      capture.buffer().Pull(out, kBlock, virtual_ns);
      delay.Note(capture.buffer().delay_ms(), virtual_ns);
    }
    CHECK(std::fabs(delay.GrownMs()) < 8);
    CHECK(capture.buffer().underruns() == 0);
    CHECK(capture.buffer().overruns() == 0);
    CHECK(out[0] == kLoud);
  }
}

TEST_CASE("ALSA: what a card plays whose clock is 200 ppm off keeps its delay") {
  for (const double ppm : {-200.0, 200.0}) {
    CAPTURE(ppm);
    DriftingCard clock(ppm);
    AlsaPcm pcm(Direction::kPlayback, FakeCard::Open);
    REQUIRE(pcm.Open("fake", kRate) == "");
    AlsaPlayback playback(kRate, VirtualNs);
    playback.OnOpen(pcm);
    DelayWatch delay;
    const std::vector<std::int16_t> block(kBlock, kLoud);
    DeviceSnapshot status;
    while (virtual_ns < DelayWatch::kEndNs) {
      clock.Tick();
      if (virtual_ns % (2 * kTickNs) == 0) playback.Push(block.data(), kBlock, true);
      REQUIRE(playback.OnTick(pcm, kAnyNumber) >= 0);
      status = DeviceSnapshot();
      playback.AddTo(&status);
      delay.Note(status.delay_ms, virtual_ns);
    }
    CHECK(std::fabs(delay.GrownMs()) < 8);
    CHECK(status.underruns <= 1);  // blocks meet ticks without a margin until one was late
    CHECK(status.overruns == 0);
    CHECK(pcm.recoveries() == 0);
    CHECK(clock.card.played().back() == kLoud);
  }
}

}  // namespace
}  // namespace dashvoip
