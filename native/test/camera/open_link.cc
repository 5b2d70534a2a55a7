#include "open_link.h"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>

#include "dashvoip/base/monotonic.h"

namespace dashvoip {
namespace test {
namespace {
constexpr int kPatienceMs = 30000;
constexpr std::uint32_t kCapacity = 1U << 20;
}  // namespace

OpenLink::OpenLink() {
  const int result = cl_open("netfifo", &link_);
  INFO(cl_strerror(result));
  REQUIRE(result == CL_OK);
}

OpenLink::~OpenLink() { Close(); }

void OpenLink::Close() {
  cl_close(link_);
  link_ = nullptr;
}

bool OpenLink::WaitFor(cl_event event) { return WaitFor(event, kPatienceMs); }

bool OpenLink::WaitFor(cl_event event, int timeout_ms) {
  const std::int64_t until_ns = MonotonicNs() + timeout_ms * kNsPerMs;
  cl_wake wake = {};
  while (MonotonicNs() < until_ns) {
    REQUIRE(cl_wait(link_, 20, &wake) == CL_OK);
    if (wake.ev == event) return true;
  }
  return false;
}

cl_track OpenLink::TrackOf(cl_kind kind) {
  std::array<cl_track, CL_MAX_TRACKS> tracks;
  if (cl_tracks(link_, tracks.data(), CL_MAX_TRACKS) == 0) REQUIRE(WaitFor(CL_EV_UP));
  const int count = cl_tracks(link_, tracks.data(), CL_MAX_TRACKS);
  for (int i = 0; i < count; ++i) {
    if (tracks[static_cast<std::size_t>(i)].kind == static_cast<std::uint32_t>(kind)) {
      return tracks[static_cast<std::size_t>(i)];
    }
  }
  throw std::runtime_error("the stream has no such track");
}

cl_track OpenLink::Started(cl_kind kind, int from_idr) {
  const cl_track track = TrackOf(kind);
  REQUIRE(cl_start(link_, track.id, from_idr) == CL_OK);
  return track;
}

OpenLink::Frame OpenLink::ReadNext(std::uint32_t track) {
  Frame frame;
  frame.bytes.resize(kCapacity);
  const std::int64_t until_ns = MonotonicNs() + kPatienceMs * kNsPerMs;
  while (MonotonicNs() < until_ns) {
    const int result = cl_read(link_, track, frame.bytes.data(), kCapacity, &frame.info);
    if (result == CL_OK) {
      frame.bytes.resize(frame.info.size);
      return frame;
    }
    if (result != CL_AGAIN) throw std::runtime_error(cl_strerror(result));
    cl_wake wake = {};
    cl_wait(link_, 1000, &wake);
    if (wake.ev == CL_EV_DOWN || wake.ev == CL_EV_LINK) {
      throw std::runtime_error("the stream ended");
    }
  }
  throw std::runtime_error("no frame comes");
}

cl_stats OpenLink::Stats() const {
  cl_stats stats = {};
  cl_stat(link_, &stats);
  return stats;
}

}  // namespace test
}  // namespace dashvoip
