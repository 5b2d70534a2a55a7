#ifndef DASHVOIP_ENGINE_VIDEO_STREAM_H_
#define DASHVOIP_ENGINE_VIDEO_STREAM_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/engine/engine_settings.h"
#include "dashvoip/engine/rtp_transport.h"
#include "dashvoip/engine/session_counters.h"
#include "dashvoip/engine/stream_setup.h"
#include "dashvoip/rtp/rtcp_session.h"
#include "dashvoip/video/access_unit_queue.h"
#include "dashvoip/video/bitrate_limiter.h"
#include "dashvoip/video/h264_packetizer.h"
#include "dashvoip/video/packet_ring.h"
#include "dashvoip/video/video_clock.h"
#include "dashvoip/video/video_pacer.h"

namespace dashvoip {

/**
 * The video stream of a session: the camera's pictures go out as H.264 over RTP, paced; nothing is
 * taken in but RTCP. Times are CLOCK_MONOTONIC in ns; everything but construction belongs to the
 * media thread.
 */
class VideoStream : private RtpReceiver {
 public:
  /** Largest picture that is sent, bytes. */
  static constexpr std::size_t kMaxPicture = 384 * 1024;

  /** @param random outlives the stream; the media thread's after construction. */
  VideoStream(SocketPair sockets, const StreamSetup& setup, RandomSource* random);

  /** @param settings nullptr closes the stream; @param requested when the caller asked for it. */
  void Configure(const VideoStreamSettings* settings, std::int64_t requested,
                 std::int64_t now) noexcept;
  bool open() const noexcept { return open_; }
  bool sends() const noexcept { return open_ && Sends(settings_.direction); }

  /** Whether another picture can be taken now; the rest waits in the camera's queue. */
  bool has_room() const noexcept {
    return pacer_.waiting_pictures() < kWaitingPictures && ring_.size() < kWaitingPackets;
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

  /** The sound found the far end there: the picture's ports may be at the same host. */
  void FollowSound(const ProvedSource& sound) noexcept { transport_.FollowHost(sound); }
  /** Takes in what came. */
  void Drain(DatagramBatch* batch, std::int64_t now) noexcept;
  void Report(std::int64_t now) noexcept;
  void Leave(std::int64_t now) noexcept;

  /** @return how many key frames were asked for since the last call. */
  std::uint32_t TakeKeyFrameRequests() noexcept;
  bool TakeBye() noexcept;
  std::int64_t last_received() const noexcept { return last_received_; }
  VideoCounters Counters() const noexcept;

 private:
  static constexpr std::size_t kWaitingPictures = 2;
  // With more than these in front of it, a picture waits in the camera's queue.
  static constexpr std::size_t kWaitingPackets = 32;

  void OnRtp(const RtpPacket& packet, std::int64_t arrival_ns) noexcept override;
  void OnRtcp(const std::uint8_t* data, std::size_t size,
              std::int64_t arrival_ns) noexcept override;
  void RenewPacketizer() noexcept;
  void ForgetWaiting() noexcept;
  void NotePacket(const RingPacket& packet, bool sent, std::int64_t now) noexcept;
  std::int64_t SamplingInstant(const RingPacket& packet) const noexcept;

  RtpTransport transport_;
  const std::uint32_t ssrc_;
  const std::size_t max_payload_;
  RtcpSession rtcp_;
  PacketRing ring_;
  H264Packetizer packetizer_;
  VideoPacer pacer_;
  VideoClock clock_;
  BitrateLimiter limiter_;
  RateMeter rate_;

  bool open_ = false;
  bool started_ = false;
  VideoStreamSettings settings_{};
  std::int64_t now_ = 0;  // as last told
  std::int64_t last_received_ = 0;
  bool bye_ = false;
  std::uint32_t new_requests_ = 0;
  std::uint64_t key_frame_requests_ = 0;
  std::uint64_t dropped_before_us_ = 0;
  H264PacketizerSnapshot earlier_;  // counted before the present packetizer
  std::uint64_t sent_packets_ = 0;
  std::uint64_t sent_bytes_ = 0;
  std::uint32_t timestamp_ = 0;  // of the newest picture
  std::int64_t requested_ = 0;   // when sending was asked for, while its first picture is awaited
  std::int64_t first_picture_ = -1;  // ns that it took
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_VIDEO_STREAM_H_
