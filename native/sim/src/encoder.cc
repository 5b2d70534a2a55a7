#include "encoder.h"

#include <algorithm>

#include "AmbaNetFifo.h"

namespace dashvoip {
namespace sim {
namespace {

// Between two repeated STARTENC.
constexpr std::chrono::milliseconds kRepeatGap{100};
// Any deadline is fine for an encoder that waits for a command.
constexpr std::chrono::hours kLongTime{1};

}  // namespace

Encoder::Encoder(const EncoderOptions& options, const MemoryRegion& video_memory,
                 const MemoryRegion& audio_memory, FifoTable* fifos, EventHub* events)
    : options_(options),
      video_memory_(video_memory),
      audio_memory_(audio_memory),
      fifos_(fifos),
      events_(events),
      audio_on_(options.audio_on) {
  for (const auto& path : {options.video_file, options.switch_video_file}) {
    if (path.empty()) continue;
    videos_.emplace_back(new VideoSource(path, options.codec, options.dress));
  }
  if (!options.audio_file.empty()) audio_ = OpenAudio(options.audio_file);
}

void Encoder::Begin(Time now) {
  WantStart(now + options_.start_delay);
  Step(now);
}

void Encoder::Run(std::mutex* lock) {
  std::unique_lock<std::mutex> held(*lock);
  while (!quit_) {
    Step(std::chrono::steady_clock::now());
    wake_.wait_until(held, NextDeadline());
  }
  if (phase_ != Phase::kIdle) events_->SendControl(AMBA_NETFIFO_CMD_RELEASE, 0, 0);
}

void Encoder::Quit() {
  quit_ = true;
  wake_.notify_all();
}

void Encoder::Step(Time now) {
  if (handles_dying_ && now >= void_at_) {
    handles_dying_ = false;
    fifos_->RemoveReaders();
  }
  if (phase_ == Phase::kIdle && MayStart(now)) Announce(now);
  if (phase_ == Phase::kAnnounced && now >= tracks_at_) OpenTracks(now);
  if (phase_ != Phase::kIdle && repeats_left_ > 0 && now >= repeat_at_) {
    --repeats_left_;
    repeat_at_ = now + kRepeatGap;
    events_->SendControl(AMBA_NETFIFO_CMD_STARTENC, 0, 0);
  }
  if (phase_ == Phase::kRunning && !options_.by_command) WriteDueFrames(now);
}

Time Encoder::NextDeadline() const {
  Time deadline = std::chrono::steady_clock::now() + kLongTime;
  const auto no_later_than = [&](Time at) { deadline = std::min(deadline, at); };
  if (handles_dying_) no_later_than(void_at_);
  // A start that waits for END has no deadline: the report wakes the thread.
  if (phase_ == Phase::kIdle && start_wanted_ && busy_clients_.empty()) no_later_than(start_at_);
  if (phase_ == Phase::kAnnounced) no_later_than(tracks_at_);
  if (phase_ != Phase::kIdle && repeats_left_ > 0) no_later_than(repeat_at_);
  if (phase_ == Phase::kRunning && !options_.by_command) {
    for (const auto& track : tracks_) no_later_than(track.NextDue(stream_start_));
  }
  return deadline;
}

bool Encoder::MayStart(Time now) const {
  return start_wanted_ && now >= start_at_ && busy_clients_.empty();
}

void Encoder::WantStart(Time at) {
  start_wanted_ = true;
  start_at_ = at;
  wake_.notify_all();
}

void Encoder::Announce(Time now) {
  start_wanted_ = false;
  // At the latest now the handles of the last stream are void.
  handles_dying_ = false;
  fifos_->RemoveReaders();
  phase_ = Phase::kAnnounced;
  tracks_at_ = now + options_.tracks_delay;
  repeats_left_ = options_.repeat_startenc;
  repeat_at_ = now + kRepeatGap;
  if (options_.tracks_delay.count() == 0) OpenTracks(now);
  events_->SendControl(AMBA_NETFIFO_CMD_STARTENC, 0, 0);
}

void Encoder::OpenTracks(Time now) {
  phase_ = Phase::kRunning;
  stream_start_ = now;
  ++counters_.sessions;
  if (CurrentVideo() != nullptr) tracks_.push_back(MakeVideoTrack());
  if (audio_ && audio_on_) tracks_.push_back(MakeAudioTrack());
}

void Encoder::WriteDueFrames(Time now) {
  for (auto& track : tracks_) {
    for (Time due = track.NextDue(stream_start_); due <= now; due = track.NextDue(stream_start_)) {
      const auto late = std::chrono::duration_cast<std::chrono::microseconds>(now - due).count();
      counters_.latest_us = std::max<std::int64_t>(counters_.latest_us, late);
      WriteFrame(&track, now);
    }
  }
}

void Encoder::WriteFrame(EncoderTrack* track, Time now) {
  const bool is_video = track->description().type == AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO;
  ++(is_video ? counters_.video_frames : counters_.audio_frames);
  if (track->WriteNext()) fifos_->NotifyReady(*track->fifo(), now);
}

std::uint32_t Encoder::WriteFrames(std::uint32_t count, std::uint32_t only, Time now) {
  Step(now);  // a stream that is due begins first
  std::uint32_t written = 0;
  for (; written < count; ++written) {
    EncoderTrack* next = nullptr;
    for (auto& track : tracks_) {
      if (only != 0 && track.description().type != only) continue;
      if (next == nullptr || track.NextDue(stream_start_) < next->NextDue(stream_start_)) {
        next = &track;
      }
    }
    if (next == nullptr) break;
    WriteFrame(next, now);
  }
  return written;
}

void Encoder::StartEncoding(Time now) {
  if (phase_ == Phase::kIdle) WantStart(now);
}

void Encoder::StopEncoding(Time now) {
  start_wanted_ = false;
  End(AMBA_NETFIFO_CMD_STOPENC, now);
}

void Encoder::SwitchSession(Time now) {
  if (phase_ == Phase::kIdle) return;
  if (!videos_.empty()) video_index_ = (video_index_ + 1) % videos_.size();
  End(AMBA_NETFIFO_CMD_SWITCHENCSESSION, now);
  WantStart(now + options_.restart_gap);
}

bool Encoder::SetAudio(bool on, Time now) {
  if (on && !audio_) return false;
  audio_on_ = on;
  if (phase_ == Phase::kIdle) return true;
  End(AMBA_NETFIFO_CMD_STOPENC, now);
  WantStart(now + options_.restart_gap);
  return true;
}

void Encoder::End(std::uint32_t command, Time now) {
  if (phase_ == Phase::kIdle) return;
  for (auto& track : tracks_) MarkEnd(&track, now);
  events_->SendControl(command, 0, 0);
  const EncoderCounters total = counters();
  counters_.lost_new = total.lost_new;
  counters_.evicted_unread = total.evicted_unread;
  tracks_.clear();
  phase_ = Phase::kIdle;
  handles_dying_ = options_.stop_grace.count() > 0;
  void_at_ = now + options_.stop_grace;
  if (!handles_dying_) fifos_->RemoveReaders();
  wake_.notify_all();
}

void Encoder::MarkEnd(EncoderTrack* track, Time now) {
  const EndMark mark = options_.end_mark;
  if (mark == EndMark::kBoth || mark == EndMark::kMark) {
    if (track->Inject(AMBA_FRAMEINFO_TYPE_EOS, AMBA_NETFIFO_MARK_EOS)) {
      fifos_->NotifyReady(*track->fifo(), now);
    }
  }
  if (mark == EndMark::kBoth || mark == EndMark::kEvent) fifos_->NotifyEnd(*track->fifo());
}

void Encoder::RestartPts() {
  for (auto& track : tracks_) track.RestartPts();
}

bool Encoder::Inject(bool audio, std::uint8_t type, std::uint32_t mark_size, Time now) {
  const std::uint32_t wanted =
      audio ? AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO : AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO;
  for (auto& track : tracks_) {
    if (track.description().type != wanted) continue;
    if (track.Inject(type, mark_size)) fifos_->NotifyReady(*track.fifo(), now);
    return true;
  }
  return false;
}

void Encoder::ReportStatus(std::uint32_t client, std::uint32_t status) {
  if (!options_.busy_flag) return;
  if (status == AMBA_NETFIFO_STATUS_START) {
    busy_clients_.insert(client);
  } else if (status == AMBA_NETFIFO_STATUS_END || status == AMBA_NETFIFO_STATUS_SWITCHENCSESSION) {
    busy_clients_.erase(client);
    // One END also settles what clients left behind that died without one.
    for (const std::uint32_t gone : gone_clients_) busy_clients_.erase(gone);
    gone_clients_.clear();
    wake_.notify_all();
  }
}

void Encoder::ClientGone(std::uint32_t client) {
  if (busy_clients_.count(client) != 0) gone_clients_.insert(client);
}

VideoSource* Encoder::CurrentVideo() const {
  return videos_.empty() ? nullptr : videos_[video_index_].get();
}

EncoderTrack Encoder::MakeVideoTrack() {
  VideoSource* source = CurrentVideo();
  wire::Track track = {};
  track.type = AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO;
  const std::uint32_t usual_id =
      options_.codec == VideoCodec::kH265 ? AMP_FORMAT_MID_HVC : AMP_FORMAT_MID_AVC;
  track.media_id = options_.video_media_id != 0 ? options_.video_media_id : usual_id;
  track.timescale = options_.timescale;
  track.time_per_frame = static_cast<std::uint32_t>(
      options_.timescale * options_.frame_duration.num / options_.frame_duration.den);
  track.codec = next_codec_ += 0x100;
  track.buffer_base = video_memory_.address;
  track.buffer_limit = video_memory_.address + video_memory_.size;
  track.width = source->size().width;
  track.height = source->size().height;
  track.gop = options_.tells_gop ? source->gop() : 0;
  const FrameClock clock = {options_.frame_duration.num, options_.frame_duration.den, false,
                            options_.timescale};
  const BaseFifo::Shape shape = {options_.descriptors, options_.drop, options_.align,
                                 options_.first_seq, SeqMode::kRising};
  return EncoderTrack(track, source, std::make_shared<BaseFifo>(video_memory_, shape), clock,
                      options_.first_pts);
}

EncoderTrack Encoder::MakeAudioTrack() {
  wire::Track track = {};
  track.type = AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO;
  track.media_id = options_.audio_media_id != 0 ? options_.audio_media_id : audio_->media_id();
  track.timescale = options_.audio_timescale < 0
                        ? options_.timescale
                        : static_cast<std::uint32_t>(options_.audio_timescale);
  // A track that reports 0 means 90000.
  const std::uint32_t scale = track.timescale == 0 ? 90000 : track.timescale;
  track.time_per_frame =
      static_cast<std::uint32_t>(std::uint64_t{scale} * kSamplesPerFrame / audio_->sample_rate());
  track.codec = next_codec_ += 0x100;
  track.buffer_base = audio_memory_.address;
  track.buffer_limit = audio_memory_.address + audio_memory_.size;
  track.sample_rate = audio_->sample_rate();
  track.channels = options_.audio_channels >= 0
                       ? static_cast<std::uint32_t>(options_.audio_channels)
                       : audio_->channels();
  track.sample_bits = 16;
  const FrameClock clock = {kSamplesPerFrame, audio_->sample_rate(), true, scale};
  const BaseFifo::Shape shape = {options_.descriptors, options_.drop, options_.align,
                                 options_.first_seq, options_.audio_seq};
  const std::uint64_t first_pts = options_.first_pts * scale / options_.timescale;
  return EncoderTrack(track, audio_.get(), std::make_shared<BaseFifo>(audio_memory_, shape), clock,
                      first_pts);
}

const EncoderTrack* Encoder::FindCodec(std::uint64_t codec) const {
  for (const auto& track : tracks_) {
    if (track.description().codec == codec) return &track;
  }
  return nullptr;
}

std::uint32_t Encoder::bits_per_second() const {
  const VideoSource* video = CurrentVideo();
  if (video == nullptr) return 0;
  return static_cast<std::uint32_t>(UINT64_C(8) * video->mean_size() * options_.frame_duration.den /
                                    options_.frame_duration.num);
}

EncoderCounters Encoder::counters() const {
  EncoderCounters total = counters_;
  for (const auto& track : tracks_) {
    total.lost_new += track.fifo()->lost();
    total.evicted_unread += track.fifo()->evicted_unread();
  }
  return total;
}

}  // namespace sim
}  // namespace dashvoip
