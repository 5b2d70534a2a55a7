#ifndef DASHVOIP_VOICE_DELAY_ESTIMATOR_H_
#define DASHVOIP_VOICE_DELAY_ESTIMATOR_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * Watches how much later than the fastest packet of the last ten seconds packets come, and says
 * how much delay about 97 % of them need. A packet counts by the time since
 * the one before it, its own duration at most, so that a burst after a stall counts once. All times
 * ns. A packet's "transit" is arrival time minus media time, so only differences of transits mean
 * anything.
 */
class DelayEstimator {
 public:
  /**
   * @param transit of the packet; @param duration of sound in it; @param overtaken a later one came
   * before it: it did not wait in a row with those before it, and counts whole.
   */
  void OnPacket(std::int64_t arrival, std::int64_t transit, std::int64_t duration,
                bool overtaken) noexcept;
  /** Transit of the fastest packet of the window. */
  std::int64_t fastest() const noexcept { return fastest_; }
  /** How much later than the fastest the newest packet was. */
  std::int64_t newest_variation() const noexcept { return newest_variation_; }
  /** 97th percentile of the variation, upper edge of its bin; old packets fade with 10 s. */
  std::int64_t Percentile97() const noexcept;
  void Reset() noexcept { *this = DelayEstimator(); }

 private:
  static constexpr std::size_t kBuckets = 10;
  static constexpr std::size_t kBins = 256;

  void UpdateFastest(std::int64_t arrival, std::int64_t transit) noexcept;
  void FollowFastest() noexcept;
  void AddToHistogram(std::int64_t variation, std::int64_t counted) noexcept;

  struct Bucket {
    std::int64_t epoch = -1;
    std::int64_t minimum = 0;
  };
  std::array<Bucket, kBuckets> buckets_{};  // fastest transit of each of the last seconds
  std::int64_t last_arrival_ = 0;
  std::int64_t fastest_ = 0;
  std::int64_t newest_variation_ = 0;
  std::int64_t histogram_base_ = 0;  // transit that counts as variation 0 in bins_
  std::array<double, kBins> bins_{};
  double total_ = 0;
  double weight_ = 1;  // of the next arrival; grows instead of the old ones shrinking
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_DELAY_ESTIMATOR_H_
