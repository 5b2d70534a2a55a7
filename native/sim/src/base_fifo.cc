#include "base_fifo.h"

#include <algorithm>

#include "virtual_fifo.h"

namespace dashvoip {
namespace sim {

BaseFifo::BaseFifo(const MemoryRegion& memory, const Shape& shape)
    : ring_(memory), shape_(shape), next_seq_(shape.first_seq) {}

bool BaseFifo::Write(const FrameView& frame, wire::Descriptor descriptor) {
  descriptor.seq = NextSeq();
  const std::uint64_t unit = UINT64_C(1) << shape_.align;
  const std::uint64_t position = (head_ + unit - 1) / unit * unit;
  if (frame.size > ring_.size() || !MakeRoom(position + frame.size)) {
    ++lost_;
    return false;
  }
  descriptor.type = frame.type;
  descriptor.size = frame.size;
  descriptor.align = shape_.align;
  descriptor.address = ring_.AddressOf(position);
  ring_.Put(position, frame.data, frame.size);
  head_ = position + frame.size;
  entries_.push_back({descriptor, position});
  return true;
}

bool BaseFifo::WriteMark(wire::Descriptor descriptor) {
  descriptor.seq = NextSeq();
  descriptor.address = 0;
  if (!MakeRoom(head_)) {
    ++lost_;
    return false;
  }
  entries_.push_back({descriptor, head_});
  return true;
}

std::uint32_t BaseFifo::NextSeq() {
  const std::uint32_t seq = next_seq_++;
  switch (shape_.seq_mode) {
    case SeqMode::kConstant:
      return shape_.first_seq;
    case SeqMode::kRepeating:
      return seq / 4;
    default:
      return seq;
  }
}

bool BaseFifo::MakeRoom(std::uint64_t head) {
  while (!entries_.empty() && (entries_.size() >= shape_.descriptors ||
                               head - entries_.front().position > ring_.size())) {
    if (SomebodyWants(begin_)) {
      if (shape_.policy == DropPolicy::kNewest) return false;
      ++evicted_unread_;
    }
    entries_.pop_front();
    ++begin_;
  }
  return true;
}

bool BaseFifo::SomebodyWants(std::uint64_t number) const {
  return std::any_of(readers_.begin(), readers_.end(),
                     [&](const VirtualFifo* reader) { return reader->position() <= number; });
}

void BaseFifo::RemoveReader(const VirtualFifo* reader) {
  readers_.erase(std::remove(readers_.begin(), readers_.end(), reader), readers_.end());
}

}  // namespace sim
}  // namespace dashvoip
