#ifndef DASHVOIP_VOICE_JITTER_BUFFER_H_
#define DASHVOIP_VOICE_JITTER_BUFFER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/sequence.h"
#include "dashvoip/voice/burst_metrics.h"
#include "dashvoip/voice/delay_estimator.h"
#include "dashvoip/voice/timeline.h"

namespace dashvoip {

/**
 * Counters in samples of the bus, so that packets of any length and clock add up:
 *   received = played + discarded + removed + late + duplicate + buffered
 *   asked for = played + concealed + silent + inserted + undecided
 */
struct JitterBufferSnapshot {
  std::uint64_t received = 0;
  std::uint64_t played = 0;
  std::uint64_t concealed = 0;  ///< lost, or not there in time
  std::uint64_t silent = 0;     ///< nothing to conceal: before the first packet, pause, noise, key
  std::uint64_t inserted = 0;   ///< made by lengthening
  std::uint64_t removed = 0;    ///< taken out by shortening
  std::uint64_t discarded = 0;  ///< thrown away: past the cap, after a stall, at a restart
  std::uint64_t late = 0;       ///< came after their place was played
  std::uint64_t duplicate = 0;
  std::uint64_t late_packets = 0;
  std::uint64_t restarts = 0;  ///< change of SSRC, or of the sender's clock
  std::uint32_t buffered = 0;  ///< now in the buffer
  /** Made up since nothing is there to play: the next packet tells whether it is loss or a pause.
   */
  std::uint32_t undecided = 0;
  std::uint32_t depth = 0;   ///< from what plays next to the newest, at the last Get
  std::uint32_t target = 0;  ///< depth aimed at
  /** How much longer than the fastest packet's what plays next has waited, at the last Get. */
  std::int32_t wait = 0;
};

/**
 * The one adaptive buffer between network and speaker. It holds packets of any codec on a timeline
 * of samples of the bus, placed by RTP timestamp: packets may have any length, come in any order,
 * twice or never. Storage is allocated at construction only; when it is full, the oldest packet
 * goes.
 *
 * Delay: playing starts when the first packet is one small margin old, so with a steady network
 * exactly one frame waits at each Get. From then on the delay follows the 97th percentile of what
 * packets needed. It grows at once: while the buffer is empty, time stands still for it, so that a
 * late packet is played rather than lost. It shrinks slowly, best in silence. The cap holds always,
 * but for packets as long as itself: one of them and three slots fit whatever it is.
 */
class JitterBuffer {
 public:
  /** The longest packet that is played, and the longest slot. */
  static constexpr std::size_t kLongestPacketMs = VoiceCodec::kLongestPacketMs;
  static constexpr std::size_t kLongestSlotMs = 60;
  /** What a packet of sound is: its length in ticks of its clock, Hz, and what decodes it. */
  struct Form {
    std::uint32_t clock_rate;
    std::uint32_t ticks;
    VoiceCodec* codec;
  };
  /** Part of a slot, of one kind: places on the timeline. */
  struct Run {
    SoundKind kind;
    EncodedPacket* packet;  ///< of sound
    std::uint8_t level;     ///< of noise, -dBov
    std::int64_t begin;
    std::int64_t end;
  };
  /** What the buffer wishes the caller to do to its depth. */
  enum class Wish { kNone, kShorten, kLengthen };

  /** Answer to Get. */
  struct Slot {
    enum class Kind {
      kSilence,  ///< nothing to play and nothing to conceal
      kSound,    ///< `runs` cover the slot; missing parts are to be concealed
    };
    Kind kind = Kind::kSilence;
    Wish wish = Wish::kNone;
    bool urgent = false;    ///< do it now, otherwise only where the sound is quiet
    std::size_t limit = 0;  ///< at most so many samples
    std::size_t run_count = 0;
    /** With kShorten: what follows the slot, `limit` samples, all sound: behind `run_count`. */
    std::size_t ahead_count = 0;
    std::array<Run, 16> runs;
  };

  /**
   * @param bus_rate of all that is called samples, Hz;
   * @param cap samples that may lie between what plays next and the newest: a hard limit.
   */
  JitterBuffer(std::uint32_t bus_rate, std::size_t cap);

  /** Copies a packet in. @param arrival kernel's receive time on CLOCK_MONOTONIC, ns. */
  void Put(const RtpPacket& packet, const Form& form, std::int64_t arrival) noexcept;
  /** RFC 3389: from this packet on there is noise until sound returns. */
  void PutNoise(const RtpPacket& packet, std::uint32_t clock_rate, std::int64_t arrival) noexcept;
  /** RFC 4733: a key has been held for `duration` ticks since `timestamp`, instead of sound. */
  void PutEvent(std::uint32_t ssrc, std::uint32_t timestamp, std::uint32_t duration) noexcept;

  /**
   * Once per frame interval. @param now the slot's deadline (not the moment of waking), ns;
   * @param count samples of the slot, the same each time. The runs stay valid until the next call
   * of Put or Get.
   */
  Slot Get(std::int64_t now, std::size_t count) noexcept;

  /** The packet whose sound begins at a place of the timeline; nullptr without one. */
  const EncodedPacket* PacketAt(std::int64_t position) const noexcept;

  /**
   * After a Get with a wish: how it was fulfilled. `change` > 0 samples ahead were removed;
   * < 0: so many samples at the end of the slot were not used and play next. 0 < |change| <= limit.
   */
  void Resize(std::ptrdiff_t change) noexcept;

  /** Forgets the sound in it (new session description, hold); the counters stay. */
  void Reset() noexcept;

  JitterBufferSnapshot Snapshot() const noexcept;
  /** Of packets that were due, in the order of play. */
  BurstMetrics::Figures Bursts() const noexcept { return bursts_.Get(); }
  /** Length of the newest packet, samples. */
  std::size_t packet_size() const noexcept { return static_cast<std::size_t>(packet_size_); }

 private:
  enum class State { kIdle, kPlaying };

  std::int64_t Room() const noexcept;
  std::int64_t NsOf(std::int64_t samples) const noexcept;
  std::int64_t SamplesOf(std::int64_t ns) const noexcept;

  // Putting.
  std::int64_t PositionOf(std::int64_t timestamp) const noexcept;
  bool Continues(const RtpPacket& packet, std::uint32_t clock_rate,
                 std::int64_t arrival) const noexcept;
  bool GoesOn(std::int64_t newer, std::int64_t timestamp) const noexcept;
  void Anchor(const RtpPacket& packet, std::uint32_t clock_rate) noexcept;
  bool Take(const RtpPacket& packet, const Form& form, std::int64_t arrival,
            EncodedPacket* out) noexcept;
  void Admit(std::int64_t begin, std::int64_t end) noexcept;
  void Insert(EncodedPacket* sound) noexcept;
  void Mark(SoundKind kind, std::int64_t begin, std::int64_t end, std::uint8_t level) noexcept;
  void DropUntil(std::int64_t position) noexcept;
  std::uint64_t TakeSound(std::int64_t begin, std::int64_t end) noexcept;

  // Getting.
  Run RunAt(std::int64_t begin, std::int64_t end) const noexcept;
  std::int64_t FirstBehind(SoundKind passed_over) const noexcept;
  bool AllSound(std::int64_t begin, std::int64_t end) const noexcept;
  bool ReadyToPlay(std::int64_t now) noexcept;
  void RecoverFromUnderrun(std::int64_t now) noexcept;
  void TrimTo(std::int64_t now, std::int64_t allowed) noexcept;
  void Fill(Slot* slot) noexcept;
  void NotePlayed(SoundKind kind, std::int64_t size) noexcept;
  void NotePackets(bool heard, std::int64_t size) noexcept;
  void Decide(std::int64_t pause) noexcept;
  void AskForResize(Slot* slot) noexcept;
  void AskToLengthen(std::int64_t deficit, Slot* slot) noexcept;
  void AskToShorten(std::int64_t excess, Slot* slot) noexcept;

  // Delays, ns.
  std::int64_t PacketGrid() const noexcept;
  std::int64_t Misalignment() const noexcept;
  std::int64_t Slack(std::int64_t now) const noexcept;
  std::int64_t TargetSlack() const noexcept;

  const std::int64_t rate_;  // of the bus
  const std::int64_t cap_;
  Timeline timeline_;

  // The source.
  bool anchored_ = false;
  std::int64_t clock_rate_ = 0;
  std::uint32_t ssrc_ = 0;
  std::int64_t sequence_ = 0;      // highest, extended
  std::int64_t timestamp_ = 0;     // newest, extended
  std::int64_t origin_ = 0;        // timestamp of position 0
  std::int64_t packet_begin_ = 0;  // position and length of the newest packet
  std::int64_t packet_size_ = 1;
  std::int64_t newest_end_ = 0;  // of the one with the highest number
  SequenceHistory history_;
  DelayEstimator delay_;

  // The timeline: sound lies in [play_, end_), with end_ - play_ <= cap_.
  State state_ = State::kIdle;
  std::int64_t play_ = 0;
  std::int64_t end_ = 0;
  std::int64_t floor_ = 0;  // what lies before it was played or given up
  std::int64_t debt_ = 0;   // samples concealed while the timeline stood still
  // The sender said last that there is no sound: what is missing is not lost.
  bool quiet_ = false;

  // The last slot.
  std::int64_t frame_;
  std::int64_t now_ = 0;
  Wish wish_ = Wish::kNone;
  std::int64_t limit_ = 0;
  std::int64_t last_growth_;
  std::int64_t last_resize_;
  JitterBufferSnapshot counters_;
  BurstMetrics bursts_;
  std::int64_t packet_part_ = 0;  // of a packet that is not yet counted in them
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_JITTER_BUFFER_H_
