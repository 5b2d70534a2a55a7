#ifndef DASHVOIP_CAMERA_KEY_FRAME_DESK_H_
#define DASHVOIP_CAMERA_KEY_FRAME_DESK_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "dashvoip/base/inheriting_mutex.h"
#include "dashvoip/video/parameter_sets.h"

namespace dashvoip {

/**
 * Where the camera thread lays down a copy of its next key frame for the one who waits for it. Who
 * waits brings the room, so that the camera thread only copies.
 */
class KeyFrameDesk {
 public:
  enum class Outcome { kTaken, kNone, kBusy, kClosed };

  /** The largest picture that programs for this camera allow for. */
  static constexpr std::size_t kMaxPicture = 512U << 10;

  /** @param wake makes the camera thread look at `wanted`. */
  explicit KeyFrameDesk(std::function<void()> wake) : wake_(std::move(wake)) {}
  KeyFrameDesk(const KeyFrameDesk&) = delete;
  KeyFrameDesk& operator=(const KeyFrameDesk&) = delete;

  /** Waits for the next key frame; not for real-time threads. @param out Annex B, its parameter
   * sets included. */
  Outcome Take(std::chrono::milliseconds patience, std::vector<std::uint8_t>* out);
  /** Sends away who waits, and whoever comes later. */
  void Close();

  /** Camera thread: somebody waits. */
  bool wanted() const noexcept { return wanted_.load(std::memory_order_acquire); }
  /** Camera thread: a key frame. @param sets the newest, for one that comes without. */
  void Give(const std::uint8_t* data, std::size_t size, const ParameterSets& sets);

 private:
  void Append(const std::uint8_t* data, std::size_t size);

  const std::function<void()> wake_;
  std::atomic<bool> wanted_{false};
  InheritingMutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;                       // guarded by mutex_, as is the next
  std::vector<std::uint8_t>* out_ = nullptr;  // has room for all that is laid down; of who waits
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_KEY_FRAME_DESK_H_
