#include "dashvoip/video/rate_control.h"

#include <algorithm>
#include <cmath>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

// A key frame of a small picture every few seconds; below that there is no picture to speak of.
constexpr double kFloor = 64000;
constexpr double kCalmLoss = 0.02;
constexpr double kHeavyLoss = 0.1;
// So much is lost where a link takes less than is sent: what is left is what it takes.
constexpr double kNarrowLoss = 0.3;
constexpr double kSlowFactor = 0.85;
constexpr std::int64_t kSlowNs = 60 * kNsPerMs;
// A queue that has filled has to empty as well.
constexpr double kFullFactor = 0.5;
constexpr std::int64_t kFullNs = 300 * kNsPerMs;
constexpr int kCalmReports = 2;
// In a second: back to what was good before; where it became too much, and when that is long past.
constexpr double kReturn = 1.35;
constexpr double kProbe = 1.05;
constexpr double kBolder = 0.06;  // for each second behind these
constexpr double kCautiousSeconds = 4;
constexpr double kNear = 0.8;
constexpr double kMostSeconds = 5;
// A limit so far above what there is to send is none.
constexpr double kFree = 1.5;
// A burst leaves room for sound, and for what the limit may be wrong by.
constexpr double kPictureShare = 0.85;
constexpr std::size_t kHeaders = 40;  // IP and UDP, and what is between them and the wire
constexpr std::int64_t kLeastNs = 30 * kNsPerSecond;

}  // namespace

std::int64_t RateControl::Least::Add(std::int64_t value, std::int64_t now) noexcept {
  if (present_ == 0 || now - began_ >= kLeastNs) {
    former_ = present_;
    present_ = value;
    began_ = now;
  }
  present_ = std::min(present_, value);
  return former_ == 0 ? present_ : std::min(former_, present_);
}

void RateControl::OnReport(const Report& report, std::int64_t now) noexcept {
  const double seconds = static_cast<double>(now - last_) / kNsPerSecond;
  last_ = now;
  const double queue_factor = QueueFactor(report, now);
  if (report.lost > kHeavyLoss) {
    const double factor = report.lost > kNarrowLoss ? 1 - report.lost : 1 - report.lost / 2;
    Fall(std::min(factor, queue_factor), report.sent);
    good_ = std::min(good_, report.sent * (1 - report.lost));
  } else if (queue_factor < 1) {
    Fall(queue_factor, report.sent);
  } else if (report.lost < kCalmLoss) {
    if (++calm_ >= kCalmReports) Rise(std::min(seconds, kMostSeconds), report);
    return;
  }
  calm_ = 0;
}

/** Where all was well, a long round trip may be a stall of Wi-Fi, which is gone at the next report.
 */
double RateControl::QueueFactor(const Report& report, std::int64_t now) noexcept {
  if (report.round_trip == 0) return 1;
  const std::int64_t least = least_round_trip_.Add(report.round_trip, now);
  const std::int64_t queue = report.round_trip - least;
  const bool confirmed = slow_ || limit_ > 0 || report.lost > kCalmLoss;
  slow_ = queue > std::max(least / 2, kSlowNs);
  if (!slow_ || !confirmed) return 1;
  return queue > std::max(least * 2, kFullNs) ? kFullFactor : kSlowFactor;
}

void RateControl::Fall(double factor, std::uint32_t sent) noexcept {
  const double now = limit_ > 0 && sent > limit_ ? limit_ : sent;
  if (limit_ == 0 || rising_) good_ = now;
  rising_ = false;
  beyond_seconds_ = 0;
  limit_ = std::max(kFloor, (now > 0 ? now : limit_) * factor);
}

void RateControl::Rise(double seconds, const Report& report) noexcept {
  if (limit_ == 0) return;
  rising_ = true;
  const bool beyond = limit_ > kNear * good_;
  if (beyond) beyond_seconds_ += seconds;
  const double bold = kBolder * std::max(0.0, beyond_seconds_ - kCautiousSeconds);
  const double probe = std::min(kReturn, kProbe + bold);
  limit_ *= std::pow(beyond ? probe : kReturn, seconds);
  if (!report.limited && limit_ > kFree * report.sent) limit_ = 0;
}

std::int64_t RateControl::Distance(std::size_t bytes) const noexcept {
  const std::uint32_t most = limit();
  if (most == 0) return 0;
  const double seconds = static_cast<double>(bytes + kHeaders) * 8 / (kPictureShare * most);
  return static_cast<std::int64_t>(seconds * kNsPerSecond);
}

std::uint32_t RateControl::limit() const noexcept {
  const auto own = static_cast<std::uint32_t>(std::min(limit_, 4e9));
  if (own == 0 || requested_ == 0) return std::max(own, requested_);
  return std::min(own, requested_);
}

}  // namespace dashvoip
