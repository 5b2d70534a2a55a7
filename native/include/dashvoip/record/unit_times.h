#ifndef DASHVOIP_RECORD_UNIT_TIMES_H_
#define DASHVOIP_RECORD_UNIT_TIMES_H_

#include <cstdint>

#include "dashvoip/base/time_units.h"
#include "dashvoip/video/access_unit_queue.h"

namespace dashvoip {

/**
 * Where access units stand in time: a stream of the encoder, or a clock that leaps, begins an
 * epoch; what is read a second time, because somebody began anew at a key frame, is known.
 */
class UnitTimes {
 public:
  struct Place {
    std::uint32_t epoch;
    std::int64_t pts_ns;
  };

  /** @return false for one that was there before. */
  bool Find(const AccessUnit& unit, Place* out) noexcept {
    const std::uint32_t rate = unit.timescale == 0 ? kUsualRate : unit.timescale;
    const auto ticks = static_cast<std::int64_t>(unit.pts - base_pts_);
    const bool same = epoch_ != 0 && unit.generation == generation_ && rate == rate_ &&
                      ticks > last_ticks_ - kLeapSeconds * rate &&
                      ticks < last_ticks_ + kLeapSeconds * rate;
    if (same && ticks <= last_ticks_) return false;
    if (!same) {
      ++epoch_;
      generation_ = unit.generation;
      rate_ = rate;
      base_pts_ = unit.pts;
    }
    last_ticks_ = same ? ticks : 0;
    *out = {epoch_, NsOfTicks(last_ticks_, rate_)};
    return true;
  }

 private:
  static constexpr std::uint32_t kUsualRate = 90000;
  static constexpr std::int64_t kLeapSeconds = 60;

  std::uint32_t epoch_ = 0;
  std::uint32_t generation_ = 0;
  std::uint32_t rate_ = 0;
  std::uint64_t base_pts_ = 0;
  std::int64_t last_ticks_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_UNIT_TIMES_H_
