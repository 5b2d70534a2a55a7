#ifndef DASHVOIP_CAMERA_RTSP_CLIENT_H_
#define DASHVOIP_CAMERA_RTSP_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "dashvoip/camera/rtsp_module.h"

namespace dashvoip {

/** A client of one RTSP server, which lives in dashvoip-rtsp.so; see rtsp_module.h. */
class RtspClient {
 public:
  /**
   * Loads the module, which stays in the process.
   * @param folder where dashvoip-rtsp.so lies; empty searches as dlopen does.
   * @param error gets words when null is returned.
   */
  static std::unique_ptr<RtspClient> Create(const std::string& folder, const std::string& url,
                                            std::string* error);
  ~RtspClient();
  RtspClient(const RtspClient&) = delete;
  RtspClient& operator=(const RtspClient&) = delete;

  /** @return enum dashvoip_rtsp_result, as the next two. */
  int Connect(int timeout_ms);
  int Play(int timeout_ms);
  int Read(int timeout_ms, dashvoip_rtsp_packet* out);
  /** Of the present connection; their `setup` is valid as long as that is. */
  std::vector<dashvoip_rtsp_track> Tracks() const;
  void Disconnect();
  bool ServerListens(int timeout_ms);
  /** Any thread: all calls end at once from now on. */
  void Interrupt();

 private:
  struct Functions;
  RtspClient(std::shared_ptr<const Functions> functions, dashvoip_rtsp* client);

  const std::shared_ptr<const Functions> functions_;
  dashvoip_rtsp* const client_;  // owned, freed by the module's own function
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_RTSP_CLIENT_H_
