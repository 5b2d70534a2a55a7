#include "dashvoip/base/network_changes.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "dashvoip/base/wake_fd.h"

using dashvoip::NetworkChanges;

namespace {

/** Gives loopback an address, or takes it. @return false where that is not allowed. */
bool ChangeAddress(int type) {
  struct {
    nlmsghdr header;
    ifaddrmsg address;
    rtattr attribute;
    in_addr value;
  } order;
  std::memset(&order, 0, sizeof(order));
  order.header.nlmsg_len = sizeof(order);
  order.header.nlmsg_type = static_cast<std::uint16_t>(type);
  order.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (type == RTM_NEWADDR ? NLM_F_CREATE : 0);
  order.address.ifa_family = AF_INET;
  order.address.ifa_prefixlen = 32;
  order.address.ifa_index = if_nametoindex("lo");
  order.attribute.rta_type = IFA_LOCAL;
  order.attribute.rta_len = RTA_LENGTH(sizeof(order.value));
  inet_pton(AF_INET, "127.77.0.1", &order.value);
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  char answer[1024];
  const bool sent = send(fd, &order, sizeof(order), 0) == static_cast<ssize_t>(sizeof(order));
  const ssize_t got = sent ? recv(fd, answer, sizeof(answer), 0) : -1;
  close(fd);
  if (got < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr)))) return false;
  nlmsgerr error;
  std::memcpy(&error, answer + NLMSG_HDRLEN, sizeof(error));
  return error.error == 0;
}

bool Hears(const NetworkChanges& changes, int timeout_ms) {
  pollfd wanted = {changes.descriptor(), POLLIN, 0};
  return poll(&wanted, 1, timeout_ms) == 1;
}

}  // namespace

TEST_CASE("NetworkChanges: an address that comes or goes is told, once") {
  // In a network of its own, which ends with the thread.
  std::thread([] {
    if (unshare(CLONE_NEWNET) != 0) {
      MESSAGE("left out: only root may make a network");
      return;
    }
    NetworkChanges changes;
    REQUIRE(changes.descriptor() >= 0);
    CHECK_FALSE(changes.Take());
    const int types[] = {RTM_NEWADDR, RTM_DELADDR};
    for (const int type : types) {
      REQUIRE(ChangeAddress(type));
      CHECK(Hears(changes, 10000));
      CHECK(changes.Take());
      CHECK_FALSE(changes.Take());
    }
  }).join();
}

TEST_CASE("NetworkChanges: what another program sends is not taken for the kernel's word") {
  NetworkChanges changes;
  REQUIRE(changes.descriptor() >= 0);
  sockaddr_nl to;
  socklen_t size = sizeof(to);
  REQUIRE(getsockname(changes.descriptor(), reinterpret_cast<sockaddr*>(&to), &size) == 0);
  to.nl_groups = 0;
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  const nlmsghdr message = {sizeof(nlmsghdr), RTM_NEWADDR, 0, 0, 0};
  REQUIRE(sendto(fd, &message, sizeof(message), 0, reinterpret_cast<const sockaddr*>(&to),
                 sizeof(to)) == sizeof(message));
  close(fd);
  CHECK(Hears(changes, 10000));
  CHECK_FALSE(changes.Take());
}

TEST_CASE(
    "WakeFd: sleep ends with what another descriptor has to tell, which is left to its owner") {
  dashvoip::WakeFd wake;
  dashvoip::WakeFd other;
  other.Signal();
  wake.Wait(-1, other.descriptor());
  pollfd wanted = {other.descriptor(), POLLIN, 0};
  CHECK(poll(&wanted, 1, 0) == 1);
}
