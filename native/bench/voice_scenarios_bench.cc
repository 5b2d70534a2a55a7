// Runs scenarios whole, hours of calls in seconds, and prints what each gave.
//   voice_scenarios_bench FOLDER_OF_TRACES FILE.scenario...
#include <chrono>
#include <cstdio>
#include <exception>

#include "voice/simulated_call.h"

namespace {

void Print(const char* name, const dashvoip::test::CallFigures& f, double seconds) {
  std::printf("%-24s %7.2f %6.2f %7.2f %7.2f %7.1f %8.1f %9.0f %5.2f %5.2f\n", name,
              100 * f.concealed, 100 * f.late, 100 * f.stretched, 100 * f.discarded, f.delay_ms,
              f.jitter97_ms, f.recovery_ms, f.mos, seconds);
}

}  // namespace

int main(int count, char** arguments) {
  using namespace dashvoip::test;
  if (count < 3) {
    std::fprintf(stderr, "usage: %s FOLDER_OF_TRACES FILE.scenario...\n", arguments[0]);
    return 2;
  }
  std::printf("%-24s %7s %6s %7s %7s %7s %8s %9s %5s %5s\n", "scenario", "conc. %", "late %",
              "str. %", "disc. %", "delay", "jitter97", "recovery", "MOS", "s");
  int broken = 0;
  try {
    for (int i = 2; i < count; ++i) {
      const Scenario scenario = ReadScenario(arguments[i], arguments[1]);
      const auto begin = std::chrono::steady_clock::now();
      const CallFigures figures = Simulate(scenario, scenario.seconds);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
      Print(scenario.name.c_str(), figures, took.count());
      for (const std::string& limit : scenario.Broken(figures)) {
        std::printf("    %s\n", limit.c_str());
        ++broken;
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
  return broken > 0 ? 1 : 0;
}
