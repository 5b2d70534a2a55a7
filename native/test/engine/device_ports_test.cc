#include "dashvoip/engine/device_ports.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "dashvoip/audio/mixer.h"
#include "dashvoip/base/time_units.h"
#include "talker/talk.h"

namespace dashvoip {
namespace {

using Sound = std::vector<std::int16_t>;

constexpr std::size_t kSlot = 160;
constexpr std::size_t kLate = 400;  // 50 ms from speaker to microphone
constexpr int kSlots = 300;

/** A speaker beside its microphone. */
class Box : public AudioSource, public AudioSink {
 public:
  void SetActive(bool) override {}
  DeviceSnapshot Status() const override { return DeviceSnapshot(); }
  bool Pull(std::int16_t* out, std::size_t count) noexcept override {
    for (std::size_t i = 0; i < count; ++i, ++heard_) {
      out[i] = heard_ < kLate ? std::int16_t{0} : std::int16_t(line_[heard_ - kLate] / 2);
    }
    return true;
  }
  void Push(const std::int16_t* samples, std::size_t count) noexcept override {
    std::copy(samples, samples + count, line_.begin() + static_cast<std::ptrdiff_t>(played_));
    played_ += count;
  }
  double PullDelayMs() const noexcept override { return 20; }
  double PushDelayMs() const noexcept override { return 50; }

 private:
  Sound line_ = Sound((kSlots + 1) * kSlot);
  std::size_t heard_ = 0;
  std::size_t played_ = 0;
};

/** A far end that talks and keeps what it hears. */
class FarEnd : public MixerPort {
 public:
  bool speaks() const noexcept override { return true; }
  bool hears() const noexcept override { return true; }
  bool Read(std::int64_t, std::int16_t* out, std::size_t count) noexcept override {
    std::copy_n(said.begin() + static_cast<std::ptrdiff_t>(at_), count, out);
    at_ += count;
    return true;
  }
  void Write(std::int64_t, const std::int16_t* samples, std::size_t count, bool) noexcept override {
    std::copy(samples, samples + count, heard.begin() + static_cast<std::ptrdiff_t>(hears_at_));
    hears_at_ += count;
  }

  Sound said = test::Talk(kSlots * 0.02, 8000, 1);
  Sound heard = Sound(kSlots * kSlot);

 private:
  std::size_t at_ = 0;
  std::size_t hears_at_ = 0;
};

/** As a MediaLoop does it. @return how much softer the far end hears itself from 3 s on, dB. */
double ReturnLoss(Talker* talker) {
  Box box;
  FarEnd far;
  MicrophonePort microphone(&box, talker);
  SpeakerPort speaker(&box, talker);
  Mixer mixer{8000};
  mixer.Attach(&microphone, Mixer::Side::kNear);
  mixer.Attach(&speaker, Mixer::Side::kNear);
  mixer.Attach(&far, Mixer::Side::kFar);
  mixer.Connect(&microphone, &far);
  mixer.Connect(&far, &speaker);
  for (int slot = 0; slot < kSlots; ++slot) {
    const std::int64_t now = kNsPerSecond + slot * 20 * kNsPerMs;
    const Mixer::Span span = {0, kSlot};
    mixer.Read(Mixer::Side::kNear, now, span);
    mixer.Write(Mixer::Side::kFar, now, span);
    mixer.Read(Mixer::Side::kFar, now, span);
    mixer.Write(Mixer::Side::kNear, now, span);
  }
  double said = 0;
  double heard = 0.01;
  for (std::size_t i = 3 * 8000; i < far.said.size(); ++i) {
    said += static_cast<double>(far.said[i]) * far.said[i];
    heard += static_cast<double>(far.heard[i]) * far.heard[i];
  }
  return 10 * std::log10(said / heard);
}

TEST_CASE("device ports: through a talker the far end does not hear itself, and without it does") {
  VoiceSettings settings{};
  settings.echo_canceller = true;
  settings.duplex = Duplex::kFull;
  settings.echo_tail_ms = 64;
  Talker talker(settings, 8000);
  CHECK(ReturnLoss(&talker) >= 35);
  CHECK(ReturnLoss(nullptr) == doctest::Approx(6).epsilon(0.1));
}

}  // namespace
}  // namespace dashvoip
