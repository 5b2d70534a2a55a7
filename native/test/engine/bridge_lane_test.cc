#include "dashvoip/engine/bridge_lane.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "dashvoip/audio/pull_buffer.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

/** Gives the blocks that a test lays in, then nothing. */
class ListSource : public AudioSource {
 public:
  void SetActive(bool) override {}
  bool Pull(std::int16_t* out, std::size_t count) noexcept override {
    const bool some = next_ < values.size();
    std::fill(out, out + count, some ? values[next_] : std::int16_t{0});
    ++next_;
    return some;
  }
  DeviceSnapshot Status() const override { return DeviceSnapshot(); }

  std::vector<std::int16_t> values;  // of the samples of each block

 private:
  std::size_t next_ = 0;
};

class ListSink : public AudioSink {
 public:
  void SetActive(bool) override {}
  void Push(const std::int16_t* samples, std::size_t count) noexcept override {
    CHECK(count == kBridgeBlock);
    values.push_back(samples[0]);
  }
  DeviceSnapshot Status() const override { return DeviceSnapshot(); }

  std::vector<std::int16_t> values;
};

TEST_CASE("bridge lane: without a gate every slot is pushed, silence in place of what is missing") {
  ListSource source;
  ListSink sink;
  source.values = {7, 0, -9};
  BridgeLane lane(source, sink, BridgeLane::Gate::kAlways);
  for (int i = 0; i < 5; ++i) lane.Move();
  CHECK(sink.values == std::vector<std::int16_t>{7, 0, -9, 0, 0});
  CHECK(lane.sink_wanted());
  CHECK(lane.TakePeak() == 9);
  CHECK(lane.TakePeak() == 0);
}

TEST_CASE("bridge lane: a slot slept through is thrown away and counted") {
  ListSource source;
  ListSink sink;
  source.values = {1, 2, 3};
  BridgeLane lane(source, sink, BridgeLane::Gate::kAlways);
  lane.Move();
  lane.Skip();
  lane.Move();
  CHECK(sink.values == std::vector<std::int16_t>{1, 3});
  CHECK(lane.skipped() == 1);
}

TEST_CASE("bridge lane: the gate opens with the first sound, of which nothing is lost") {
  ListSource source;
  ListSink sink;
  source.values = {0, 1, -1, 500, 600, 700, 800};
  BridgeLane lane(source, sink, BridgeLane::Gate::kOnSound);
  for (int i = 0; i < 3; ++i) lane.Move();
  CHECK_FALSE(lane.sink_wanted());
  CHECK(sink.values.empty());
  lane.Move();
  // The sink becomes active now, and gets the first block two slots later.
  CHECK(lane.sink_wanted());
  CHECK(sink.values.empty());
  for (int i = 0; i < 3; ++i) lane.Move();
  CHECK(sink.values == std::vector<std::int16_t>{500, 600, 700, 800});
}

TEST_CASE("bridge lane: the gate outlasts pauses, closes after silence and opens again") {
  ListSource source;
  ListSink sink;
  const auto add = [&source](std::size_t blocks, std::int16_t value) {
    source.values.insert(source.values.end(), blocks, value);
  };
  add(5, 300);
  add(SoundGate::kHoldSlots - 1, 0);
  add(1, 300);
  add(SoundGate::kHoldSlots + 10, 0);
  BridgeLane lane(source, sink, BridgeLane::Gate::kOnSound);
  const std::size_t first = 5 + SoundGate::kHoldSlots;
  for (std::size_t i = 0; i < first; ++i) {
    lane.Move();
    CHECK(lane.sink_wanted());
  }
  for (std::size_t i = 0; i < SoundGate::kHoldSlots; ++i) lane.Move();
  CHECK_FALSE(lane.sink_wanted());
  const std::size_t pushed = sink.values.size();
  CHECK(pushed == first + SoundGate::kHoldSlots - 1);
  for (int i = 0; i < 10; ++i) lane.Move();
  CHECK(sink.values.size() == pushed);
  add(3, 400);
  for (int i = 0; i < 3; ++i) lane.Move();
  CHECK(sink.values.size() == pushed + 3);
  CHECK(sink.values.back() == 400);
}

// Half an hour on virtual time --------------------------------------------------------------------

constexpr std::size_t kFrame = 1024;

/** What a device's resampler does to the number of samples, a whole one at a time. */
class Follower {
 public:
  /** @param samples room for count + 1. @return how many are to be written. */
  std::size_t Apply(std::int16_t* samples, std::size_t count, int ppm) {
    owed_ += static_cast<double>(count) * ppm * 1e-6;
    if (owed_ >= 1) {
      owed_ -= 1;
      return count - 1;
    }
    if (owed_ <= -1) {
      owed_ += 1;
      samples[count] = samples[count - 1];
      return count + 1;
    }
    return count;
  }

 private:
  double owed_ = 0;
};

/** A microphone with a clock of its own; its sound tells when it was made. */
class ClockedSource : public AudioSource {
 public:
  explicit ClockedSource(double ppm) : rate_(kBridgeRateHz * (1 + ppm / 1e6)) {}

  void SetActive(bool) override {}
  bool Pull(std::int16_t* out, std::size_t count) noexcept override {
    return buffer.Pull(out, count, now_ns);
  }
  DeviceSnapshot Status() const override { return DeviceSnapshot(); }

  double NextNs() const { return static_cast<double>(made_ + kFrame) / rate_ * 1e9; }
  void Deliver() {
    std::int16_t frame[kFrame + 1];
    for (std::size_t i = 0; i < kFrame; ++i) {
      frame[i] = static_cast<std::int16_t>(made_++ / 48 % 30000 + 1);
    }
    buffer.Write(frame, follower_.Apply(frame, kFrame, buffer.drift_ppm()), now_ns);
  }
  /** How long ago, at `now`, the sound with this value was made. */
  double AgeMs(std::int16_t value, double at_ns) const {
    const double made_ms = value * 48 / rate_ * 1e3;
    const double wrap_ms = 30000 * 48 / rate_ * 1e3;
    return std::fmod(at_ns / 1e6 - made_ms + wrap_ms * 1e3, wrap_ms);
  }

  PullBuffer buffer{kBridgeRateHz};
  std::int64_t now_ns = 0;

 private:
  const double rate_;
  Follower follower_;
  std::uint64_t made_ = 0;
};

/** A loudspeaker with a clock of its own. */
class ClockedSink : public AudioSink {
 public:
  explicit ClockedSink(double ppm) : rate_(kBridgeRateHz * (1 + ppm / 1e6)) {}

  void SetActive(bool) override {}
  void Push(const std::int16_t* samples, std::size_t count) noexcept override {
    std::array<std::int16_t, kBridgeBlock + 1> block;
    std::copy(samples, samples + count, block.begin());
    buffer.Write(block.data(), follower_.Apply(block.data(), count, buffer.drift_ppm()), now_ns);
  }
  DeviceSnapshot Status() const override { return DeviceSnapshot(); }

  double NextNs() const { return static_cast<double>(played_ + kFrame) / rate_ * 1e9; }
  /** @return the first sample of the frame, 0 while there is none. */
  std::int16_t Play() {
    std::int16_t frame[kFrame];
    played_ += kFrame;
    return buffer.Pull(frame, kFrame, now_ns) ? frame[0] : std::int16_t{0};
  }

  PullBuffer buffer{kBridgeRateHz};
  std::int64_t now_ns = 0;

 private:
  const double rate_;
  Follower follower_;
  std::uint64_t played_ = 0;
};

struct Delays {
  double least = 1e9;
  double most = 0;
  double first_minute = 0;  // means
  double last_minute = 0;
  std::uint64_t dropouts = 0;
};

Delays RunHalfAnHour(double source_ppm, double sink_ppm) {
  constexpr double kMinuteNs = 60e9;
  constexpr double kEndNs = 30 * kMinuteNs;
  ClockedSource source(source_ppm);
  ClockedSink sink(sink_ppm);
  BridgeLane lane(source, sink, BridgeLane::Gate::kOnSound);
  Delays delays;
  std::uint64_t early = 0;
  std::uint64_t firsts = 0;
  std::uint64_t lasts = 0;
  double slot_ns = 5e6;
  for (;;) {
    const double now = std::min({slot_ns, source.NextNs(), sink.NextNs()});
    if (now >= kEndNs) break;
    source.now_ns = sink.now_ns = static_cast<std::int64_t>(now);
    if (now == source.NextNs()) {
      source.Deliver();
    } else if (now == slot_ns) {
      slot_ns += kBridgeSlotMs * 1e6;
      lane.Move();
    } else {
      const std::int16_t value = sink.Play();
      if (value == 0) {
        (now < 1e9 ? early : delays.dropouts) += 1;
        continue;
      }
      const double age = source.AgeMs(value, now);
      delays.least = std::min(delays.least, age);
      delays.most = std::max(delays.most, age);
      if (now < kMinuteNs) delays.first_minute += (age - delays.first_minute) / ++firsts;
      if (now > kEndNs - kMinuteNs) delays.last_minute += (age - delays.last_minute) / ++lasts;
    }
  }
  CHECK(early < 20);
  return delays;
}

TEST_CASE("bridge lane: half an hour between clocks 400 ppm apart, no drop-out, no growing delay") {
  for (const double ppm : {200.0, -200.0}) {
    INFO(ppm);
    const Delays delays = RunHalfAnHour(ppm, -ppm);
    MESSAGE("delay " << delays.least << ".." << delays.most << " ms, first minute "
                     << delays.first_minute << ", last minute " << delays.last_minute);
    CHECK(delays.dropouts == 0);
    CHECK(delays.most < 100);
    CHECK(delays.most - delays.least < 10);
    CHECK(std::fabs(delays.last_minute - delays.first_minute) < 5);
  }
}

}  // namespace
}  // namespace dashvoip
