#ifndef DASHVOIP_AUDIO_MIXER_H_
#define DASHVOIP_AUDIO_MIXER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/audio/limiter.h"
#include "dashvoip/audio/mixer_port.h"

namespace dashvoip {

/**
 * Who hears whom, and the sound that makes of it. Each port hears the sum of all that it is
 * connected to, softer where it would clip, and never itself, so that a conference is nothing but
 * its calls connected to one another; without a connection ports do not know of each other.
 *
 * Sound goes through in frames. Near ports (devices, taps, injectors) and far ones (calls) have
 * their turns apart: what the near ones say leaves at the beginning of a slot, before what came
 * from the network is looked at, and what the far ones say is heard near in the same slot, but by
 * another call only in the next.
 *
 * The media thread's; nothing is allocated, and nothing waits.
 */
class Mixer {
 public:
  static constexpr std::size_t kMaxPorts = 32;
  /** 20 ms at 48 kHz. */
  static constexpr std::size_t kMaxFrame = 960;

  enum class Side : std::uint8_t { kNear, kFar };

  /** A part of the frame, in samples. */
  struct Span {
    std::size_t begin;
    std::size_t count;
  };

  explicit Mixer(std::uint32_t rate_hz);

  /** @return false when there is no place left. @param port outlives its time here. */
  bool Attach(MixerPort* port, Side side) noexcept;
  /** It is gone, and its connections with it. */
  void Detach(const MixerPort* port) noexcept;
  /** From now on `to` hears `from`. Nothing happens for one that is not attached, or for oneself.
   */
  void Connect(const MixerPort* from, const MixerPort* to) noexcept;
  void Disconnect(const MixerPort* from, const MixerPort* to) noexcept;

  /** Whether somebody hears it now. */
  bool IsHeard(const MixerPort* port) const noexcept;
  /** Whether somebody it hears speaks now. */
  bool IsSpokenTo(const MixerPort* port) const noexcept;

  /** Takes a part of a frame from each port of a side that is heard; it stays until the next. */
  void Read(Side side, std::int64_t slot, const Span& span) noexcept;
  /** Gives each port of a side that is spoken to its part of a frame. */
  void Write(Side side, std::int64_t slot, const Span& span) noexcept;
  /** Takes `count` samples of each port of a side that is heard, and throws them away. */
  void Skip(Side side, std::int64_t slot, std::size_t count) noexcept;

 private:
  using Mask = std::uint32_t;
  using Frame = std::array<std::int16_t, kMaxFrame>;

  struct Place {
    MixerPort* port = nullptr;
    Side side = Side::kNear;
    Mask hears = 0;      // places
    bool spoke = false;  // there is something in `frame`
    Frame frame{};
  };

  std::size_t Find(const MixerPort* port) const noexcept;
  Mask BitOf(const Place& place) const noexcept;
  bool IsHeard(const Place& place) const noexcept;
  bool IsSpokenTo(const Place& place) const noexcept;
  const std::int16_t* Mix(const Place& listener, const Span& span, bool* heard) noexcept;
  void Sum(Mask speakers, const Span& span, Limiter* limiter) noexcept;

  std::array<Place, kMaxPorts> places_;
  std::vector<Limiter> limiters_;  // of what each place hears
  Frame mixed_{};
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_MIXER_H_
