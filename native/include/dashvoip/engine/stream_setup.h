#ifndef DASHVOIP_ENGINE_STREAM_SETUP_H_
#define DASHVOIP_ENGINE_STREAM_SETUP_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace dashvoip {

/** What the streams of a session are built with. */
struct StreamSetup {
  std::string cname;
  int family = 0;                ///< AF_INET or AF_INET6
  std::int64_t unix_offset = 0;  ///< CLOCK_REALTIME - CLOCK_MONOTONIC at the engine's start, ns
  std::uint32_t jitter_buffer_max_ms = 0;
  std::uint32_t bus_rate_hz = 8000;
  std::size_t max_video_payload = 0;
  bool tone_digits = false;  ///< keys are looked for in the far end's sound, too
  std::uint64_t seed = 0;    ///< of SSRCs, first numbers and RTCP intervals; unpredictable
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_STREAM_SETUP_H_
