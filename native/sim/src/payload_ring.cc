#include "payload_ring.h"

#include <algorithm>
#include <cstring>

namespace dashvoip {
namespace sim {

void PayloadRing::Put(std::uint64_t position, const std::uint8_t* data, std::size_t count) {
  const std::size_t at = position % region_.size;
  const std::size_t head = std::min(count, region_.size - at);
  std::memcpy(region_.data + at, data, head);
  std::memcpy(region_.data, data + head, count - head);
}

void PayloadRing::Get(std::uint64_t position, std::uint8_t* data, std::size_t count) const {
  const std::size_t at = position % region_.size;
  const std::size_t head = std::min(count, region_.size - at);
  std::memcpy(data, region_.data + at, head);
  std::memcpy(data + head, region_.data, count - head);
}

}  // namespace sim
}  // namespace dashvoip
