#ifndef DASHVOIP_SIM_SHARED_MEMORY_H_
#define DASHVOIP_SIM_SHARED_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fd.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

/** One ring's bytes, as the RTOS sees them. */
struct MemoryRegion {
  std::uint8_t* data;
  std::size_t size;
  std::uint64_t address;  // RTOS address of data[0]
};

/**
 * The camera memory that Linux can map. Regions end at a page's end and have an unused page
 * around them, so that a client can be made to trip over a read past a ring's limit.
 */
class SharedMemory {
 public:
  /** @throws std::runtime_error when there is not that much memory. */
  explicit SharedMemory(const std::vector<std::size_t>& sizes);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  const MemoryRegion& region(std::size_t index) const { return regions_[index]; }
  int fd() const { return fd_.get(); }
  /** Fills in where everything lies. */
  void Describe(wire::Greeting* greeting) const;

 private:
  Fd fd_;
  std::size_t total_ = 0;
  std::uint8_t* base_ = nullptr;
  std::vector<MemoryRegion> regions_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_SHARED_MEMORY_H_
