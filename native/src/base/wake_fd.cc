#include "dashvoip/base/wake_fd.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace dashvoip {

WakeFd::WakeFd() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

WakeFd::~WakeFd() { close(fd_); }

void WakeFd::Signal() noexcept {
  const std::uint64_t one = 1;
  // EAGAIN means that the counter is full: the sleeper is awake anyway.
  const ssize_t written = write(fd_, &one, sizeof(one));
  static_cast<void>(written);
}

void WakeFd::Wait(int timeout_ms, int other) noexcept {
  // The kernel passes over what is negative.
  pollfd wanted[] = {{fd_, POLLIN, 0}, {other, POLLIN, 0}};
  if (poll(wanted, 2, timeout_ms) <= 0) return;
  std::uint64_t count = 0;
  const ssize_t taken = read(fd_, &count, sizeof(count));
  static_cast<void>(taken);
}

}  // namespace dashvoip
