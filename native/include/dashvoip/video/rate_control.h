#ifndef DASHVOIP_VIDEO_RATE_CONTROL_H_
#define DASHVOIP_VIDEO_RATE_CONTROL_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * How much picture the way to the far end takes, from what comes back: loss and round trip of its
 * receiver reports (RFC 3550 §6.4.1), and what it asks for by TMMBR (RFC 5104 §4.2.1) or REMB.
 * There is no limit until something suffers; then the rate falls at once to what arrives, returns
 * quickly towards what was good before, and beyond that the more boldly the longer all is calm.
 * Rates are bit/s, times ns.
 */
class RateControl {
 public:
  struct Report {
    double lost = 0;              ///< share of our packets since the last report, 0..1
    std::int64_t round_trip = 0;  ///< 0 for unknown
    std::uint32_t sent = 0;       ///< what we sent lately
    bool limited = false;         ///< some of the picture was kept back since then
  };

  void OnReport(const Report& report, std::int64_t now) noexcept;
  /** @param most that the far end asks for, 0 for any. */
  void OnRequest(std::uint32_t most) noexcept { requested_ = most; }

  /** 0 for none. */
  std::uint32_t limit() const noexcept;
  /** ns from one packet of `bytes` to the next within the limit, sound left its part; 0 for any. */
  std::int64_t Distance(std::size_t bytes) const noexcept;

 private:
  /** The least of the last half minute to a minute. */
  class Least {
   public:
    std::int64_t Add(std::int64_t value, std::int64_t now) noexcept;

   private:
    std::int64_t began_ = 0;
    std::int64_t former_ = 0;
    std::int64_t present_ = 0;
  };

  double QueueFactor(const Report& report, std::int64_t now) noexcept;
  void Fall(double factor, std::uint32_t sent) noexcept;
  void Rise(double seconds, const Report& report) noexcept;

  double limit_ = 0;
  double good_ = 0;  // what arrived, as far as is known, before the last fall
  bool rising_ = false;
  bool slow_ = false;          // the last round trip was long
  int calm_ = 0;               // reports without loss
  double beyond_seconds_ = 0;  // near what was good, or above it
  std::int64_t last_ = 0;
  Least least_round_trip_;
  std::uint32_t requested_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_RATE_CONTROL_H_
