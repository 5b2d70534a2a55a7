#ifndef DASHVOIP_ENGINE_DEVICE_PORTS_H_
#define DASHVOIP_ENGINE_DEVICE_PORTS_H_

#include <algorithm>
#include <cstdint>

#include "dashvoip/audio/audio_port.h"
#include "dashvoip/audio/mixer_port.h"
#include "dashvoip/talker/talker.h"

namespace dashvoip {

/** The device that gives sound, through the talker's chain where there is one. */
class MicrophonePort : public MixerPort {
 public:
  /** @param talker nullptr: sound goes as it is. */
  MicrophonePort(AudioSource* source, Talker* talker) noexcept : source_(source), talker_(talker) {}
  bool speaks() const noexcept override { return true; }
  bool Read(std::int64_t slot, std::int16_t* out, std::size_t count) noexcept override {
    const bool heard = source_->Pull(out, count);
    // Muted, too: the echo canceller goes on with what it knows of the room.
    if (talker_ != nullptr) talker_->Capture(slot, out, count, heard, source_->PullDelayMs());
    if (muted_) std::fill_n(out, count, std::int16_t{0});
    return heard;
  }
  /** Silence is all that anybody gets of it. */
  void Mute(bool muted) noexcept {
    muted_ = muted;
    if (talker_ != nullptr) talker_->Mute(muted);
  }

 private:
  AudioSource* const source_;
  Talker* const talker_;
  bool muted_ = false;
};

/** The device that takes sound: a steady stream of it, silence included. */
class SpeakerPort : public MixerPort {
 public:
  /** @param talker nullptr: sound goes as it is. */
  SpeakerPort(AudioSink* sink, Talker* talker) noexcept : sink_(sink), talker_(talker) {}
  bool hears() const noexcept override { return true; }
  void Write(std::int64_t slot, const std::int16_t* samples, std::size_t count,
             bool) noexcept override {
    if (talker_ != nullptr) {
      samples = talker_->Play(slot, samples, count, sink_->PushDelayMs());
    }
    sink_->Push(samples, count);
  }

 private:
  AudioSink* const sink_;
  Talker* const talker_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_DEVICE_PORTS_H_
