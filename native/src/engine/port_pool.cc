#include "dashvoip/engine/port_pool.h"

#include <cerrno>
#include <cstring>

namespace dashvoip {

PortPool::PortPool(std::uint16_t low, std::uint16_t high, RandomSource* random)
    : first_(static_cast<std::uint16_t>(low + low % 2)),
      pairs_((static_cast<std::uint32_t>(high) + 1 - first_) / 2),
      random_(random) {}

PortResult PortPool::Bind(const SocketAddress& local, const UdpSocket::Options& options,
                          SocketPair* pair, std::string* error) {
  const auto drawn = static_cast<std::uint32_t>(random_->Next() % pairs_);
  for (std::uint32_t tried = 0; tried < pairs_; ++tried) {
    const auto port = static_cast<std::uint16_t>(first_ + 2 * ((drawn + tried) % pairs_));
    int cause = pair->rtp.Open(local.WithPort(port), options);
    if (cause == 0) {
      cause = pair->rtcp.Open(local.WithPort(static_cast<std::uint16_t>(port + 1)), options);
    }
    if (cause == 0) {
      pair->rtp_port = port;
      return PortResult::kBound;
    }
    pair->rtp = UdpSocket();
    if (cause != EADDRINUSE) {
      *error = "cannot bind " + local.WithPort(port).ToString() + ": " + std::strerror(cause);
      return PortResult::kFailed;
    }
  }
  *error = "all " + std::to_string(pairs_) + " port pairs from " + std::to_string(first_) +
           " on are in use";
  return PortResult::kExhausted;
}

}  // namespace dashvoip
