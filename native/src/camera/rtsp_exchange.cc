#include "dashvoip/camera/rtsp_exchange.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "dashvoip/base/realtime_section.h"
#include "dashvoip/camera/frame_continuity.h"

namespace dashvoip {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint32_t kUnknown = FrameContinuity::kUnknown;

std::uint32_t Sum(std::uint32_t a, std::uint32_t b) {
  return a == kUnknown || b == kUnknown ? kUnknown : std::min(a + b, kUnknown - 1);
}

bool SameTrack(const cl_track& a, const cl_track& b) {
  return a.kind == b.kind && a.codec == b.codec && a.vendor_id == b.vendor_id &&
         a.timescale == b.timescale && a.width == b.width && a.height == b.height &&
         a.sample_rate == b.sample_rate && a.channels == b.channels;
}

bool Tell(cl_wake* wake, cl_event event, std::uint32_t arg = 0) {
  wake->ev = event;
  wake->arg = arg;
  return true;
}

}  // namespace

constexpr std::size_t RtspExchange::kMaxFrames;
constexpr std::size_t RtspExchange::kMaxBytes;

void RtspExchange::Queue::Push(Queued queued) { slots_[end_++ % kMaxFrames] = std::move(queued); }

void RtspExchange::Queue::FreeSpent() {
  for (; spent_ != first_; ++spent_) slots_[spent_ % kMaxFrames] = Queued();
}

void RtspExchange::Queue::Clear() {
  first_ = end_;
  FreeSpent();
}

void RtspExchange::Publish(const std::vector<cl_track>& tracks) {
  std::lock_guard<std::mutex> lock(mutex_);
  const bool same = std::equal(
      channels_.begin(), channels_.end(), tracks.begin(), tracks.end(),
      [](const Channel& channel, const cl_track& track) { return SameTrack(channel.info, track); });
  if (same) return;
  ++generation_;
  channels_.clear();
  for (const cl_track& track : tracks) {
    Channel channel;
    channel.info = track;
    channel.info.id = static_cast<std::uint32_t>(channels_.size());
    channel.info.gen = generation_;
    channels_.push_back(std::move(channel));
  }
  for_owner_.notify_all();
}

void RtspExchange::Withdraw() {
  std::lock_guard<std::mutex> lock(mutex_);
  channels_.clear();
  for_owner_.notify_all();
}

void RtspExchange::Lose() {
  std::lock_guard<std::mutex> lock(mutex_);
  channels_.clear();
  lost_ = true;
  for_owner_.notify_all();
}

void RtspExchange::CountError() {
  std::lock_guard<std::mutex> lock(mutex_);
  ++stats_.rpc_errors;
}

bool RtspExchange::AnyStarted() const {
  return std::any_of(channels_.begin(), channels_.end(),
                     [](const Channel& channel) { return channel.started; });
}

bool RtspExchange::Wished() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return AnyStarted();
}

bool RtspExchange::AwaitWish(std::int64_t timeout_ns) {
  std::unique_lock<std::mutex> lock(mutex_);
  return for_receiver_.wait_for(lock, nanoseconds(timeout_ns),
                                [this] { return ending_ || AnyStarted(); });
}

void RtspExchange::Rest(std::int64_t timeout_ns) {
  std::unique_lock<std::mutex> lock(mutex_);
  for_receiver_.wait_for(lock, nanoseconds(timeout_ns), [this] { return ending_; });
}

bool RtspExchange::ending() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return ending_;
}

void RtspExchange::Deliver(std::uint32_t track, RtspFrame frame) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (track >= channels_.size() || !channels_[track].started) return;
  Channel& channel = channels_[track];
  channel.queue.FreeSpent();
  channel.number += 1 + (frame.missing == kUnknown ? 1 : frame.missing);
  channel.lost = Sum(channel.lost, frame.missing);
  if (Refuses(&channel, frame)) return;
  channel.bytes += frame.data.size();
  Queued queued;
  queued.frame = std::move(frame);
  queued.number = channel.number;
  queued.lost = channel.lost;
  channel.queue.Push(std::move(queued));
  channel.lost = 0;
  channel.untold = true;
  for_owner_.notify_all();
}

bool RtspExchange::Refuses(Channel* channel, const RtspFrame& frame) {
  if (channel->awaiting_key_frame && frame.type != CL_F_IDR) {
    if (channel->overflown) {
      ++stats_.dropped;
      channel->lost = Sum(channel->lost, 1);
    } else {
      channel->lost = 0;
    }
    return true;
  }
  const bool full =
      channel->queue.size() >= kMaxFrames || channel->bytes + frame.data.size() > kMaxBytes;
  channel->overflown = full;
  channel->awaiting_key_frame = full && channel->info.kind == CL_VIDEO;
  if (!full) return false;
  ++stats_.dropped;
  channel->lost = Sum(channel->lost, 1);
  return true;
}

int RtspExchange::Wait(int timeout_ms, cl_wake* wake) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto has_event = [this, wake] { return NextEvent(wake); };
  if (timeout_ms < 0) {
    for_owner_.wait(lock, has_event);
  } else if (!for_owner_.wait_for(lock, std::chrono::milliseconds(timeout_ms), has_event)) {
    Tell(wake, CL_EV_NONE);
  }
  return CL_OK;
}

bool RtspExchange::NextEvent(cl_wake* wake) {
  if (told_ != 0 && (channels_.empty() || told_ != generation_)) {
    told_ = 0;
    return Tell(wake, CL_EV_DOWN);
  }
  if (lost_) return Tell(wake, CL_EV_LINK);
  if (told_ == 0 && !channels_.empty()) {
    told_ = generation_;
    return Tell(wake, CL_EV_UP);
  }
  if (interrupted_) {
    interrupted_ = false;
    return Tell(wake, CL_EV_NONE);
  }
  for (Channel& channel : channels_) {
    if (!channel.untold) continue;
    channel.untold = false;
    return Tell(wake, CL_EV_DATA, channel.info.id);
  }
  return false;
}

void RtspExchange::Interrupt() {
  std::lock_guard<std::mutex> lock(mutex_);
  interrupted_ = true;
  for_owner_.notify_all();
}

int RtspExchange::Tracks(cl_track* out, int max) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (lost_) return CL_LINK;
  if (told_ != generation_) return 0;
  const int count = std::min(max, static_cast<int>(channels_.size()));
  for (int i = 0; i < count; ++i) out[i] = channels_[static_cast<std::size_t>(i)].info;
  return count;
}

// A track of the stream that the owner was told of, if that is still the present one.
RtspExchange::Channel* RtspExchange::Find(std::uint32_t track, int* result) {
  *result = generation_ > 0 ? CL_STALE : CL_NOSTREAM;
  if (told_ != generation_ || track >= channels_.size()) return nullptr;
  *result = CL_OK;
  return &channels_[track];
}

void RtspExchange::Empty(Channel* channel) {
  const RealtimePause set_up;  // a track begins to be read, or ends
  channel->queue.Clear();
  channel->bytes = 0;
  channel->untold = false;
  channel->lost = 0;
  channel->lost_at_read = 0;
}

int RtspExchange::Start(std::uint32_t track, bool from_idr) {
  std::lock_guard<std::mutex> lock(mutex_);
  int result = CL_OK;
  Channel* const channel = Find(track, &result);
  if (channel == nullptr) return result;
  if (channel->started) return CL_BADARG;
  Empty(channel);
  channel->started = true;
  channel->awaiting_key_frame = from_idr && channel->info.kind == CL_VIDEO;
  channel->overflown = false;
  for_receiver_.notify_all();
  return CL_OK;
}

int RtspExchange::Stop(std::uint32_t track) {
  std::lock_guard<std::mutex> lock(mutex_);
  int result = CL_OK;
  Channel* const channel = Find(track, &result);
  if (channel == nullptr) return result;
  channel->started = false;
  Empty(channel);
  return CL_OK;
}

int RtspExchange::Read(std::uint32_t track, void* buffer, std::uint32_t capacity, cl_frame* out) {
  std::lock_guard<std::mutex> lock(mutex_);
  int result = CL_OK;
  Channel* const channel = Find(track, &result);
  if (channel == nullptr) return result;
  if (!channel->started) return CL_BADARG;
  if (channel->queue.size() == 0) return CL_AGAIN;
  const Queued& queued = channel->queue.Pop();
  const RtspFrame& frame = queued.frame;
  channel->bytes -= frame.data.size();
  const std::uint32_t lost = Sum(channel->lost_at_read, queued.lost);
  if (frame.data.size() > capacity) {
    ++stats_.oversize;
    channel->lost_at_read = Sum(lost, 1);
    return CL_TOOSMALL;
  }
  channel->lost_at_read = 0;
  std::copy(frame.data.begin(), frame.data.end(), static_cast<std::uint8_t*>(buffer));
  *out = cl_frame{};
  out->track = track;
  out->gen = generation_;
  out->seq = queued.number;
  out->pts = frame.pts;
  out->size = static_cast<std::uint32_t>(frame.data.size());
  out->type = static_cast<std::uint8_t>(frame.type);
  out->complete = 1;
  out->lost = static_cast<std::uint8_t>(lost);
  ++stats_.frames;
  stats_.bytes += frame.data.size();
  if (lost > 0) ++stats_.seq_gaps;
  return CL_OK;
}

cl_stats RtspExchange::Stats() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return stats_;
}

void RtspExchange::End() {
  std::lock_guard<std::mutex> lock(mutex_);
  ending_ = true;
  for_receiver_.notify_all();
}

}  // namespace dashvoip
