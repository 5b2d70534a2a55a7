#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "camera/rtsp_server.h"
#include "dashvoip/camera/camera_media.h"
#include "sim/netfifo_client.h"

namespace dashvoip {
namespace {

using test::Eventually;
using test::RtspMaterial;
using test::RtspServer;

constexpr std::size_t kBlock = 160;

class NoListener : public CameraMedia::Listener {
 public:
  void OnCameraState(CameraState) override {}
};

CameraMedia::Settings SettingsFor(std::uint16_t port) {
  CameraMedia::Settings settings;
  settings.backend = "rtsp";
  settings.rtsp_url = "rtsp://127.0.0.1:" + std::to_string(port) + "/live";
  settings.use_microphone = true;
  settings.use_speaker = true;
  settings.use_video = true;
  settings.module_dir = test::kModuleDir;
  return settings;
}

bool Reaches(const CameraMedia& media, CameraState state) {
  return Eventually([&] { return media.Status().state == state; });
}

bool Hears(CameraMedia* media, int blocks) {
  return Eventually([&] {
    std::int16_t out[kBlock];
    const bool loud = media->microphone().Pull(out, kBlock) &&
                      std::any_of(out, out + kBlock, [](std::int16_t s) { return s != 0; });
    blocks -= loud ? 1 : 0;
    return blocks <= 0;
  });
}

/** That many pictures from a key frame on; 0 throws away what is left of an earlier use. */
bool Sees(CameraMedia* media, int pictures) {
  std::vector<std::uint8_t> data;
  data.reserve(1U << 20);
  bool first = pictures > 0;
  return Eventually([&] {
    AccessUnit unit;
    while (media->video().Pop(&unit, &data)) {
      if (first) CHECK(unit.key_frame);
      first = false;
      --pictures;
    }
    return pictures <= 0;
  });
}

TEST_CASE("rtsp media: a server that comes late, dies and comes back") {
  const RtspMaterial& material = RtspMaterial::Get();
  const std::vector<std::string> flags = {"--h264", material.h264, "--aac", material.aac};
  std::uint16_t port = 0;
  {
    const RtspServer server(flags);
    port = server.port();
  }
  NoListener listener;
  CameraMedia media(SettingsFor(port), listener);
  CHECK(Eventually([&] { return media.Status().error.find("rtsp://") != std::string::npos; }));
  CHECK(media.Status().state == CameraState::kAbsent);
  for (std::uint32_t life = 1; life <= 2; ++life) {
    RtspServer server(flags, port);
    REQUIRE(Reaches(media, CameraState::kStreaming));
    ParameterSets sets;
    CHECK(Eventually([&] { return media.VideoParameters(&sets); }));
    CHECK(sets.parameters().width == 64);
    media.microphone().SetActive(true);
    media.WantVideo(true);
    CHECK(Hears(&media, 10));
    CHECK(Sees(&media, 10));
    CHECK(media.Status().generation == life);
    CHECK_FALSE(media.Status().has_speaker);
    server.Kill();
    REQUIRE(Reaches(media, CameraState::kAbsent));
    media.WantVideo(false);
    Sees(&media, 0);
  }
}

TEST_CASE("rtsp media: a copy of a key frame is had between calls and in one") {
  const RtspMaterial& material = RtspMaterial::Get();
  const RtspServer server({"--h264", material.h264, "--aac", material.aac});
  NoListener listener;
  CameraMedia media(SettingsFor(server.port()), listener);
  REQUIRE(Reaches(media, CameraState::kStreaming));
  for (const bool in_call : {false, true}) {
    media.WantVideo(in_call);
    if (in_call) CHECK(Sees(&media, 10));
    std::vector<std::uint8_t> copy;
    REQUIRE(media.key_frames()->Take(std::chrono::seconds(20), &copy) ==
            KeyFrameDesk::Outcome::kTaken);
    ParameterSets sets;
    sets.UpdateFrom(copy.data(), copy.size());
    CHECK(sets.parameters().width == 64);
  }
}

TEST_CASE("rtsp media: without the module there is no camera, with words") {
  NoListener listener;
  CameraMedia::Settings settings = SettingsFor(554);
  settings.module_dir = "/nonexistent";
  CameraMedia media(settings, listener);
  REQUIRE(Reaches(media, CameraState::kNone));
  CHECK(media.Status().error.find("dashvoip-rtsp.so") != std::string::npos);
}

}  // namespace
}  // namespace dashvoip
