#ifndef DASHVOIP_CAMERA_NETFIFO_LINK_H_
#define DASHVOIP_CAMERA_NETFIFO_LINK_H_

#include <cstdint>
#include <vector>

#include "dashvoip/base/time_units.h"
#include "dashvoip/camera/camlink_backend.h"
#include "dashvoip/camera/netfifo_player.h"
#include "dashvoip/camera/netfifo_reader.h"
#include "dashvoip/camera/netfifo_session.h"

namespace dashvoip {

/** camlink over libnetfifo: follows the encoder's stream up and down and owns its readers. */
class NetfifoLink : public camlink {
 public:
  /** @param session open; closed by the destructor. */
  explicit NetfifoLink(NetfifoSession& session);
  ~NetfifoLink() override;

  int Caps(std::uint32_t* caps) override;
  int Wait(int timeout_ms, cl_wake* wake) override;
  void Interrupt() override { session_.Interrupt(); }
  std::uint32_t PendingMs() override {
    return static_cast<std::uint32_t>(session_.PendingNs() / kNsPerMs);
  }
  int Tracks(cl_track* out, int max) override;
  int Start(std::uint32_t track, bool from_idr) override;
  int Stop(std::uint32_t track) override;
  int Read(std::uint32_t track, void* buffer, std::uint32_t capacity, cl_frame* out) override;
  int Stat(cl_stats* out) override;
  int KeyFrame() override { return CL_NOTSUP; }
  int PlayOpen(cl_track* format) override { return player_.Open(format); }
  int PlayFree(std::uint32_t* bytes) override { return player_.Free(bytes); }
  int PlayWrite(const void* data, std::uint32_t size, std::uint64_t pts) override {
    return player_.Write(data, size, pts);
  }
  int PlayStart() override { return player_.Start(); }
  int PlayStop() override { return player_.Stop(); }
  int PlayClose() override { return player_.Close(); }

 private:
  bool NextEvent(std::int64_t now_ns, cl_wake* wake);
  bool OnCommand(unsigned command, std::int64_t now_ns, cl_wake* wake);
  bool LookAtTracks(std::int64_t now_ns, cl_wake* wake);
  bool OnTable(const std::vector<netfifo::Track>& table, std::int64_t now_ns, cl_wake* wake);
  bool NextEos(cl_wake* wake);
  bool NextData(std::int64_t now_ns, cl_wake* wake);
  void TakeUp(const std::vector<netfifo::Track>& table);
  bool TakeDown(unsigned status, std::int64_t now_ns, cl_wake* wake);
  bool SameStream(const std::vector<netfifo::Track>& table) const;
  std::int64_t NextLook() const;
  NetfifoReader* Reader(std::uint32_t track);
  int Missing() const { return generation_ > 0 ? CL_STALE : CL_NOSTREAM; }

  NetfifoSession& session_;
  NetfifoPlayer player_;
  std::vector<netfifo::Track> table_;   // as it was last told
  std::vector<NetfifoReader> readers_;  // one per track; empty while no stream is up
  cl_stats stats_{};
  std::uint32_t generation_ = 0;
  bool lost_ = false;
  bool interrupted_ = false;
  std::uint32_t data_ = 0;  // bits of tracks with DATA_READY not yet told
  std::uint32_t eos_ = 0;
  std::int64_t table_look_ns_ = 0;  // when to look at the track table again
  std::int64_t table_backoff_ns_;
  int failed_looks_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_NETFIFO_LINK_H_
