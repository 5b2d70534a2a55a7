#ifndef DASHVOIP_VIDEO_BITRATE_LIMITER_H_
#define DASHVOIP_VIDEO_BITRATE_LIMITER_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * Keeps pictures within what the far end takes (b=AS, b=TIAS), or the way there, when the encoder
 * gives more: whole groups of pictures are left out, so that what is shown is never torn. A long
 * group is cut short: its beginning can be shown without its end. The mean over seconds keeps to
 * the limit.
 */
class BitrateLimiter {
 public:
  /** A group of two seconds at twice the limit goes whole. */
  static constexpr double kGenerous = 2.5;

  /** @param bits_per_second 0 for no limit. @param seconds of it that may be sent in advance. */
  void SetLimit(std::uint32_t bits_per_second, double seconds = kGenerous) noexcept;
  /** @return whether the picture may be sent; after a refusal only a key frame is asked about. */
  bool Admit(bool key_frame, std::size_t bytes, std::int64_t now) noexcept;
  bool leaving_out() const noexcept { return leaving_out_; }
  std::uint64_t left_out() const noexcept { return left_out_; }

 private:
  std::uint32_t limit_ = 0;
  double most_seconds_ = kGenerous;
  double backlog_ = 0;  // bits sent beyond what the limit has allowed since
  std::int64_t last_ = 0;
  bool leaving_out_ = false;
  std::uint64_t left_out_ = 0;
};

/** Mean of what was sent over the last two seconds. */
class RateMeter {
 public:
  void OnSent(std::size_t bytes, std::int64_t now) noexcept;
  /** Bit/s. */
  double Rate(std::int64_t now) const noexcept;

 private:
  static constexpr std::size_t kBuckets = 8;
  struct Bucket {
    std::int64_t epoch = -1;
    std::uint64_t bytes = 0;
  };
  Bucket buckets_[kBuckets];
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_BITRATE_LIMITER_H_
