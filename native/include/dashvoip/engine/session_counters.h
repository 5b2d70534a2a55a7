#ifndef DASHVOIP_ENGINE_SESSION_COUNTERS_H_
#define DASHVOIP_ENGINE_SESSION_COUNTERS_H_

#include <cstdint>

#include "dashvoip/api/snapshots.h"

namespace dashvoip {

/** What was concealed of what should have been heard, 0..1. */
struct VoiceLoss {
  double call;    ///< of the whole call
  double recent;  ///< of its last ten seconds
};

/** What the media thread publishes of a session at each slot. */
struct SessionCounters {
  SessionSnapshot snapshot;           ///< but for what devices and the time of asking add
  Optional<VoiceLoss> loss;           ///< absent before anything was received
  std::int64_t last_received_ns = 0;  ///< CLOCK_MONOTONIC of the last valid packet, 0 for never
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_SESSION_COUNTERS_H_
