#include "dashvoip/camera/rtsp_link.h"

#include <utility>

namespace dashvoip {

int OpenRtspLink(const std::string& url, const std::string& module_dir, std::string* why,
                 std::unique_ptr<camlink>* out) {
  std::unique_ptr<RtspClient> client = RtspClient::Create(module_dir, url, why);
  if (!client) return CL_NOTSUP;
  const int result = client->Connect(RtspReceiver::kAnswerMs);
  if (result != DASHVOIP_RTSP_OK && result != DASHVOIP_RTSP_NO_STREAM) {
    *why = "no RTSP server answers at " + url + "; is the vendor's own switched on?";
    return CL_LINK;
  }
  out->reset(new RtspLink(std::move(client), result == DASHVOIP_RTSP_OK));
  return CL_OK;
}

RtspLink::RtspLink(std::unique_ptr<RtspClient> client, bool connected)
    : receiver_(std::move(client), connected, exchange_) {}

int RtspLink::Caps(std::uint32_t* caps) {
  *caps = 0;
  return CL_OK;
}

int RtspLink::Stat(cl_stats* out) {
  *out = exchange_.Stats();
  return CL_OK;
}

}  // namespace dashvoip
