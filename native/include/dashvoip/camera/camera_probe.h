#ifndef DASHVOIP_CAMERA_CAMERA_PROBE_H_
#define DASHVOIP_CAMERA_CAMERA_PROBE_H_

#include <cstdint>
#include <memory>

#include "dashvoip/api/probe.h"
#include "dashvoip/api/settings.h"

namespace dashvoip {

/**
 * Finds out about a camera what a program can: connects by NetFIFO, reads its live stream for some
 * seconds, lets one reader stand still until its queue is full, and plays silence to its speaker.
 * A thread of its own does it, because each call may take for ever: the report is there at any
 * time, as far as it has come.
 */
class CameraProbe {
 public:
  /** How long a stream is waited for. */
  static constexpr std::uint32_t kWaitMs = 3000;

  explicit CameraProbe(const CameraProbeSettings& settings, std::uint32_t wait_ms = kWaitMs);
  /** Ends it early. A thread stuck in a call is left behind after a second. */
  ~CameraProbe();
  CameraProbe(const CameraProbe&) = delete;
  CameraProbe& operator=(const CameraProbe&) = delete;

  /** Any thread. */
  CameraReport Report() const;

 private:
  class Worker;
  std::shared_ptr<Worker> worker_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_CAMERA_PROBE_H_
