#ifndef DASHVOIP_RTP_SEQUENCE_H_
#define DASHVOIP_RTP_SEQUENCE_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** The value congruent to `number` modulo 2^16 that lies nearest to `reference`. */
std::int64_t ExtendSequence(std::uint16_t number, std::int64_t reference) noexcept;

/** The value congruent to `timestamp` modulo 2^32 that lies nearest to `reference`. */
std::int64_t ExtendTimestamp(std::uint32_t timestamp, std::int64_t reference) noexcept;

/**
 * Sequence numbers of one source, extended past their wrap (RFC 3550 §A.1). There is no probation
 * (MIN_SEQUENTIAL): in a call the source is known from SDP, guarded by SourceLatch, and two packets
 * thrown away would be 40 ms of the first word.
 */
class SequenceTracker {
 public:
  enum class Verdict {
    kFirst,      ///< first packet of the source
    kNewer,      ///< the highest so far, with or without a permissible gap
    kOlder,      ///< reordered or duplicate, within the window
    kSuspect,    ///< far away: not counted, unless the next one continues it
    kRestarted,  ///< two in a row from far away: the source restarted, counting began anew
  };

  Verdict Update(std::uint16_t number) noexcept;

  /** Highest extended number: cycles in the high 16 bits (RFC 3550 §6.4.1), modulo 2^32. */
  std::uint32_t extended_highest() const noexcept { return static_cast<std::uint32_t>(highest_); }
  std::int64_t highest() const noexcept { return highest_; }
  /** Extended number of the last packet given to Update, unless it was kSuspect. */
  std::int64_t last() const noexcept { return last_; }
  /** Packets expected since the first: highest - base + 1 (RFC 3550 §A.3). */
  std::uint64_t expected() const noexcept {
    return started_ ? static_cast<std::uint64_t>(highest_ - base_ + 1) : 0;
  }
  /** What was missed until the next number was not to be heard: it is no gap. */
  void Resume() noexcept { resuming_ = true; }
  void Reset() noexcept { *this = SequenceTracker(); }

 private:
  void Begin(std::uint16_t number) noexcept;

  bool started_ = false;
  bool resuming_ = false;
  bool has_suspect_ = false;
  std::uint16_t next_suspect_ = 0;
  std::int64_t base_ = 0;
  std::int64_t highest_ = 0;
  std::int64_t last_ = 0;
};

/** Which of the last 1024 extended sequence numbers were seen: tells a duplicate from a latecomer.
 */
class SequenceHistory {
 public:
  enum class Verdict { kNew, kDuplicate, kTooOld };

  /** What Insert would say, without noting anything. */
  Verdict Examine(std::int64_t extended) const noexcept;
  /** Notes `extended`. Numbers more than the window behind the highest are kTooOld. */
  Verdict Insert(std::int64_t extended) noexcept;
  void Reset() noexcept { *this = SequenceHistory(); }

 private:
  static constexpr std::int64_t kWindow = 1024;
  static std::size_t WordOf(std::int64_t number) noexcept {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(number) % kWindow / 64);
  }
  static std::uint64_t BitOf(std::int64_t number) noexcept {
    return std::uint64_t{1} << (static_cast<std::uint64_t>(number) % 64);
  }

  bool started_ = false;
  std::int64_t highest_ = 0;
  std::array<std::uint64_t, kWindow / 64> seen_{};
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_SEQUENCE_H_
