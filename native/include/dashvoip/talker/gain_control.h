#ifndef DASHVOIP_TALKER_GAIN_CONTROL_H_
#define DASHVOIP_TALKER_GAIN_CONTROL_H_

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * Automatic gain: says by how much a voice is to be made louder or softer so that it is heard as
 * well near the microphone as far from it. It goes by the voice alone, slowly, and never lifts the
 * noise to where it is heard.
 */
class GainControl {
 public:
  static constexpr double kAimDbov = -23;
  static constexpr double kMostDb = 18;
  static constexpr double kLeastDb = -12;

  explicit GainControl(std::uint32_t rate_hz) noexcept : rate_hz_(rate_hz) {}

  /** @param speaks somebody is heard in this block who is at the near end. */
  void Take(const std::int16_t* samples, std::size_t count, bool speaks,
            double noise_dbov) noexcept;
  double gain_db() const noexcept { return gain_db_; }
  double factor() const noexcept { return std::pow(10, gain_db_ / 20); }
  void Reset() noexcept;

 private:
  const std::uint32_t rate_hz_;
  double power_ = 0;   // mean of the voice
  double spoken_ = 0;  // seconds of it so far
  double gain_db_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_GAIN_CONTROL_H_
