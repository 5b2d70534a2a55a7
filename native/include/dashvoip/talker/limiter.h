#ifndef DASHVOIP_TALKER_LIMITER_H_
#define DASHVOIP_TALKER_LIMITER_H_

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
  void Reset() noexcept { envelope_ = 0; }

 private:
  double Bounded(double sample) noexcept;

  const double decay_;
  double envelope_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_LIMITER_H_
