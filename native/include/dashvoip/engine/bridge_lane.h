#ifndef DASHVOIP_ENGINE_BRIDGE_LANE_H_
#define DASHVOIP_ENGINE_BRIDGE_LANE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "dashvoip/audio/audio_port.h"

namespace dashvoip {

/** Rate of the sound card and of the bridge: the camera's own, so that nothing is resampled. */
constexpr std::uint32_t kBridgeRateHz = 48000;
constexpr std::uint32_t kBridgeSlotMs = 20;
constexpr std::size_t kBridgeBlock = kBridgeRateHz / 1000 * kBridgeSlotMs;

using BridgeBlock = std::array<std::int16_t, kBridgeBlock>;

/**
 * Tells sound from digital silence. Opens at the first block with sound; closes after three seconds
 * without, which is longer than a pause for breath.
 */
class SoundGate {
 public:
  static constexpr unsigned kHoldSlots = 3000 / kBridgeSlotMs;

  /** One block. @return whether the gate is open. */
  bool Update(std::uint16_t peak) noexcept;
  bool open() const noexcept { return slots_left_ > 0; }

 private:
  unsigned slots_left_ = 0;
};

/**
 * One direction of the bridge, a slot at a time: a block is pulled from one device and pushed to
 * the other, silence in place of what did not come, so that both see a steady stream. The devices
 * bound the delay; nothing is queued here but the beginning of a sound, while a gated sink opens.
 * `Move` and `Skip` belong to the one thread that drives the lane.
 */
class BridgeLane {
 public:
  enum class Gate {
    kAlways,   ///< the sink hears silence, too
    kOnSound,  ///< the sink gets blocks only from the beginning of a sound to its end
  };

  BridgeLane(AudioSource& source, AudioSink& sink, Gate gate) noexcept
      : source_(source), sink_(sink), gated_(gate == Gate::kOnSound) {}

  /** RT: one slot. */
  void Move() noexcept;
  /** RT: a slot that was slept through; its block is thrown away. */
  void Skip() noexcept;

  /** Any thread: whether the sink is to be active. */
  bool sink_wanted() const noexcept { return sink_wanted_.load(std::memory_order_acquire); }
  /** Any thread: loudest sample since the last call, 0..32768. */
  std::uint16_t TakePeak() noexcept { return peak_.exchange(0, std::memory_order_relaxed); }
  /** Any thread. */
  std::uint64_t skipped() const noexcept { return skipped_.load(std::memory_order_relaxed); }

 private:
  // What the sink needs to begin: meanwhile it becomes active, and nothing of the onset is lost.
  static constexpr std::size_t kHeld = 2;

  void Pass(const BridgeBlock& block, std::uint16_t peak) noexcept;

  AudioSource& source_;
  AudioSink& sink_;
  const bool gated_;
  SoundGate gate_;
  std::array<BridgeBlock, kHeld> held_;
  std::size_t held_count_ = 0;
  bool flowing_ = false;
  std::atomic<bool> sink_wanted_{false};
  std::atomic<std::uint16_t> peak_{0};
  std::atomic<std::uint64_t> skipped_{0};
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_BRIDGE_LANE_H_
