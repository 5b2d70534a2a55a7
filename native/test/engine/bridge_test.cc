#include "dashvoip/engine/bridge.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "audio/devices.h"
#include "places.h"
#include "sim/netfifo_client.h"
#include "sim/simulator_process.h"
#include "sim/synthetic_media.h"

namespace dashvoip {
namespace {

using test::Card;
using test::Eventually;
using test::File;
using test::SimulatorProcess;
using test::TempFolder;

/** A camera that speaks a ramp, and files in place of the sound card. */
struct Rig {
  Rig() {
    test::WriteH264(folder.Path("v.h264"), 30, 700);
    test::WriteWavRamp(folder.Path("a.wav"), 48000, 2);
    test::WriteWavRamp(folder.Path("played.wav"), 48000, 1);
    setenv("H22_SIM_SOCKET", folder.Path("rtos.sock").c_str(), 1);
  }
  void StartCamera() {
    sim.reset(new SimulatorProcess(
        folder, {"--video", folder.Path("v.h264"), "--audio", folder.Path("a.wav"), "--rpc-latency",
                 "0-100", "--stream-in", "pcm", "--speaker-out", folder.Path("speaker.wav")}));
  }
  void StartBridge(DeviceSettings capture) {
    BridgeSettings settings;
    settings.camera_link = CameraLink::kNetfifo;
    settings.capture = capture;
    settings.playback = File(folder.Path("recorded.wav"));
    std::string error;
    bridge = Bridge::Start(settings, DASHVOIP_BUILD_DIR "/lib", &error);
    REQUIRE(bridge);
  }
  DeviceSettings PlayedFile() const { return File(folder.Path("played.wav")); }

  TempFolder folder;
  std::unique_ptr<SimulatorProcess> sim;
  std::unique_ptr<Bridge> bridge;  // before the simulator goes, this goes
};

/** Longest part in which each sample is the ramp's next; doubled ones and gaps end it. */
std::size_t LongestRamp(const test::Wav& wav) {
  std::size_t best = 0;
  std::size_t run = 0;
  for (std::size_t i = wav.channels; i < wav.samples.size(); i += wav.channels) {
    const int before = wav.samples[i - wav.channels];
    run = before > 0 && wav.samples[i] == before % 30000 + 1 ? run + 1 : 0;
    best = std::max(best, run);
  }
  return best;
}

TEST_CASE("bridge: sound both ways, bit by bit") {
  Rig rig;
  rig.StartCamera();
  rig.StartBridge(rig.PlayedFile());
  REQUIRE(Eventually([&] {
    const BridgeSnapshot status = rig.bridge->Status();
    return status.recording && status.playing && status.camera.has_audio &&
           status.camera.has_speaker && status.microphone_peak > 1000 && status.speaker_peak > 1000;
  }));
  sleep(2);
  rig.bridge->Stop();
  const BridgeSnapshot status = rig.bridge->Status();
  CHECK_FALSE(status.playing);
  CHECK(status.camera.frames_read > 0);
  rig.bridge->Stop();
  rig.bridge.reset();
  rig.sim->Stop();
  // The camera's rate is the bridge's: no sample is touched.
  CHECK(LongestRamp(test::ReadWavStrictly(rig.folder.Path("recorded.wav"))) > 10000);
  CHECK(LongestRamp(test::ReadWavStrictly(rig.folder.Path("speaker.wav"))) > 10000);
}

TEST_CASE("bridge: silence leaves the camera's speaker alone") {
  Rig rig;
  rig.StartCamera();
  rig.StartBridge(DeviceSettings());
  REQUIRE(Eventually([&] { return rig.bridge->Status().camera.has_speaker; }));
  usleep(300000);
  CHECK_FALSE(rig.bridge->Status().playing);
  CHECK(rig.bridge->Status().camera_speaker.overruns == 0);
}

TEST_CASE("bridge: a camera that comes later is waited for") {
  Rig rig;
  rig.StartBridge(rig.PlayedFile());
  CHECK(rig.bridge->Status().camera.state == CameraState::kAbsent);
  CHECK_FALSE(rig.bridge->Status().camera.error.empty());
  rig.StartCamera();
  CHECK(Eventually([&] { return rig.bridge->Status().microphone_peak > 1000; }));
}

#ifndef DASHVOIP_HAVE_ALSA
TEST_CASE("bridge: a build without alsa says so") {
  BridgeSettings settings;
  settings.capture = Card("hw:Loopback,1,0");
  std::string error;
  CHECK_FALSE(Bridge::Start(settings, "", &error));
  CHECK(error.find("alsa") != std::string::npos);
}
#else
TEST_CASE("bridge: without a sound card the status tells, and nothing else happens") {
  BridgeSettings settings;
  settings.camera_link = CameraLink::kNone;
  settings.capture = Card("hw:NoSuchCard,1,0");
  settings.playback = Card("hw:NoSuchCard,1,1");
  std::string error;
  const std::unique_ptr<Bridge> bridge = Bridge::Start(settings, "", &error);
  REQUIRE(bridge);
  CHECK(Eventually([&] {
    const BridgeSnapshot status = bridge->Status();
    return status.capture.error.find("NoSuchCard") != std::string::npos &&
           status.playback.error.find("NoSuchCard") != std::string::npos;
  }));
  CHECK_FALSE(bridge->Status().capture.open);
}
#endif

}  // namespace
}  // namespace dashvoip
