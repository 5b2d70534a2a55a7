#ifndef DASHVOIP_VOICE_TIMELINE_H_
#define DASHVOIP_VOICE_TIMELINE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/voice/packet_store.h"

namespace dashvoip {

/** What there is at a place of the timeline. */
enum class SoundKind : std::uint8_t {
  kAbsent,
  kSound,
  kNoise,  ///< RFC 3389: the sender says that there is no sound, but noise
  kEvent,  ///< RFC 4733: a key is held instead of sound
  kPause,  ///< the sender sent nothing: its packets are numbered on, and its clock leapt
};

/**
 * Encoded packets by the place where their sound belongs, samples of the bus. Where two claim a
 * place, the one that came first has it; sound goes before noise and keys. Packets are whole, and
 * known by what is heard of them: a codec with a memory decodes them all.
 */
class Timeline {
 public:
  /** A part that is of one kind and, if it is sound, of one packet. */
  struct Stretch {
    SoundKind kind;
    EncodedPacket* packet;  ///< of sound
    std::uint8_t level;     ///< of noise, -dBov
    std::int64_t end;
  };

  /** @param packets and @param bytes that it holds at most. */
  Timeline(std::size_t packets, std::size_t bytes);

  /**
   * @param sound with what is to be heard of it at most; @param heard what will be, samples.
   * @return false when it is full: what lies before Oldest() must go.
   */
  bool AddSound(const EncodedPacket& sound, std::int64_t* heard) noexcept;
  /** Noise or a key. @param level of noise. */
  void AddMark(SoundKind kind, std::int64_t begin, std::int64_t end, std::uint8_t level) noexcept;

  /** What begins, or goes on, at `at`; it ends at `end` at the latest. */
  Stretch At(std::int64_t at, std::int64_t end) const noexcept;
  /** How much of [begin, end) is sound. */
  std::int64_t SoundBetween(std::int64_t begin, std::int64_t end) const noexcept;
  bool empty() const noexcept { return packets_.empty(); }
  /** Where the first packet ends, if it is not empty. */
  std::int64_t Oldest() const noexcept { return packets_.front()->to; }

  /** Forgets what has ended at `position`. */
  void Release(std::int64_t position) noexcept;
  /** Forgets all that lies before `position`. */
  void Cut(std::int64_t position) noexcept;
  void Clear() noexcept;

 private:
  struct Mark {
    SoundKind kind;
    std::uint8_t level;
    std::int64_t begin;
    std::int64_t end;
  };
  static constexpr std::size_t kMarks = 16;

  bool Claim(std::int64_t* from, std::int64_t* to, std::size_t* place) const noexcept;

  PacketStore store_;
  std::vector<EncodedPacket*> packets_;  // in the order of their places, which do not overlap
  std::array<Mark, kMarks> marks_;       // in the order of arrival
  std::size_t mark_count_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_TIMELINE_H_
