#ifndef DASHVOIP_RECORD_CALL_TAP_H_
#define DASHVOIP_RECORD_CALL_TAP_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "dashvoip/audio/mixer_port.h"
#include "dashvoip/base/spsc_ring.h"

namespace dashvoip {

/**
 * What is said at both ends of a call, from the media thread to the recorder's: two taps of the
 * mixer before one queue of four seconds, of which the newest are dropped and counted.
 */
class CallTap {
 public:
  /** 20 ms at 48 kHz. */
  static constexpr std::size_t kMaxBlock = 960;
  enum class End : std::uint8_t { kNear, kFar };

  /** What one end said in a slot. */
  struct Block {
    std::int64_t slot;
    End end;
    bool heard;  // else it is silent, and has no samples in the queue
    std::uint16_t count;
  };

  explicit CallTap(std::uint32_t rate_hz)
      : near_(this, End::kNear),
        far_(this, End::kFar),
        blocks_(kBlocks),
        samples_(std::size_t{kSeconds} * 2 * rate_hz) {}
  CallTap(const CallTap&) = delete;
  CallTap& operator=(const CallTap&) = delete;

  MixerPort* near_end() noexcept { return &near_; }
  MixerPort* far_end() noexcept { return &far_; }

  /** The media thread has let go of it. */
  void Release() noexcept { released_.store(true, std::memory_order_release); }
  bool released() const noexcept { return released_.load(std::memory_order_acquire); }

  /** Recorder's thread. @param samples room for kMaxBlock. @return false when it is empty. */
  bool Take(Block* block, std::int16_t* samples) noexcept {
    if (!blocks_.Pop(block)) return false;
    if (block->heard) samples_.Read(samples, block->count);
    return true;
  }
  /** Samples of either end that found no room. */
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kSeconds = 4;
  static constexpr std::size_t kBlocks = kSeconds * 2 * 50;

  class Port : public MixerPort {
   public:
    Port(CallTap* tap, End end) noexcept : tap_(*tap), end_(end) {}
    bool hears() const noexcept override { return true; }
    void Write(std::int64_t slot, const std::int16_t* samples, std::size_t count,
               bool heard) noexcept override {
      tap_.Put({slot, end_, heard, static_cast<std::uint16_t>(count)}, samples);
    }

   private:
    CallTap& tap_;
    const End end_;
  };

  void Put(const Block& block, const std::int16_t* samples) noexcept {
    const std::size_t needed = block.heard ? block.count : 0;
    if (blocks_.size() == blocks_.capacity() || samples_.capacity() - samples_.size() < needed) {
      dropped_.fetch_add(block.count, std::memory_order_relaxed);
      return;
    }
    samples_.Write(samples, needed);
    blocks_.Push(block);
  }

  Port near_;
  Port far_;
  SpscRing<Block> blocks_;
  SpscRing<std::int16_t> samples_;
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<bool> released_{false};
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_CALL_TAP_H_
