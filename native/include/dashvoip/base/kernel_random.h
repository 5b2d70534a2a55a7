#ifndef DASHVOIP_BASE_KERNEL_RANDOM_H_
#define DASHVOIP_BASE_KERNEL_RANDOM_H_

#include <linux/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

namespace dashvoip {

/**
 * Fills `size` bytes, at most 256, with the kernel's random numbers; false while its pool is not
 * up yet. Never waits. The system call itself: the C library of an H22 SDK is older than its
 * wrapper (glibc 2.25).
 */
inline bool KernelRandom(void* bytes, std::size_t size) noexcept {
  return static_cast<std::size_t>(syscall(SYS_getrandom, bytes, size, GRND_NONBLOCK)) == size;
}

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_KERNEL_RANDOM_H_
