#include "memory_map.h"

#include <sys/mman.h>

#include <utility>

namespace dashvoip {
namespace sim {
namespace {

/** Takes away access to the whole pages between `from` and `to`. */
bool Forbid(unsigned char* base, std::uint64_t from, std::uint64_t to) {
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  from = (from + page - 1) / page * page;
  to = to / page * page;
  return from >= to || mprotect(base + from, to - from, PROT_NONE) == 0;
}

}  // namespace

MemoryMap MemoryMap::Map(const Fd& memory, const wire::Greeting& greeting) {
  void* base =
      mmap(nullptr, greeting.memory_size, PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0);
  if (base == MAP_FAILED) return MemoryMap(nullptr, 0, 0);
  MemoryMap map(static_cast<unsigned char*>(base), greeting.memory_size, greeting.memory_base);
  std::uint64_t end = 0;
  for (std::uint32_t i = 0; i < greeting.region_count; ++i) {
    if (!Forbid(map.base_, end, greeting.regions[i].offset)) return MemoryMap(nullptr, 0, 0);
    end = greeting.regions[i].offset + greeting.regions[i].size;
  }
  if (!Forbid(map.base_, end, greeting.memory_size)) return MemoryMap(nullptr, 0, 0);
  return map;
}

MemoryMap::MemoryMap(unsigned char* base, std::size_t size, std::uint64_t rtos_base)
    : base_(base), size_(size), rtos_base_(rtos_base) {}

MemoryMap::MemoryMap(MemoryMap&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)),
      size_(other.size_),
      rtos_base_(other.rtos_base_) {}

MemoryMap::~MemoryMap() {
  if (base_ != nullptr) munmap(base_, size_);
}

unsigned char* MemoryMap::ToLinux(std::uint64_t rtos_address) const {
  if (rtos_address < rtos_base_ || rtos_address - rtos_base_ > size_) return nullptr;
  return base_ + (rtos_address - rtos_base_);
}

std::uint64_t MemoryMap::ToRtos(const unsigned char* pointer) const {
  if (pointer < base_ || pointer > base_ + size_) return 0;
  return rtos_base_ + static_cast<std::uint64_t>(pointer - base_);
}

}  // namespace sim
}  // namespace dashvoip
