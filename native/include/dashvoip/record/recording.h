#ifndef DASHVOIP_RECORD_RECORDING_H_
#define DASHVOIP_RECORD_RECORDING_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dashvoip/api/settings.h"
#include "dashvoip/api/snapshots.h"
#include "dashvoip/record/call_tap.h"
#include "dashvoip/record/card.h"
#include "dashvoip/record/container.h"
#include "dashvoip/record/material.h"
#include "dashvoip/record/sound_timeline.h"

namespace dashvoip {

/** Names of our own files begin so: no other is ever removed to make room. */
constexpr const char* kRecordingPrefix = "dashvoip-";

/**
 * One recording: what comes of a call or of the camera, into one file after the other. The
 * recorder's thread alone calls it; each step takes what there is. A card that fails costs what
 * comes meanwhile; it is tried again with back-off, with a file of its own.
 */
class Recording {
 public:
  /** @param card, open_files outlive it; the latter are those that are being written now. */
  Recording(const RecordingSettings& settings, std::uint32_t bus_rate_hz, Card* card,
            std::set<std::string>* open_files);

  const RecordingSettings& settings() const noexcept { return settings_; }
  /** nullptr where the camera's own sound is recorded. */
  CallTap* tap() noexcept { return tap_.get(); }

  /** From now on it is kept; before that, only what the pre-roll takes. */
  void Begin(std::int64_t now);
  /** The post-roll begins. */
  void End(std::int64_t now);
  /** Without one. */
  void EndNow(std::int64_t now) noexcept { end_ns_ = now; }
  bool ended() const noexcept { return ended_; }

  void OnPicture(RecordedUnit unit) { material_.pictures.push_back(std::move(unit)); }
  void OnSound(RecordedUnit unit) { material_.aac.push_back(std::move(unit)); }
  void NoteDropped(std::uint64_t pictures) noexcept { status_.dropped_frames += pictures; }
  /** To be called a few times a second. */
  void Step(std::int64_t now);

  RecordingSnapshot Status() const;
  /** Since when the card has been busy with one order, 0 when it is not. Any thread. */
  std::int64_t busy_since() const noexcept { return busy_since_.load(std::memory_order_relaxed); }

 private:
  class Busy;

  void TrimPreRoll(std::int64_t now);
  void EndFile(std::int64_t now);
  void LoseMaterial();
  void Fill(std::int64_t now, bool last);
  bool Put(std::int64_t now);
  int OpenFile(std::int64_t now);
  bool MakeRoom(std::uint64_t needed);
  bool RemoveOldest();
  void CloseFile(bool sync);
  void Fail(std::int64_t now, const std::string& words);
  bool IsFull(std::int64_t now) const noexcept;
  std::uint64_t MaterialMs() const noexcept;

  const RecordingSettings settings_;
  const Container::Sound sound_;
  Card& card_;
  std::set<std::string>& open_files_;
  const std::unique_ptr<CallTap> tap_;
  SoundTimeline timeline_;
  Material material_;
  std::unique_ptr<Container> container_;  // of the present file
  std::unique_ptr<CardFile> file_;
  std::string path_;
  std::vector<std::uint8_t> append_;
  std::vector<std::uint8_t> head_;

  bool begun_ = false;
  bool ended_ = false;
  std::int64_t end_ns_;
  std::int64_t file_begun_ns_ = 0;
  std::uint64_t file_bytes_ = 0;
  std::int64_t synced_ns_ = 0;
  std::int64_t retry_ns_ = 0;
  std::int64_t back_off_ns_ = 0;
  std::int64_t began_ns_ = 0;
  RecordingSnapshot status_;
  std::atomic<std::int64_t> busy_since_{0};
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_RECORDING_H_
