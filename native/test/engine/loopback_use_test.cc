#include "dashvoip/engine/loopback_use.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "sim/simulator_process.h"

namespace dashvoip {
namespace {

TEST_CASE("loopback use: the other end of the cable, by its number or its name") {
  CHECK(LoopbackUse("hw:Loopback,1,1").status_file() == "/proc/asound/Loopback/pcm0c/sub1/status");
  CHECK(LoopbackUse("plughw:2,0,7").status_file() == "/proc/asound/card2/pcm1c/sub7/status");
}

TEST_CASE("loopback use: what is no end of a cable counts as used") {
  for (const char* device : {"", "default", "hw:0", "hw:Loopback,1", "hw:Loopback,2,1",
                             "hw:../x,1,1", "hw:Loopback,1,x", "dmix:Loopback,1,1"}) {
    INFO(device);
    const LoopbackUse use(device);
    CHECK(use.status_file().empty());
    CHECK(use.Recording());
  }
}

TEST_CASE("loopback use: recording as long as the kernel says so") {
  const test::TempFolder folder;
  const std::string file = folder.Path("Loopback/pcm0c/sub1/status");
  const LoopbackUse use("hw:Loopback,1,1", folder.Path(""));
  CHECK_FALSE(use.Recording());  // no card yet
  for (const char* path : {"Loopback", "Loopback/pcm0c", "Loopback/pcm0c/sub1"}) {
    REQUIRE(mkdir(folder.Path(path).c_str(), 0700) == 0);
  }
  CHECK(use.Recording());  // the kernel does not tell
  std::ofstream(file) << "closed\n";
  CHECK_FALSE(use.Recording());
  std::ofstream(file) << "state: RUNNING\nowner_pid   : 77\n";
  CHECK(use.Recording());
  std::remove(file.c_str());
  for (const char* path : {"Loopback/pcm0c/sub1", "Loopback/pcm0c", "Loopback"}) {
    std::remove(folder.Path(path).c_str());
  }
}

}  // namespace
}  // namespace dashvoip
