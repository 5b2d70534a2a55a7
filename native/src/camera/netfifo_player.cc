#include "dashvoip/camera/netfifo_player.h"

#include <algorithm>
#include <vector>

namespace dashvoip {

int NetfifoPlayer::Open(cl_track* format) {
  if (is_open()) return CL_BADARG;
  std::vector<netfifo::Track> tracks;
  if (!session_.Rpc([&tracks] { return netfifo::StreamInTracks(&tracks); })) return CL_LINK;
  const auto audio = std::find_if(tracks.begin(), tracks.end(), [](const netfifo::Track& track) {
    return track.info.kind == CL_AUDIO;
  });
  if (audio == tracks.end()) return CL_NOTSUP;
  track_ = *audio;
  const bool created = session_.Rpc(
      [this] { return netfifo::CreateWriter(track_, session_.event_handle(), &fifo_); });
  if (!created) {
    fifo_ = netfifo::Fifo{};
    return CL_NOTSUP;
  }
  // The camera keeps what an earlier client left there.
  session_.Rpc([this] { return netfifo::EraseAll(fifo_); });
  prepared_ = false;
  *format = track_.info;
  return CL_OK;
}

bool NetfifoPlayer::Prepare() {
  prepared_ = session_.Rpc([this] { return netfifo::PrepareWrite(fifo_, &at_, &free_); });
  return prepared_;
}

int NetfifoPlayer::Free(std::uint32_t* bytes) {
  if (!is_open()) return CL_BADARG;
  if (!Prepare()) return CL_STALE;
  *bytes = free_;
  return CL_OK;
}

int NetfifoPlayer::Write(const void* data, std::uint32_t size, std::uint64_t pts) {
  if (!is_open() || size == 0) return CL_BADARG;
  if ((!prepared_ || free_ < size) && !Prepare()) return CL_STALE;
  if (free_ < size) return CL_AGAIN;
  if (!netfifo::Holds(track_.ring, at_, size)) return CL_STALE;
  netfifo::CopyIn(track_.ring, at_, data, size);
  prepared_ = false;
  return session_.Rpc([&] { return netfifo::Write(fifo_, at_, size, pts); }) ? CL_OK : CL_STALE;
}

int NetfifoPlayer::Start() {
  if (!is_open() || playing_) return CL_BADARG;
  session_.BeginUse();
  playing_ = true;
  return session_.Rpc([] { return netfifo::StreamInStart(); }) ? CL_OK : CL_STALE;
}

int NetfifoPlayer::Stop() {
  if (!is_open()) return CL_BADARG;
  if (playing_) session_.Rpc([] { return netfifo::StreamInStop(); });
  session_.Rpc([this] { return netfifo::EraseAll(fifo_); });
  prepared_ = false;
  if (playing_) session_.EndUse(AMBA_NETFIFO_STATUS_END);
  playing_ = false;
  return CL_OK;
}

int NetfifoPlayer::Close() {
  if (!is_open()) return CL_OK;
  Stop();
  session_.Rpc([this] { return netfifo::Delete(fifo_); });
  fifo_ = netfifo::Fifo{};
  return CL_OK;
}

}  // namespace dashvoip
