#include "dashvoip/video/video_clock.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

namespace {

constexpr std::int64_t kRate = 90000;
constexpr std::int64_t kMaxLeap = 2 * kNsPerSecond;       // against the arrivals
constexpr std::int64_t kMaxReorder = kNsPerSecond / 2;    // backwards: pictures in decoding order
constexpr std::int64_t kDriftPerSecond = 100 * kNsPerUs;  // 100 ppm, more than clocks differ

// (to - from) ticks of `timescale` in units of `rate` per second, saturated at about a century.
std::int64_t Convert(std::uint64_t from, std::uint64_t to, std::uint32_t timescale,
                     std::int64_t rate) noexcept {
  const bool negative = to < from;
  const std::uint64_t ticks = negative ? from - to : to - from;
  const std::uint64_t seconds = std::min<std::uint64_t>(ticks / timescale, 3000000000u);
  const std::uint64_t rest = ticks % timescale;
  const auto value = static_cast<std::int64_t>(seconds * static_cast<std::uint64_t>(rate) +
                                               rest * static_cast<std::uint64_t>(rate) / timescale);
  return negative ? -value : value;
}

}  // namespace

void VideoClock::Anchor(std::uint64_t pts, std::int64_t arrival) noexcept {
  if (started_) {
    const std::int64_t elapsed = std::max<std::int64_t>(0, arrival - last_arrival_);
    const std::int64_t ticks = TicksOfNs(elapsed, kRate);
    timestamp_ += static_cast<std::uint32_t>(std::max<std::int64_t>(1, ticks));
  }
  started_ = true;
  anchor_timestamp_ = timestamp_;
  anchor_pts_ = pts;
  anchor_instant_ = arrival;
}

std::uint32_t VideoClock::OnPicture(std::uint64_t pts, std::uint32_t timescale,
                                    std::uint32_t generation, std::int64_t arrival) noexcept {
  if (timescale == 0) timescale = kRate;
  bool continues = started_ && generation == generation_ && timescale == timescale_;
  if (continues) {
    const std::int64_t step = Convert(last_pts_, pts, timescale, kNsPerSecond);
    const std::int64_t leap = step - (arrival - last_arrival_);
    continues = step > -kMaxReorder && leap < kMaxLeap && leap > -kMaxLeap;
  }
  if (continues) {
    // The fastest picture shows when pictures are taken; clocks drift, so it is slowly forgotten.
    const std::int64_t since = Convert(anchor_pts_, pts, timescale, kNsPerSecond);
    const std::int64_t drift = (arrival - last_arrival_) / kNsPerUs * kDriftPerSecond / kNsPerMs;
    anchor_instant_ = std::min(anchor_instant_ + drift, arrival - since);
    sampling_instant_ = anchor_instant_ + since;
    timestamp_ =
        anchor_timestamp_ + static_cast<std::uint32_t>(Convert(anchor_pts_, pts, timescale, kRate));
  } else {
    Anchor(pts, arrival);
    sampling_instant_ = arrival;
  }
  generation_ = generation;
  timescale_ = timescale;
  last_pts_ = pts;
  last_arrival_ = arrival;
  return timestamp_;
}

}  // namespace dashvoip
