#ifndef DASHVOIP_SIM_PAYLOAD_RING_H_
#define DASHVOIP_SIM_PAYLOAD_RING_H_

#include <cstdint>

#include "shared_memory.h"

namespace dashvoip {
namespace sim {

/**
 * Bytes of a region used round and round. Positions count all bytes ever passed, so they never
 * go back: position p lies at p modulo the size. What is still wanted is the caller's business.
 */
class PayloadRing {
 public:
  explicit PayloadRing(const MemoryRegion& region) : region_(region) {}

  std::uint64_t size() const { return region_.size; }
  std::uint64_t base_address() const { return region_.address; }
  std::uint64_t AddressOf(std::uint64_t position) const {
    return region_.address + position % region_.size;
  }

  /** Copies in or out from a position on, over the end of the region where it must. */
  void Put(std::uint64_t position, const std::uint8_t* data, std::size_t count);
  void Get(std::uint64_t position, std::uint8_t* data, std::size_t count) const;

 private:
  MemoryRegion region_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_PAYLOAD_RING_H_
