#include "dashvoip/base/network_changes.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace dashvoip {
namespace {

int Listen() noexcept {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return -1;
  sockaddr_nl own;
  std::memset(&own, 0, sizeof(own));
  own.nl_family = AF_NETLINK;
  own.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof(own)) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

NetworkChanges::NetworkChanges() : fd_(Listen()) {}

NetworkChanges::~NetworkChanges() {
  if (fd_ >= 0) close(fd_);
}

bool NetworkChanges::Take() noexcept {
  bool any = false;
  for (;;) {
    char first = 0;  // what it says is not read
    sockaddr_nl from;
    socklen_t size = sizeof(from);
    const ssize_t got =
        recvfrom(fd_, &first, sizeof(first), 0, reinterpret_cast<sockaddr*>(&from), &size);
    // More came than there was room for (ENOBUFS): some of it is lost, and that something came is
    // not.
    if (got < 0 && errno != ENOBUFS) return any;
    // Other programs may send here as well.
    if (got < 0 || from.nl_pid == 0) any = true;
  }
}

}  // namespace dashvoip
