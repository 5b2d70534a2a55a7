#include "dashvoip/record/recording.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "dashvoip/base/monotonic.h"

namespace dashvoip {
namespace {

constexpr std::int64_t kFirstRetryNs = kNsPerSecond;
constexpr std::int64_t kLastRetryNs = 30 * kNsPerSecond;
// What a pulled card costs at most, and how often room is looked for.
constexpr std::int64_t kSyncNs = 2 * kNsPerSecond;
// Of pictures before the recording begins.
constexpr std::size_t kMostPreRollBytes = 4U << 20;
// A card without a clock has files of the same name.
constexpr int kMostParts = 1000;

const char* EndingOf(RecordingContainer container) {
  switch (container) {
    case RecordingContainer::kWav:
      return ".wav";
    case RecordingContainer::kMp4:
      return ".mp4";
    case RecordingContainer::kAdts:
      break;
  }
  return ".aac";
}

bool IsOurs(const std::string& name) {
  if (name.compare(0, std::strlen(kRecordingPrefix), kRecordingPrefix) != 0) return false;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return false;
  const std::string ending = name.substr(dot);
  return ending == ".wav" || ending == ".mp4" || ending == ".aac";
}

std::string Megabytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MB"; }

std::string WordsOfCard(const std::string& what, int error) {
  const std::string words = what + ": " + std::strerror(error);
  return error == ENOENT || error == ENODEV || error == ENXIO ? words + "; is the card in?" : words;
}

}  // namespace

/** While the card is at work. */
class Recording::Busy {
 public:
  Busy(Recording* recording) noexcept : since_(recording->busy_since_) {
    since_.store(MonotonicNs(), std::memory_order_relaxed);
  }
  ~Busy() { since_.store(0, std::memory_order_relaxed); }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  std::atomic<std::int64_t>& since_;
};

Recording::Recording(const RecordingSettings& settings, std::uint32_t bus_rate_hz, Card* card,
                     std::set<std::string>* open_files)
    : settings_(settings),
      sound_{bus_rate_hz, settings.sound == RecordedSound::kCall ? 2U : 1U},
      card_(*card),
      open_files_(*open_files),
      tap_(settings.sound == RecordedSound::kCamera ? nullptr
                                                    : std::make_unique<CallTap>(bus_rate_hz)),
      timeline_(bus_rate_hz, sound_.channels),
      end_ns_(std::numeric_limits<std::int64_t>::max()) {
  status_.state = RecordingState::kArmed;
}

void Recording::Begin(std::int64_t now) {
  if (begun_) return;
  begun_ = true;
  began_ns_ = now;
  status_.state = RecordingState::kOpening;
}

void Recording::End(std::int64_t now) {
  end_ns_ = std::min(end_ns_, begun_ ? now + settings_.post_roll_ms * kNsPerMs : now);
}

void Recording::Step(std::int64_t now) {
  if (ended_) return;
  const bool last = now >= end_ns_;
  while (tap_ && !timeline_.Take(tap_.get(), now, last, &material_)) EndFile(now);
  if (!begun_) {
    TrimPreRoll(now);
  } else if (now < retry_ns_) {
    LoseMaterial();
  } else {
    Fill(now, last);
  }
  if (begun_) status_.duration_ms = static_cast<std::uint64_t>((now - began_ns_) / kNsPerMs);
  if (!last) return;
  CloseFile(true);
  ended_ = true;
  status_.state = RecordingState::kEnded;
}

/** A gap: what lies behind it is for another file. */
void Recording::EndFile(std::int64_t now) {
  if (begun_ && now >= retry_ns_) Fill(now, true);
  material_.Clear();
  CloseFile(true);
}

/** Pictures go by whole groups, so that what is left can be shown. */
void Recording::TrimPreRoll(std::int64_t now) {
  const std::size_t most =
      std::size_t{settings_.pre_roll_ms} * sound_.rate_hz / 1000 * sound_.channels;
  std::vector<std::int16_t>& pcm = material_.pcm;
  if (pcm.size() > most) {
    const std::size_t over = pcm.size() - most;
    pcm.erase(pcm.begin(), pcm.begin() + static_cast<std::ptrdiff_t>(over));
    material_.pcm_at_ns +=
        NsOfTicks(static_cast<std::int64_t>(over / sound_.channels), sound_.rate_hz);
  }
  const std::int64_t from_ns = now - settings_.pre_roll_ms * kNsPerMs;
  while (!material_.aac.empty() && material_.aac.front().read_ns < from_ns) {
    material_.aac.pop_front();
  }
  std::deque<RecordedUnit>& pictures = material_.pictures;
  std::size_t bytes = 0;
  for (const RecordedUnit& picture : pictures) bytes += picture.data.size();
  const auto next_group = [&pictures] {
    return std::find_if(pictures.begin() + 1, pictures.end(),
                        [](const RecordedUnit& picture) { return picture.key_frame; });
  };
  while (!pictures.empty()) {
    const auto next = next_group();
    const bool too_old = next != pictures.end() && next->read_ns <= from_ns;
    if (!too_old && bytes <= kMostPreRollBytes) break;
    for (auto picture = pictures.begin(); picture != next; ++picture) {
      bytes -= picture->data.size();
    }
    pictures.erase(pictures.begin(), next);
  }
}

std::uint64_t Recording::MaterialMs() const noexcept {
  if (!tap_) return material_.aac.size() * 1000 * kAacFrame / 48000;
  return material_.pcm.size() / sound_.channels * 1000 / sound_.rate_hz;
}

void Recording::LoseMaterial() {
  status_.dropped_ms += MaterialMs();
  status_.dropped_frames += material_.pictures.size();
  material_.Clear();
}

/** Moves what makes a step into the file; a file that is full gives way to the next. */
void Recording::Fill(std::int64_t now, bool last) {
  for (bool more = true; more;) {
    if (!container_) container_ = Container::Create(settings_, sound_);
    append_.clear();
    head_.clear();
    const std::uint64_t before_ms = MaterialMs();
    container_->Take(&material_, last, &append_, &head_);
    if (!append_.empty() && !Put(now)) {
      status_.dropped_ms += before_ms - std::min(before_ms, MaterialMs());
      return;
    }
    more = container_->is_over();
    if (more || (!last && IsFull(now) && container_->CanBeginWith(material_))) CloseFile(true);
  }
}

bool Recording::IsFull(std::int64_t now) const noexcept {
  return file_ && (now - file_begun_ns_ >= settings_.max_file_s * kNsPerSecond ||
                   file_bytes_ >= std::uint64_t{settings_.max_file_mb} << 20);
}

/** @return false when it failed, and everything begins anew later. */
bool Recording::Put(std::int64_t now) {
  const Busy busy(this);
  const bool due = !file_ || now - synced_ns_ >= kSyncNs;
  if (due && !MakeRoom(append_.size())) {
    Fail(now, status_.error);
    return false;
  }
  int error = file_ ? 0 : OpenFile(now);
  if (error == 0) error = file_->Append(append_.data(), append_.size());
  if (error == 0 && !head_.empty()) error = file_->Rewrite(head_.data(), head_.size());
  if (error == 0 && due) {
    error = file_->Sync();
    synced_ns_ = now;
  }
  if (error != 0) {
    Fail(now, WordsOfCard(path_, error));
    return false;
  }
  file_bytes_ += append_.size();
  status_.bytes += append_.size();
  status_.state = RecordingState::kRecording;
  status_.error.clear();
  back_off_ns_ = 0;
  return true;
}

int Recording::OpenFile(std::int64_t now) {
  const std::string stem = settings_.folder + "/" + kRecordingPrefix + settings_.name;
  int error = EEXIST;
  for (int part = static_cast<int>(status_.files) + 1; part < kMostParts && error == EEXIST;
       ++part) {
    path_ = stem + (part == 1 ? "" : "-" + std::to_string(part)) + EndingOf(settings_.container);
    error = card_.Create(path_, &file_);
  }
  if (error != 0) return error;
  open_files_.insert(path_);
  status_.file = path_;
  ++status_.files;
  file_begun_ns_ = now;
  file_bytes_ = 0;
  return 0;
}

void Recording::CloseFile(bool sync) {
  container_.reset();
  if (!file_) return;
  const Busy busy(this);
  if (sync) {
    const int error = file_->Sync();
    if (error != 0) {
      ++status_.write_errors;
      status_.error = WordsOfCard(path_, error);
    }
  }
  file_.reset();
  open_files_.erase(path_);
}

void Recording::Fail(std::int64_t now, const std::string& words) {
  const std::string told = words;
  CloseFile(false);
  ++status_.write_errors;
  status_.error = told;
  status_.state = RecordingState::kFailed;
  back_off_ns_ = std::min(std::max(2 * back_off_ns_, kFirstRetryNs), kLastRetryNs);
  retry_ns_ = now + back_off_ns_;
}

/** Our own oldest files give way. @return false, with words, when there is too little room. */
bool Recording::MakeRoom(std::uint64_t needed) {
  const std::uint64_t floor = (std::uint64_t{settings_.floor_mb} << 20) + needed;
  std::uint64_t free = 0;
  for (;;) {
    const int error = card_.FreeBytes(settings_.folder, &free);
    if (error != 0) {
      status_.error = WordsOfCard(settings_.folder, error);
      return false;
    }
    if (free >= floor) return true;
    if (RemoveOldest()) continue;
    status_.error = settings_.folder + ": " + Megabytes(free) + " are free, expected " +
                    Megabytes(floor) + " and more, and no recording of ours is left to remove";
    return false;
  }
}

bool Recording::RemoveOldest() {
  std::vector<Card::Entry> entries;
  if (card_.List(settings_.folder, &entries) != 0) return false;
  const Card::Entry* oldest = nullptr;
  for (const Card::Entry& entry : entries) {
    if (!IsOurs(entry.name) || open_files_.count(settings_.folder + "/" + entry.name) != 0) {
      continue;
    }
    if (oldest == nullptr || entry.written_ns < oldest->written_ns ||
        (entry.written_ns == oldest->written_ns && entry.name < oldest->name)) {
      oldest = &entry;
    }
  }
  if (oldest == nullptr) return false;
  if (card_.Remove(settings_.folder + "/" + oldest->name) != 0) return false;
  ++status_.removed_files;
  return true;
}

RecordingSnapshot Recording::Status() const {
  RecordingSnapshot status = status_;
  if (tap_) status.dropped_ms += tap_->dropped() * 1000 / sound_.channels / sound_.rate_hz;
  return status;
}

}  // namespace dashvoip
