#include "dashvoip/base/sctp_socket.h"

#include <linux/sctp.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace dashvoip {
namespace {

/** Closed at the end, unless somebody has taken it. */
class OwnedFd {
 public:
  explicit OwnedFd(int fd) noexcept : fd_(fd) {}
  ~OwnedFd() {
    if (fd_ >= 0) close(fd_);
  }
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;

  int get() const noexcept { return fd_; }
  int Take() noexcept {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_;
};

template <typename Value>
bool SetOption(int fd, int level, int name, const Value& value) noexcept {
  return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

/** Each message goes by itself, over stream zero. What is accepted by it inherits that. */
bool SendUnordered(int fd) noexcept {
  sctp_sndrcvinfo usual;
  std::memset(&usual, 0, sizeof(usual));
  usual.sinfo_flags = SCTP_UNORDERED;
  return SetOption(fd, IPPROTO_SCTP, SCTP_DEFAULT_SEND_PARAM, usual);
}

bool Bind(int fd, const TransportAddress& local) noexcept {
  sockaddr_storage address;
  const socklen_t size = local.ToSockaddr(local.family(), &address);
  return bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0;
}

}  // namespace

int OpenSctpSocket(const TransportAddress& local) noexcept {
  OwnedFd fd(socket(local.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_SCTP));
  const int on = 1;
  // The port is ours again at once after a restart, as libuv has it for TCP.
  const bool ready = fd.get() >= 0 && SetOption(fd.get(), SOL_SOCKET, SO_REUSEADDR, on) &&
                     SetOption(fd.get(), IPPROTO_SCTP, SCTP_NODELAY, on) &&
                     SendUnordered(fd.get()) && Bind(fd.get(), local);
  return ready ? fd.Take() : -errno;
}

}  // namespace dashvoip
