#ifndef DASHVOIP_ENGINE_PACING_METER_H_
#define DASHVOIP_ENGINE_PACING_METER_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** How far packets left from their ideal instants. */
struct PacingFigures {
  std::uint64_t count = 0;
  double mean_us = 0;
  double p99_us = 0;
  double max_us = 0;
};

/**
 * Distribution of the deviations of sent packets from their grid, in a histogram of fixed size:
 * 5 us wide below 1 ms, 250 us wide up to 20 ms, one bin for the rest.
 */
class PacingMeter {
 public:
  /** @param deviation_ns from the ideal instant, early or late. */
  void Add(std::int64_t deviation_ns) noexcept;

  /** The p99 is the upper edge of its bin, never more than the maximum. */
  PacingFigures Figures() const noexcept;

 private:
  static constexpr std::size_t kFineBins = 200;
  static constexpr std::size_t kCoarseBins = 76;

  std::array<std::uint32_t, kFineBins + kCoarseBins + 1> bins_{};
  std::uint64_t count_ = 0;
  std::int64_t sum_ns_ = 0;
  std::int64_t max_ns_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_PACING_METER_H_
