#ifndef DASHVOIP_CAMERA_FRAME_CONTINUITY_H_
#define DASHVOIP_CAMERA_FRAME_CONTINUITY_H_

#include <cstdint>

namespace dashvoip {

/**
 * Finds frames missing from a track. Numbers decide for video, whose PTS may be out of order. The
 * numbers of audio are known to be unreliable on some cameras, its spacing is strict: there PTS
 * decides if the camera gives a frame duration.
 */
class FrameContinuity {
 public:
  static constexpr std::uint32_t kUnknown = 255;

  /** @param ticks_per_frame 0 when unknown. */
  FrameContinuity(bool is_audio, std::uint32_t ticks_per_frame)
      : is_audio_(is_audio), ticks_per_frame_(ticks_per_frame) {}

  /**
   * Takes the next frame.
   * @return frames missing before it, 254 at most; kUnknown when what decides went back.
   */
  std::uint32_t Next(std::uint32_t number, std::uint64_t pts) noexcept;

  /** The next frame is a first one again. */
  void Restart() noexcept { first_ = true; }

 private:
  std::uint32_t ByPts(std::uint64_t pts) const noexcept;
  std::uint32_t ByNumber(std::uint32_t number) const noexcept;

  const bool is_audio_;
  const std::uint32_t ticks_per_frame_;
  bool first_ = true;
  std::uint32_t last_number_ = 0;
  std::uint64_t last_pts_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_FRAME_CONTINUITY_H_
