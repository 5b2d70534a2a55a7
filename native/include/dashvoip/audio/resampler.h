#ifndef DASHVOIP_AUDIO_RESAMPLER_H_
#define DASHVOIP_AUDIO_RESAMPLER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

struct SpeexResamplerState_;

namespace dashvoip {

/** Sample rate conversion of mono S16 by speexdsp. Allocates at construction only. */
class Resampler {
 public:
  enum class Ratio {
    kFixed,       ///< equal rates are copied
    kAdjustable,  ///< equal rates are filtered, too, so that `Adjust` makes no jump
  };

  /** @throws std::invalid_argument for a rate of 0 or one that speexdsp refuses. */
  Resampler(std::uint32_t in_rate_hz, std::uint32_t out_rate_hz, Ratio ratio = Ratio::kFixed);
  ~Resampler();
  Resampler(const Resampler&) = delete;
  Resampler& operator=(const Resampler&) = delete;

  /** Upper bound of what `Process` gives for `in_samples`. */
  std::size_t MaxOutput(std::size_t in_samples) const noexcept;
  /**
   * Takes all of `in`; `out` must hold MaxOutput(in_samples).
   * @return samples written to `out`.
   */
  std::size_t Process(const std::int16_t* in, std::size_t in_samples, std::int16_t* out) noexcept;
  /**
   * Takes `ppm` millionths more input for its output from now on, -1000..1000, in steps of about
   * 15. Only with Ratio::kAdjustable.
   */
  void Adjust(int ppm) noexcept;
  /** Forgets the past, as before the first sample; the adjustment stays. */
  void Reset() noexcept;

 private:
  struct Destroy {
    void operator()(SpeexResamplerState_* state) const noexcept;
  };
  bool SetRatio(int ppm) noexcept;

  const std::uint32_t in_rate_hz_;
  const std::uint32_t out_rate_hz_;
  int ppm_ = 0;
  std::unique_ptr<SpeexResamplerState_, Destroy> state_;  // null: both rates are the same
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_RESAMPLER_H_
