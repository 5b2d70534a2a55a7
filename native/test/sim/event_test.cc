#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "netfifo_client.h"
#include "simulator_process.h"

namespace dashvoip {
namespace test {
namespace {

/**
 * Lets `frames` come in, stops, and counts what was announced of them. So slowly that a stall of
 * the machine does not fill the 256 descriptors, above which frames are lost.
 */
struct Outcome {
  std::size_t frames, announced;
};

Outcome Collect(const std::vector<std::string>& flags, unsigned int skip, std::size_t frames) {
  TempFolder folder;
  WriteH264(folder.Path("v.h264"), 30, 60);
  std::vector<std::string> all = {
      "--video", folder.Path("v.h264"), "--fps", "60", "--stop-grace", "600000", "--eos", "none"};
  all.insert(all.end(), flags.begin(), flags.end());
  SimulatorProcess simulator(folder, all);
  NetFifoClient client;
  const auto info = WaitForTracks(1);
  AMBA_NETFIFO_CFG_s config = ConfigFor(info.Track[0], client);
  config.EventDataReadySkipNum = skip;
  const auto fifo = AmbaNetFifo_Create(&config);
  REQUIRE(fifo != nullptr);
  REQUIRE(Eventually([&] { return Available(fifo) >= frames; }));
  simulator.Command("stopenc");
  REQUIRE(Eventually([&] { return client.CountEvents(AMBA_NETFIFO_CMD_STOPENC) == 1; }));
  return {Available(fifo), client.CountEvents(AMBA_NETFIFO_EVENT_DATA_READY, fifo)};
}

TEST_CASE("sim item 12: DATA_READY for every frame, or for every n-th one") {
  const Outcome every = Collect({}, 0, 20);
  CHECK(every.announced == every.frames);
  const Outcome fourth = Collect({}, 3, 40);
  CHECK(fourth.announced == fourth.frames / 4);
}

TEST_CASE("sim item 12: events coalesce") {
  const Outcome outcome = Collect({"--event-coalesce", "100"}, 0, 60);
  CHECK(outcome.announced >= 1);
  CHECK(outcome.announced < outcome.frames / 3);
}

TEST_CASE("sim item 12: events are lost while data waits") {
  const Outcome all = Collect({"--event-loss", "1"}, 0, 10);
  CHECK(all.announced == 0);
  const Outcome third = Collect({"--event-loss", "3"}, 0, 30);
  CHECK(third.announced == third.frames - third.frames / 3);
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
