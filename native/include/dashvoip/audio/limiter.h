#ifndef DASHVOIP_AUDIO_LIMITER_H_
#define DASHVOIP_AUDIO_LIMITER_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * Makes sound louder or softer and lets nothing clip: what would go beyond 70 % of full scale comes
 * closer and closer to it and never gets there. It looks at nothing that is yet to come, and so
 * adds no delay.
 */
class Limiter {
 public:
  explicit Limiter(std::uint32_t rate_hz) noexcept;

  /** In place; the gain goes evenly from the one to the other. */
  void Process(std::int16_t* samples, std::size_t count, double from, double to) noexcept;
  /** The next sample of a sum that may be beyond full scale. */
  std::int16_t Take(std::int32_t sum) noexcept;
  /** Nothing is made softer at the moment. */
  bool idle() const noexcept { return envelope_ <= kKnee; }
  void Reset() noexcept { envelope_ = 0; }

 private:
  static constexpr double kKnee = 0.7;

  double Bounded(double sample) noexcept;

  const double decay_;
  double envelope_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_LIMITER_H_
