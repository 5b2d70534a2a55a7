#ifndef DASHVOIP_CAMERA_NETFIFO_PLAYER_H_
#define DASHVOIP_CAMERA_NETFIFO_PLAYER_H_

#include <cstdint>

#include "dashvoip/camera/netfifo_session.h"
#include "dashvoip/camera/netfifo_vendor.h"

namespace dashvoip {

/** Stream-in: writes sound into the camera's decoder. The cl_play_* calls of camlink.h. */
class NetfifoPlayer {
 public:
  explicit NetfifoPlayer(NetfifoSession& session) : session_(session) {}

  bool is_open() const noexcept { return fifo_ != netfifo::Fifo{}; }
  int Open(cl_track* format);
  int Free(std::uint32_t* bytes);
  int Write(const void* data, std::uint32_t size, std::uint64_t pts);
  int Start();
  int Stop();
  int Close();

 private:
  bool Prepare();

  NetfifoSession& session_;
  netfifo::Track track_{};
  netfifo::Fifo fifo_{};
  bool playing_ = false;
  // The write point stays until the next write, and the room there only grows: one look serves
  // both cl_play_free() and the cl_play_write() after it.
  bool prepared_ = false;
  std::uint8_t* at_ = nullptr;
  std::uint32_t free_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_NETFIFO_PLAYER_H_
