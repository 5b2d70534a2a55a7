#include "dashvoip/audio/mixer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "audio/goertzel.h"
#include "dashvoip/audio/silence.h"

using dashvoip::Mixer;
using dashvoip::MixerPort;
using dashvoip::PeakOf;
using dashvoip::test::Amplitude;

namespace {

constexpr double kTwoPi = 6.283185307179586;
constexpr std::size_t kFrame = 160;
constexpr Mixer::Span kWhole = {0, kFrame};
constexpr Mixer::Span kFirst = {0, kFrame / 2};
constexpr Mixer::Span kSecond = {kFrame / 2, kFrame / 2};

/** Says one sample all the time and keeps the last frame that it heard. */
class Voice : public MixerPort {
 public:
  explicit Voice(std::int16_t sample) : says(sample) {}

  bool speaks() const noexcept override { return speaking; }
  bool hears() const noexcept override { return listening; }
  bool Read(std::int64_t, std::int16_t* out, std::size_t count) noexcept override {
    ++asked;
    if (says == 0) return false;
    std::fill_n(out, count, says);
    return true;
  }
  void Write(std::int64_t slot, const std::int16_t* samples, std::size_t count,
             bool was_heard) noexcept override {
    at = slot;
    frame.assign(samples, samples + count);
    heard = was_heard;
    ++told;
  }
  int heard_sample() const {
    REQUIRE_FALSE(frame.empty());
    CHECK(std::count(frame.begin(), frame.end(), frame[0]) ==
          static_cast<std::ptrdiff_t>(frame.size()));
    return frame[0];
  }

  std::int16_t says;
  bool speaking = true;
  bool listening = true;
  int asked = 0;
  int told = 0;
  bool heard = false;
  std::int64_t at = 0;
  std::vector<std::int16_t> frame;
};

/** What only hears: how loud it was. */
class LevelMeter : public MixerPort {
 public:
  bool hears() const noexcept override { return true; }
  void Write(std::int64_t, const std::int16_t* samples, std::size_t count, bool) noexcept override {
    peak = PeakOf(samples, count);
  }

  int peak = -1;
};

/** What only speaks: two samples up, two down. */
class Tone : public MixerPort {
 public:
  bool speaks() const noexcept override { return true; }
  bool Read(std::int64_t, std::int16_t* out, std::size_t count) noexcept override {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = (phase++ % 4) < 2 ? std::int16_t{500} : std::int16_t{-500};
    }
    return true;
  }

  unsigned phase = 0;
};

/** A leg of a conference: says a sine, and keeps what it hears. */
class Leg : public MixerPort {
 public:
  bool speaks() const noexcept override { return speaking; }
  bool hears() const noexcept override { return true; }
  bool Read(std::int64_t, std::int16_t* out, std::size_t count) noexcept override {
    for (std::size_t i = 0; i < count; ++i) {
      const double angle = kTwoPi * frequency * static_cast<double>(said++) / 8000;
      out[i] = static_cast<std::int16_t>(std::lround(amplitude * std::sin(angle)));
    }
    return true;
  }
  void Write(std::int64_t, const std::int16_t* samples, std::size_t count, bool) noexcept override {
    sound.insert(sound.end(), samples, samples + count);
  }

  double frequency = 0;
  double amplitude = 0;
  bool speaking = true;
  std::size_t said = 0;
  std::vector<std::int16_t> sound;
};

// Whole periods within a second; what two of them make together is none of them.
constexpr double kFrequencies[] = {350, 810, 1290, 1730};

/** Four legs, each of a frequency of its own. */
struct Conference {
  explicit Conference(const std::vector<double>& amplitudes) : legs(4), mixer(8000) {
    for (std::size_t i = 0; i < 4; ++i) {
      legs[i].amplitude = amplitudes[i];
      legs[i].frequency = kFrequencies[i];
      REQUIRE(mixer.Attach(&legs[i], Mixer::Side::kFar));
    }
    for (Leg& from : legs) {
      for (Leg& to : legs) mixer.Connect(&from, &to);
    }
  }
  /** A slot before, which each hears the one before of. */
  void Run(int slots) {
    for (int i = 0; i <= slots; ++i) {
      if (i == 1) {
        for (Leg& leg : legs) leg.sound.clear();
      }
      mixer.Write(Mixer::Side::kFar, i, kWhole);
      mixer.Read(Mixer::Side::kFar, i, kWhole);
    }
  }
  double Heard(std::size_t listener, std::size_t speaker) const {
    return Amplitude(legs[listener].sound, legs[speaker].frequency, 8000);
  }

  std::vector<Leg> legs;
  Mixer mixer;
};

/** The camera with its devices and three calls, as the media thread joins them. */
struct Fixture {
  Fixture() : mixer(new Mixer(8000)) {
    REQUIRE(mixer->Attach(&microphone, Mixer::Side::kNear));
    REQUIRE(mixer->Attach(&speaker, Mixer::Side::kNear));
    microphone.listening = false;
    speaker.speaking = false;
    for (Voice* call : {&one, &two, &three}) {
      REQUIRE(mixer->Attach(call, Mixer::Side::kFar));
      mixer->Connect(&microphone, call);
      mixer->Connect(call, &speaker);
    }
  }

  void Slot(std::int64_t slot = 1) {
    mixer->Read(Mixer::Side::kNear, slot, kWhole);
    mixer->Write(Mixer::Side::kFar, slot, kWhole);
    mixer->Read(Mixer::Side::kFar, slot, kWhole);
    mixer->Write(Mixer::Side::kNear, slot, kWhole);
  }
  void Confer() {
    const std::vector<Voice*> calls{&one, &two, &three};
    for (Voice* from : calls) {
      for (Voice* to : calls) mixer->Connect(from, to);
    }
  }

  std::unique_ptr<Mixer> mixer;
  Voice microphone{1000};
  Voice speaker{0};
  Voice one{1};
  Voice two{20};
  Voice three{300};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "Mixer: calls hear the microphone and not each other, the speaker all") {
  Slot(7);
  Slot(8);
  for (Voice* call : {&one, &two, &three}) CHECK(call->heard_sample() == 1000);
  CHECK(speaker.heard_sample() == 321);
  CHECK(speaker.heard);
  CHECK(speaker.at == 8);
  CHECK(microphone.told == 0);
  CHECK(speaker.asked == 0);
}

TEST_CASE_FIXTURE(Fixture, "Mixer: in a conference each hears all but itself") {
  Confer();
  Slot();
  // What came from the network is heard near at once, by the other calls in the next slot.
  CHECK(speaker.heard_sample() == 321);
  CHECK(one.heard_sample() == 1000);
  Slot();
  CHECK(one.heard_sample() == 1320);
  CHECK(two.heard_sample() == 1301);
  CHECK(three.heard_sample() == 1021);
  mixer->Disconnect(&three, &one);
  Slot();
  CHECK(one.heard_sample() == 1020);
  CHECK(three.heard_sample() == 1021);
}

TEST_CASE_FIXTURE(Fixture,
                  "Mixer: what is added is made softer once: two that cancel out are not") {
  one.says = 30000;
  two.says = -30000;
  Slot();
  CHECK(speaker.heard_sample() == 300);
}

TEST_CASE("Mixer: four legs of a conference each hear all but themselves, as loud as they are") {
  Conference conference({2000, 4000, 6000, 1000});
  conference.Run(50);
  for (std::size_t listener = 0; listener < 4; ++listener) {
    for (std::size_t speaker = 0; speaker < 4; ++speaker) {
      CAPTURE(listener);
      CAPTURE(speaker);
      const double heard = conference.Heard(listener, speaker);
      if (listener == speaker) {
        CHECK(heard < 1);
      } else {
        CHECK(heard == doctest::Approx(conference.legs[speaker].amplitude).epsilon(0.005));
      }
    }
  }
  // One leaves: the others go on as before.
  conference.mixer.Detach(&conference.legs[2]);
  conference.Run(50);
  CHECK(conference.Heard(0, 1) == doctest::Approx(4000).epsilon(0.005));
  CHECK(conference.Heard(0, 3) == doctest::Approx(1000).epsilon(0.005));
  CHECK(conference.Heard(0, 2) < 1);
  CHECK(conference.legs[2].sound.empty());
}

TEST_CASE("Mixer: legs that are too loud together become softer, and are not cut off") {
  Conference conference({30000, 30000, 30000, 30000});
  conference.Run(50);
  const std::vector<std::int16_t>& sound = conference.legs[0].sound;
  // Three sines beyond full scale: cut off, close to half of the samples would be at its bound.
  CHECK(std::count_if(sound.begin(), sound.end(), [](std::int16_t sample) {
          return std::abs(static_cast<int>(sample)) > 32700;
        }) < 400);
  for (std::size_t speaker = 1; speaker < 4; ++speaker) {
    CHECK(conference.Heard(0, speaker) == doctest::Approx(12640).epsilon(0.02));
  }
  // What is heard that nobody says: intermodulation, 30 dB below at least.
  CHECK(Amplitude(sound, 810 + 1290 - 1730, 8000) < 320);
  // The others fall silent: what is left comes back to itself without a jump, and is exact then.
  for (std::size_t leg : {1U, 2U}) conference.legs[leg].speaking = false;
  conference.Run(50);
  CHECK(conference.Heard(0, 3) == doctest::Approx(30000).epsilon(0.1));
}

TEST_CASE_FIXTURE(Fixture, "Mixer: a tap hears what it is connected to and is heard by nobody") {
  LevelMeter meter;
  Voice recorder{0};
  REQUIRE(mixer->Attach(&meter, Mixer::Side::kNear));
  REQUIRE(mixer->Attach(&recorder, Mixer::Side::kNear));
  mixer->Connect(&microphone, &meter);
  mixer->Connect(&microphone, &recorder);
  mixer->Connect(&two, &recorder);
  Slot();
  CHECK(meter.peak == 1000);
  CHECK(recorder.heard_sample() == 1020);  // both of the same slot
  CHECK(speaker.heard_sample() == 321);
  mixer->Detach(&meter);
  microphone.says = 2000;
  Slot();
  CHECK(meter.peak == 1000);
  CHECK(recorder.heard_sample() == 2020);
}

TEST_CASE_FIXTURE(Fixture, "Mixer: an injector is heard where it is connected, beside the others") {
  Tone tone;
  REQUIRE(mixer->Attach(&tone, Mixer::Side::kNear));
  mixer->Connect(&tone, &two);
  mixer->Connect(&tone, &speaker);
  Slot();
  CHECK(one.heard_sample() == 1000);
  CHECK(two.frame[0] == 1500);
  CHECK(two.frame[3] == 500);
  CHECK(speaker.frame[1] == 821);
  CHECK(speaker.frame[2] == -179);
  CHECK(tone.phase == kFrame);  // asked once for all who hear it
}

TEST_CASE_FIXTURE(Fixture, "Mixer: who is not heard is not asked, who hears nobody is not told") {
  one.listening = two.listening = three.listening = false;
  CHECK_FALSE(mixer->IsHeard(&microphone));
  CHECK(mixer->IsSpokenTo(&speaker));
  Slot();
  mixer->Skip(Mixer::Side::kNear, 1, kFrame);
  CHECK(microphone.asked == 0);
  CHECK(one.told == 0);
  two.listening = true;
  CHECK(mixer->IsHeard(&microphone));
  one.speaking = two.speaking = three.speaking = false;
  CHECK_FALSE(mixer->IsSpokenTo(&speaker));
  const int told = speaker.told;
  Slot();
  CHECK(microphone.asked == 1);
  CHECK(one.asked == 1);
  CHECK(speaker.told == told);
  mixer->Skip(Mixer::Side::kNear, 1, kFrame);
  CHECK(microphone.asked == 2);
}

TEST_CASE_FIXTURE(Fixture, "Mixer: nobody with anything to say is silence, and told as such") {
  Slot();
  microphone.says = one.says = two.says = three.says = 0;
  Slot();
  CHECK(one.heard_sample() == 0);
  CHECK_FALSE(one.heard);
  CHECK(speaker.heard_sample() == 0);
  CHECK_FALSE(speaker.heard);
  CHECK(speaker.told == 2);
}

TEST_CASE_FIXTURE(Fixture, "Mixer: a call that stops speaking is not heard from before") {
  Confer();
  Slot();
  two.speaking = false;
  mixer->Read(Mixer::Side::kFar, 2, kWhole);
  mixer->Write(Mixer::Side::kNear, 2, kWhole);
  CHECK(speaker.heard_sample() == 301);
  Slot();
  CHECK(one.heard_sample() == 1300);
}

TEST_CASE_FIXTURE(Fixture, "Mixer: half a frame at a time on one side, whole ones on the other") {
  Voice recorder{0};
  REQUIRE(mixer->Attach(&recorder, Mixer::Side::kNear));
  mixer->Connect(&microphone, &recorder);
  mixer->Connect(&one, &two);
  Slot();
  microphone.says = 1000;
  mixer->Read(Mixer::Side::kNear, 2, kFirst);
  mixer->Write(Mixer::Side::kFar, 2, kFirst);
  CHECK(two.frame.size() == kFrame / 2);
  CHECK(two.heard_sample() == 1001);
  microphone.says = 0;
  mixer->Read(Mixer::Side::kNear, 3, kSecond);
  mixer->Write(Mixer::Side::kFar, 3, kSecond);
  CHECK(two.heard_sample() == 1);
  CHECK(recorder.told == 1);
  mixer->Read(Mixer::Side::kFar, 3, kWhole);
  mixer->Write(Mixer::Side::kNear, 3, kWhole);
  CHECK(recorder.frame.size() == kFrame);
  CHECK(recorder.frame[0] == 1000);
  CHECK(recorder.frame[kFrame - 1] == 0);
  CHECK(recorder.heard);
}

TEST_CASE_FIXTURE(Fixture,
                  "Mixer: no more than its places, and a place that is free is taken again") {
  std::vector<std::unique_ptr<Voice>> more;
  const auto attach = [&] {
    more.emplace_back(new Voice(5));
    return mixer->Attach(more.back().get(), Mixer::Side::kFar);
  };
  for (std::size_t i = 5; i < Mixer::kMaxPorts; ++i) CHECK(attach());
  CHECK_FALSE(attach());
  // The one in the place of another has none of its connections.
  mixer->Detach(&two);
  CHECK(attach());
  Slot();
  Slot();
  CHECK(speaker.heard_sample() == 301);
  CHECK(more.back()->told == 0);
  // Of those without a place nothing is heard.
  mixer->Connect(&two, &speaker);
  mixer->Connect(&microphone, &two);
  CHECK_FALSE(mixer->IsHeard(&two));
  CHECK_FALSE(mixer->IsSpokenTo(&two));
}
