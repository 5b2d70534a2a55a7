#ifndef DASHVOIP_ENGINE_SESSION_COUNTERS_H_
#define DASHVOIP_ENGINE_SESSION_COUNTERS_H_

#include <cstdint>

#include "dashvoip/engine/engine_settings.h"
#include "dashvoip/rtp/pacing_statistics.h"

namespace dashvoip {

struct SendCounters {
  std::uint64_t packets;
  std::uint64_t bytes;  ///< of payload
  std::uint64_t errors;
  std::uint32_t ssrc;
};

struct ReceiveCounters {
  std::uint64_t packets;
  std::uint64_t bytes;  ///< of payload
  std::int64_t lost;    ///< RFC 3550 §A.3, cumulative
  std::uint64_t late;
  std::uint64_t duplicates;
  std::uint64_t rejected;  ///< neither RTP nor RTCP of this session
  double jitter_ms;
};

/** What the far end's RTCP says about what we send; -1 while unknown. */
struct FarEndFigures {
  double round_trip_ms;
  double loss_fraction;
};

struct AudioCounters {
  bool present;
  AudioCodec codec;
  Direction direction;
  SendCounters sent;
  ReceiveCounters received;
  double buffer_ms;
  double buffer_target_ms;
  std::uint64_t concealed_frames;
  std::uint64_t played_frames;
  std::uint64_t discarded_frames;
  PacingSnapshot pacing;
  std::uint64_t skipped_slots;
  std::uint64_t microphone_underruns;
  FarEndFigures far_end;
  double mos;  ///< ITU-T G.107, 0 before anything was received
};

struct VideoCounters {
  bool present;
  Direction direction;
  SendCounters sent;
  std::uint64_t frames;
  std::uint64_t key_frames;
  std::uint64_t dropped_frames;
  std::uint64_t key_frame_requests;
  std::uint64_t rejected;
  double first_picture_ms;  ///< -1 before it left
  FarEndFigures far_end;
};

/** All counters of a session, published by the media thread at each slot. */
struct SessionCounters {
  AudioCounters audio;
  VideoCounters video;
  std::int64_t last_received_ns;  ///< CLOCK_MONOTONIC of the last valid packet, 0 for never
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_SESSION_COUNTERS_H_
