#ifndef DASHVOIP_VOICE_PLC_H_
#define DASHVOIP_VOICE_PLC_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/voice/pitch.h"

namespace dashvoip {

/**
 * Packet-loss concealment for speech without added delay: what is missing continues the last
 * pitch period, begins to fade after 10 ms and is silent after 60 ms; the sound that returns is
 * overlapped with the continuation. The idea is that of ITU-T G.711 Appendix I, which looks ahead
 * 3.75 ms where this removes the step at the seam instead.
 */
class PacketLossConcealer {
 public:
  /** @param scale of the rate: see pitch.h. */
  explicit PacketLossConcealer(std::size_t scale) noexcept : scale_(scale) {}

  /** Sound that arrived, in the order it is played; smoothed in place after a gap. */
  void Good(std::int16_t* samples, std::size_t count) noexcept;
  /** Makes up `count` samples. */
  void Conceal(std::int16_t* out, std::size_t count) noexcept;

 private:
  // At 8 kHz.
  static constexpr std::size_t kHistory = 480;    // 60 ms
  static constexpr std::size_t kMaxPeriod = 160;  // of the repeated stretch
  static constexpr std::size_t kOverlap = 40;     // 5 ms at the return, longer after long gaps

  void Remember(const std::int16_t* samples, std::size_t count) noexcept;
  void BeginConcealment() noexcept;
  void Synthesize(std::int16_t* out, std::size_t count) noexcept;

  const std::int16_t* HistoryEnd() const noexcept { return history_.data() + kHistory * scale_; }

  const std::size_t scale_;
  std::array<std::int16_t, kHistory * kMaxScale> history_{};  // kHistory * scale_ of it
  std::array<std::int16_t, kMaxPeriod * kMaxScale> period_{};
  std::size_t period_size_ = 0;
  std::size_t period_at_ = 0;
  std::size_t concealed_ = 0;  // samples made up since the last good one
  double step_ = 0;            // height of the seam, fading
  double gain_ = 1;
  double decline_ = 1;  // of the gain, for each sample
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_PLC_H_
