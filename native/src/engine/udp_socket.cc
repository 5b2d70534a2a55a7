#include "dashvoip/engine/udp_socket.h"

#include <netinet/in.h>
#include <netinet/ip.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "dashvoip/engine/monotonic.h"

namespace dashvoip {
namespace {

bool SetOption(int fd, int level, int name, int value) {
  return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

bool SetSize(int fd, int name, int bytes) {
  return bytes == 0 || SetOption(fd, SOL_SOCKET, name, bytes);
}

/** Moves the kernel's wall-clock stamp onto the monotonic clock; `now_ns` when it gave none. */
std::int64_t ArrivalNs(msghdr* header, std::int64_t wall_offset_ns, std::int64_t now_ns) noexcept {
  for (cmsghdr* item = CMSG_FIRSTHDR(header); item != nullptr; item = CMSG_NXTHDR(header, item)) {
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_TIMESTAMPNS) {
      timespec stamp;
      std::memcpy(&stamp, CMSG_DATA(item), sizeof(stamp));
      return ToNs(stamp) - wall_offset_ns;
    }
  }
  return now_ns;
}

}  // namespace

constexpr std::size_t DatagramBatch::kDatagrams;
constexpr std::size_t DatagramBatch::kBytes;

DatagramBatch::DatagramBatch() {
  std::memset(headers_.data(), 0, sizeof(headers_));
  for (std::size_t i = 0; i < kDatagrams; ++i) {
    bytes_[i].fill(0);
    vectors_[i].iov_base = bytes_[i].data();
    vectors_[i].iov_len = kBytes;
    msghdr& header = headers_[i].msg_hdr;
    header.msg_iov = &vectors_[i];
    header.msg_iovlen = 1;
    header.msg_name = &datagrams_[i].from.storage;
    header.msg_control = control_[i].data();
    datagrams_[i].data = bytes_[i].data();
  }
}

UdpSocket::~UdpSocket() { Close(); }

UdpSocket& UdpSocket::operator=(UdpSocket&& other) noexcept {
  if (this != &other) {
    Close();
    std::swap(fd_, other.fd_);
  }
  return *this;
}

void UdpSocket::Close() noexcept {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

int UdpSocket::Open(const SocketAddress& local, const Options& options) {
  Close();
  fd_ = socket(local.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return errno;
  const bool v6 = local.family() == AF_INET6;
  const int traffic_class = options.dscp << 2;
  const bool ready = (!v6 || SetOption(fd_, IPPROTO_IPV6, IPV6_V6ONLY, 1)) &&
                     (v6 ? SetOption(fd_, IPPROTO_IPV6, IPV6_TCLASS, traffic_class)
                         : SetOption(fd_, IPPROTO_IP, IP_TOS, traffic_class)) &&
                     SetSize(fd_, SO_SNDBUF, options.send_buffer_bytes) &&
                     SetSize(fd_, SO_RCVBUF, options.receive_buffer_bytes) &&
                     SetOption(fd_, SOL_SOCKET, SO_TIMESTAMPNS, 1) &&
                     bind(fd_, local.get(), local.length) == 0;
  if (ready) return 0;
  const int cause = errno;
  Close();
  return cause;
}

std::size_t UdpSocket::Receive(DatagramBatch* batch, std::int64_t earliest_ns,
                               std::int64_t now_ns) noexcept {
  for (std::size_t i = 0; i < DatagramBatch::kDatagrams; ++i) {
    msghdr& header = batch->headers_[i].msg_hdr;
    header.msg_namelen = sizeof(sockaddr_storage);
    header.msg_controllen = batch->control_[i].size();
    header.msg_flags = 0;
  }
  const int count =
      recvmmsg(fd_, batch->headers_.data(), DatagramBatch::kDatagrams, MSG_DONTWAIT, nullptr);
  batch->size_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  if (batch->size_ == 0) return 0;
  const std::int64_t wall_offset_ns = WallClockNs() - MonotonicNs();
  for (std::size_t i = 0; i < batch->size_; ++i) {
    msghdr& header = batch->headers_[i].msg_hdr;
    Datagram& datagram = batch->datagrams_[i];
    datagram.size = batch->headers_[i].msg_len;
    datagram.truncated = (header.msg_flags & MSG_TRUNC) != 0;
    datagram.from.length = header.msg_namelen;
    datagram.arrival_ns =
        std::min(std::max(ArrivalNs(&header, wall_offset_ns, now_ns), earliest_ns), now_ns);
  }
  return batch->size_;
}

bool UdpSocket::Send(const std::uint8_t* data, std::size_t size, const SocketAddress& to) noexcept {
  return sendto(fd_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL, to.get(), to.length) ==
         static_cast<ssize_t>(size);
}

}  // namespace dashvoip
