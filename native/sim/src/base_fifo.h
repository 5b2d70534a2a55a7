#ifndef DASHVOIP_SIM_BASE_FIFO_H_
#define DASHVOIP_SIM_BASE_FIFO_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "frame_source.h"
#include "payload_ring.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

class VirtualFifo;

enum class DropPolicy {
  kOldest,  // writing evicts whatever stands in its way, read or not
  kNewest   // writing stops at what a reader has not had yet; the new frame is lost
};

/** How far an encoder's sequence numbers can be trusted. */
enum class SeqMode { kRising, kConstant, kRepeating };

/**
 * The FIFO of one encoder: a bounded queue of descriptors over a payload ring. Frames stay queued
 * after they were read, until room is needed, so that a late reader can begin in the past. Entries
 * are named by a number that only rises; [begin, end) are queued.
 */
class BaseFifo {
 public:
  struct Shape {
    std::uint32_t descriptors;
    DropPolicy policy;
    std::uint16_t align;  // exponent of two by which payload starts are aligned
    std::uint32_t first_seq;
    SeqMode seq_mode;
  };

  BaseFifo(const MemoryRegion& memory, const Shape& shape);

  /**
   * Queues a frame: its bytes and its descriptor, whose number and address are filled in here.
   * @return false when the frame is lost (drop policy, or larger than the ring). It has used up
   *   its sequence number all the same.
   */
  bool Write(const FrameView& frame, wire::Descriptor descriptor);
  /** Queues a descriptor without bytes, such as an end mark. */
  bool WriteMark(wire::Descriptor descriptor);

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return begin_ + entries_.size(); }
  /** @param number within [begin, end). */
  const wire::Descriptor& At(std::uint64_t number) const {
    return entries_[number - begin_].descriptor;
  }
  std::uint32_t capacity() const { return shape_.descriptors; }
  const PayloadRing& ring() const { return ring_; }

  void AddReader(const VirtualFifo* reader) { readers_.push_back(reader); }
  void RemoveReader(const VirtualFifo* reader);

  std::uint64_t lost() const { return lost_; }
  /** Frames that were evicted before at least one reader had them. */
  std::uint64_t evicted_unread() const { return evicted_unread_; }

 private:
  struct Entry {
    wire::Descriptor descriptor;
    std::uint64_t position;  // of its first byte in the ring
  };

  std::uint32_t NextSeq();
  bool MakeRoom(std::uint64_t head);
  bool SomebodyWants(std::uint64_t number) const;

  PayloadRing ring_;
  Shape shape_;
  std::deque<Entry> entries_;
  std::uint64_t begin_ = 0;
  std::uint64_t head_ = 0;  // position of the next byte
  std::uint32_t next_seq_;
  std::vector<const VirtualFifo*> readers_;
  std::uint64_t lost_ = 0;
  std::uint64_t evicted_unread_ = 0;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_BASE_FIFO_H_
