#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>

#include "camera/open_link.h"
#include "dashvoip/camera/camera_media.h"
#include "sim/netfifo_client.h"

namespace dashvoip {
namespace {

using test::OpenLink;
using test::SimulatorProcess;
using test::TempFolder;

/** Runs `body` in a process of its own and waits for its end. @return its exit code. */
int InChild(const std::function<void()>& body) {
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    body();
    _exit(99);  // the body was to end the process
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

camlink* ReadOneFrame() {
  static camlink* link = nullptr;  // static: nothing that is reachable counts as leaked
  if (cl_open("netfifo", &link) != CL_OK) _exit(10);
  cl_wake wake = {};
  while (wake.ev != CL_EV_UP) cl_wait(link, 1000, &wake);
  if (cl_start(link, 0, 1) != CL_OK) _exit(11);
  static std::uint8_t buffer[1U << 16];
  cl_frame frame = {};
  while (cl_read(link, 0, buffer, sizeof(buffer), &frame) != CL_OK) cl_wait(link, 1000, &wake);
  return link;
}

/**
 * A camera that was told START refuses to begin another stream until it hears END: whether a mode
 * switch succeeds tells whether END came.
 */
bool CameraIsFree(SimulatorProcess* sim, int patience_ms) {
  OpenLink link;
  REQUIRE(link.WaitFor(CL_EV_UP));
  sim->Command("switchenc");
  REQUIRE(link.WaitFor(CL_EV_DOWN));
  return link.WaitFor(CL_EV_UP, patience_ms);
}

struct Quiet : CameraMedia::Listener {
  void OnCameraState(CameraState) override {}
};

void RunWith(const std::function<void()>& body, bool expect_free) {
  const TempFolder folder;
  test::WriteH264(folder.Path("v.h264"), 30, 500);
  SimulatorProcess sim(
      folder, {"--video", folder.Path("v.h264"), "--rpc-latency", "0-100", "--restart-gap", "20"});
  CHECK(InChild(body) == 0);
  CHECK(CameraIsFree(&sim, expect_free ? 30000 : 1000) == expect_free);
}

TEST_CASE("camlink exit: a process that dies without a word leaves the camera busy") {
  // The check of the checks below.
  RunWith(
      [] {
        ReadOneFrame();
        _exit(0);
      },
      false);
}

TEST_CASE("camlink exit: END after the last track was stopped") {
  RunWith(
      [] {
        cl_stop(ReadOneFrame(), 0);
        _exit(0);
      },
      true);
}

TEST_CASE("camlink exit: END when the link is closed") {
  RunWith(
      [] {
        cl_close(ReadOneFrame());
        _exit(0);
      },
      true);
}

TEST_CASE("camlink exit: END when the process exits in the middle of reading") {
  RunWith(
      [] {
        ReadOneFrame();
        std::exit(0);
      },
      true);
}

TEST_CASE("camlink exit: END when the process exits around the camera thread") {
  RunWith(
      [] {
        // Nobody destroys either: the thread tells the listener to the last.
        static Quiet* quiet = nullptr;
        static CameraMedia* media = nullptr;
        CameraMedia::Settings settings;
        settings.use_video = true;
        quiet = new Quiet;
        media = new CameraMedia(settings, *quiet);
        media->WantVideo(true);
        while (media->video().size() == 0) usleep(1000);
        std::exit(0);
      },
      true);
}

TEST_CASE("camlink exit: END when the camera thread is ended") {
  RunWith(
      [] {
        {
          Quiet quiet;
          CameraMedia::Settings settings;
          settings.use_video = true;
          CameraMedia media(settings, quiet);
          media.WantVideo(true);
          while (media.video().size() == 0) usleep(1000);
        }
        _exit(0);
      },
      true);
}

TEST_CASE("camlink exit: a used link that is stopped lets the camera switch at once") {
  const TempFolder folder;
  test::WriteH264(folder.Path("v.h264"), 30, 500);
  SimulatorProcess sim(
      folder, {"--video", folder.Path("v.h264"), "--rpc-latency", "0-100", "--restart-gap", "20"});
  OpenLink link;
  const cl_track video = link.Started(CL_VIDEO, 1);
  link.ReadNext(video.id);
  // In the middle of reading: DOWN makes the link tell the camera, which then goes on.
  sim.Command("switchenc");
  REQUIRE(link.WaitFor(CL_EV_DOWN));
  CHECK(link.WaitFor(CL_EV_UP));
}

}  // namespace
}  // namespace dashvoip
