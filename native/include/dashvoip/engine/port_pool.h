#ifndef DASHVOIP_ENGINE_PORT_POOL_H_
#define DASHVOIP_ENGINE_PORT_POOL_H_

#include <cstdint>
#include <string>

#include "dashvoip/base/random_source.h"
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
 * Binds even/odd pairs out of a range, drawn at random: an attacker cannot guess where a call's
 * media is, and after a restart the far end of an old call does not meet the new one.
 */
class PortPool {
 public:
  /** Inclusive range; it must hold at least one pair. @param random outlives the pool. */
  PortPool(std::uint16_t low, std::uint16_t high, RandomSource* random);

  /** @param error words for everything but `kBound`. */
  PortResult Bind(const SocketAddress& local, const UdpSocket::Options& options, SocketPair* pair,
                  std::string* error);

 private:
  const std::uint16_t first_;
  const std::uint32_t pairs_;
  RandomSource* const random_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_PORT_POOL_H_
