#ifndef DASHVOIP_TEST_CAMERA_FAKE_LINK_H_
#define DASHVOIP_TEST_CAMERA_FAKE_LINK_H_

#include <functional>

#include "dashvoip/camera/camlink_backend.h"

namespace dashvoip {
namespace test {

/** A link whose every answer is good, until a test says otherwise. */
struct FakeLink : camlink {
  int Caps(std::uint32_t* caps) override {
    *caps = 0;
    return CL_OK;
  }
  int Wait(int, cl_wake* wake) override {
    if (on_wait) on_wait();
    wake->ev = CL_EV_LINK;
    return CL_OK;
  }
  void Interrupt() override {}
  int Tracks(cl_track*, int) override { return 0; }
  int Start(std::uint32_t, bool) override { return CL_OK; }
  int Stop(std::uint32_t) override { return CL_OK; }
  int Read(std::uint32_t, void*, std::uint32_t, cl_frame*) override { return CL_AGAIN; }
  int Stat(cl_stats* out) override {
    *out = cl_stats{};
    return CL_OK;
  }
  int KeyFrame() override { return CL_NOTSUP; }
  int PlayOpen(cl_track* out) override {
    *out = format;
    return CL_OK;
  }
  int PlayFree(std::uint32_t* bytes) override {
    *bytes = 1U << 20;
    return CL_OK;
  }
  int PlayWrite(const void*, std::uint32_t, std::uint64_t) override { return CL_OK; }
  int PlayStart() override { return CL_OK; }
  int PlayStop() override { return CL_OK; }
  int PlayClose() override { return CL_OK; }

  std::function<void()> on_wait;
  cl_track format{};
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_CAMERA_FAKE_LINK_H_
