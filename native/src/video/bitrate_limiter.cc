#include "dashvoip/video/bitrate_limiter.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

// A group begins when no more than this has been taken in advance.
constexpr double kBeginSeconds = 0.25;
// RFC 3551 §2: what b=AS counts has IP and UDP in it.
constexpr std::size_t kOverhead = 40;
constexpr std::size_t kPacket = 1200;
constexpr std::int64_t kBucketNs = 250 * kNsPerMs;

}  // namespace

constexpr double BitrateLimiter::kGenerous;

void BitrateLimiter::SetLimit(std::uint32_t bits_per_second, double seconds) noexcept {
  if (limit_ == 0) backlog_ = 0;
  limit_ = bits_per_second;
  most_seconds_ = seconds;
}

bool BitrateLimiter::Admit(bool key_frame, std::size_t bytes, std::int64_t now) noexcept {
  if (limit_ == 0) {
    leaving_out_ = leaving_out_ && !key_frame;
    if (leaving_out_) ++left_out_;
    return !leaving_out_;
  }
  const double allowed = static_cast<double>(now - last_) / kNsPerSecond * limit_;
  backlog_ = std::max(0.0, backlog_ - allowed);
  last_ = now;
  if (key_frame) {
    leaving_out_ = backlog_ > kBeginSeconds * limit_;
  } else if (backlog_ > most_seconds_ * limit_) {
    leaving_out_ = true;
  }
  if (leaving_out_) {
    ++left_out_;
    return false;
  }
  const std::size_t packets = bytes / kPacket + 1;
  backlog_ += static_cast<double>(bytes + packets * kOverhead) * 8;
  return true;
}

constexpr std::size_t RateMeter::kBuckets;

void RateMeter::OnSent(std::size_t bytes, std::int64_t now) noexcept {
  const std::int64_t epoch = now / kBucketNs;
  Bucket& bucket = buckets_[static_cast<std::size_t>(epoch) % kBuckets];
  if (bucket.epoch != epoch) bucket = {epoch, 0};
  bucket.bytes += bytes;
}

double RateMeter::Rate(std::int64_t now) const noexcept {
  const std::int64_t epoch = now / kBucketNs;
  std::uint64_t bytes = 0;
  for (const Bucket& bucket : buckets_) {
    // The present one has just begun.
    const std::int64_t age = epoch - bucket.epoch;
    if (bucket.epoch >= 0 && age > 0 && age < static_cast<std::int64_t>(kBuckets)) {
      bytes += bucket.bytes;
    }
  }
  return static_cast<double>(bytes) * 8 * kNsPerSecond / ((kBuckets - 1) * kBucketNs);
}

}  // namespace dashvoip
