#ifndef DASHVOIP_SIM_MEMORY_MAP_H_
#define DASHVOIP_SIM_MEMORY_MAP_H_

#include <cstddef>
#include <cstdint>

#include "fd.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

/**
 * The camera's payload memory in this process. The pages between the rings are made inaccessible:
 * a copy that runs past a ring's end dies at once instead of delivering a neighbour's bytes.
 */
class MemoryMap {
 public:
  /** @return an empty map on failure. */
  static MemoryMap Map(const Fd& memory, const wire::Greeting& greeting);
  ~MemoryMap();
  MemoryMap(MemoryMap&& other) noexcept;
  MemoryMap& operator=(MemoryMap&&) = delete;

  explicit operator bool() const { return base_ != nullptr; }
  /** Linux pointer of an RTOS address; null for 0 and for addresses outside. */
  unsigned char* ToLinux(std::uint64_t rtos_address) const;
  /** The other way round; 0 for null and for pointers outside. */
  std::uint64_t ToRtos(const unsigned char* pointer) const;

 private:
  MemoryMap(unsigned char* base, std::size_t size, std::uint64_t rtos_base);

  unsigned char* base_;
  std::size_t size_;
  std::uint64_t rtos_base_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_MEMORY_MAP_H_
