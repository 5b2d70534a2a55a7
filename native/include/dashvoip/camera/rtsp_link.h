#ifndef DASHVOIP_CAMERA_RTSP_LINK_H_
#define DASHVOIP_CAMERA_RTSP_LINK_H_

#include <cstdint>
#include <memory>

#include "dashvoip/camera/camlink_backend.h"
#include "dashvoip/camera/rtsp_client.h"
#include "dashvoip/camera/rtsp_exchange.h"
#include "dashvoip/camera/rtsp_receiver.h"

namespace dashvoip {

/**
 * camlink over RTSP, for cameras whose own RTSP server keeps NetFIFO for itself. It brings sound
 * and pictures; a speaker, key frames on request and rate control it has not.
 */
class RtspLink : public camlink {
 public:
  /** @param connected as in RtspReceiver. */
  RtspLink(std::unique_ptr<RtspClient> client, bool connected);

  int Caps(std::uint32_t* caps) override;
  int Wait(int timeout_ms, cl_wake* wake) override { return exchange_.Wait(timeout_ms, wake); }
  void Interrupt() override { exchange_.Interrupt(); }
  int Tracks(cl_track* out, int max) override { return exchange_.Tracks(out, max); }
  int Start(std::uint32_t track, bool from_idr) override {
    return exchange_.Start(track, from_idr);
  }
  int Stop(std::uint32_t track) override { return exchange_.Stop(track); }
  int Read(std::uint32_t track, void* buffer, std::uint32_t capacity, cl_frame* out) override {
    return exchange_.Read(track, buffer, capacity, out);
  }
  int Stat(cl_stats* out) override;
  int KeyFrame() override { return CL_NOTSUP; }
  int PlayOpen(cl_track*) override { return CL_NOTSUP; }
  int PlayFree(std::uint32_t*) override { return CL_NOTSUP; }
  int PlayWrite(const void*, std::uint32_t, std::uint64_t) override { return CL_NOTSUP; }
  int PlayStart() override { return CL_NOTSUP; }
  int PlayStop() override { return CL_NOTSUP; }
  int PlayClose() override { return CL_NOTSUP; }

 private:
  RtspExchange exchange_;
  RtspReceiver receiver_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_RTSP_LINK_H_
