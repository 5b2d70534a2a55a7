#include "dashvoip/camera/camera_media.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "dashvoip/base/inheriting_mutex.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/realtime_section.h"
#include "dashvoip/base/realtime_thread.h"
#include "dashvoip/camera/camera_microphone.h"
#include "dashvoip/camera/camera_speaker.h"
#include "dashvoip/camera/camera_video.h"
#include "dashvoip/camera/camlink.h"
#include "dashvoip/camera/key_frame_requests.h"
#include "dashvoip/camera/picture_codec.h"

namespace dashvoip {
namespace {

constexpr std::chrono::milliseconds kFirstRetry(250);
constexpr std::chrono::milliseconds kLastRetry(2000);
constexpr std::chrono::seconds kJoinPatience(3);
constexpr std::uint32_t kMaxFrame = KeyFrameDesk::kMaxPicture;
// Pictures read in a row before sound gets its turn: a late joiner's backlog takes many RPCs.
constexpr int kPicturesInARow = 3;
// As many as the camera's FIFO holds: more would be a FIFO that does not empty.
constexpr int kSoundsInARow = 256;
// A stream without parameter sets is not read for ever in search of them.
constexpr std::int64_t kPeekNs = 10 * kNsPerSecond;
constexpr std::int64_t kSpeakerRetryNs = 5 * kNsPerSecond;

constexpr const char* kNoStream = "the camera encodes nothing now";
constexpr const char* kNoCamera = "no camera answers";

}  // namespace

constexpr std::int64_t KeyFrameRequests::kIntervalNs;
constexpr std::int64_t KeyFrameRequests::kNever;

/**
 * What the camera thread works on. It holds a share in this, so that a thread stuck in an RPC can
 * be left behind.
 */
class CameraMedia::Worker {
 public:
  Worker(const Settings& settings, Listener& listener);

  static void Start(const std::shared_ptr<Worker>& self);
  void Stop();

  CameraMicrophone& microphone() { return microphone_; }
  CameraSpeaker& speaker() { return speaker_; }
  CameraVideo& video() { return video_; }
  KeyFrameRequests& key_frame_requests() { return key_frame_requests_; }
  KeyFrameDesk& key_frames() { return key_frames_; }
  CameraTap& tap() { return tap_; }
  void Wake();
  CameraSnapshot Status() const;
  void Watch();

 private:
  /** One track of the present stream that interests us. */
  struct Channel {
    bool present = false;
    bool started = false;
    cl_track track{};
  };

  void Run();
  bool UseLink();
  bool OpenLink();
  int OpenBackend(char* why, camlink** link);
  void CloseLink();
  bool Step();
  bool OnWake(const cl_wake& wake);
  void OnUp();
  void OnDown();
  void ServeWishes(std::int64_t now_ns);
  void StartVideo(std::int64_t now_ns);
  void ServeKeyFrameRequests(std::int64_t now_ns);
  void StopChannel(Channel* channel);
  void ReadAudio();
  void ReadVideo();
  void GiveKeyFrame(std::uint32_t size);
  int ReadFrame(const Channel& channel, cl_frame* frame);
  void SetState(CameraState state, const std::string& error);
  void CountTotals();
  void CountDropped();

  const Settings settings_;
  CameraMicrophone microphone_;
  CameraSpeaker speaker_;
  CameraVideo video_;
  KeyFrameRequests key_frame_requests_;
  KeyFrameDesk key_frames_;
  CameraTap tap_;

  InheritingMutex listener_mutex_;
  Listener* listener_;  // null once the owner is gone

  mutable InheritingMutex wake_mutex_;  // guards the next four
  std::condition_variable changed_;
  bool quit_ = false;
  bool ended_ = false;
  camlink* link_ = nullptr;  // set by the thread, read by Wake

  mutable InheritingMutex status_mutex_;
  CameraSnapshot status_;
  CameraState told_ = CameraState::kNone;  // guarded by listener_mutex_

  // The thread's.
  std::thread thread_;
  Channel audio_;
  Channel picture_;
  bool audible_ = false;    // the microphone can decode the track's sound
  bool called_ = false;     // pictures are read for a call
  bool peeking_ = false;    // pictures are read for a key frame only, nobody sees them
  bool peek_done_ = false;  // parameter sets need not be looked for any more
  std::int64_t peek_until_ns_ = 0;
  bool backlog_ = false;  // pictures are left to be read
  std::int64_t speaker_at_ns_ = 0;
  std::int64_t speaker_retry_ns_ = 0;
  cl_stats counted_{};  // totals of the present link already in status_
  std::unique_ptr<std::uint8_t[]> frame_;
};

CameraMedia::Worker::Worker(const Settings& settings, Listener& listener)
    : settings_(settings),
      microphone_(settings.bus_rate_hz, settings.module_dir, [this] { Wake(); }),
      speaker_(settings.bus_rate_hz, [this] { Wake(); }),
      video_(settings.use_video, settings.picture_reader),
      key_frames_([this] { Wake(); }),
      tap_(settings.backend != "none"),
      listener_(&listener) {}

void CameraMedia::Worker::Start(const std::shared_ptr<Worker>& self) {
  self->SetState(CameraState::kAbsent, kNoCamera);
  self->thread_ = StartThread("camera", [self] { self->Run(); });
}

void CameraMedia::Worker::Stop() {
  key_frames_.Close();
  {
    std::lock_guard<std::mutex> lock(wake_mutex_);
    quit_ = true;
  }
  Wake();
  {
    std::lock_guard<std::mutex> lock(listener_mutex_);
    listener_ = nullptr;
  }
  if (!thread_.joinable()) return;
  std::unique_lock<std::mutex> lock(wake_mutex_);
  const bool ended = changed_.wait_for(lock, kJoinPatience, [this] { return ended_; });
  lock.unlock();
  if (ended) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void CameraMedia::Worker::Wake() {
  std::lock_guard<std::mutex> lock(wake_mutex_);
  if (link_ != nullptr) cl_interrupt(link_);
  changed_.notify_all();
}

CameraSnapshot CameraMedia::Worker::Status() const {
  std::uint32_t pending_ms = 0;
  {
    std::lock_guard<std::mutex> lock(wake_mutex_);
    if (link_ != nullptr) pending_ms = cl_pending_ms(link_);
  }
  std::lock_guard<std::mutex> lock(status_mutex_);
  CameraSnapshot status = status_;
  // What was true at the last answer is not the camera's state any more.
  const bool linked = status.state == CameraState::kStreaming || status.state == CameraState::kIdle;
  if (linked && pending_ms >= settings_.hung_after_ms) {
    status.state = CameraState::kAbsent;
    status.error = "it has not answered for " + std::to_string(pending_ms / 1000) + " s";
  }
  return status;
}

/** Tells the listener of a state that it has not been told; to be called now and then. */
void CameraMedia::Worker::Watch() {
  std::lock_guard<std::mutex> lock(listener_mutex_);
  const CameraState state = Status().state;
  if (state == told_) return;
  told_ = state;
  if (listener_ != nullptr) listener_->OnCameraState(state);
}

void CameraMedia::Worker::Run() {
  // The link's event thread inherits it.
  RunBeforeOthers(settings_.realtime_priority);
  auto retry = kFirstRetry;
  std::unique_lock<std::mutex> lock(wake_mutex_);
  while (!quit_) {
    lock.unlock();
    if (UseLink()) retry = kFirstRetry;
    lock.lock();
    changed_.wait_for(lock, retry, [this] { return quit_; });
    retry = std::min(retry * 2, kLastRetry);
  }
  ended_ = true;
  changed_.notify_all();
}

// Opens the link and works on it until it is done with. What is thrown, for want of memory or by
// what the camera told of itself, costs the link and not the agent. @return whether it opened.
bool CameraMedia::Worker::UseLink() {
  bool opened = false;
  std::string thrown;
  try {
    opened = OpenLink();
    while (opened && Step()) continue;
  } catch (const std::exception& error) {
    thrown = std::string("the camera link failed: ") + error.what();
  }
  if (link_ != nullptr) CloseLink();
  if (!thrown.empty()) SetState(CameraState::kAbsent, thrown);
  return opened && thrown.empty();
}

int CameraMedia::Worker::OpenBackend(char* why, camlink** link) {
  if (settings_.backend != "rtsp") return cl_open(settings_.backend.c_str(), link);
  return cl_open_rtsp(settings_.rtsp_url.c_str(), settings_.module_dir.c_str(), why, link);
}

bool CameraMedia::Worker::OpenLink() {
  camlink* link = nullptr;
  char why[CL_WHY_BYTES] = "";
  const int result = settings_.open ? settings_.open(&link) : OpenBackend(why, &link);
  if (result != CL_OK) {
    SetState(result == CL_NOTSUP ? CameraState::kNone : CameraState::kAbsent,
             why[0] != '\0' ? why : cl_strerror(result));
    return false;
  }
  if (!frame_) frame_.reset(new std::uint8_t[kMaxFrame]);  // untouched pages cost nothing
  counted_ = cl_stats{};
  speaker_at_ns_ = 0;
  speaker_retry_ns_ = 0;
  {
    std::lock_guard<std::mutex> lock(wake_mutex_);
    link_ = link;
  }
  SetState(CameraState::kIdle, kNoStream);
  microphone_.Detach(kNoStream);
  return true;
}

void CameraMedia::Worker::CloseLink() {
  CountTotals();
  OnDown();
  speaker_.Close(kNoCamera);
  microphone_.Detach(kNoCamera);
  camlink* const link = link_;
  {
    std::lock_guard<std::mutex> lock(wake_mutex_);
    link_ = nullptr;
  }
  // Before it is closed, which may take for ever.
  SetState(CameraState::kAbsent, kNoCamera);
  cl_close(link);
}

// One round: do what is wanted, wait, take what came. False when the link is done with.
bool CameraMedia::Worker::Step() {
  const RealtimeSection section;
  std::int64_t now_ns = MonotonicNs();
  {
    std::lock_guard<std::mutex> lock(wake_mutex_);
    if (quit_) return false;
  }
  ServeWishes(now_ns);
  std::int64_t until_ns = std::min(speaker_at_ns_, key_frame_requests_.due());
  if (peeking_ && !peek_done_) until_ns = std::min(until_ns, peek_until_ns_);
  if (settings_.use_speaker && speaker_.wanted() && !speaker_.is_open()) {
    until_ns = std::min(until_ns, speaker_retry_ns_);
  }
  int timeout_ms = -1;
  if (backlog_) {
    timeout_ms = 0;
  } else if (until_ns != CameraSpeaker::kNever) {
    timeout_ms =
        static_cast<int>(std::max<std::int64_t>(0, (until_ns - now_ns + kNsPerMs - 1) / kNsPerMs));
  }
  cl_wake wake = {};
  if (cl_wait(link_, timeout_ms, &wake) != CL_OK) return false;
  const bool alive = OnWake(wake);
  CountTotals();
  return alive;
}

bool CameraMedia::Worker::OnWake(const cl_wake& wake) {
  switch (wake.ev) {
    case CL_EV_UP:
      OnUp();
      return true;
    case CL_EV_DOWN: {
      const RealtimePause set_up;
      OnDown();
      microphone_.Detach(kNoStream);
      SetState(CameraState::kIdle, kNoStream);
      return true;
    }
    case CL_EV_DATA:
      if (audio_.started && wake.arg == audio_.track.id) ReadAudio();
      if (picture_.started && wake.arg == picture_.track.id) ReadVideo();
      return true;
    case CL_EV_LINK:
      return false;
    default:
      if (backlog_) ReadVideo();
      return true;
  }
}

void CameraMedia::Worker::OnUp() {
  const RealtimePause set_up;
  std::array<cl_track, CL_MAX_TRACKS> tracks;
  const int count = cl_tracks(link_, tracks.data(), CL_MAX_TRACKS);
  for (int i = 0; i < count; ++i) {
    const cl_track& track = tracks[static_cast<std::size_t>(i)];
    Channel* channel = nullptr;
    if (track.kind == CL_AUDIO) channel = &audio_;
    if (IsPicture(track)) channel = &picture_;
    if (channel == nullptr || channel->present) continue;
    channel->present = true;
    channel->track = track;
  }
  audible_ = false;
  if (audio_.present && settings_.use_microphone) {
    audible_ = microphone_.Attach(audio_.track);
  } else if (!audio_.present) {
    microphone_.Detach("the camera's stream has no sound; switch sound recording on");
  }
  peek_done_ = false;
  speaker_retry_ns_ = 0;
  {
    std::lock_guard<std::mutex> lock(status_mutex_);
    ++status_.generation;
    status_.has_audio = settings_.use_microphone ? audible_ : audio_.present;
    status_.has_video = picture_.present;
    status_.has_aac = audio_.present && audio_.track.codec == CL_AAC_RAW;
  }
  SetState(CameraState::kStreaming, std::string());
}

// All tracks are gone; their readers with them.
void CameraMedia::Worker::OnDown() {
  audio_ = Channel();
  picture_ = Channel();
  peeking_ = false;
  backlog_ = false;
  std::lock_guard<std::mutex> lock(status_mutex_);
  status_.has_audio = false;
  status_.has_video = false;
  status_.has_aac = false;
}

void CameraMedia::Worker::ServeWishes(std::int64_t now_ns) {
  const bool hear = (audible_ && microphone_.wanted()) || tap_.wants_sound();
  if (audio_.present && hear && !audio_.started) {
    audio_.started = cl_start(link_, audio_.track.id, 0) == CL_OK;
  } else if (audio_.started && !hear) {
    StopChannel(&audio_);
  }
  if (picture_.present && settings_.use_video) StartVideo(now_ns);
  ServeKeyFrameRequests(now_ns);
  if (!settings_.use_speaker) {
    speaker_at_ns_ = CameraSpeaker::kNever;
    return;
  }
  if (!speaker_.is_open() && now_ns >= speaker_retry_ns_) {
    speaker_.Open(link_);
    speaker_retry_ns_ = now_ns + kSpeakerRetryNs;
  }
  speaker_at_ns_ = speaker_.Service(now_ns);
}

// Pictures are read while wanted; and else for a key frame alone, until the parameter sets are
// known or to give somebody a copy. What is wanted begins anew, at the newest key frame.
void CameraMedia::Worker::StartVideo(std::int64_t now_ns) {
  const bool called = video_.wanted();
  const bool wanted = called || tap_.wants_picture();
  if (peeking_ && (video_.parameters_seen() || now_ns >= peek_until_ns_)) peek_done_ = true;
  const bool peek = !wanted && (!peek_done_ || key_frames_.wanted());
  // A call begins at the newest key frame, whoever reads already; the recorder knows what it has.
  const bool anew = called && !called_;
  called_ = called;
  if (picture_.started && (peeking_ ? !peek : !wanted || anew)) {
    StopChannel(&picture_);
    backlog_ = false;
    peeking_ = false;
  }
  if (picture_.started || !(wanted || peek)) return;
  video_.Begin(picture_.track, peek);
  tap_.BeginPictures();
  picture_.started = cl_start(link_, picture_.track.id, 1) == CL_OK;
  peeking_ = picture_.started && peek;
  peek_until_ns_ = now_ns + kPeekNs;
  backlog_ = picture_.started;
}

void CameraMedia::Worker::ServeKeyFrameRequests(std::int64_t now_ns) {
  if (!key_frame_requests_.Take(now_ns) || !picture_.started) return;
  std::uint32_t caps = 0;
  const bool able = cl_caps(link_, &caps) == CL_OK && (caps & CL_CAP_KEYFRAME) != 0;
  if (able) cl_keyframe(link_);
}

void CameraMedia::Worker::StopChannel(Channel* channel) {
  cl_stop(link_, channel->track.id);
  channel->started = false;
}

int CameraMedia::Worker::ReadFrame(const Channel& channel, cl_frame* frame) {
  const int result = cl_read(link_, channel.track.id, frame_.get(), kMaxFrame, frame);
  if (result == CL_TOOSMALL) CountDropped();
  return result;
}

void CameraMedia::Worker::ReadAudio() {
  cl_frame frame;
  for (int i = 0; i < kSoundsInARow; ++i) {
    const int result = ReadFrame(audio_, &frame);
    if (result != CL_OK && result != CL_TOOSMALL) return;
    if (result != CL_OK || frame.type == CL_F_EOS) continue;
    tap_.Feed(audio_.track, frame, frame_.get(), MonotonicNs());
    if (!audible_ || !microphone_.wanted()) continue;
    if (!microphone_.Feed(frame_.get(), frame.size, frame.lost)) CountDropped();
  }
}

void CameraMedia::Worker::ReadVideo() {
  backlog_ = true;
  cl_frame frame;
  for (int i = 0; i < kPicturesInARow; ++i) {
    const int result = ReadFrame(picture_, &frame);
    if (result != CL_OK && result != CL_TOOSMALL) {
      backlog_ = false;
      return;
    }
    if (result != CL_OK || frame.type == CL_F_EOS) continue;
    if (!peeking_) tap_.Feed(picture_.track, frame, frame_.get(), MonotonicNs());
    if (!video_.Feed(frame_.get(), frame)) CountDropped();
    if (frame.type == CL_F_IDR && key_frames_.wanted()) GiveKeyFrame(frame.size);
    if (peeking_ && video_.parameters_seen() && !key_frames_.wanted()) return;
  }
}

void CameraMedia::Worker::GiveKeyFrame(std::uint32_t size) {
  ParameterSets sets;
  video_.Parameters(&sets);
  key_frames_.Give(frame_.get(), size, sets);
}

void CameraMedia::Worker::SetState(CameraState state, const std::string& error) {
  {
    std::lock_guard<std::mutex> lock(status_mutex_);
    status_.state = state;
    status_.error = error;
  }
  Watch();
}

void CameraMedia::Worker::CountTotals() {
  cl_stats total = {};
  cl_stat(link_, &total);
  std::lock_guard<std::mutex> lock(status_mutex_);
  status_.frames_read += total.frames - counted_.frames;
  status_.sequence_gaps += total.seq_gaps - counted_.seq_gaps;
  status_.torn_frames += total.torn - counted_.torn;
  status_.dropped_frames += total.dropped - counted_.dropped;
  status_.rpc_errors += total.rpc_errors - counted_.rpc_errors;
  status_.slowest_rpc_us = std::max(status_.slowest_rpc_us, total.rpc_us_max);
  status_.has_speaker = speaker_.is_open();
  counted_ = total;
}

void CameraMedia::Worker::CountDropped() {
  std::lock_guard<std::mutex> lock(status_mutex_);
  ++status_.dropped_frames;
}

CameraMedia::CameraMedia(const Settings& settings, Listener& listener)
    : worker_(std::make_shared<Worker>(settings, listener)) {
  if (settings.backend != "none") Worker::Start(worker_);
}

CameraMedia::~CameraMedia() { worker_->Stop(); }

AudioSource& CameraMedia::microphone() { return worker_->microphone(); }
AudioSink& CameraMedia::speaker() { return worker_->speaker(); }
AccessUnitQueue& CameraMedia::video() { return worker_->video().queue(); }

void CameraMedia::RequestKeyFrame() {
  worker_->key_frame_requests().Ask();
  worker_->Wake();
}

std::shared_ptr<KeyFrameDesk> CameraMedia::key_frames() const {
  return std::shared_ptr<KeyFrameDesk>(worker_, &worker_->key_frames());
}

std::shared_ptr<CameraTap> CameraMedia::tap() const {
  return std::shared_ptr<CameraTap>(worker_, &worker_->tap());
}

void CameraMedia::WantRecorded(bool sound, bool picture) {
  worker_->tap().Want(sound, picture);
  worker_->Wake();
}

void CameraMedia::WantVideo(bool wanted) {
  worker_->video().Want(wanted);
  worker_->Wake();
}

CameraSnapshot CameraMedia::Status() const { return worker_->Status(); }
void CameraMedia::Watch() { worker_->Watch(); }

bool CameraMedia::VideoParameters(ParameterSets* out) const {
  return worker_->video().Parameters(out);
}

}  // namespace dashvoip
