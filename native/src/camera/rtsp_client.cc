#include "dashvoip/camera/rtsp_client.h"

#include <utility>

#include "dashvoip/base/shared_module.h"

namespace dashvoip {

struct RtspClient::Functions {
  explicit Functions(const std::string& folder) : module(folder, "dashvoip-rtsp.so") {}

  SharedModule module;
  decltype(&dashvoip_rtsp_abi) abi;
  decltype(&dashvoip_rtsp_create) create;
  decltype(&dashvoip_rtsp_connect) connect;
  decltype(&dashvoip_rtsp_track_count) track_count;
  decltype(&dashvoip_rtsp_describe) describe;
  decltype(&dashvoip_rtsp_play) play;
  decltype(&dashvoip_rtsp_read) read;
  decltype(&dashvoip_rtsp_disconnect) disconnect;
  decltype(&dashvoip_rtsp_listens) listens;
  decltype(&dashvoip_rtsp_interrupt) interrupt;
  decltype(&dashvoip_rtsp_destroy) destroy;

  bool FindAll() {
    return module.Find("dashvoip_rtsp_abi", &abi) && module.Find("dashvoip_rtsp_create", &create) &&
           module.Find("dashvoip_rtsp_connect", &connect) &&
           module.Find("dashvoip_rtsp_track_count", &track_count) &&
           module.Find("dashvoip_rtsp_describe", &describe) &&
           module.Find("dashvoip_rtsp_play", &play) && module.Find("dashvoip_rtsp_read", &read) &&
           module.Find("dashvoip_rtsp_disconnect", &disconnect) &&
           module.Find("dashvoip_rtsp_listens", &listens) &&
           module.Find("dashvoip_rtsp_interrupt", &interrupt) &&
           module.Find("dashvoip_rtsp_destroy", &destroy);
  }
};

std::unique_ptr<RtspClient> RtspClient::Create(const std::string& folder, const std::string& url,
                                               std::string* error) {
  const auto functions = std::make_shared<Functions>(folder);
  const SharedModule& module = functions->module;
  if (!module.is_loaded()) {
    *error = "the camera cannot be read by RTSP: " + module.error();
    return nullptr;
  }
  const bool complete = functions->FindAll();
  const int abi = complete ? functions->abi() : 0;
  if (abi != DASHVOIP_RTSP_ABI) {
    *error = module.WrongInterface(DASHVOIP_RTSP_ABI, complete ? &abi : nullptr);
    return nullptr;
  }
  dashvoip_rtsp* const client = functions->create(url.c_str());
  if (client == nullptr) {
    *error = "the camera cannot be read by RTSP: this libavformat was built without it";
    return nullptr;
  }
  return std::unique_ptr<RtspClient>(new RtspClient(functions, client));
}

RtspClient::RtspClient(std::shared_ptr<const Functions> functions, dashvoip_rtsp* client)
    : functions_(std::move(functions)), client_(client) {}

RtspClient::~RtspClient() { functions_->destroy(client_); }

int RtspClient::Connect(int timeout_ms) { return functions_->connect(client_, timeout_ms); }
int RtspClient::Play(int timeout_ms) { return functions_->play(client_, timeout_ms); }
int RtspClient::Read(int timeout_ms, dashvoip_rtsp_packet* out) {
  return functions_->read(client_, timeout_ms, out);
}

std::vector<dashvoip_rtsp_track> RtspClient::Tracks() const {
  std::vector<dashvoip_rtsp_track> tracks(functions_->track_count(client_));
  for (std::uint32_t i = 0; i < tracks.size(); ++i) functions_->describe(client_, i, &tracks[i]);
  return tracks;
}

void RtspClient::Disconnect() { functions_->disconnect(client_); }
bool RtspClient::ServerListens(int timeout_ms) {
  return functions_->listens(client_, timeout_ms) == DASHVOIP_RTSP_OK;
}
void RtspClient::Interrupt() { functions_->interrupt(client_); }

}  // namespace dashvoip
