#ifndef DASHVOIP_RTP_PACING_STATISTICS_H_
#define DASHVOIP_RTP_PACING_STATISTICS_H_

#include <array>
#include <cstdint>

namespace dashvoip {

/** Deviation of send instants from their grid, µs. */
struct PacingSnapshot {
  std::uint64_t packets = 0;
  double mean_us = 0;
  std::uint32_t p99_us = 0;  ///< upper edge of its bin: 5 µs wide below 1 ms, then 6 % wide
  std::uint32_t max_us = 0;
};

/** How far sent packets were from where they should have been in time. Early counts as late does.
 */
class PacingStatistics {
 public:
  /** @param ideal the slot's deadline; @param actual when the packet left; both ns. */
  void OnSent(std::int64_t ideal, std::int64_t actual) noexcept;
  PacingSnapshot Snapshot() const noexcept;

 private:
  // 200 linear bins of 5 µs, then 16 bins for each doubling up to 1024 ms.
  static constexpr std::uint32_t kLinearStep = 5;
  static constexpr std::uint32_t kLinearBins = 200;
  static constexpr std::uint32_t kBinsPerDoubling = 16;
  static constexpr std::uint32_t kDoublings = 10;
  static constexpr std::uint32_t kBins = kLinearBins + kBinsPerDoubling * kDoublings + 1;

  static std::uint32_t BinOf(std::uint32_t us) noexcept;
  static std::uint32_t UpperEdge(std::uint32_t bin) noexcept;

  std::array<std::uint32_t, kBins> bins_{};
  std::uint64_t packets_ = 0;
  std::uint64_t sum_ns_ = 0;
  std::uint32_t max_us_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_PACING_STATISTICS_H_
