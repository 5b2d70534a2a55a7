#ifndef DASHVOIP_ENGINE_SESSION_SETTINGS_H_
#define DASHVOIP_ENGINE_SESSION_SETTINGS_H_

#include <bitset>
#include <cstddef>
#include <type_traits>

#include "dashvoip/api/settings.h"
#include "dashvoip/base/transport_address.h"

/** What the settings of a session mean to its streams. */
namespace dashvoip {

static_assert(std::is_trivially_copyable<SessionSettings>::value,
              "settings cross a ring to the media thread, which frees nothing");

inline bool Sends(Direction direction) noexcept {
  return direction == Direction::kSendRecv || direction == Direction::kSendOnly;
}

inline bool Receives(Direction direction) noexcept {
  return direction == Direction::kSendRecv || direction == Direction::kRecvOnly;
}

inline TransportAddress RtpAddressOf(const RemoteEndpoint& remote) noexcept {
  return remote.address.WithPort(remote.rtp_port);
}

/** RTP's own where they share it (RFC 5761). */
inline TransportAddress RtcpAddressOf(const RemoteEndpoint& remote) noexcept {
  if (remote.rtcp_mux.Or(false)) return RtpAddressOf(remote);
  return remote.rtcp_address.Or(remote.address).WithPort(remote.rtcp_port);
}

/** Of RTP, 0..127. */
constexpr std::size_t kPayloadTypes = 128;
using PayloadTypes = std::bitset<kPayloadTypes>;

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_SESSION_SETTINGS_H_
