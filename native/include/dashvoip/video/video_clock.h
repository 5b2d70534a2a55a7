#ifndef DASHVOIP_VIDEO_VIDEO_CLOCK_H_
#define DASHVOIP_VIDEO_VIDEO_CLOCK_H_

#include <cstdint>

namespace dashvoip {

/**
 * RTP timestamps at 90 kHz (RFC 6184 §8.1) from the camera's own clock, whatever its scale and
 * origin. When the encoder starts a new stream, or its clock leaps, timestamps go on from the last
 * one by the time that really passed: the receiver sees one source that never restarts.
 */
class VideoClock {
 public:
  /** @param first_timestamp random, RFC 3550 §5.1. */
  explicit VideoClock(std::uint32_t first_timestamp) noexcept : timestamp_(first_timestamp) {}

  /**
   * @param pts and @param timescale of the picture (timescale 0 counts as 90000);
   * @param generation of the encoder's stream; @param arrival when we got the picture, ns.
   */
  std::uint32_t OnPicture(std::uint64_t pts, std::uint32_t timescale, std::uint32_t generation,
                          std::int64_t arrival) noexcept;

  /**
   * When the last picture was taken, ns of CLOCK_MONOTONIC, as near as arrivals tell: the fastest
   * picture of the stream came at once. For RTCP sender reports (lip synchronization).
   */
  std::int64_t sampling_instant() const noexcept { return sampling_instant_; }

 private:
  void Anchor(std::uint64_t pts, std::int64_t arrival) noexcept;

  bool started_ = false;
  std::uint32_t generation_ = 0;
  std::uint32_t timescale_ = 0;
  std::uint32_t timestamp_;  // of the last picture
  std::uint32_t anchor_timestamp_ = 0;
  std::uint64_t anchor_pts_ = 0;
  std::uint64_t last_pts_ = 0;
  std::int64_t last_arrival_ = 0;
  std::int64_t anchor_instant_ = 0;  // when anchor_pts_ was taken
  std::int64_t sampling_instant_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_VIDEO_CLOCK_H_
