#include "shared_memory.h"

#include <errno.h>
#include <linux/memfd.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace dashvoip {
namespace sim {
namespace {

// Somewhere in the 32-bit range, as on the board; never equal to a Linux pointer.
constexpr std::uint64_t kMemoryBase = 0x24000000;

// The system call itself: the C library of an H22 SDK is older than its wrapper (glibc 2.27).
int AnonymousFile() {
  return static_cast<int>(syscall(SYS_memfd_create, "h22-rtos-memory", MFD_CLOEXEC));
}

}  // namespace

SharedMemory::SharedMemory(const std::vector<std::size_t>& sizes) : fd_(AnonymousFile()) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::vector<std::size_t> ends;
  for (const std::size_t size : sizes) {
    total_ += page + (size + page - 1) / page * page;
    ends.push_back(total_);
  }
  total_ += page;
  if (!fd_ || ftruncate(fd_.get(), static_cast<off_t>(total_)) != 0) {
    throw std::runtime_error(std::string("cannot make the shared memory: ") + strerror(errno));
  }
  void* base = mmap(nullptr, total_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (base == MAP_FAILED) {
    throw std::runtime_error("cannot map " + std::to_string(total_) +
                             " bytes of shared memory: " + strerror(errno));
  }
  base_ = static_cast<std::uint8_t*>(base);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::size_t offset = ends[i] - sizes[i];
    regions_.push_back({base_ + offset, sizes[i], kMemoryBase + offset});
  }
}

SharedMemory::~SharedMemory() {
  if (base_ != nullptr) munmap(base_, total_);
}

void SharedMemory::Describe(wire::Greeting* greeting) const {
  greeting->memory_base = kMemoryBase;
  greeting->memory_size = total_;
  greeting->region_count = static_cast<std::uint32_t>(regions_.size());
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    greeting->regions[i] = {regions_[i].address - kMemoryBase, regions_[i].size};
  }
}

}  // namespace sim
}  // namespace dashvoip
