#include "dashvoip/engine/bridge_lane.h"

#include "dashvoip/audio/silence.h"

namespace dashvoip {
namespace {

// One step of dither, or what a resampler leaves of it, is no sound.
constexpr std::uint16_t kSilence = 1;

}  // namespace

constexpr unsigned SoundGate::kHoldSlots;
constexpr std::size_t BridgeLane::kHeld;

bool SoundGate::Update(std::uint16_t peak) noexcept {
  if (peak > kSilence) {
    slots_left_ = kHoldSlots;
  } else if (slots_left_ > 0) {
    --slots_left_;
  }
  return open();
}

void BridgeLane::Move() noexcept {
  BridgeBlock block;
  source_.Pull(block.data(), block.size());
  const std::uint16_t peak = PeakOf(block.data(), block.size());
  if (peak > peak_.load(std::memory_order_relaxed)) peak_.store(peak, std::memory_order_relaxed);
  Pass(block, peak);
}

void BridgeLane::Skip() noexcept {
  BridgeBlock block;
  source_.Pull(block.data(), block.size());
  skipped_.fetch_add(1, std::memory_order_relaxed);
}

void BridgeLane::Pass(const BridgeBlock& block, std::uint16_t peak) noexcept {
  const bool open = !gated_ || gate_.Update(peak);
  sink_wanted_.store(open, std::memory_order_release);
  if (!open) {
    flowing_ = false;
    held_count_ = 0;
    return;
  }
  if (gated_ && !flowing_ && held_count_ < kHeld) {
    held_[held_count_++] = block;
    return;
  }
  for (std::size_t i = 0; i < held_count_; ++i) sink_.Push(held_[i].data(), held_[i].size());
  held_count_ = 0;
  flowing_ = true;
  sink_.Push(block.data(), block.size());
}

}  // namespace dashvoip
