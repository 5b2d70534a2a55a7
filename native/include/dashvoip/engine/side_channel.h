#ifndef DASHVOIP_ENGINE_SIDE_CHANNEL_H_
#define DASHVOIP_ENGINE_SIDE_CHANNEL_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "dashvoip/api/values.h"
#include "dashvoip/base/spsc_ring.h"
#include "dashvoip/base/transport_address.h"
#include "dashvoip/base/wake_fd.h"

namespace dashvoip {

/** What shares a port with media: STUN, TURN, ZRTP. */
struct SideDatagram {
  /** Longer than any of theirs that is not fragmented on a link of IPv6. */
  static constexpr std::size_t kMaxBytes = 1280;

  MediaComponent component;
  TransportAddress peer;  ///< who sent it, or whom it is for
  std::uint16_t size;
  std::array<std::uint8_t, kMaxBytes> bytes;
};

/** By its first byte it is STUN, ZRTP or TURN's ChannelData (RFC 7983 §7). */
inline bool IsBesideMedia(const std::uint8_t* data, std::size_t size) noexcept {
  if (size == 0) return false;
  return data[0] < 4 || (data[0] >= 16 && data[0] < 20) || (data[0] >= 64 && data[0] < 80);
}

/**
 * What passes beside the media of a session, between its sockets and the control plane. An ordinary
 * thread makes it and outlives the session by it; there is room for 32 each way, more are dropped
 * and counted.
 */
class SideChannel {
 public:
  /** @param wake of who takes what was heard. */
  explicit SideChannel(WakeFd* wake) : wake_(wake), heard_(kWaiting), to_send_(kWaiting) {}

  // The media thread.

  void Hear(const SideDatagram& datagram) noexcept {
    if (!heard_.Push(datagram)) dropped_.fetch_add(1, std::memory_order_relaxed);
    wake_->Signal();
  }
  bool NextToSend(SideDatagram* out) noexcept { return to_send_.Pop(out); }

  // One ordinary thread at a time.

  /** @return false when there is no room. */
  bool Send(const SideDatagram& datagram) noexcept { return to_send_.Push(datagram); }
  bool NextHeard(SideDatagram* out) noexcept { return heard_.Pop(out); }
  /** How many found no room since the last call. */
  std::uint64_t TakeDropped() noexcept { return dropped_.exchange(0, std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kWaiting = 32;

  WakeFd* const wake_;
  SpscRing<SideDatagram> heard_;
  SpscRing<SideDatagram> to_send_;
  std::atomic<std::uint64_t> dropped_{0};
};

/** Where media of one socket go to, and come from alone. */
struct MediaAim {
  TransportAddress to;        ///< port 0: where the description says
  std::uint16_t channel = 0;  ///< not 0: to a TURN server, as ChannelData (RFC 8656 §12.4)
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_SIDE_CHANNEL_H_
