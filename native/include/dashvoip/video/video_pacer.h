#ifndef DASHVOIP_VIDEO_VIDEO_PACER_H_
#define DASHVOIP_VIDEO_VIDEO_PACER_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace dashvoip {

/**
 * Says when each packet of each picture is due. The packets themselves lie in a PacketRing: first
 * in, first out in both. A picture begins at once when nothing is in front of it and is spread over
 * 80 % of the frame interval. When pictures pile up (a late joiner begins at a key frame queued a
 * second ago) they go out at up to eight times real time, a key picture within 30 ms, until the
 * backlog is gone; nothing is lost. On a narrow way packets keep their distance, whatever waits.
 * Times ns.
 */
class VideoPacer {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  /** @param max_pictures that can wait at once. */
  explicit VideoPacer(std::size_t max_pictures);

  /** @param distance of packets at least, ns; 0 for none. */
  void SetDistance(std::int64_t distance) noexcept { distance_ = distance; }

  /** Room for another picture; ask before packetizing one. */
  bool has_room() const noexcept { return count_ < pictures_.size(); }

  /**
   * `packets` > 0 packets of a picture were committed to the ring.
   * @param interval to the next picture, 0 when unknown (30 pictures per second are then assumed).
   * @return false when there is no room.
   */
  bool OnPicture(std::size_t packets, bool key_frame, std::int64_t interval,
                 std::int64_t now) noexcept;

  /**
   * How many packets to send now: those due, and those due within a millisecond, which saves
   * wake-ups. They count as sent; call again only at next_deadline().
   */
  std::size_t TakeDue(std::int64_t now) noexcept;

  /** When the next packet is due, kNever when none waits. */
  std::int64_t next_deadline() const noexcept;
  std::size_t waiting_pictures() const noexcept { return count_; }
  void Clear() noexcept { count_ = 0; }

 private:
  struct Picture {
    std::size_t packets;
    bool key_frame;
    std::int64_t interval;
  };

  const Picture& Front() const noexcept { return pictures_[first_]; }
  std::int64_t WindowOfFront() const noexcept;
  std::int64_t HurriedWindow() const noexcept;
  std::int64_t DueOf(std::size_t packet) const noexcept;
  void FinishFront(std::int64_t now) noexcept;

  std::vector<Picture> pictures_;
  std::int64_t distance_ = 0;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::size_t sent_ = 0;     // packets of the front picture
  std::int64_t start_ = 0;   // of the front picture
  std::int64_t window_ = 0;  // over which it is spread
  std::int64_t free_at_ =
      std::numeric_limits<std::int64_t>::min();  // earliest start of the next picture
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_VIDEO_PACER_H_
