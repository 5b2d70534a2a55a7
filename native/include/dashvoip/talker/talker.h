#ifndef DASHVOIP_TALKER_TALKER_H_
#define DASHVOIP_TALKER_TALKER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "dashvoip/api/settings.h"
#include "dashvoip/api/snapshots.h"
#include "dashvoip/audio/biquad.h"
#include "dashvoip/audio/limiter.h"
#include "dashvoip/talker/convergence.h"
#include "dashvoip/talker/echo_canceller.h"
#include "dashvoip/talker/echo_delay.h"
#include "dashvoip/talker/floor.h"
#include "dashvoip/talker/floor_tone.h"
#include "dashvoip/talker/gain_control.h"
#include "dashvoip/talker/reference_line.h"
#include "dashvoip/talker/residual_echo.h"
#include "dashvoip/voice/voice_activity.h"

namespace dashvoip {

/**
 * What stands between the devices and the mixer, so that who speaks freely in a car is heard well:
 * high-pass, echo canceller, suppressor of noise and of what is left of the echo, automatic gain
 * and limiter; and who may speak, where both at once cannot be.
 *
 * Sound is taken in blocks of 5 ms, which is all the delay that it adds. What the speaker plays and
 * what the microphone hears are brought together by the slots of the media thread and by what the
 * devices know of their own delays, which their resamplers keep the same while clocks drift apart;
 * what they do not know is found by EchoDelay, and outlives the call.
 */
class Talker {
 public:
  static constexpr std::uint32_t kBlockMs = 5;

  /** @throws std::bad_alloc */
  Talker(const VoiceSettings& settings, std::uint32_t rate_hz);

  // The media thread.

  /** Somebody begins to speak or to listen after nobody did. */
  void Begin() noexcept;
  /**
   * The microphone's sound of a slot, in place: what the far end is to hear.
   * @param slot when it began, ns; @param heard false when there was none.
   * @param delay_ms how old the first sample is.
   */
  void Capture(std::int64_t slot, std::int16_t* samples, std::size_t count, bool heard,
               double delay_ms) noexcept;
  /**
   * What the speaker is to play. @param delay_ms until the last sample of it is heard.
   * @return as many samples, until the next call.
   */
  const std::int16_t* Play(std::int64_t slot, const std::int16_t* samples, std::size_t count,
                           double delay_ms) noexcept;
  /** With push-to-talk. @return true once for each change of who has the floor. */
  bool TakeFloorChange() noexcept;
  FloorHolder floor() const noexcept { return floor_.holder(); }

  // Any thread.

  /** The key of push-to-talk. */
  void Press(bool pressed) noexcept { pressed_.store(pressed, std::memory_order_relaxed); }
  /** What is captured goes nowhere: it takes no floor. The thread's that captures. */
  void Mute(bool muted) noexcept { muted_ = muted; }
  VoiceSnapshot Status() const noexcept;

 private:
  bool muted_ = false;
  static constexpr double kUnknown = -1e9;

  std::int64_t PositionOf(std::int64_t slot) const noexcept;
  std::size_t Samples(double ms) const noexcept {
    return static_cast<std::size_t>(ms * rate_hz_ / 1000);
  }
  void FollowDelay(double delay_ms, double seconds) noexcept;
  void Align() noexcept;
  void FindDelay(std::int64_t position, const std::int16_t* block) noexcept;
  void Block(std::int64_t position, std::int16_t* block) noexcept;
  void CancelEcho(std::int64_t position, std::int16_t* block) noexcept;
  void TakeFloor(std::int64_t slot, bool near_speaks) noexcept;
  double Gain() const noexcept;
  double NearGain() const noexcept;
  double FarGain() const noexcept;
  void Publish() noexcept;

  const VoiceSettings settings_;
  const std::uint32_t rate_hz_;
  const std::size_t block_;
  Biquad high_pass_;
  std::unique_ptr<EchoCanceller> canceller_;  // null: neither echo nor noise is suppressed
  ReferenceLine played_line_;
  EchoDelay echo_delay_;
  Convergence convergence_;
  ResidualEcho residual_;
  VoiceActivity near_;
  VoiceActivity far_;
  GainControl gain_control_;
  Limiter limiter_;
  Floor floor_;
  FloorTone tone_;

  std::vector<std::int16_t> reference_;  // a block
  std::vector<std::int16_t> cancelled_;  // a block
  std::vector<std::int16_t> played_;     // a frame
  double microphone_ms_ = 0;             // its delay
  double known_ms_ = kUnknown;           // mean of what both devices say of their delays
  double aligned_ms_ = 0;                // known_ms_ when they were brought together
  double hidden_ms_ = 0;                 // what they do not say, where it was found
  std::size_t delay_ = 0;                // of the reference, samples
  bool floor_changed_ = false;
  double residual_gain_ = 1;  // of the block that the suppressor gives now
  double next_gain_ = 1;      // of the one that it holds
  double near_gain_ = 1;
  double far_gain_ = 1;

  std::atomic<bool> pressed_{false};
  std::atomic<bool> hidden_found_{false};
  std::atomic<int> shown_hidden_ms_{0};
  std::atomic<bool> shown_converged_{false};
  std::atomic<double> shown_enhancement_db_{0};
  std::atomic<double> shown_gain_db_{0};
  std::atomic<Floor::Holder> shown_floor_{Floor::Holder::kNobody};
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_TALKER_H_
