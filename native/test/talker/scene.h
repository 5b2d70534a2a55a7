#ifndef DASHVOIP_TEST_TALKER_SCENE_H_
#define DASHVOIP_TEST_TALKER_SCENE_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/audio/saturate.h"
#include "dashvoip/base/time_units.h"
#include "dashvoip/talker/talker.h"
#include "talker/drift.h"
#include "talker/room.h"

namespace dashvoip {
namespace test {

using Sound = std::vector<std::int16_t>;

/** A talker's chain in a room, slot by slot of a clock that nobody waits for. */
class Scene {
 public:
  struct Options {
    std::uint32_t rate_hz = 8000;
    RoomShape room = kCabin;
    double response_seconds = 0.2;
    double echo_gain = 1;
    std::uint32_t microphone_ms = 30;  ///< what it says of its delay
    std::uint32_t speaker_ms = 50;     ///< likewise
    std::uint32_t hidden_ms = 0;       ///< what neither says
    double ppm = 0;                    ///< the microphone's clock is off, for two minutes already
  };
  /** What was heard, as long as what was played. */
  struct Heard {
    Sound echo;  ///< of the room alone, had the speaker never been softer
    Sound sent;  ///< what the far end hears
  };

  explicit Scene(const Options& options)
      : options_(options),
        response_(ImpulseResponse(options.room, options.rate_hz, options.response_seconds)) {}

  /** @param near what is said in the room, as the microphone hears it; may be shorter. */
  template <typename Chain>
  Heard Run(Chain* talker, const Sound& far, const Sound& near) {
    Convolver room(response_);
    Convolver plain(response_);
    DriftingMicrophone microphone(options_.rate_hz, options_.ppm);
    const bool drifts = options_.ppm != 0;
    std::int64_t now = kNsPerSecond;
    if (drifts) now = LearnDrift(&microphone);
    const std::size_t frame = options_.rate_hz / 50;
    const std::uint32_t way = options_.microphone_ms + options_.speaker_ms + options_.hidden_ms;
    const std::size_t delay = (way - 20) * options_.rate_hz / 1000;
    Sound played(far.size());
    Heard heard;
    heard.echo.resize(far.size());
    heard.sent.resize(far.size());
    Sound slot(frame);
    for (std::size_t at = 0; at + frame <= far.size(); at += frame, now += 20 * kNsPerMs) {
      double delay_ms = options_.microphone_ms;
      if (drifts) {
        microphone.Pull(now, slot.data(), frame);
        delay_ms = microphone.delay_ms();
      }
      for (std::size_t i = 0; i < frame; ++i) {
        const bool begun = at + i >= delay;
        const double echo = options_.echo_gain * room.Next(begun ? played[at + i - delay] : 0);
        const double full = options_.echo_gain * plain.Next(begun ? far[at + i - delay] : 0);
        heard.echo[at + i] = RoundToSample(full);
        const double air = echo + (at + i < near.size() ? near[at + i] : 0);
        if (drifts) {
          microphone.Hear(air);
        } else {
          slot[i] = RoundToSample(air);
        }
      }
      talker->Capture(now, slot.data(), frame, true, delay_ms);
      std::copy(slot.begin(), slot.end(), heard.sent.begin() + static_cast<std::ptrdiff_t>(at));
      const std::int16_t* const out = talker->Play(now, &far[at], frame, options_.speaker_ms);
      std::copy(out, out + frame, played.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return heard;
  }

  double Power(const Sound& sound, double from, double to) const {
    const auto begin = static_cast<std::size_t>(from * options_.rate_hz);
    const auto end = std::min(sound.size(), static_cast<std::size_t>(to * options_.rate_hz));
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += static_cast<double>(sound[i]) * sound[i];
    return sum / static_cast<double>(end - begin);
  }

  /** Echo against what is sent of it, dB, between two seconds. */
  double ReturnLoss(const Heard& heard, double from, double to) const {
    return 10 * std::log10(Power(heard.echo, from, to) / (Power(heard.sent, from, to) + 0.01));
  }

  /** By how much `part` is softer in `whole` than it is by itself, dB: the part that is alike. */
  double LossOf(const Sound& part, const Sound& whole, double from, double to) const {
    const auto begin = static_cast<std::size_t>(from * options_.rate_hz);
    const auto end = static_cast<std::size_t>(to * options_.rate_hz);
    double alike = 0;
    double all = 0;
    for (std::size_t i = begin; i < end; ++i) {
      alike += static_cast<double>(part[i]) * whole[i];
      all += static_cast<double>(part[i]) * part[i];
    }
    return -20 * std::log10(std::max(1e-6, alike / all));
  }

 private:
  /** @return the time by then, ns. */
  std::int64_t LearnDrift(DriftingMicrophone* microphone) const {
    std::int64_t now = kNsPerSecond;
    Sound slot(options_.rate_hz / 50);
    for (int i = 0; i < 120 * 50; ++i, now += 20 * kNsPerMs) {
      microphone->Pull(now, slot.data(), slot.size());
      for (std::size_t k = 0; k < slot.size(); ++k) microphone->Hear(0);
    }
    return now;
  }

  const Options options_;
  const std::vector<double> response_;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_TALKER_SCENE_H_
