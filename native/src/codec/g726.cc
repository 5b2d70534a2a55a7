#include "dashvoip/codec/g726.h"

#include <algorithm>
#include <cstdlib>

namespace dashvoip {

/** Of one bit rate, by the magnitude of the codeword: ITU-T G.726 tables 1 to 12. */
struct G726Tables {
  std::size_t levels;          // of a magnitude
  std::int32_t decisions[15];  // QUAN: a logarithm below the first is of level 0
  std::int32_t outputs[16];    // RECONST
  std::int32_t scale[16];      // FUNCTW
  std::int32_t speed[16];      // FUNCTF
};

namespace {

// The logarithm of nothing.
constexpr std::int32_t kZero = -32768;

constexpr G726Tables k16 = {2, {260}, {116, 365}, {-22, 439}, {0, 7}};
constexpr G726Tables k24 = {
    4, {7, 217, 330}, {kZero, 135, 273, 373}, {-4, 30, 137, 582}, {0, 1, 2, 7}};
constexpr G726Tables k32 = {8,
                            {-125, 79, 177, 245, 299, 348, 399},
                            {kZero, 4, 135, 213, 273, 323, 373, 425},
                            {-12, 18, 41, 64, 112, 198, 355, 1122},
                            {0, 0, 0, 1, 1, 1, 3, 7}};
constexpr G726Tables k40 = {
    16,
    {-122, -16, 67, 138, 197, 249, 297, 338, 377, 412, 444, 474, 501, 527, 552},
    {kZero, -66, 28, 104, 169, 224, 274, 318, 358, 395, 429, 459, 488, 514, 539, 566},
    {14, 14, 24, 39, 40, 41, 58, 100, 141, 179, 219, 280, 358, 440, 529, 696},
    {0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6}};

const G726Tables& TablesOf(unsigned bits) noexcept {
  switch (bits) {
    case 2:
      return k16;
    case 3:
      return k24;
    case 4:
      return k32;
    default:
      return k40;
  }
}

std::int32_t Clamp(std::int32_t value, std::int32_t least, std::int32_t most) noexcept {
  return std::min(most, std::max(least, value));
}

std::int32_t Sign(std::int32_t value) noexcept { return value < 0 ? -1 : value > 0 ? 1 : 0; }

/** Place of the highest bit that is set; 0 for 0. */
std::int32_t Log2(std::int32_t value) noexcept {
  std::int32_t log = 0;
  while (value > 1) {
    value >>= 1;
    ++log;
  }
  return log;
}

// FLOATA and FLOATB.
G726Float ToFloat(std::int32_t value) noexcept {
  G726Float out;
  out.negative = value < 0;
  const std::int32_t magnitude = std::abs(value);
  if (magnitude == 0) return out;
  out.exponent = Log2(magnitude) + 1;
  out.mantissa = (magnitude << 6) >> out.exponent;
  return out;
}

// FMULT.
std::int32_t Multiply(const G726Float& a, const G726Float& b) noexcept {
  const std::int32_t exponent = a.exponent + b.exponent;
  const std::int32_t mantissa = (a.mantissa * b.mantissa + 48) >> 4;
  const std::int32_t product =
      exponent > 19 ? mantissa << (exponent - 19) : mantissa >> (19 - exponent);
  return static_cast<std::int16_t>(a.negative != b.negative ? -product : product);
}

}  // namespace

G726::G726(unsigned bits) noexcept : bits_(bits), tables_(&TablesOf(bits)) {}

std::uint32_t G726::Encode(std::int16_t sample) noexcept {
  const std::uint32_t code = Quantize(sample / 4 - estimate_);
  Decode(code);
  return code;
}

// LOG, SUBTB and QUAN: 16 kbit/s has no codeword for nothing; for the others its sign is set.
std::uint32_t G726::Quantize(std::int32_t difference) const noexcept {
  const std::uint32_t mask = (1u << bits_) - 1;
  const std::int32_t magnitude = std::abs(difference);
  const std::int32_t exponent = Log2(magnitude);
  const std::int32_t log =
      (exponent << 7) + (((magnitude << 7) >> exponent) & 0x7f) - (scale_ >> 2);
  std::uint32_t level = 0;
  while (level + 1 < tables_->levels && tables_->decisions[level] < log) ++level;
  if (level == 0 && bits_ != 2) return mask;
  return (difference < 0 ? ~level : level) & mask;
}

namespace {

/** The codeword without its sign: negative ones count backwards. */
std::uint32_t MagnitudeOf(std::uint32_t code, unsigned bits) noexcept {
  const bool negative = code >> (bits - 1) != 0;
  return negative ? ~code & ((1u << bits) - 1) : code;
}

}  // namespace

// RECONST, ADDA and ANTILOG. @return the magnitude.
std::int32_t G726::Dequantize(std::uint32_t code) const noexcept {
  const std::int32_t log = tables_->outputs[MagnitudeOf(code, bits_)] + (scale_ >> 2);
  if (log < 0) return 0;
  return ((128 + (log & 0x7f)) << ((log >> 7) & 0xf)) >> 7;
}

// TRANS: a difference that is too large for the tone that was there.
bool G726::IsTransition(std::int32_t magnitude) const noexcept {
  if (!tone_) return false;
  const std::int32_t whole = slow_scale_ >> 15;
  const std::int32_t part = slow_scale_ >> 10 & 0x1f;
  const std::int32_t threshold = whole > 9 ? 0x1f << 10 : (0x20 + part) << whole;
  return magnitude > (3 * threshold) >> 2;
}

std::int16_t G726::Decode(std::uint32_t code) noexcept {
  const std::int32_t magnitude = Dequantize(code);
  const bool negative = code >> (bits_ - 1) != 0;
  const bool transition = IsTransition(magnitude);
  const std::int32_t difference = negative ? -magnitude : magnitude;
  const auto signal = static_cast<std::int16_t>(estimate_ + difference);  // ADDB
  AdaptPredictor(difference, transition);

  const std::int32_t sign = Sign(by_zeros_ + difference);
  signs_ = {{sign != 0 ? sign : 1, signs_[0]}};
  reconstructed_ = {{ToFloat(signal), reconstructed_[0]}};
  std::copy_backward(differences_.begin(), differences_.end() - 1, differences_.end());
  differences_[0] = ToFloat(difference);
  differences_[0].negative = negative;
  tone_ = poles_[1] < -11776;  // TONE

  AdaptSpeed(code, transition);
  AdaptScale(code);
  Predict();
  return static_cast<std::int16_t>(Clamp(signal * 4, -32768, 32767));
}

// UPA1, UPA2, LIMC, LIMD, UPB and TRIGA, TRIGB.
void G726::AdaptPredictor(std::int32_t difference, bool transition) noexcept {
  if (transition) {
    poles_.fill(0);
    zeros_.fill(0);
    return;
  }
  const std::int32_t sign = Sign(by_zeros_ + difference);
  const std::int32_t turned = Clamp((-poles_[0] * signs_[0] * sign) >> 5, -256, 255);
  poles_[1] += 128 * sign * signs_[1] + turned - (poles_[1] >> 7);
  poles_[1] = Clamp(poles_[1], -12288, 12288);
  poles_[0] += 192 * sign * signs_[0] - (poles_[0] >> 8);
  poles_[0] = Clamp(poles_[0], poles_[1] - 15360, 15360 - poles_[1]);
  // 40 kbit/s leaks more slowly by the Recommendation; what is in the field does not.
  for (std::size_t i = 0; i < zeros_.size(); ++i) {
    const std::int32_t same = differences_[i].negative ? -1 : 1;
    zeros_[i] += 128 * Sign(difference) * same - (zeros_[i] >> 8);
  }
}

// FUNCTF, FILTA, FILTB, SUBTC, FILTC and TRIGA.
void G726::AdaptSpeed(std::uint32_t code, bool transition) noexcept {
  const std::int32_t weight = tables_->speed[MagnitudeOf(code, bits_)] << 4;
  short_mean_ += weight + (-short_mean_ >> 5);
  long_mean_ += weight + (-long_mean_ >> 7);
  if (transition) {
    speed_ = 256;
    return;
  }
  speed_ += -speed_ >> 4;
  const std::int32_t change = std::abs((short_mean_ << 2) - long_mean_);
  if (scale_ <= 1535 || tone_ || change >= long_mean_ >> 3) speed_ += 32;
}

// FUNCTW, FILTD, LIMB, FILTE, LIMA and MIX.
void G726::AdaptScale(std::uint32_t code) noexcept {
  const std::int32_t weight = tables_->scale[MagnitudeOf(code, bits_)];
  fast_scale_ = Clamp(scale_ + weight + (-scale_ >> 5), 544, 5120);
  slow_scale_ += fast_scale_ + (-slow_scale_ >> 6);
  const std::int32_t speed = speed_ >= 256 ? 64 : speed_ >> 2;
  scale_ = (slow_scale_ + (fast_scale_ - (slow_scale_ >> 6)) * speed) >> 6;
}

// FMULT and ACCUM.
void G726::Predict() noexcept {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < zeros_.size(); ++i) {
    sum += Multiply(ToFloat(zeros_[i] >> 2), differences_[i]);
  }
  by_zeros_ = sum >> 1;
  for (std::size_t i = 0; i < poles_.size(); ++i) {
    sum += Multiply(ToFloat(poles_[i] >> 2), reconstructed_[i]);
  }
  estimate_ = sum >> 1;
}

// Packing ---------------------------------------------------------------------------------------

std::size_t G726EncodePacked(G726* coder, G726Packing packing, const std::int16_t* in,
                             std::size_t count, std::uint8_t* out) noexcept {
  const unsigned bits = coder->bits();
  std::uint32_t pending = 0;
  unsigned held = 0;
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t code = coder->Encode(in[i]);
    pending = packing == G726Packing::kLow ? pending | code << held : pending << bits | code;
    held += bits;
    if (held < 8) continue;
    held -= 8;
    if (packing == G726Packing::kLow) {
      out[size++] = static_cast<std::uint8_t>(pending);
      pending >>= 8;
    } else {
      out[size++] = static_cast<std::uint8_t>(pending >> held);
      pending &= (1u << held) - 1;
    }
  }
  return size;
}

void G726DecodePacked(G726* coder, G726Packing packing, const std::uint8_t* in, std::size_t size,
                      std::int16_t* out) noexcept {
  const unsigned bits = coder->bits();
  const std::uint32_t mask = (1u << bits) - 1;
  std::uint32_t pending = 0;
  unsigned held = 0;
  for (std::size_t i = 0; i < size; ++i) {
    pending = packing == G726Packing::kLow ? pending | std::uint32_t{in[i]} << held
                                           : pending << 8 | in[i];
    for (held += 8; held >= bits; held -= bits) {
      if (packing == G726Packing::kLow) {
        *out++ = coder->Decode(pending & mask);
        pending >>= bits;
      } else {
        *out++ = coder->Decode(pending >> (held - bits) & mask);
      }
    }
    pending &= (1u << held) - 1;
  }
}

}  // namespace dashvoip
