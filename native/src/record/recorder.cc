#include "dashvoip/record/recorder.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "dashvoip/base/realtime_thread.h"
#include "dashvoip/record/recording.h"
#include "dashvoip/record/unit_times.h"

namespace dashvoip {
namespace {

constexpr std::chrono::milliseconds kStepInterval(200);
constexpr std::chrono::seconds kJoinPatience(1);
constexpr std::size_t kMostEvents = 64;
// What a recording must take in memory of one picture, as the camera's own buffer.
constexpr std::size_t kMostUnit = 1U << 20;

}  // namespace

constexpr std::size_t Recorder::kMaxRecordings;

/** What the thread works on; it holds a share in this, so that it can be left behind. */
class Recorder::Worker {
 public:
  explicit Worker(Parts parts) : parts_(std::move(parts)) { unit_.reserve(kMostUnit); }

  static void Start(const std::shared_ptr<Worker>& self) {
    self->thread_ = StartThread("recorder", [self] { self->Run(); });
  }
  void Stop();

  bool Open(const RecordingSettings& settings, std::uint32_t* id, CallTap** tap);
  void Begin(std::uint32_t id);
  void End(std::uint32_t id);
  std::vector<RecordingSnapshot> Status() const;
  bool any() const;
  Needs needs() const;
  bool TakeEvent(EngineEvent* event);
  bool TakeFinished(CallTap** tap);

 private:
  struct Entry {
    std::unique_ptr<Recording> recording;  // the thread's, but for its tap and `busy_since`
    RecordingSnapshot status;              // as of its last step
    bool begins = false;                   // orders that the thread has not seen
    bool ends = false;
    bool handed_back = false;  // its tap
    RecordingSnapshot told;    // what was last told of it
  };

  void Run();
  void StepAll(std::vector<Entry*>* entries);
  void TakeUnits(const std::vector<Entry*>& entries);
  void Deal(const std::vector<Entry*>& entries, AccessUnitQueue* queue, UnitTimes* times,
            bool sound);
  void Publish();
  RecordingSnapshot StatusOf(const Entry& entry) const;
  bool Tell(Entry* entry);
  Entry* Find(std::uint32_t id);

  const Parts parts_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Entry> entries_;
  std::deque<EngineEvent> events_;
  std::uint32_t last_id_ = 0;
  bool quit_ = false;
  bool ended_ = false;
  std::mutex notify_mutex_;
  bool silent_ = false;

  // The thread's.
  std::thread thread_;
  std::set<std::string> open_files_;
  UnitTimes picture_times_;
  UnitTimes sound_times_;
  std::vector<std::uint8_t> unit_;
  std::uint64_t pictures_dropped_ = 0;
};

void Recorder::Worker::Stop() {
  {
    const std::lock_guard<std::mutex> lock(notify_mutex_);
    silent_ = true;
  }
  if (!thread_.joinable()) return;
  std::unique_lock<std::mutex> lock(mutex_);
  quit_ = true;
  changed_.notify_all();
  const bool ended = changed_.wait_for(lock, kJoinPatience, [this] { return ended_; });
  lock.unlock();
  if (ended) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

bool Recorder::Worker::Open(const RecordingSettings& settings, std::uint32_t* id, CallTap** tap) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (quit_ || entries_.size() >= kMaxRecordings) return false;
  entries_.emplace_back();
  Entry& entry = entries_.back();
  entry.recording =
      std::make_unique<Recording>(settings, parts_.bus_rate_hz, parts_.card.get(), &open_files_);
  *id = ++last_id_;
  entry.status = entry.recording->Status();
  entry.status.id = *id;
  entry.told = entry.status;
  *tap = entry.recording->tap();
  changed_.notify_all();
  return true;
}

Recorder::Worker::Entry* Recorder::Worker::Find(std::uint32_t id) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [id](const Entry& entry) { return entry.status.id == id; });
  return found == entries_.end() ? nullptr : &*found;
}

void Recorder::Worker::Begin(std::uint32_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (Entry* entry = Find(id)) entry->begins = true;
  changed_.notify_all();
}

void Recorder::Worker::End(std::uint32_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (Entry* entry = Find(id)) entry->ends = true;
  changed_.notify_all();
}

RecordingSnapshot Recorder::Worker::StatusOf(const Entry& entry) const {
  RecordingSnapshot status = entry.status;
  const std::int64_t busy_since = entry.recording->busy_since();
  const std::int64_t busy = busy_since == 0 ? 0 : parts_.clock() - busy_since;
  if (busy < parts_.patience_ns || status.state == RecordingState::kEnded) return status;
  status.state = RecordingState::kStalled;
  status.error = "the card has not answered for " + std::to_string(busy / kNsPerSecond) + " s";
  return status;
}

std::vector<RecordingSnapshot> Recorder::Worker::Status() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<RecordingSnapshot> all;
  for (const Entry& entry : entries_) all.push_back(StatusOf(entry));
  return all;
}

bool Recorder::Worker::any() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !entries_.empty();
}

Recorder::Needs Recorder::Worker::needs() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  Needs needs;
  for (const Entry& entry : entries_) {
    if (entry.status.state == RecordingState::kEnded) continue;
    const RecordingSettings& settings = entry.recording->settings();
    needs.sound |= settings.sound == RecordedSound::kCamera;
    needs.picture |= settings.picture;
  }
  return needs;
}

/** @return whether there is something new to tell of it. */
bool Recorder::Worker::Tell(Entry* entry) {
  const RecordingSnapshot now = StatusOf(*entry);
  const RecordingSnapshot& told = entry->told;
  // How long a card has been silent changes by the second, and is no news.
  const bool is_news = now.state != told.state || now.file != told.file ||
                       (now.error != told.error && now.state != RecordingState::kStalled);
  if (!is_news) return false;
  entry->told = now;
  EngineEvent event;
  event.kind = EngineEventKind::kRecording;
  event.recording = now.id;
  event.progress = now.state;
  event.file = now.file;
  event.error = now.error;
  // The oldest news is the least: states follow one another.
  if (events_.size() == kMostEvents) events_.pop_front();
  events_.push_back(event);
  return true;
}

bool Recorder::Worker::TakeEvent(EngineEvent* event) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Entry& entry : entries_) Tell(&entry);
  if (events_.empty()) return false;
  *event = events_.front();
  events_.pop_front();
  return true;
}

bool Recorder::Worker::TakeFinished(CallTap** tap) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Entry& entry : entries_) {
    if (entry.status.state != RecordingState::kEnded || entry.handed_back) continue;
    entry.handed_back = true;
    *tap = entry.recording->tap();
    if (*tap != nullptr) return true;
  }
  return false;
}

// The thread -----------------------------------------------------------------------------------

void Recorder::Worker::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (bool last = false; !last;) {
    const auto has_orders = [this] {
      return quit_ || std::any_of(entries_.begin(), entries_.end(),
                                  [](const Entry& entry) { return entry.begins || entry.ends; });
    };
    if (entries_.empty()) {
      changed_.wait(lock, [this] { return quit_ || !entries_.empty(); });
    } else {
      changed_.wait_for(lock, kStepInterval, has_orders);
    }
    last = quit_;
    std::vector<Entry*> entries;
    for (Entry& entry : entries_) entries.push_back(&entry);
    const std::int64_t now = parts_.clock();
    for (Entry* entry : entries) {
      if (entry->begins) entry->recording->Begin(now);
      // The process ends: no post-roll.
      if (last) entry->recording->EndNow(now);
      if (entry->ends) entry->recording->End(now);
      entry->begins = entry->ends = false;
    }
    lock.unlock();
    StepAll(&entries);
    Publish();
    lock.lock();
  }
  ended_ = true;
  changed_.notify_all();
}

void Recorder::Worker::StepAll(std::vector<Entry*>* entries) {
  TakeUnits(*entries);
  for (Entry* entry : *entries) entry->recording->Step(parts_.clock());
}

void Recorder::Worker::TakeUnits(const std::vector<Entry*>& entries) {
  if (!parts_.camera) return;
  const std::uint64_t dropped = parts_.camera->pictures().dropped();
  for (Entry* entry : entries) {
    if (entry->recording->settings().picture) {
      entry->recording->NoteDropped(dropped - pictures_dropped_);
    }
  }
  pictures_dropped_ = dropped;
  Deal(entries, &parts_.camera->pictures(), &picture_times_, false);
  Deal(entries, &parts_.camera->sound(), &sound_times_, true);
}

/** To each recording that wants it. */
void Recorder::Worker::Deal(const std::vector<Entry*>& entries, AccessUnitQueue* queue,
                            UnitTimes* times, bool sound) {
  for (std::size_t left = queue->size(); left > 0; --left) {
    AccessUnit unit;
    UnitTimes::Place place{};
    if (!queue->Pop(&unit, &unit_) || !times->Find(unit, &place)) continue;
    for (Entry* entry : entries) {
      const RecordingSettings& settings = entry->recording->settings();
      const bool wanted = sound ? settings.sound == RecordedSound::kCamera : settings.picture;
      if (!wanted || entry->recording->ended()) continue;
      // The camera's decoder has two where its table says nothing.
      const AacFormat aac = {unit.sample_rate, unit.channels == 0 ? 2 : unit.channels};
      if (sound && !IsAac(aac)) continue;
      RecordedUnit recorded;
      recorded.pts_ns = place.pts_ns;
      recorded.read_ns = unit.read_ns;
      recorded.generation = place.epoch;
      recorded.codec = unit.codec;
      recorded.key_frame = unit.key_frame;
      recorded.aac = aac;
      recorded.data = unit_;
      if (sound) {
        entry->recording->OnSound(std::move(recorded));
      } else {
        entry->recording->OnPicture(std::move(recorded));
      }
    }
  }
}

/** What came of a step is seen from now on; what has ended and is let go of is gone. */
void Recorder::Worker::Publish() {
  bool news = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (Entry& entry : entries_) {
      const std::uint32_t id = entry.status.id;
      entry.status = entry.recording->Status();
      entry.status.id = id;
      news |= Tell(&entry);
    }
    const auto is_gone = [](const Entry& entry) {
      CallTap* const tap = entry.recording->tap();
      return entry.status.state == RecordingState::kEnded && entry.handed_back &&
             (tap == nullptr || tap->released());
    };
    entries_.remove_if(is_gone);
  }
  if (!news) return;
  const std::lock_guard<std::mutex> lock(notify_mutex_);
  if (!silent_) parts_.notify();
}

Recorder::Recorder(Parts parts) : worker_(std::make_shared<Worker>(std::move(parts))) {
  Worker::Start(worker_);
}
Recorder::~Recorder() { Stop(); }

bool Recorder::Open(const RecordingSettings& settings, std::uint32_t* id, CallTap** tap) {
  return worker_->Open(settings, id, tap);
}
void Recorder::Begin(std::uint32_t id) { worker_->Begin(id); }
void Recorder::End(std::uint32_t id) { worker_->End(id); }
std::vector<RecordingSnapshot> Recorder::Status() const { return worker_->Status(); }
void Recorder::Stop() { worker_->Stop(); }
bool Recorder::any() const { return worker_->any(); }
Recorder::Needs Recorder::needs() const { return worker_->needs(); }
bool Recorder::TakeEvent(EngineEvent* event) { return worker_->TakeEvent(event); }
bool Recorder::TakeFinished(CallTap** tap) { return worker_->TakeFinished(tap); }

}  // namespace dashvoip
