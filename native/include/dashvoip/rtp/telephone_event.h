#ifndef DASHVOIP_RTP_TELEPHONE_EVENT_H_
#define DASHVOIP_RTP_TELEPHONE_EVENT_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/rtp/packet.h"

namespace dashvoip {

/** RFC 4733 §3.2: the sixteen keys are events 0..15. @return false for another character. */
bool EventOfDigit(char digit, std::uint8_t* event) noexcept;
/** @param event 0..15 */
char DigitOfEvent(std::uint8_t event) noexcept;

/** The payload of RFC 4733 §2.3. */
struct TelephoneEvent {
  static constexpr std::size_t kSize = 4;
  std::uint8_t event = 0;
  bool end = false;
  std::uint8_t volume = 0;     ///< -dBm0
  std::uint16_t duration = 0;  ///< since the packet's timestamp, in its units

  /** @return false when there are too few bytes; what follows the first event is passed over. */
  static bool Parse(const std::uint8_t* payload, std::size_t size, TelephoneEvent* out) noexcept;
  void Write(std::uint8_t* out) const noexcept;
};

/**
 * Keys of the far end out of its event packets. A key is told once, when it was let go: by the
 * first packet with the end bit, by the next key, or by silence when all the last ones were lost.
 */
class TelephoneEventReceiver {
 public:
  struct Key {
    char digit;
    std::uint32_t duration;  ///< in units of the timestamp
  };

  /** Events that are no keys (RFC 4733 §3.2: tones, lines) are passed over. @param arrival ns. */
  void OnPacket(const RtpHeader& header, const TelephoneEvent& event,
                std::int64_t arrival) noexcept;
  /** Once per slot. @param now ns. @return true with a key that was let go. */
  bool Take(std::int64_t now, Key* out) noexcept;
  /** How long the present key has been held, its segments included (RFC 4733 §2.5.1.3). */
  std::uint32_t held() const noexcept { return before_ + newest_.duration; }
  std::uint64_t dropped() const noexcept { return dropped_; }
  /** A new description: the key that was held is told; numbers begin anew. */
  void Reset() noexcept;

 private:
  static constexpr std::size_t kWaiting = 16;

  void Begin(const RtpHeader& header) noexcept;
  void Finish() noexcept;
  bool ContinuesLong(const RtpHeader& header, const TelephoneEvent& event) const noexcept;

  bool known_ = false;  // a key was seen since the beginning
  bool held_ = false;
  std::uint32_t ssrc_ = 0;
  std::uint32_t timestamp_ = 0;  // of the present key, or the last
  std::uint32_t before_ = 0;     // in former segments of a long key
  TelephoneEvent newest_;
  std::int64_t last_arrival_ = 0;
  // Keys that were let go and not yet taken: bounded, the newest is dropped.
  std::array<Key, kWaiting> waiting_{};
  std::size_t waiting_count_ = 0;
  std::uint64_t dropped_ = 0;
};

/**
 * Keys of ours on their way out: says for each packet that falls due whether it is to be an event,
 * silence, or the microphone's sound.
 */
class TelephoneEventSender {
 public:
  enum class Action { kSound, kSilence, kEvent };
  struct Packet {
    TelephoneEvent event;
    std::uint32_t timestamp = 0;  ///< the beginning of the key, the same in all its packets
    bool marker = false;
  };

  /** @param tone, gap in units of the timestamp. What finds the queue full is dropped. */
  void Push(std::uint8_t event, std::uint32_t tone, std::uint32_t gap) noexcept;
  /**
   * The next packet is complete. @param timestamp of its first sample; @param samples in it.
   * @param out filled with kEvent.
   */
  Action Next(std::uint32_t timestamp, std::uint32_t samples, Packet* out) noexcept;
  void Clear() noexcept;
  std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  static constexpr std::size_t kWaiting = 64;
  enum class State { kIdle, kTone, kEnd, kGap };

  struct Key {
    std::uint8_t event;
    std::uint32_t tone;
    std::uint32_t gap;
  };

  Action Tone(std::uint32_t timestamp, std::uint32_t samples, Packet* out) noexcept;
  Action End(std::uint32_t timestamp, std::uint32_t samples, Packet* out) noexcept;
  Action Gap(std::uint32_t timestamp, std::uint32_t samples) noexcept;
  void EndGapIfOver(std::uint32_t next) noexcept;

  State state_ = State::kIdle;
  std::array<Key, kWaiting> waiting_{};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool started_ = false;  // the first packet of the tone is out
  std::uint32_t begin_ = 0;
  std::uint32_t duration_ = 0;
  int ends_ = 0;  // packets with the end bit so far
  std::uint64_t dropped_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_TELEPHONE_EVENT_H_
