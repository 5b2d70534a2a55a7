#ifndef DASHVOIP_ENGINE_SESSION_COUNTERS_H_
#define DASHVOIP_ENGINE_SESSION_COUNTERS_H_

#include <cstdint>

#include "dashvoip/engine/engine_settings.h"
#include "dashvoip/rtp/pacing_statistics.h"
#include "dashvoip/rtp/transport_address.h"

namespace dashvoip {

struct SendCounters {
  std::uint64_t packets;
  std::uint64_t bytes;  ///< of payload
  std::uint64_t errors;
  std::uint64_t unreachable;  ///< ICMP: nobody is where it was sent
  std::uint32_t ssrc;
};

/** Where a stream's far end is, and who else claimed to be it. */
struct SourceCounters {
  TransportAddress address;  ///< where RTP is sent
  bool reachable;            ///< there is such an address
  bool signalled;            ///< it is the one of the session description
  bool heard;                ///< the far end was heard from there
  std::uint64_t moves;       ///< times that it was found elsewhere than before
  std::uint64_t refused;     ///< packets that came from elsewhere and were not heard
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
  SourceCounters source;
  ReceiveCounters received;
  double buffer_ms;
  double buffer_target_ms;
  std::uint64_t concealed_frames;
  std::uint64_t noise_frames;  ///< comfort noise, RFC 3389
  std::uint64_t dropped_keys;  ///< found their queue full, either way
  std::uint64_t played_frames;
  std::uint64_t discarded_frames;
  PacingSnapshot pacing;
  std::uint64_t skipped_slots;
  std::uint64_t microphone_underruns;
  FarEndFigures far_end;
  double concealed_part;  ///< of what should have been heard, -1 before anything was received
  double delay_ms;        ///< mouth to ear as far as known; the engine adds the devices
  double mos;             ///< ITU-T G.107, 0 before anything was received; the engine's
};

struct VideoCounters {
  bool present;
  Direction direction;
  SendCounters sent;
  SourceCounters source;
  std::uint64_t frames;
  std::uint64_t key_frames;
  std::uint64_t dropped_frames;
  std::uint64_t oversize_frames;  ///< sent in fragments although mode 0 was agreed
  std::uint64_t limited_frames;   ///< left out for the far end's limit
  double bitrate;                 ///< bit/s that we send, RTP headers included
  std::uint32_t max_bitrate;      ///< the far end's limit, 0 for none
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
