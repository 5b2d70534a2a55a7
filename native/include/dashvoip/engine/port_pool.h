#ifndef DASHVOIP_ENGINE_PORT_POOL_H_
#define DASHVOIP_ENGINE_PORT_POOL_H_

#include <cstdint>
#include <string>

#include "dashvoip/engine/socket_address.h"
#include "dashvoip/engine/udp_socket.h"

namespace dashvoip {

/** The two sockets of one RTP session: RTP on an even port, RTCP on the next (RFC 3550 §11). */
struct SocketPair {
  UdpSocket rtp;
  UdpSocket rtcp;
  std::uint16_t rtp_port = 0;
};

enum class PortResult {
  kBound,
  kExhausted,  ///< every pair of the range is in use
  kFailed      ///< the address cannot be bound at all
};

/**
 * Binds even/odd pairs out of a range. It goes on where it stopped, so that a late packet of a call
 * that ended does not meet the next one.
 */
class PortPool {
 public:
  /** Inclusive range; it must hold at least one pair. */
  PortPool(std::uint16_t low, std::uint16_t high);

  /** @param error words for everything but `kBound`. */
  PortResult Bind(const SocketAddress& local, const UdpSocket::Options& options, SocketPair* pair,
                  std::string* error);

 private:
  const std::uint16_t first_;
  const std::uint32_t pairs_;
  std::uint32_t next_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_PORT_POOL_H_
