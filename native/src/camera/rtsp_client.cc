#include "dashvoip/camera/rtsp_client.h"

#include <dlfcn.h>

#include <utility>

namespace dashvoip {
namespace {

constexpr const char* kFileName = "dashvoip-rtsp.so";

template <typename Function>
bool Find(void* handle, const char* name, Function* out) {
  *out = reinterpret_cast<Function>(dlsym(handle, name));
  return *out != nullptr;
}

std::string LoadError() {
  const char* const words = dlerror();
  return words != nullptr ? words : "unknown error of the dynamic linker";
}

}  // namespace

struct RtspClient::Functions {
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

  bool FindAll(void* handle) {
    return Find(handle, "dashvoip_rtsp_abi", &abi) &&
           Find(handle, "dashvoip_rtsp_create", &create) &&
           Find(handle, "dashvoip_rtsp_connect", &connect) &&
           Find(handle, "dashvoip_rtsp_track_count", &track_count) &&
           Find(handle, "dashvoip_rtsp_describe", &describe) &&
           Find(handle, "dashvoip_rtsp_play", &play) && Find(handle, "dashvoip_rtsp_read", &read) &&
           Find(handle, "dashvoip_rtsp_disconnect", &disconnect) &&
           Find(handle, "dashvoip_rtsp_listens", &listens) &&
           Find(handle, "dashvoip_rtsp_interrupt", &interrupt) &&
           Find(handle, "dashvoip_rtsp_destroy", &destroy);
  }
};

std::unique_ptr<RtspClient> RtspClient::Create(const std::string& folder, const std::string& url,
                                               std::string* error) {
  const std::string path = folder.empty() ? kFileName : folder + "/" + kFileName;
  // Stays in the process once loaded: some of libavformat's own libraries leak when unloaded.
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    *error = "the camera cannot be read by RTSP: " + LoadError();
    return nullptr;
  }
  const auto functions = std::make_shared<Functions>();
  const bool complete = functions->FindAll(handle);
  if (!complete || functions->abi() != DASHVOIP_RTSP_ABI) {
    *error = path + ": expected interface " + std::to_string(DASHVOIP_RTSP_ABI) + ", found " +
             (complete ? std::to_string(functions->abi()) : std::string("none")) +
             "; install module and agent from the same build";
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
