#ifndef DASHVOIP_SIM_VIRTUAL_FIFO_H_
#define DASHVOIP_SIM_VIRTUAL_FIFO_H_

#include <cstdint>
#include <memory>

#include "base_fifo.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

/** One consumer's read position over an encoder's FIFO. */
class VirtualFifo {
 public:
  /** @param timescale ticks per second of the frames' PTS, for init data given in time. */
  VirtualFifo(std::shared_ptr<BaseFifo> base, const wire::Config& config, std::uint32_t timescale);
  ~VirtualFifo();
  VirtualFifo(const VirtualFifo&) = delete;
  VirtualFifo& operator=(const VirtualFifo&) = delete;

  /** Next entry to read; what was evicted meanwhile is skipped without a word. */
  std::uint64_t position() const { return position_ < base_->begin() ? base_->begin() : position_; }
  std::uint32_t available() const { return static_cast<std::uint32_t>(base_->end() - position()); }

  /** Entry at a distance from the oldest, or from the newest; null when there is none. */
  const wire::Descriptor* Peek(std::uint32_t distance) const;
  const wire::Descriptor* RevPeek(std::uint32_t distance) const;
  /** @return false, removing nothing, when there are fewer. @param bytes of payload removed. */
  bool Remove(std::uint32_t count, std::uint64_t* bytes);
  void EraseAll() { position_ = base_->end(); }

  /** Whether the frame just written is one that its reader wants to hear of. */
  bool TakesReadyEvent();

  const BaseFifo& base() const { return *base_; }
  std::uint32_t event_handle() const { return event_handle_; }
  /** PTS of the first frame found by the init data, all ones when none was. */
  std::uint64_t first_pts() const { return first_pts_; }
  /** Media already waiting at creation. */
  std::uint64_t waiting_ms() const { return waiting_ms_; }

 private:
  void FindStart(const wire::Config& config, std::uint32_t timescale);

  std::shared_ptr<BaseFifo> base_;
  std::uint64_t position_;
  std::uint32_t event_handle_;
  std::uint32_t ready_skip_;
  std::uint32_t ready_skipped_ = 0;
  std::uint64_t first_pts_ = ~UINT64_C(0);
  std::uint64_t waiting_ms_ = 0;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_VIRTUAL_FIFO_H_
