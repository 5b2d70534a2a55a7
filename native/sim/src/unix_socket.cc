#include "unix_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <stdexcept>

namespace dashvoip {
namespace sim {
namespace {

constexpr std::size_t kMaxFds = 4;

bool FillAddress(const std::string& path, sockaddr_un* address) {
  memset(address, 0, sizeof(*address));
  address->sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address->sun_path)) return false;
  memcpy(address->sun_path, path.data(), path.size());
  return true;
}

Fd ConnectTo(const std::string& path, int type) {
  sockaddr_un address;
  if (!FillAddress(path, &address)) return Fd();
  Fd fd(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  if (!fd) return Fd();
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return Fd();
  }
  return fd;
}

Fd BindTo(const std::string& path, int type) {
  sockaddr_un address;
  if (!FillAddress(path, &address)) {
    throw std::runtime_error("socket path '" + path + "': expected 1 to " +
                             std::to_string(sizeof(address.sun_path) - 1) + " characters");
  }
  // Only a file that nobody answers on may be replaced.
  if (ConnectTo(path, type)) {
    throw std::runtime_error("socket " + path + " is in use by another process; end it or choose " +
                             "another path with --socket");
  }
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    throw std::runtime_error("cannot replace " + path + ": " + strerror(errno));
  }
  Fd fd(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  if (!fd || bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    throw std::runtime_error("cannot bind " + path + ": " + strerror(errno));
  }
  return fd;
}

}  // namespace

std::string DefaultSocketPath() {
  const char* path = getenv("H22_SIM_SOCKET");
  return path != nullptr && *path != '\0' ? path : "/tmp/h22-rtos-sim.sock";
}

Fd ConnectPacketSocket(const std::string& path) { return ConnectTo(path, SOCK_SEQPACKET); }

Fd ListenPacketSocket(const std::string& path) {
  Fd fd = BindTo(path, SOCK_SEQPACKET);
  if (listen(fd.get(), 8) != 0) {
    throw std::runtime_error("cannot listen on " + path + ": " + strerror(errno));
  }
  return fd;
}

Fd BindDatagramSocket(const std::string& path) { return BindTo(path, SOCK_DGRAM); }

std::pair<Fd, Fd> PacketSocketPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error(std::string("no socket pair: ") + strerror(errno));
  }
  return {Fd(ends[0]), Fd(ends[1])};
}

bool SendPacket(int socket, const void* data, std::size_t size, bool wait,
                const std::vector<int>& fds) {
  iovec part;
  part.iov_base = const_cast<void*>(data);
  part.iov_len = size;
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxFds * sizeof(int))] = {};
  if (!fds.empty() && fds.size() <= kMaxFds) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    memcpy(CMSG_DATA(header), fds.data(), fds.size() * sizeof(int));
  }
  ssize_t sent;
  do {
    sent = sendmsg(socket, &message, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(size);
}

ssize_t ReceivePacket(int socket, void* data, std::size_t capacity, std::vector<Fd>* fds) {
  iovec part;
  part.iov_base = data;
  part.iov_len = capacity;
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxFds * sizeof(int))];
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t received;
  do {
    received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return errno == ECONNRESET ? 0 : -1;
  std::vector<Fd> arrived;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd;
      memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      arrived.emplace_back(fd);
    }
  }
  if (fds != nullptr) *fds = std::move(arrived);
  return (message.msg_flags & MSG_TRUNC) != 0 ? -1 : received;
}

}  // namespace sim
}  // namespace dashvoip
