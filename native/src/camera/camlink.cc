#include "dashvoip/camera/camlink.h"

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "dashvoip/camera/camlink_backend.h"

int cl_open(const char* backend, camlink** out) {
  if (out == nullptr || backend == nullptr) return CL_BADARG;
  *out = nullptr;
  if (std::strcmp(backend, "netfifo") != 0) return CL_NOTSUP;
#ifdef DASHVOIP_HAVE_NETFIFO
  std::unique_ptr<camlink> link;
  const int result = dashvoip::OpenNetfifoLink(&link);
  *out = link.release();
  return result;
#else
  return CL_NOTSUP;
#endif
}

int cl_open_rtsp(const char* url, const char* module_dir, char why[CL_WHY_BYTES], camlink** out) {
  if (url == nullptr || module_dir == nullptr || why == nullptr || out == nullptr) return CL_BADARG;
  *out = nullptr;
  std::string words;
#ifdef DASHVOIP_HAVE_RTSP
  std::unique_ptr<camlink> link;
  const int result = dashvoip::OpenRtspLink(url, module_dir, &words, &link);
  *out = link.release();
#else
  const int result = CL_NOTSUP;
  words = "this build has no camera link by RTSP";
#endif
  std::snprintf(why, CL_WHY_BYTES, "%s", words.c_str());
  return result;
}

void cl_close(camlink* link) { const std::unique_ptr<camlink> closed(link); }

int cl_caps(camlink* link, uint32_t* caps) { return link->Caps(caps); }
int cl_wait(camlink* link, int timeout_ms, cl_wake* wake) { return link->Wait(timeout_ms, wake); }
void cl_interrupt(camlink* link) { link->Interrupt(); }
uint32_t cl_pending_ms(camlink* link) { return link->PendingMs(); }
int cl_tracks(camlink* link, cl_track* out, int max) { return link->Tracks(out, max); }
int cl_start(camlink* link, uint32_t track, int from_idr) {
  return link->Start(track, from_idr != 0);
}
int cl_stop(camlink* link, uint32_t track) { return link->Stop(track); }
int cl_read(camlink* link, uint32_t track, void* buffer, uint32_t capacity, cl_frame* out) {
  return link->Read(track, buffer, capacity, out);
}
int cl_stat(camlink* link, cl_stats* out) { return link->Stat(out); }
int cl_keyframe(camlink* link) { return link->KeyFrame(); }
int cl_play_open(camlink* link, cl_track* format) { return link->PlayOpen(format); }
int cl_play_free(camlink* link, uint32_t* bytes) { return link->PlayFree(bytes); }
int cl_play_write(camlink* link, const void* data, uint32_t size, uint64_t pts) {
  return link->PlayWrite(data, size, pts);
}
int cl_play_start(camlink* link) { return link->PlayStart(); }
int cl_play_stop(camlink* link) { return link->PlayStop(); }
int cl_play_close(camlink* link) { return link->PlayClose(); }

const char* cl_strerror(int result) {
  switch (result) {
    case CL_OK:
      return "no error";
    case CL_AGAIN:
      return "nothing to read, or no room to write, now";
    case CL_NOSTREAM:
      return "the encoder does not run or has no such track";
    case CL_TOOSMALL:
      return "a frame was larger than the buffer for it";
    case CL_STALE:
      return "the track belongs to a stream that ended";
    case CL_NOTSUP:
      return "this camera or build cannot do that";
    case CL_BUSY:
      return "the camera's stream has another owner";
    case CL_LINK:
      return "no camera answers";
    case CL_BADARG:
      return "a call that makes no sense in this state";
    default:
      return "unknown error";
  }
}
