#ifndef DASHVOIP_CODEC_G726_H_
#define DASHVOIP_CODEC_G726_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** A number of ITU-T G.726 as it multiplies them: sign, 4 bits of exponent, 6 of mantissa. */
struct G726Float {
  bool negative = false;
  std::int32_t exponent = 0;
  std::int32_t mantissa = 32;
};

struct G726Tables;

/**
 * One direction of ITU-T G.726, ADPCM at 8 kHz: both ends follow the same quantized differences, so
 * that encoder and decoder are one machine. Names of its blocks are those of the Recommendation.
 */
class G726 {
 public:
  /** @param bits of a codeword: 2 to 5, for 16, 24, 32 and 40 kbit/s. */
  explicit G726(unsigned bits) noexcept;

  unsigned bits() const noexcept { return bits_; }
  /** @return the codeword, in the lower bits. */
  std::uint32_t Encode(std::int16_t sample) noexcept;
  std::int16_t Decode(std::uint32_t code) noexcept;

 private:
  std::uint32_t Quantize(std::int32_t difference) const noexcept;
  std::int32_t Dequantize(std::uint32_t code) const noexcept;
  bool IsTransition(std::int32_t magnitude) const noexcept;
  void AdaptPredictor(std::int32_t difference, bool transition) noexcept;
  void AdaptSpeed(std::uint32_t code, bool transition) noexcept;
  void AdaptScale(std::uint32_t code) noexcept;
  void Predict() noexcept;

  unsigned bits_;
  const G726Tables* tables_;
  std::array<std::int32_t, 2> poles_{};        // a1, a2
  std::array<std::int32_t, 6> zeros_{};        // b1..b6
  std::array<G726Float, 2> reconstructed_;     // sr1, sr2
  std::array<G726Float, 6> differences_;       // dq1..dq6
  std::array<std::int32_t, 2> signs_{{1, 1}};  // pk1, pk2
  std::int32_t estimate_ = 0;                  // se
  std::int32_t by_zeros_ = 0;                  // sez
  std::int32_t scale_ = 544;                   // y
  std::int32_t fast_scale_ = 544;              // yu
  std::int32_t slow_scale_ = 34816;            // yl
  std::int32_t short_mean_ = 0;                // dms
  std::int32_t long_mean_ = 0;                 // dml
  std::int32_t speed_ = 0;                     // ap
  bool tone_ = false;                          // td
};

/** Where the first codeword goes in a byte. */
enum class G726Packing {
  kLow,   ///< RFC 3551 §4.5.4: into the lower bits
  kHigh,  ///< AAL2 (ITU-T I.366.2): into the upper ones
};

/** @param count samples, a multiple of 8. @return bytes: count * bits / 8. */
std::size_t G726EncodePacked(G726* coder, G726Packing packing, const std::int16_t* in,
                             std::size_t count, std::uint8_t* out) noexcept;
/** @param out as many samples as codewords fit into `size` bytes. */
void G726DecodePacked(G726* coder, G726Packing packing, const std::uint8_t* in, std::size_t size,
                      std::int16_t* out) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_G726_H_
