#ifndef DASHVOIP_TEST_VOICE_SIMULATED_CALL_H_
#define DASHVOIP_TEST_VOICE_SIMULATED_CALL_H_

#include "voice/scenario.h"

namespace dashvoip {
namespace test {

/**
 * One direction of a call on a virtual clock: a voice, a codec, a network and the very receiver of
 * the agent. @param most_seconds where the call is cut off. @throws ScenarioError for a codec that
 * is not built.
 */
CallFigures Simulate(const Scenario& scenario, double most_seconds);

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_VOICE_SIMULATED_CALL_H_
