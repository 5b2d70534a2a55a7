#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "dashvoip/audio/wav_file.h"
#include "dashvoip/talker/talker.h"
#include "talker/scene.h"

// What the talker's chain makes of echo and noise, beside what speexdsp makes of it by itself.
//   echo_bench FAR.wav NEAR.wav RATE [NOISE.wav...]
// FAR and NEAR are spoken words, mono at RATE; NOISE is mixed under NEAR at 0, 5 and 10 dB.

namespace {

using namespace dashvoip;
using test::Scene;
using test::Sound;

constexpr double kSeconds = 16;

double CpuMicroseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/** Something that stands in the place of Talker in a Scene. */
class Chain {
 public:
  virtual ~Chain() = default;
  virtual void Capture(std::int64_t slot, std::int16_t* samples, std::size_t count, bool heard,
                       double delay_ms) = 0;
  virtual const std::int16_t* Play(std::int64_t slot, const std::int16_t* samples,
                                   std::size_t count, double delay_ms) = 0;
  double microseconds = 0;
};

class Ours : public Chain {
 public:
  Ours(std::uint32_t rate_hz, bool noise) : talker_(Settings(noise), rate_hz) {}
  void Capture(std::int64_t slot, std::int16_t* samples, std::size_t count, bool heard,
               double delay_ms) override {
    const double begin = CpuMicroseconds();
    talker_.Capture(slot, samples, count, heard, delay_ms);
    microseconds += CpuMicroseconds() - begin;
  }
  const std::int16_t* Play(std::int64_t slot, const std::int16_t* samples, std::size_t count,
                           double delay_ms) override {
    const double begin = CpuMicroseconds();
    const std::int16_t* const played = talker_.Play(slot, samples, count, delay_ms);
    microseconds += CpuMicroseconds() - begin;
    return played;
  }

 private:
  static VoiceSettings Settings(bool noise) {
    VoiceSettings settings{};
    settings.high_pass = settings.echo_canceller = true;
    settings.noise_suppression = noise;
    settings.duplex = Duplex::kFull;
    settings.echo_tail_ms = 128;
    return settings;
  }
  Talker talker_;
};

/** speexdsp as its manual says: frames of 20 ms, the speaker's sound as it was given. */
class SpeexAlone : public Chain {
 public:
  SpeexAlone(std::uint32_t rate_hz, bool preprocessor)
      : rate_hz_(rate_hz), frame_(rate_hz / 50), line_(rate_hz * 2) {
    auto rate = static_cast<int>(rate_hz);
    echo_.reset(speex_echo_state_init(static_cast<int>(frame_), static_cast<int>(rate / 5)));
    speex_echo_ctl(echo_.get(), SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
    if (!preprocessor) return;
    preprocessor_.reset(speex_preprocess_state_init(static_cast<int>(frame_), rate));
    speex_preprocess_ctl(preprocessor_.get(), SPEEX_PREPROCESS_SET_ECHO_STATE, echo_.get());
  }
  void Capture(std::int64_t slot, std::int16_t* samples, std::size_t count, bool,
               double delay_ms) override {
    const double begin = CpuMicroseconds();
    // Half of what the devices say is their delay: the filter covers the rest.
    const std::int64_t delay = static_cast<std::int64_t>(delay_ms) * rate_hz_ / 1000;
    std::vector<std::int16_t> reference(count);
    std::vector<std::int16_t> out(count);
    line_.Read(slot / 1000000 * rate_hz_ / 1000 - delay, reference.data(), count);
    speex_echo_cancellation(echo_.get(), samples, reference.data(), out.data());
    if (preprocessor_) speex_preprocess_run(preprocessor_.get(), out.data());
    std::copy(out.begin(), out.end(), samples);
    microseconds += CpuMicroseconds() - begin;
  }
  const std::int16_t* Play(std::int64_t slot, const std::int16_t* samples, std::size_t count,
                           double) override {
    line_.Write(slot / 1000000 * rate_hz_ / 1000, samples, count);
    return samples;
  }

 private:
  struct Destroy {
    void operator()(SpeexEchoState* state) const { speex_echo_state_destroy(state); }
    void operator()(SpeexPreprocessState* state) const { speex_preprocess_state_destroy(state); }
  };
  const std::uint32_t rate_hz_;
  const std::size_t frame_;
  ReferenceLine line_;
  std::unique_ptr<SpeexEchoState, Destroy> echo_;
  std::unique_ptr<SpeexPreprocessState, Destroy> preprocessor_;
};

enum class Kind { kSpeex, kSpeexAndPreprocessor, kOurs };

std::unique_ptr<Chain> Make(Kind kind, std::uint32_t rate_hz) {
  if (kind == Kind::kOurs) return std::make_unique<Ours>(rate_hz, true);
  return std::make_unique<SpeexAlone>(rate_hz, kind == Kind::kSpeexAndPreprocessor);
}

Sound Read(const char* path, std::uint32_t rate_hz) {
  WavSound sound;
  const std::string error = ReadWav(path, 64U << 20, &sound);
  if (!error.empty() || sound.rate_hz != rate_hz) {
    std::fprintf(stderr, "echo_bench: %s: %s\n", path,
                 error.empty() ? "another rate" : error.c_str());
    std::exit(1);
  }
  const auto size = static_cast<std::size_t>(kSeconds * rate_hz);
  Sound out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = sound.samples[i % sound.samples.size()];
  return out;
}

Sound Quiet(std::size_t size) {
  SeededRandom random(4);
  Sound out(size);
  for (std::int16_t& sample : out) sample = RoundToSample(6 * (random.NextUnit() - 0.5));
  return out;
}

Sound Sum(const Sound& one, const Sound& other, double gain, std::size_t from = 0) {
  Sound sum = one;
  for (std::size_t i = from; i < sum.size(); ++i) sum[i] = RoundToSample(sum[i] + gain * other[i]);
  return sum;
}

void TellEcho(const char* name, const test::RoomShape& room, Kind kind, const Sound& far,
              const Sound& near, std::uint32_t rate_hz) {
  Scene::Options options;
  options.rate_hz = rate_hz;
  options.room = room;
  options.response_seconds = 0.15;
  Scene scene(options);
  const Sound quiet = Quiet(far.size());
  auto chain = Make(kind, rate_hz);
  const Scene::Heard heard = scene.Run(chain.get(), far, quiet);
  const double slots = kSeconds * 50;
  const double cpu = chain->microseconds / slots;
  options.ppm = 100;
  Scene drifting(options);
  const Scene::Heard drifted = drifting.Run(Make(kind, rate_hz).get(), far, quiet);
  const Sound both = Sum(quiet, near, 1, 9 * rate_hz);
  const Sound alone = scene.Run(Make(kind, rate_hz).get(), Sound(far.size()), both).sent;
  const Sound talk = scene.Run(Make(kind, rate_hz).get(), far, both).sent;
  std::printf("%-34s %6.1f %6.1f %6.1f %8.1f %8.2f %8.0f\n", name, scene.ReturnLoss(heard, 0, 3),
              scene.ReturnLoss(heard, 3, 5), scene.ReturnLoss(heard, 10, 14),
              drifting.ReturnLoss(drifted, 3, 14), scene.LossOf(alone, talk, 10, 16), cpu);
}

/** How far words stand out of what is there between them, dB. */
double SpeechToNoise(const Sound& sound, const std::vector<bool>& spoken, std::size_t frame) {
  double words = 0;
  double pauses = 0;
  std::size_t word_frames = 0;
  std::size_t pause_frames = 0;
  for (std::size_t i = spoken.size() / 4; i < spoken.size(); ++i) {
    double power = 0;
    for (std::size_t k = 0; k < frame; ++k) {
      const double sample = sound[i * frame + k];
      power += sample * sample;
    }
    (spoken[i] ? words : pauses) += power;
    ++(spoken[i] ? word_frames : pause_frames);
  }
  words /= static_cast<double>(word_frames);
  pauses /= static_cast<double>(pause_frames);
  return 10 * std::log10((words - pauses) / pauses);
}

void TellNoise(const char* path, const Sound& near, std::uint32_t rate_hz) {
  const Sound noise = Read(path, rate_hz);
  const std::size_t frame = rate_hz / 50;
  VoiceActivity activity(rate_hz);
  std::vector<bool> spoken;
  for (std::size_t at = 0; at + frame <= near.size(); at += frame) {
    spoken.push_back(activity.Take(&near[at], frame));
  }
  Scene::Options options;
  options.rate_hz = rate_hz;
  options.response_seconds = 0.05;
  Scene scene(options);
  const double spoken_power = scene.Power(near, 0, kSeconds);
  const double noise_power = scene.Power(noise, 0, kSeconds);
  for (const double db : {0.0, 5.0, 10.0}) {
    const double gain = std::sqrt(spoken_power / noise_power / std::pow(10, db / 10));
    const Sound mixed = Sum(near, noise, gain);
    Ours chain(rate_hz, true);
    const Sound sent = scene.Run(&chain, Sound(mixed.size()), mixed).sent;
    const double before = SpeechToNoise(mixed, spoken, frame);
    const double after = SpeechToNoise(sent, spoken, frame);
    std::printf("%-44s %4.0f %8.1f %8.1f %8.1f\n", path, db, before, after, after - before);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: echo_bench FAR.wav NEAR.wav RATE [NOISE.wav...]\n");
    return 2;
  }
  const auto rate_hz = static_cast<std::uint32_t>(std::atoi(argv[3]));
  const Sound far = Read(argv[1], rate_hz);
  const Sound near = Read(argv[2], rate_hz);
  std::printf(
      "echo return loss, dB               0-3 s  3-5 s 10-14 s 100 ppm  near-dB  us/20 ms\n");
  TellEcho("cabin: speexdsp MDF", test::kCabin, Kind::kSpeex, far, near, rate_hz);
  TellEcho("cabin: and its preprocessor", test::kCabin, Kind::kSpeexAndPreprocessor, far, near,
           rate_hz);
  TellEcho("cabin: dashvoip", test::kCabin, Kind::kOurs, far, near, rate_hz);
  TellEcho("room: speexdsp MDF", test::kOffice, Kind::kSpeex, far, near, rate_hz);
  TellEcho("room: and its preprocessor", test::kOffice, Kind::kSpeexAndPreprocessor, far, near,
           rate_hz);
  TellEcho("room: dashvoip", test::kOffice, Kind::kOurs, far, near, rate_hz);
  if (argc > 4)
    std::printf(
        "\nnoise, dB                                      under   before    after   better\n");
  for (int i = 4; i < argc; ++i) TellNoise(argv[i], near, rate_hz);
  return 0;
}
