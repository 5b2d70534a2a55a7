#ifndef DASHVOIP_CAMERA_CAMERA_TAP_H_
#define DASHVOIP_CAMERA_CAMERA_TAP_H_

#include <atomic>
#include <cstdint>

#include "dashvoip/camera/camlink.h"
#include "dashvoip/camera/picture_codec.h"
#include "dashvoip/video/access_unit_queue.h"

namespace dashvoip {

/**
 * The camera's frames as they come, for one reader beside the calls, as a recorder. The reader says
 * what it wants; the camera is read for it whether or not there is a call. Queues that are full
 * drop the newest, and pictures then until the next key frame; both are counted.
 */
class CameraTap {
 public:
  /** Camera thread and its reader each have one end. @param enabled false: nothing will come. */
  explicit CameraTap(bool enabled)
      : pictures_(enabled ? kPictures : 1, enabled ? kPictureBytes : 1),
        sound_(enabled ? kSounds : 1, enabled ? kSoundBytes : 1) {}

  /** Any thread. */
  void Want(bool sound, bool picture) noexcept {
    wants_sound_.store(sound, std::memory_order_release);
    wants_picture_.store(picture, std::memory_order_release);
  }
  bool wants_sound() const noexcept { return wants_sound_.load(std::memory_order_acquire); }
  bool wants_picture() const noexcept { return wants_picture_.load(std::memory_order_acquire); }

  AccessUnitQueue& pictures() noexcept { return pictures_; }
  AccessUnitQueue& sound() noexcept { return sound_; }

  /** Camera thread: reading of the pictures begins. */
  void BeginPictures() noexcept { awaiting_key_frame_ = true; }
  /** Camera thread: one frame, if it is wanted. */
  void Feed(const cl_track& track, const cl_frame& frame, const std::uint8_t* data,
            std::int64_t now) noexcept {
    const bool is_picture = track.kind == CL_VIDEO;
    if (!(is_picture ? wants_picture() : wants_sound() && track.codec == CL_AAC_RAW)) return;
    AccessUnit unit;
    unit.pts = frame.pts;
    unit.timescale = track.timescale;
    unit.generation = frame.gen;
    unit.size = frame.size;
    unit.frame_ticks = track.ticks_per_frame;
    unit.codec = PictureCodecOf(track);
    unit.key_frame = !is_picture || frame.type == CL_F_IDR;
    unit.read_ns = now;
    if (!is_picture) {
      unit.sample_rate = track.sample_rate;
      unit.channels = track.channels;
      sound_.Push(unit, data);
      return;
    }
    // What lacks a picture before it cannot be decoded.
    awaiting_key_frame_ = !unit.key_frame && (awaiting_key_frame_ || frame.lost > 0);
    if (!awaiting_key_frame_) pictures_.Push(unit, data);
  }

 private:
  // Four seconds at 4 Mbit/s, in memory that is not touched before it is needed.
  static constexpr std::size_t kPictures = 256;
  static constexpr std::size_t kPictureBytes = 2U << 20;
  static constexpr std::size_t kSounds = 256;
  static constexpr std::size_t kSoundBytes = 128U << 10;

  AccessUnitQueue pictures_;
  AccessUnitQueue sound_;
  std::atomic<bool> wants_sound_{false};
  std::atomic<bool> wants_picture_{false};
  bool awaiting_key_frame_ = true;  // the camera thread's
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_CAMERA_TAP_H_
