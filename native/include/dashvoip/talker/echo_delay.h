#ifndef DASHVOIP_TALKER_ECHO_DELAY_H_
#define DASHVOIP_TALKER_ECHO_DELAY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/audio/biquad.h"

namespace dashvoip {

/**
 * Finds how late the speaker is heard in the microphone, by how alike the ups and downs of both are
 * at each lag. Coarse, and sure within a second or two of speech: a filter that need not cover the
 * way itself covers the room.
 */
class EchoDelay {
 public:
  static constexpr std::uint32_t kStepMs = 5;
  static constexpr std::size_t kLags = 100;  ///< half a second

  explicit EchoDelay(std::uint32_t rate_hz) noexcept;

  /** The same moment of both; a multiple of 5 ms. */
  void Take(const std::int16_t* reference, const std::int16_t* microphone,
            std::size_t count) noexcept;
  /** @return how late, in ms; below 0 while it is not known. */
  int delay_ms() const noexcept { return delay_ms_; }
  void Reset() noexcept;

 private:
  /** How loud, as a logarithm, against its own mean of late. */
  struct Envelope {
    Biquad rumble;
    double mean = 0;
    bool begun = false;
    double Next(const std::int16_t* samples, std::size_t count, double seconds) noexcept;
  };

  void Step(const std::int16_t* reference, const std::int16_t* microphone) noexcept;
  void Find() noexcept;

  const std::size_t step_;
  Envelope reference_;
  Envelope microphone_;
  std::array<double, kLags> past_;     // of the reference, the newest at `newest_`
  std::array<double, kLags> product_;  // mean, for each lag
  std::size_t newest_ = 0;
  double reference_power_ = 0;
  double microphone_power_ = 0;
  unsigned steps_ = 0;   // in which the reference was heard
  unsigned lively_ = 0;  // steps for which the past still holds something
  std::size_t best_ = 0;
  unsigned steady_ = 0;  // steps for which `best_` was the best
  int delay_ms_ = -1;
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_ECHO_DELAY_H_
