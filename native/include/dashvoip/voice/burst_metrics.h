#ifndef DASHVOIP_VOICE_BURST_METRICS_H_
#define DASHVOIP_VOICE_BURST_METRICS_H_

#include <cstdint>

namespace dashvoip {

/**
 * Bursts of loss and the gaps between them (RFC 3611 §4.7.2): a burst begins and ends with a lost
 * packet, and never has kGapThreshold heard ones in a row. A lost packet by itself belongs to a
 * gap.
 */
class BurstMetrics {
 public:
  static constexpr std::uint64_t kGapThreshold = 16;  // Gmin

  struct Figures {
    double burst_density = 0;  ///< share of the packets of bursts that is lost
    double gap_density = 0;
    double burst_packets = 0;  ///< mean length
    double gap_packets = 0;
  };

  void OnHeard() noexcept { ++heard_in_row_; }
  /** Lost, or discarded. */
  void OnLost() noexcept;
  Figures Get() const noexcept;

 private:
  void Settle() noexcept;

  std::uint64_t heard_in_row_ = 0;  // behind the newest loss
  std::uint64_t open_packets_ = 0;  // of what may become a burst
  std::uint64_t open_lost_ = 0;
  std::uint64_t bursts_ = 0;
  std::uint64_t burst_packets_ = 0;
  std::uint64_t burst_lost_ = 0;
  std::uint64_t gap_packets_ = 0;
  std::uint64_t gap_lost_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_BURST_METRICS_H_
