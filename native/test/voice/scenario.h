#ifndef DASHVOIP_TEST_VOICE_SCENARIO_H_
#define DASHVOIP_TEST_VOICE_SCENARIO_H_

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "voice/network.h"

namespace dashvoip {
namespace test {

/** What a call over a network gave, from its tenth second on; times in ms. */
struct CallFigures {
  double concealed = 0;  ///< share of what was to be heard
  double late = 0;       ///< share of the packets
  double stretched = 0;  ///< share of what was heard that was made longer or shorter
  double discarded = 0;  ///< share of what came that was thrown away to come back to the aim
  /** What the buffer adds: how long sound waits beyond the fastest packet; mean. */
  double delay_ms = 0;
  double jitter97_ms = 0;  ///< 97 % of the packets come no later behind the fastest
  /** Longest time behind a stall until the delay is within a slot of what it was before. */
  double recovery_ms = 0;
  double mos = 0;
  double restarts = 0;
};

/** What a scenario demands of one figure. */
struct Limit {
  std::string figure;  ///< as it is written
  bool at_most = true;
  double value = 0;
  bool of_jitter = false;  ///< `value` is a multiple of the jitter's 97th percentile
  std::string text;        ///< the line
};

/** A call over a network, and what is demanded of it: docs/quality.md has the language. */
struct Scenario {
  std::string name;
  std::string title;
  std::string codec = "PCMA";
  double seconds = 60;
  double packet_ms = 20;
  double slot_ms = 20;
  double cap_ms = 200;
  double drift_ppm = 0;
  double talks = 1;    ///< share of the time that is spoken; in pauses nothing is sent
  bool noise = false;  ///< comfort noise in them (RFC 3389)
  std::uint64_t seed = 1;
  NetworkForm network;
  std::vector<Limit> limits;

  /** @return the lines of limits that are not kept, each with what was found. */
  std::vector<std::string> Broken(const CallFigures& figures) const;
};

/** The scenario cannot be read: file, line, what was expected and what was found. */
class ScenarioError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/**
 * @param name of the file, for errors; @param traces folder of the traces it may name.
 * @throws ScenarioError
 */
Scenario ParseScenario(const std::string& name, const std::string& text, const std::string& traces);
Scenario ReadScenario(const std::string& path, const std::string& traces);

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_VOICE_SCENARIO_H_
