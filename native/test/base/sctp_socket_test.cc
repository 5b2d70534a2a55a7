#include "dashvoip/base/sctp_socket.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/sctp.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace dashvoip {
namespace {

TransportAddress At(const char* text, std::uint16_t port) {
  IpAddress address;
  REQUIRE(IpAddress::Parse(text, &address));
  return address.WithPort(port);
}

/** What the kernel says without us; 0 where it has SCTP. */
int KernelsWord() {
  const int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

/** One that is not left behind in this process. */
int LowestFree() {
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(fd);
  return fd;
}

int OptionOf(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  REQUIRE(getsockopt(fd, level, name, &value, &size) == 0);
  return value;
}

}  // namespace

TEST_CASE("sctp: a kernel without it is told as the kernel tells it, and nothing stays open") {
  const int why = KernelsWord();
  if (why == 0) {
    MESSAGE("left out: this kernel has SCTP");
    return;
  }
  const int before = LowestFree();
  CHECK(why == EPROTONOSUPPORT);
  for (const char* const address : {"127.0.0.1", "0.0.0.0", "::1", "::"})
    CHECK(OpenSctpSocket(At(address, 0)) == -why);
  CHECK(LowestFree() == before);
}

TEST_CASE("sctp: a socket is bound, never waits, and sends at once and unordered") {
  if (KernelsWord() != 0) {
    MESSAGE("left out: this kernel has no SCTP");
    return;
  }
  const int fd = OpenSctpSocket(At("127.0.0.1", 0));
  REQUIRE(fd >= 0);
  CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
  CHECK(OptionOf(fd, IPPROTO_SCTP, SCTP_NODELAY) == 1);
  sctp_sndrcvinfo usual;
  socklen_t size = sizeof(usual);
  REQUIRE(getsockopt(fd, IPPROTO_SCTP, SCTP_DEFAULT_SEND_PARAM, &usual, &size) == 0);
  CHECK((usual.sinfo_flags & SCTP_UNORDERED) != 0);
  sockaddr_in own;
  socklen_t length = sizeof(own);
  REQUIRE(getsockname(fd, reinterpret_cast<sockaddr*>(&own), &length) == 0);
  REQUIRE(listen(fd, 1) == 0);
  const int before = LowestFree();
  CHECK(OpenSctpSocket(At("127.0.0.1", ntohs(own.sin_port))) == -EADDRINUSE);
  CHECK(OpenSctpSocket(At("198.51.100.7", 0)) == -EADDRNOTAVAIL);
  CHECK(LowestFree() == before);
  close(fd);
}

}  // namespace dashvoip
