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
  /** @throws std::invalid_argument for a rate of 0 or one that speexdsp refuses. */
  Resampler(std::uint32_t in_rate_hz, std::uint32_t out_rate_hz);
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
  /** Forgets the past, as before the first sample. */
  void Reset() noexcept;

 private:
  struct Destroy {
    void operator()(SpeexResamplerState_* state) const noexcept;
  };
  const std::uint32_t in_rate_hz_;
  const std::uint32_t out_rate_hz_;
  std::unique_ptr<SpeexResamplerState_, Destroy> state_;  // null: both rates are the same
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_RESAMPLER_H_
