#ifndef DASHVOIP_TALKER_FLOOR_H_
#define DASHVOIP_TALKER_FLOOR_H_

#include <cstdint>

#include "dashvoip/api/values.h"

namespace dashvoip {

/**
 * Who may speak where only one can at a time: a board whose microphone and speaker cannot run
 * together, or push-to-talk. Voice-switched, the first who speaks has the floor until a moment
 * after the last word, and loses it after a long turn to somebody who waits. With push-to-talk the
 * near end has it while the key is pressed, and asks for it while the far end speaks: it gets it in
 * the next pause.
 */
class Floor {
 public:
  enum class Mode : std::uint8_t { kVoiceSwitched, kPushToTalk };
  using Holder = FloorHolder;

  /** Of a slot. */
  struct Heard {
    bool near_speaks = false;
    bool far_speaks = false;
    bool pressed = false;  ///< the key of push-to-talk
  };

  explicit Floor(Mode mode) noexcept : mode_(mode) {}

  /** @param now ns. @return who has the floor from now on. */
  Holder Take(const Heard& heard, std::int64_t now) noexcept;
  Holder holder() const noexcept { return holder_; }
  /** The near end is heard by the far end. */
  bool near_open() const noexcept {
    return holder_ == Holder::kNear ||
           (holder_ == Holder::kNobody && mode_ == Mode::kVoiceSwitched);
  }
  /** The far end is heard at the near end. */
  bool far_open() const noexcept { return holder_ != Holder::kNear; }
  void Reset() noexcept;

 private:
  Holder Nobody(const Heard& heard) noexcept;
  Holder Far(const Heard& heard, std::int64_t now) noexcept;
  Holder Near(const Heard& heard, std::int64_t now) noexcept;
  Holder NearWaits(const Heard& heard, std::int64_t now) noexcept;
  bool WantsNear(const Heard& heard) const noexcept;
  bool HadLongTurn(std::int64_t now) const noexcept;
  bool IsQuiet(std::int64_t now) const noexcept;

  const Mode mode_;
  Holder holder_ = Holder::kNobody;
  std::int64_t since_ns_ = 0;  // of this turn
  std::int64_t spoke_ns_ = 0;  // when its holder was heard last
  bool released_ = true;       // the key was, since the near end lost the floor
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_FLOOR_H_
