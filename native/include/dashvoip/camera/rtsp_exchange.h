#ifndef DASHVOIP_CAMERA_RTSP_EXCHANGE_H_
#define DASHVOIP_CAMERA_RTSP_EXCHANGE_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "dashvoip/base/inheriting_mutex.h"
#include "dashvoip/camera/camlink.h"
#include "dashvoip/camera/rtsp_frame.h"

namespace dashvoip {

/**
 * Where the receiving thread and the owner of the link meet: the present stream's tracks, a queue
 * of frames for each, and what either side wants of the other.
 *
 * Each queue is bounded in frames and bytes. A frame that does not fit is dropped (drop-newest)
 * and counted; of pictures nothing is taken then until the next key frame.
 */
class RtspExchange {
 public:
  static constexpr std::size_t kMaxFrames = 128;
  static constexpr std::size_t kMaxBytes = 1U << 20;

  // The receiver's side.

  /** The stream has these tracks. A new generation begins unless they are those of before. */
  void Publish(const std::vector<cl_track>& tracks);
  /** There is no stream. */
  void Withdraw();
  /** There is no server; final. */
  void Lose();
  void Deliver(std::uint32_t track, RtspFrame frame);
  void CountError();
  /** Whether any track is to be read. */
  bool Wished() const;
  /** Waits for that. @return false when the time passed; true also when all ends. */
  bool AwaitWish(std::int64_t timeout_ns);
  /** Waits for nothing but the end. */
  void Rest(std::int64_t timeout_ns);
  bool ending() const;

  // The owner's side: see the functions of the same names in camlink.h.

  int Wait(int timeout_ms, cl_wake* wake);
  void Interrupt();
  int Tracks(cl_track* out, int max);
  int Start(std::uint32_t track, bool from_idr);
  int Stop(std::uint32_t track);
  int Read(std::uint32_t track, void* buffer, std::uint32_t capacity, cl_frame* out);
  cl_stats Stats() const;
  /** All ends: the receiver returns. */
  void End();

 private:
  struct Queued {
    RtspFrame frame;
    std::uint32_t number = 0;
    std::uint32_t lost = 0;
  };
  /** Whoever fills it takes and frees the memory of its frames, for the owner is real-time. */
  class Queue {
   public:
    Queue() : slots_(kMaxFrames) {}
    std::size_t size() const noexcept { return end_ - first_; }
    /** Receiver, with room for it. */
    void Push(Queued queued);
    /** Owner: the oldest; it stays readable until the lock is given back. */
    const Queued& Pop() noexcept { return slots_[first_++ % kMaxFrames]; }
    void FreeSpent();
    void Clear();

   private:
    std::vector<Queued> slots_;
    std::size_t spent_ = 0;  // read, and not freed yet: up to first_
    std::size_t first_ = 0;
    std::size_t end_ = 0;
  };
  struct Channel {
    cl_track info{};
    bool started = false;
    bool awaiting_key_frame = false;
    bool overflown = false;  // frames are thrown away until the next key frame
    bool untold = false;     // frames came since CL_EV_DATA was told
    std::uint32_t number = 0;
    std::uint32_t lost = 0;  // frames missing before the next one to be queued
    std::uint32_t lost_at_read = 0;
    std::size_t bytes = 0;
    Queue queue;
  };

  bool NextEvent(cl_wake* wake);
  Channel* Find(std::uint32_t track, int* result);
  bool Refuses(Channel* channel, const RtspFrame& frame);
  bool AnyStarted() const;
  void Empty(Channel* channel);

  mutable InheritingMutex mutex_;  // guards all that follows
  std::condition_variable for_owner_;
  std::condition_variable for_receiver_;
  std::vector<Channel> channels_;  // empty while there is no stream
  std::uint32_t generation_ = 0;
  std::uint32_t told_ = 0;  // generation that the owner knows to be up; 0: none
  bool lost_ = false;
  bool interrupted_ = false;
  bool ending_ = false;
  cl_stats stats_{};
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_RTSP_EXCHANGE_H_
