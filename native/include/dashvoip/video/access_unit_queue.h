#ifndef DASHVOIP_VIDEO_ACCESS_UNIT_QUEUE_H_
#define DASHVOIP_VIDEO_ACCESS_UNIT_QUEUE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "dashvoip/base/spsc_ring.h"
#include "dashvoip/base/wake_word.h"
#include "dashvoip/video/nal_role.h"

namespace dashvoip {

/** One encoded picture, or 1024 samples of AAC, as the camera gave it. */
struct AccessUnit {
  std::uint64_t pts = 0;          ///< in `timescale` ticks of the camera's own clock
  std::uint32_t timescale = 0;    ///< ticks per second
  std::uint32_t generation = 0;   ///< rises with every new stream of the encoder
  std::uint32_t size = 0;         ///< bytes of Annex-B
  std::uint32_t frame_ticks = 0;  ///< nominal interval to the next picture, 0 when unknown
  PictureCodec codec = PictureCodec::kH264;
  bool key_frame = false;
  bool gap_before = false;        ///< pictures were lost before this one
  std::int64_t read_ns = 0;       ///< when it was had from the camera, where somebody asks for it
  std::uint32_t sample_rate = 0;  ///< of sound
  std::uint32_t channels = 0;
};

/**
 * Bounded queue of encoded pictures between the camera thread and the media thread. A picture that
 * does not fit is dropped by the writer (drop-newest), which then waits for the next key frame:
 * what the reader sees is always decodable. Storage is allocated at construction only.
 */
class AccessUnitQueue {
 public:
  /**
   * @param max_units pictures; @param max_bytes all payload together.
   * @param reader signalled at each picture; the writer may outlive who sleeps on it. May be null.
   */
  AccessUnitQueue(std::size_t max_units, std::size_t max_bytes,
                  std::shared_ptr<WakeWord> reader = nullptr)
      : units_(max_units), bytes_(max_bytes), reader_(std::move(reader)) {}

  /** Writer. @return false when dropped. */
  bool Push(const AccessUnit& unit, const std::uint8_t* data) noexcept {
    if (awaiting_key_frame_ && !unit.key_frame) return Drop();
    if (units_.size() >= units_.capacity() || bytes_.capacity() - bytes_.size() < unit.size) {
      awaiting_key_frame_ = true;
      return Drop();
    }
    AccessUnit stored = unit;
    stored.gap_before = unit.gap_before || awaiting_key_frame_;
    awaiting_key_frame_ = false;
    bytes_.Write(data, unit.size);
    const bool pushed = units_.Push(stored);
    if (reader_) reader_->Signal();
    return pushed;
  }

  /** Reader: takes the oldest picture; `data` never grows past the capacity reserved for it. */
  bool Pop(AccessUnit* unit, std::vector<std::uint8_t>* data) noexcept {
    if (!units_.Pop(unit)) return false;
    if (data->capacity() < unit->size) {
      bytes_.Discard(unit->size);
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    data->resize(unit->size);
    bytes_.Read(data->data(), unit->size);
    return true;
  }

  std::size_t size() const noexcept { return units_.size(); }
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  bool Drop() noexcept {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }

  SpscRing<AccessUnit> units_;
  SpscRing<std::uint8_t> bytes_;
  const std::shared_ptr<WakeWord> reader_;
  bool awaiting_key_frame_ = true;  // writer's own
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_ACCESS_UNIT_QUEUE_H_
