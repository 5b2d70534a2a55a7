#ifndef DASHVOIP_CAMERA_CAMLINK_BACKEND_H_
#define DASHVOIP_CAMERA_CAMLINK_BACKEND_H_

#include <cstdint>
#include <memory>
#include <string>

#include "dashvoip/camera/camlink.h"

/** What carries the calls of camlink.h; each function there is one here. */
struct camlink {
  virtual ~camlink() = default;
  virtual int Caps(std::uint32_t* caps) = 0;
  virtual int Wait(int timeout_ms, cl_wake* wake) = 0;
  virtual void Interrupt() = 0;
  /** Backends whose calls end by themselves have nothing to tell. */
  virtual std::uint32_t PendingMs() { return 0; }
  virtual int Tracks(cl_track* out, int max) = 0;
  virtual int Start(std::uint32_t track, bool from_idr) = 0;
  virtual int Stop(std::uint32_t track) = 0;
  virtual int Read(std::uint32_t track, void* buffer, std::uint32_t capacity, cl_frame* out) = 0;
  virtual int Stat(cl_stats* out) = 0;
  virtual int KeyFrame() = 0;
  virtual int PlayOpen(cl_track* format) = 0;
  virtual int PlayFree(std::uint32_t* bytes) = 0;
  virtual int PlayWrite(const void* data, std::uint32_t size, std::uint64_t pts) = 0;
  virtual int PlayStart() = 0;
  virtual int PlayStop() = 0;
  virtual int PlayClose() = 0;
};

namespace dashvoip {

/** Connects by libnetfifo. @return a cl_result; `out` is set with CL_OK only. */
int OpenNetfifoLink(std::unique_ptr<camlink>* out);
/** Connects by RTSP; see cl_open_rtsp(). */
int OpenRtspLink(const std::string& url, const std::string& module_dir, std::string* why,
                 std::unique_ptr<camlink>* out);

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_CAMLINK_BACKEND_H_
