#include "voice/scenario.h"

#include <dirent.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "places.h"
#include "voice/simulated_call.h"

namespace dashvoip {
namespace test {
namespace {

const std::string kFolder = DASHVOIP_SCENARIOS;
const std::string kTraces = kFolder + "/traces";
// Of each call, so that sanitizers are done in time: `voice_scenarios` runs them whole.
constexpr double kMostSeconds = 30;

std::vector<std::string> Files() {
  std::vector<std::string> files;
  DIR* folder = opendir(kFolder.c_str());
  REQUIRE(folder != nullptr);
  while (const dirent* entry = readdir(folder)) {
    const std::string name = entry->d_name;
    if (name.size() > 9 && name.substr(name.size() - 9) == ".scenario") files.push_back(name);
  }
  closedir(folder);
  std::sort(files.begin(), files.end());
  return files;
}

std::string ErrorOf(const std::string& text) {
  try {
    ParseScenario("a.scenario", text, kTraces);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "none";
}

TEST_CASE("scenarios: each keeps its limits") {
  const std::vector<std::string> files = Files();
  REQUIRE(files.size() >= 12);
  for (const std::string& file : files) {
    const Scenario scenario = ReadScenario(kFolder + "/" + file, kTraces);
    const std::vector<std::string> broken = scenario.Broken(Simulate(scenario, kMostSeconds));
    for (const std::string& limit : broken) FAIL_CHECK(file, ": ", limit);
  }
}

TEST_CASE("scenario: what is written is what is simulated") {
  const Scenario scenario = ParseScenario("a.scenario",
                                          "says two words # and a comment\n"
                                          "\n"
                                          "call 30 s\n"
                                          "talks 40 % with noise\n"
                                          "loss 10 % in bursts of 4\n"
                                          "shift -20 ms at 12 s\n"
                                          "expect delay <= 1.3 jitter97\n"
                                          "expect concealed <= 1 %\n",
                                          kTraces);
  CHECK(scenario.title == "two words ");
  CHECK(scenario.seconds == 30);
  CHECK(scenario.talks == 0.4);
  CHECK(scenario.noise);
  CHECK(scenario.network.bad_to_good == 0.25);
  CHECK(scenario.network.good_to_bad == doctest::Approx(0.1 / 0.9 / 4));
  REQUIRE(scenario.network.shifts.size() == 1);
  CHECK(scenario.network.shifts[0].by_ms == -20);
  CallFigures figures;
  figures.jitter97_ms = 10;
  figures.delay_ms = 13;
  figures.concealed = 0.01;
  CHECK(scenario.Broken(figures).empty());
  figures.delay_ms = 13.1;
  figures.concealed = 0.011;
  CHECK(scenario.Broken(figures) ==
        std::vector<std::string>{"expect delay <= 1.3 jitter97: found 13.1 ms, bound 13",
                                 "expect concealed <= 1 %: found 1.1 %, bound 1"});
}

TEST_CASE("scenario: what cannot be read is told with its line") {
  CHECK(ErrorOf("says x\ncodecs PCMA\n") ==
        "a.scenario:2: expected says, codec, call, packet, slot, cap, drift, talks, seed, way, "
        "jitter, order, loss, reorder, duplicate, rate, stall, shift or expect, found \"codecs\"");
  CHECK(ErrorOf("packet 20\n") ==
        "a.scenario:1: expected a number and \"ms\", found the end of the line");
  CHECK(ErrorOf("packet 20 s\n") == "a.scenario:1: expected a number and \"ms\", found \"20 s\"");
  CHECK(ErrorOf("packet 2o ms\n") == "a.scenario:1: expected a number and \"ms\", found \"2o\"");
  CHECK(ErrorOf("loss 101 %\n") == "a.scenario:1: expected 0 to 100 %, found 101 %");
  CHECK(ErrorOf("loss 10 % in bursts of 0.5\n") ==
        "a.scenario:1: expected bursts of 1 packet or more, found 0.5");
  CHECK(ErrorOf("order kept please\n") ==
        "a.scenario:1: expected the end of the line, found \"please\"");
  CHECK(ErrorOf("expect silence <= 1 %\n") ==
        "a.scenario:1: expected one of concealed, delay, discarded, late, mos, recovery, restarts, "
        "stretched, found \"silence\"");
  CHECK(ErrorOf("says x\n") ==
        "a.scenario:1: expected at least one line \"expect ...\", found none in the file");
  CHECK(ErrorOf("expect mos >= 4\n") ==
        "a.scenario:1: expected a line \"says WHAT IT SHOWS\", found none in the file");
  CHECK_THROWS_AS(Simulate(ParseScenario("a", "says x\ncodec TAPE\nexpect mos >= 1\n", ""), 1),
                  ScenarioError);
}

}  // namespace
}  // namespace test
}  // namespace dashvoip
