#ifndef DASHVOIP_VIDEO_PICTURE_PACKETIZER_H_
#define DASHVOIP_VIDEO_PICTURE_PACKETIZER_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/video/nal_role.h"
#include "dashvoip/video/packet_ring.h"
#include "dashvoip/video/parameter_sets.h"

namespace dashvoip {

struct PicturePacketizerSettings {
  std::uint32_t ssrc = 0;
  std::uint8_t payload_type = 96;
  PictureCodec codec = PictureCodec::kH264;
  /** Of H.264, RFC 6184 §6.2: 0 single NAL unit mode, 1 non-interleaved mode. */
  int packetization_mode = 1;
  /** Largest RTP payload, bytes; at least 64. */
  std::size_t max_payload = 1200;
  std::uint16_t first_sequence_number = 0;
};

struct PicturePacketizerSnapshot {
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
 * Access unit in, RTP packets out: H.264 by RFC 6184, packetization modes 0 and 1, or H.265 by RFC
 * 7798, one stream of single units, aggregation packets and fragments, in decoding order and so
 * without DONL. NAL units are passed through untouched, except that those that mean nothing to a
 * receiver stay out (RoleOf; the camera's private 26 of H.264 among them). Every picture that a
 * decoder can begin with is preceded by its parameter sets, from the access unit itself or from
 * what was cached.
 */
class PicturePacketizer {
 public:
  enum class Result {
    kSent,     ///< packets are committed to the ring
    kDropped,  ///< the ring has no room, or a reference is missing: counted; wait for an IDR
    kEmpty,    ///< nothing in it for a receiver
  };

  /** @param ring outlives the packetizer. */
  PicturePacketizer(const PicturePacketizerSettings& settings, PacketRing* ring) noexcept;

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
  PicturePacketizerSnapshot Snapshot() const noexcept { return counters_; }

 private:
  struct Contents;

  bool is_h265() const noexcept { return settings_.codec == PictureCodec::kH265; }
  Contents Inspect(const std::uint8_t* access_unit, std::size_t size) noexcept;
  bool WritePicture(const std::uint8_t* access_unit, std::size_t size,
                    const Contents& contents) noexcept;
  bool WriteParameterSets() noexcept;
  void WriteAggregateHeader(std::uint8_t* out) const noexcept;
  bool WriteNal(const NalUnit& nal) noexcept;
  bool WriteFragments(const NalUnit& nal) noexcept;
  bool FlushAggregate() noexcept;
  std::uint8_t* AppendPacket(std::size_t payload_size) noexcept;
  Result Drop() noexcept;

  static constexpr std::size_t kMaxAggregate = 16;

  PicturePacketizerSettings settings_;
  PacketRing* ring_;
  ParameterSets parameter_sets_;
  bool awaiting_key_frame_ = true;
  std::uint16_t sequence_number_;
  std::uint32_t timestamp_ = 0;
  // Small NAL units waiting to share a packet.
  NalUnit aggregate_[kMaxAggregate];
  std::size_t aggregate_count_ = 0;
  std::size_t aggregate_size_ = 0;
  // Of the picture in hand.
  std::size_t picture_packets_ = 0;
  std::size_t picture_bytes_ = 0;
  std::uint8_t* last_header_ = nullptr;
  PicturePacketizerSnapshot counters_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_PICTURE_PACKETIZER_H_
