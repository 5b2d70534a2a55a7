#ifndef DASHVOIP_ENGINE_VIDEO_STREAM_H_
#define DASHVOIP_ENGINE_VIDEO_STREAM_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/engine/rtp_stream.h"
#include "dashvoip/engine/session_counters.h"
#include "dashvoip/engine/session_settings.h"
#include "dashvoip/engine/stream_setup.h"
#include "dashvoip/rtp/rtx_source.h"
#include "dashvoip/video/access_unit_queue.h"
#include "dashvoip/video/bitrate_limiter.h"
#include "dashvoip/video/packet_ring.h"
#include "dashvoip/video/picture_packetizer.h"
#include "dashvoip/video/rate_control.h"
#include "dashvoip/video/sent_packets.h"
#include "dashvoip/video/video_clock.h"
#include "dashvoip/video/video_pacer.h"

namespace dashvoip {

/**
 * The video stream of a session: the camera's pictures go out as H.264 over RTP, paced; nothing is
 * taken in but RTCP.
 */
class VideoStream : public RtpStream {
 public:
  /** Largest picture that is sent, bytes. */
  static constexpr std::size_t kMaxPicture = 384 * 1024;

  /** @param random outlives the stream; the media thread's after construction. */
  VideoStream(SocketPair sockets, const StreamSetup& setup, RandomSource* random);

  /** @param settings nullptr closes the stream; @param requested when the caller asked for it. */
  void Configure(const VideoStreamSettings* settings, std::int64_t requested,
                 std::int64_t now) noexcept;

  /**
   * Whether another picture can be taken now; the rest waits in the camera's queue. On a narrow way
   * pictures wait here, and are left out here: that queue is of all calls.
   */
  bool has_room() const noexcept {
    return narrow_ ||
           (pacer_.waiting_pictures() < kWaitingPictures && ring_.size() < kWaitingPackets);
  }
  void OnPicture(const AccessUnit& unit, const std::uint8_t* data, std::int64_t now) noexcept;
  /** The camera's queue dropped so many pictures more. */
  void NoteDropped(std::uint64_t pictures) noexcept { dropped_before_us_ += pictures; }
  /** A picture larger than kMaxPicture was dropped; what follows needs a key frame. */
  void NoteOversize() noexcept { packetizer_.AwaitKeyFrame(); }
  /** Sends what is due. */
  void SendDue(std::int64_t now) noexcept;
  /**
   * When to send again, VideoPacer::kNever when nothing waits. Packets leave in small groups, so
   * that a picture costs a few wakes and not one per packet; large pictures get more of them.
   */
  std::int64_t NextWake(std::int64_t last_wake) const noexcept;

  VideoSnapshot Counters() const noexcept;
  /** For the description; both as long as the session lives. */
  std::uint32_t media_ssrc() const noexcept { return ssrc(); }
  std::uint32_t rtx_ssrc() const noexcept { return rtx_.ssrc(); }

 private:
  static constexpr std::size_t kWaitingPictures = 2;
  // With more than these in front of it, a picture waits in the camera's queue.
  static constexpr std::size_t kWaitingPackets = 32;
  static constexpr std::size_t kNarrowPictures = 16;

  /** We offer sendonly: pictures that come all the same only show that the far end lives. */
  void OnPacket(const RtpPacket&, std::int64_t) noexcept override {}
  void OnFeedback(const RtcpEvents& events, std::int64_t arrival_ns) noexcept override;
  void RenewPacketizer() noexcept;
  void ForgetWaiting() noexcept;
  void ApplyLimit() noexcept;
  std::uint64_t Limited() const noexcept { return limiter_.left_out() + crowded_out_; }
  std::uint64_t Dropped() const noexcept;
  void SendFirst(std::int64_t now) noexcept;
  bool Resend(const RingPacket& packet) noexcept;
  std::int64_t SamplingInstant(const RingPacket& packet) const noexcept;

  const std::size_t max_payload_;
  PacketRing ring_;
  SentPackets sent_;
  RtxSource rtx_;
  PicturePacketizer packetizer_;
  VideoPacer pacer_;
  VideoClock clock_;
  RateControl control_;
  bool narrow_ = false;  // the limit is that of the way
  BitrateLimiter limiter_;
  RateMeter rate_;

  bool configured_ = false;
  VideoStreamSettings settings_;
  std::int64_t now_ = 0;  // as last told
  std::uint64_t dropped_before_us_ = 0;
  std::uint64_t retransmitted_ = 0;
  std::uint64_t crowded_out_ = 0;      // found too many waiting on a narrow way
  std::uint64_t not_sent_before_ = 0;  // when the far end last reported
  PicturePacketizerSnapshot earlier_;  // counted before the present packetizer
  std::uint32_t timestamp_ = 0;        // of the newest picture
  std::int64_t requested_ = 0;  // when sending was asked for, while its first picture is awaited
  std::int64_t first_picture_ = -1;  // ns that it took
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_VIDEO_STREAM_H_
