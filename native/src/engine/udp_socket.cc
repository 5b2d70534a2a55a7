#include "dashvoip/engine/udp_socket.h"

#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/transport_address.h"

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

constexpr int kMaxErrors = 64;

/** RFC 792 and RFC 4443 §3.1: destination unreachable, whatever the code but "too big". */
bool IsUnreachable(const sock_extended_err& error) noexcept {
  if (error.ee_origin == SO_EE_ORIGIN_ICMP) {
    return error.ee_type == ICMP_DEST_UNREACH && error.ee_code != ICMP_FRAG_NEEDED;
  }
  return error.ee_origin == SO_EE_ORIGIN_ICMP6 && error.ee_type == ICMP6_DST_UNREACH;
}

bool SaysUnreachable(msghdr* header) noexcept {
  for (cmsghdr* item = CMSG_FIRSTHDR(header); item != nullptr; item = CMSG_NXTHDR(header, item)) {
    const bool is_error = (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_RECVERR) ||
                          (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_RECVERR);
    if (!is_error) continue;
    sock_extended_err error;
    std::memcpy(&error, CMSG_DATA(item), sizeof(error));
    return IsUnreachable(error);
  }
  return false;
}

/** What an ICMP error leaves on a socket makes one call fail that had nothing to do with it. */
bool IsSoft(int cause) noexcept {
  return cause == ECONNREFUSED || cause == EHOSTUNREACH || cause == ENETUNREACH ||
         cause == EHOSTDOWN || cause == EPROTO || cause == EOPNOTSUPP || cause == EACCES;
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
    std::swap(family_, other.family_);
    std::swap(has_errors_, other.has_errors_);
    std::swap(filtering_, other.filtering_);
    std::swap(has_drops_, other.has_drops_);
    std::swap(drops_, other.drops_);
    std::swap(filtered_, other.filtered_);
  }
  return *this;
}

void UdpSocket::Close() noexcept {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
  has_errors_ = false;
  filtering_ = false;
}

int UdpSocket::Open(const SocketAddress& local, const Options& options) {
  Close();
  fd_ = socket(local.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return errno;
  family_ = local.family();
  const bool v6 = local.family() == AF_INET6;
  const int traffic_class = options.dscp << 2;
  const bool ready = (!v6 || SetOption(fd_, IPPROTO_IPV6, IPV6_V6ONLY, 1)) &&
                     (v6 ? SetOption(fd_, IPPROTO_IPV6, IPV6_TCLASS, traffic_class)
                         : SetOption(fd_, IPPROTO_IP, IP_TOS, traffic_class)) &&
                     SetSize(fd_, SO_SNDBUF, options.send_buffer_bytes) &&
                     SetSize(fd_, SO_RCVBUF, options.receive_buffer_bytes) &&
                     SetOption(fd_, SOL_SOCKET, SO_TIMESTAMPNS, 1) &&
                     SetOption(fd_, SOL_SOCKET, SO_RXQ_OVFL, 1) &&
                     (v6 ? SetOption(fd_, IPPROTO_IPV6, IPV6_RECVERR, 1)
                         : SetOption(fd_, IPPROTO_IP, IP_RECVERR, 1)) &&
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
  int count = 0;
  for (int tries = 0; tries < 2; ++tries) {
    count = recvmmsg(fd_, batch->headers_.data(), DatagramBatch::kDatagrams, MSG_DONTWAIT, nullptr);
    if (count >= 0 || !IsSoft(errno)) break;
    has_errors_ = true;
  }
  batch->size_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  if (batch->size_ == 0) return 0;
  const std::int64_t wall_offset_ns = WallClockNs() - MonotonicNs();
  for (std::size_t i = 0; i < batch->size_; ++i) {
    msghdr& header = batch->headers_[i].msg_hdr;
    Datagram& datagram = batch->datagrams_[i];
    datagram.size = batch->headers_[i].msg_len;
    datagram.truncated = (header.msg_flags & MSG_TRUNC) != 0;
    datagram.from.length = header.msg_namelen;
    if (filtering_) NoteDrops(&header);
    datagram.arrival_ns =
        std::min(std::max(ArrivalNs(&header, wall_offset_ns, now_ns), earliest_ns), now_ns);
  }
  return batch->size_;
}

bool UdpSocket::Admit(const SourceFilter& sources) noexcept {
  SourceFilter::Program program(sources, family_);
  const sock_fprog code = program.get();
  if (setsockopt(fd_, SOL_SOCKET, SO_ATTACH_FILTER, &code, sizeof(code)) != 0) return false;
  if (!filtering_) has_drops_ = false;
  filtering_ = true;
  return true;
}

void UdpSocket::AdmitAll() noexcept {
  if (!filtering_) return;
  filtering_ = false;
  SetOption(fd_, SOL_SOCKET, SO_DETACH_FILTER, 0);
}

/** The kernel counts on; what it dropped before the filter was set was room, not the filter. */
void UdpSocket::NoteDrops(msghdr* header) noexcept {
  std::uint32_t drops = 0;
  for (cmsghdr* item = CMSG_FIRSTHDR(header); item != nullptr; item = CMSG_NXTHDR(header, item)) {
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SO_RXQ_OVFL) {
      std::memcpy(&drops, CMSG_DATA(item), sizeof(drops));
    }
  }
  if (has_drops_) filtered_ += drops - drops_;
  has_drops_ = true;
  drops_ = drops;
}

bool UdpSocket::Send(const std::uint8_t* data, std::size_t size, const SocketAddress& to) noexcept {
  for (int tries = 0; tries < 2; ++tries) {
    const ssize_t sent = sendto(fd_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL, to.get(), to.length);
    if (sent >= 0) return sent == static_cast<ssize_t>(size);
    if (!IsSoft(errno)) return false;
    has_errors_ = true;
  }
  return false;
}

std::size_t UdpSocket::TakeUnreachable(const SocketAddress& to) noexcept {
  if (!has_errors_) return 0;
  has_errors_ = false;
  TransportAddress wanted;
  wanted.FromSockaddr(to.storage);
  std::size_t unreachable = 0;
  for (int i = 0; i < kMaxErrors; ++i) {
    sockaddr_storage destination = {};
    std::array<std::uint8_t, 256> control;
    msghdr header = {};
    header.msg_name = &destination;
    header.msg_namelen = sizeof(destination);
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    if (recvmsg(fd_, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) break;
    TransportAddress sent_to;
    // An error about somebody else is forged, or of a far end that we left.
    if (sent_to.FromSockaddr(destination) && sent_to == wanted && SaysUnreachable(&header)) {
      ++unreachable;
    }
  }
  return unreachable;
}

}  // namespace dashvoip
