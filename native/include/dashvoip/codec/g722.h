#ifndef DASHVOIP_CODEC_G722_H_
#define DASHVOIP_CODEC_G722_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** What both ends of ITU-T G.722 know of one sub-band: predictor and step size (clause 3.6). */
class G722Band {
 public:
  /** @param step the scale factor that the band begins with, @param least_shift SCALEL / SCALEH. */
  G722Band(std::int32_t step, std::int32_t least_shift) noexcept
      : step_(step), least_shift_(least_shift) {}

  std::int32_t predicted() const noexcept { return predicted_; }
  std::int32_t step() const noexcept { return step_; }
  /** @param difference quantized, @param log_change of the step, @param most of the logarithm. */
  void Adapt(std::int32_t difference, std::int32_t log_change, std::int32_t most) noexcept;

 private:
  void AdaptPoles(std::int32_t partly) noexcept;
  void AdaptZeros(std::int32_t difference) noexcept;
  void Predict(std::int32_t reconstructed) noexcept;

  std::int32_t step_;
  std::int32_t least_shift_;
  std::int32_t log_step_ = 0;
  std::int32_t predicted_ = 0;
  std::int32_t by_zeros_ = 0;
  std::array<std::int32_t, 2> poles_{};          // a1, a2
  std::array<std::int32_t, 2> reconstructed_{};  // r1, r2
  std::array<std::int32_t, 2> partly_{};         // p1, p2
  std::array<std::int32_t, 6> zeros_{};          // b1..b6
  std::array<std::int32_t, 6> differences_{};    // d1..d6
};

/** Mode 1 of ITU-T G.722, 64 kbit/s: one byte for two samples at 16 kHz. */
class G722Encoder {
 public:
  /** @param count samples, even. @param out count / 2 bytes. */
  void Encode(const std::int16_t* in, std::size_t count, std::uint8_t* out) noexcept;

 private:
  std::uint32_t EncodeLow(std::int32_t sample) noexcept;
  std::uint32_t EncodeHigh(std::int32_t sample) noexcept;

  G722Band low_{32, 8};
  G722Band high_{8, 10};
  std::array<std::int32_t, 24> history_{};
};

class G722Decoder {
 public:
  /** @param out 2 * size samples. */
  void Decode(const std::uint8_t* in, std::size_t size, std::int16_t* out) noexcept;

 private:
  std::int32_t DecodeLow(std::uint32_t code) noexcept;
  std::int32_t DecodeHigh(std::uint32_t code) noexcept;

  G722Band low_{32, 8};
  G722Band high_{8, 10};
  std::array<std::int32_t, 24> history_{};
};

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_G722_H_
