#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "camera/open_link.h"
#include "camera/rtsp_server.h"

namespace dashvoip {
namespace {

using test::Bytes;
using test::kModuleDir;
using test::OpenLink;
using test::RtspMaterial;
using test::RtspServer;

struct Opened {
  int result;
  std::string why;
  camlink* link = nullptr;
};

Opened Open(const std::string& url, const char* module_dir = kModuleDir) {
  char why[CL_WHY_BYTES] = "unset";
  Opened opened;
  opened.result = cl_open_rtsp(url.c_str(), module_dir, why, &opened.link);
  opened.why = why;
  return opened;
}

camlink* OpenSurely(const std::string& url) {
  const Opened opened = Open(url);
  INFO(opened.why);
  REQUIRE(opened.result == CL_OK);
  return opened.link;
}

std::vector<std::string> Film() { return {"--h264", RtspMaterial::Get().h264}; }

std::vector<std::string> FilmAndVoice() {
  return {"--h264", RtspMaterial::Get().h264, "--aac", RtspMaterial::Get().aac};
}

/** A TCP port where nobody ever answers. */
class DeafListener {
 public:
  DeafListener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(fd_, generic, size) == 0);
    REQUIRE(getsockname(fd_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~DeafListener() { close(fd_); }
  DeafListener(const DeafListener&) = delete;
  DeafListener& operator=(const DeafListener&) = delete;
  void Listen() { REQUIRE(listen(fd_, 8) == 0); }
  std::string url() const { return "rtsp://127.0.0.1:" + std::to_string(port_) + "/live"; }

 private:
  int fd_;
  int port_ = 0;
};

TEST_CASE("rtsp link: tracks come from the session description") {
  RtspServer server(FilmAndVoice());
  OpenLink link(OpenSurely(server.url()));
  const cl_track video = link.TrackOf(CL_VIDEO);
  CHECK(video.gen == 1);
  CHECK(video.codec == CL_H264);
  CHECK(video.timescale == 90000);
  CHECK(video.width == 64);
  CHECK(video.height == 48);
  const cl_track audio = link.TrackOf(CL_AUDIO);
  CHECK(audio.codec == CL_AAC_RAW);
  CHECK(audio.timescale == 48000);
  CHECK(audio.sample_rate == 48000);
  CHECK(audio.channels == 2);
  CHECK(audio.ticks_per_frame == 1024);
}

TEST_CASE("rtsp link: pictures begin with a key frame, which brings its parameter sets") {
  for (const char* sets : {"inband", "sdp"}) {
    CAPTURE(sets);
    RtspServer server({"--h264", RtspMaterial::Get().h264, "--sets", sets});
    OpenLink link(OpenSurely(server.url()));
    const cl_track video = link.Started(CL_VIDEO, 1);
    int key_frames = 0;
    std::uint64_t last_pts = 0;
    for (int i = 0; i < 35; ++i) {
      const OpenLink::Frame frame = link.ReadNext(video.id);
      if (i == 0) CHECK(frame.info.type == CL_F_IDR);
      CHECK(frame.info.gen == 1);
      CHECK(frame.info.lost == 0);
      CHECK(frame.info.complete == 1);
      if (i > 0) CHECK(frame.info.pts > last_pts);
      last_pts = frame.info.pts;
      const test::NalList nals = test::ListNals(frame.bytes, false);
      CHECK(nals.types.front() == 9);
      const auto count = [&nals](int type) {
        return std::count(nals.types.begin(), nals.types.end(), type);
      };
      const bool key_frame = frame.info.type == CL_F_IDR;
      key_frames += key_frame ? 1 : 0;
      CHECK(count(7) == (key_frame ? 1 : 0));
      CHECK(count(8) == (key_frame ? 1 : 0));
      CHECK(count(key_frame ? 5 : 1) == 1);
    }
    CHECK(key_frames == 3);
    CHECK(link.Stats().frames == 35);
    CHECK(link.Stats().seq_gaps == 0);
  }
}

TEST_CASE("rtsp link: AAC comes as the raw access units that the server was given") {
  RtspServer server(FilmAndVoice());
  const std::vector<Bytes> units = test::AdtsUnits(RtspMaterial::Get().aac);
  OpenLink link(OpenSurely(server.url()));
  const cl_track audio = link.Started(CL_AUDIO, 0);
  const Bytes first = link.ReadNext(audio.id).bytes;
  auto expected = std::find(units.begin(), units.end(), first);
  REQUIRE(expected != units.end());
  for (int i = 0; i < 50; ++i) {
    if (++expected == units.end()) expected = units.begin();
    const OpenLink::Frame frame = link.ReadNext(audio.id);
    CHECK(frame.info.type == CL_F_AUDIO);
    CHECK(frame.bytes == *expected);
  }
}

TEST_CASE("rtsp link: linear sound and G.711 come as 16-bit little-endian samples") {
  const RtspMaterial& material = RtspMaterial::Get();
  struct Case {
    const char* flag;
    std::string path;
    std::uint32_t rate, channels;
  };
  for (const Case& c :
       {Case{"--l16", material.l16, 48000, 2}, Case{"--pcma", material.pcma, 8000, 1}}) {
    CAPTURE(c.flag);
    RtspServer server({c.flag, c.path});
    OpenLink link(OpenSurely(server.url()));
    const cl_track audio = link.TrackOf(CL_AUDIO);
    CHECK(audio.codec == CL_PCM_S16LE);
    CHECK(audio.bits == 16);
    CHECK(audio.sample_rate == c.rate);
    CHECK(audio.channels == c.channels);
    REQUIRE(cl_start(link.get(), audio.id, 0) == CL_OK);
    // A tone of 440 Hz, an eighth of full scale: its height and how often it crosses zero.
    int peak = 0, crossings = 0, samples = 0;
    int last = 0;
    while (samples < static_cast<int>(c.rate) / 2) {
      const Bytes bytes = link.ReadNext(audio.id).bytes;
      for (std::size_t i = 0; i + 1 < bytes.size(); i += 2 * c.channels, ++samples) {
        const int sample = static_cast<std::int16_t>(bytes[i] | bytes[i + 1] << 8);
        peak = std::max(peak, std::abs(sample));
        if (last < 0 && sample >= 0) ++crossings;
        last = sample;
      }
    }
    CHECK(peak > 2500);
    CHECK(peak < 5000);
    CHECK(crossings == doctest::Approx(220).epsilon(0.05));
    CHECK(link.Stats().seq_gaps == 0);
  }
}

TEST_CASE("rtsp link: what it cannot do it says") {
  RtspServer server(Film());
  OpenLink link(OpenSurely(server.url()));
  const cl_track video = link.TrackOf(CL_VIDEO);
  std::uint32_t caps = 99;
  CHECK(cl_caps(link.get(), &caps) == CL_OK);
  CHECK(caps == 0);
  cl_track format;
  CHECK(cl_play_open(link.get(), &format) == CL_NOTSUP);
  CHECK(cl_keyframe(link.get()) == CL_NOTSUP);
  std::uint8_t byte;
  cl_frame frame;
  CHECK(cl_read(link.get(), video.id, &byte, 1, &frame) == CL_BADARG);
  CHECK(cl_start(link.get(), video.id + 1, 0) == CL_STALE);
  camlink* none = nullptr;
  CHECK(cl_open("rtsp", &none) == CL_NOTSUP);
}

TEST_CASE("rtsp link: reading may stop and begin again") {
  RtspServer server(FilmAndVoice());
  OpenLink link(OpenSurely(server.url()));
  const cl_track video = link.TrackOf(CL_VIDEO);
  const cl_track audio = link.TrackOf(CL_AUDIO);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(cl_start(link.get(), video.id, 1) == CL_OK);
    CHECK(link.ReadNext(video.id).info.type == CL_F_IDR);
    REQUIRE(cl_start(link.get(), audio.id, 0) == CL_OK);
    link.ReadNext(audio.id);
    CHECK(cl_stop(link.get(), video.id) == CL_OK);
    CHECK(cl_stop(link.get(), audio.id) == CL_OK);
  }
  // Long enough that the connection is given back; the stream stays the same.
  CHECK_FALSE(link.WaitFor(CL_EV_DOWN, 3000));
  REQUIRE(cl_start(link.get(), video.id, 1) == CL_OK);
  const OpenLink::Frame frame = link.ReadNext(video.id);
  CHECK(frame.info.type == CL_F_IDR);
  CHECK(frame.info.gen == 1);
}

TEST_CASE("rtsp link: no server is CL_LINK with words, and a server that comes later is found") {
  std::uint16_t port = 0;
  {
    RtspServer server(Film());
    port = server.port();
  }
  const std::string url = "rtsp://127.0.0.1:" + std::to_string(port) + "/live";
  const Opened refused = Open(url);
  CHECK(refused.result == CL_LINK);
  CHECK(refused.link == nullptr);
  CHECK(refused.why.find(url) != std::string::npos);
  RtspServer server(Film(), port);
  OpenLink link(OpenSurely(url));
  CHECK(link.TrackOf(CL_VIDEO).gen == 1);
}

TEST_CASE("rtsp link: without the module it is CL_NOTSUP with words") {
  const Opened opened = Open("rtsp://127.0.0.1/live", "/nonexistent");
  CHECK(opened.result == CL_NOTSUP);
  CHECK(opened.why.find("dashvoip-rtsp.so") != std::string::npos);
}

TEST_CASE("rtsp link: a server that takes the connection and says nothing is no server") {
  DeafListener deaf;
  deaf.Listen();
  CHECK(Open(deaf.url()).result == CL_LINK);
}

TEST_CASE("rtsp link: a server without the stream is waited for") {
  RtspServer server(Film());
  server.Command("unmount");
  OpenLink link(OpenSurely(server.url()));
  CHECK_FALSE(link.WaitFor(CL_EV_UP, 500));
  CHECK(cl_tracks(link.get(), nullptr, 0) == 0);
  CHECK(cl_start(link.get(), 0, 0) == CL_NOSTREAM);
  server.Command("mount");
  REQUIRE(link.WaitFor(CL_EV_UP));
  CHECK(link.TrackOf(CL_VIDEO).codec == CL_H264);
}

TEST_CASE("rtsp link: a stream that ends in the middle of reading comes back as a new one") {
  RtspServer server(Film());
  OpenLink link(OpenSurely(server.url()));
  for (std::uint32_t generation = 1; generation <= 3; ++generation) {
    const cl_track video = link.TrackOf(CL_VIDEO);
    CHECK(video.gen == generation);
    REQUIRE(cl_start(link.get(), video.id, 1) == CL_OK);
    CHECK(link.ReadNext(video.id).info.type == CL_F_IDR);
    server.Command("hangup");
    REQUIRE(link.WaitFor(CL_EV_DOWN));
    std::uint8_t byte;
    cl_frame frame;
    CHECK(cl_read(link.get(), video.id, &byte, 1, &frame) == CL_STALE);
    CHECK(cl_stop(link.get(), video.id) == CL_STALE);
  }
}

TEST_CASE("rtsp link: a server that is killed is CL_EV_LINK, in use or not") {
  for (const bool in_use : {true, false}) {
    CAPTURE(in_use);
    RtspServer server(Film());
    OpenLink link(OpenSurely(server.url()));
    const cl_track video = link.TrackOf(CL_VIDEO);
    if (in_use) {
      REQUIRE(cl_start(link.get(), video.id, 1) == CL_OK);
      link.ReadNext(video.id);
    }
    server.Kill();
    REQUIRE(link.WaitFor(CL_EV_DOWN));
    CHECK(link.WaitFor(CL_EV_LINK));
    CHECK(cl_tracks(link.get(), nullptr, 0) == CL_LINK);
    CHECK(link.Stats().rpc_errors > 0);
  }
}

TEST_CASE("rtsp link: a wait ends early when somebody asks for it") {
  RtspServer server(Film());
  OpenLink link(OpenSurely(server.url()));
  REQUIRE(link.WaitFor(CL_EV_UP));
  std::thread other([&link] { cl_interrupt(link.get()); });
  cl_wake wake = {};
  // Nothing is started: without the interruption this would not return.
  CHECK(cl_wait(link.get(), -1, &wake) == CL_OK);
  CHECK(wake.ev == CL_EV_NONE);
  other.join();
}

TEST_CASE("rtsp link: a frozen server holds up neither reading nor closing") {
  RtspServer server(Film());
  OpenLink link(OpenSurely(server.url()));
  const cl_track video = link.Started(CL_VIDEO, 1);
  link.ReadNext(video.id);
  server.Signal(SIGSTOP);
  while (true) {
    static std::uint8_t buffer[1 << 16];
    cl_frame frame;
    cl_wake wake = {};
    if (cl_read(link.get(), video.id, buffer, sizeof(buffer), &frame) == CL_OK) continue;
    cl_wait(link.get(), 300, &wake);
    if (wake.ev == CL_EV_NONE) break;
  }
  link.Close();
  CHECK(link.get() == nullptr);
}

}  // namespace
}  // namespace dashvoip
