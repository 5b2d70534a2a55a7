#ifndef DASHVOIP_VIDEO_H264_PACKETIZER_H_
#define DASHVOIP_VIDEO_H264_PACKETIZER_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/video/annexb.h"
#include "dashvoip/video/packet_ring.h"
#include "dashvoip/video/parameter_sets.h"

namespace dashvoip {

struct H264PacketizerSettings {
  std::uint32_t ssrc = 0;
  std::uint8_t payload_type = 96;
  /** RFC 6184 §6.2: 0 single NAL unit mode, 1 non-interleaved mode. */
  int packetization_mode = 1;
  /** Largest RTP payload, bytes; at least 64. */
  std::size_t max_payload = 1200;
  std::uint16_t first_sequence_number = 0;
};

struct H264PacketizerSnapshot {
  std::uint64_t pictures = 0;
  std::uint64_t key_pictures = 0;
  std::uint64_t packets = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t dropped_pictures = 0;     ///< no room, or behind a dropped one till the next IDR
  std::uint64_t oversize_pictures = 0;    ///< sent in fragments although mode 0 knows none
  std::uint64_t malformed_nal_units = 0;  ///< forbidden_zero_bit is set
  std::uint64_t repeated_parameter_sets = 0;
};

/**
 * Access unit in, RTP packets out: RFC 6184 packetization modes 0 and 1. NAL units are passed
 * through untouched, except that access unit delimiters, filler, end of sequence and stream, and
 * types 0 and 13..31 that mean nothing to a receiver (the camera's private 26 among them) stay out.
 * Every IDR picture is preceded by SPS and PPS, from the access unit itself or from what was
 * cached.
 */
class H264Packetizer {
 public:
  enum class Result {
    kSent,     ///< packets are committed to the ring
    kDropped,  ///< the ring has no room, or a reference is missing: counted; wait for an IDR
    kEmpty,    ///< nothing in it for a receiver
  };

  /** @param ring outlives the packetizer. */
  H264Packetizer(const H264PacketizerSettings& settings, PacketRing* ring) noexcept;

  /**
   * @param timestamp RTP, 90 kHz. @param packets how many packets the picture became.
   * Pictures in front of the first IDR are dropped.
   */
  Result Packetize(const std::uint8_t* access_unit, std::size_t size, std::uint32_t timestamp,
                   std::size_t* packets) noexcept;

  /** Pictures were lost on the way to us, or the far end shall begin anew: wait for an IDR. */
  void AwaitKeyFrame() noexcept { awaiting_key_frame_ = true; }
  bool awaiting_key_frame() const noexcept { return awaiting_key_frame_; }
  /** Also fed by Packetize; give it what is known beforehand so that the first IDR is complete. */
  ParameterSets* parameter_sets() noexcept { return &parameter_sets_; }
  /** The last `packets` numbers were never sent and are given again. */
  void TakeBack(std::uint16_t packets) noexcept {
    sequence_number_ = static_cast<std::uint16_t>(sequence_number_ - packets);
  }
  std::uint16_t next_sequence_number() const noexcept { return sequence_number_; }
  H264PacketizerSnapshot Snapshot() const noexcept { return counters_; }

 private:
  struct Contents;

  Contents Inspect(const std::uint8_t* access_unit, std::size_t size) noexcept;
  bool WritePicture(const std::uint8_t* access_unit, std::size_t size,
                    const Contents& contents) noexcept;
  bool WriteNal(const NalUnit& nal) noexcept;
  bool WriteFragments(const NalUnit& nal) noexcept;
  bool FlushAggregate() noexcept;
  std::uint8_t* AppendPacket(std::size_t payload_size) noexcept;
  Result Drop() noexcept;

  static constexpr std::size_t kMaxAggregate = 16;

  H264PacketizerSettings settings_;
  PacketRing* ring_;
  ParameterSets parameter_sets_;
  bool awaiting_key_frame_ = true;
  std::uint16_t sequence_number_;
  std::uint32_t timestamp_ = 0;
  // Small NAL units waiting to share a STAP-A.
  NalUnit aggregate_[kMaxAggregate];
  std::size_t aggregate_count_ = 0;
  std::size_t aggregate_size_ = 0;
  // Of the picture in hand.
  std::size_t picture_packets_ = 0;
  std::size_t picture_bytes_ = 0;
  std::uint8_t* last_header_ = nullptr;
  H264PacketizerSnapshot counters_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_H264_PACKETIZER_H_
