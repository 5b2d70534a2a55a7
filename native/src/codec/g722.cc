#include "dashvoip/codec/g722.h"

#include <algorithm>

namespace dashvoip {
namespace {

// Tables of ITU-T G.722, named as there.
constexpr std::int32_t kQ6[] = {0,    35,   72,   110,  150,  190,  233,  276,  323,  370,
                                422,  473,  530,  587,  650,  714,  786,  858,  940,  1023,
                                1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919};
constexpr std::int32_t kQm4[] = {0,     -20456, -12896, -8968, -6288, -4240, -2584, -1200,
                                 20456, 12896,  8968,   6288,  4240,  2584,  1200,  0};
constexpr std::int32_t kQm6[] = {
    -136,   -136,   -136,  -136,  -24808, -21904, -19008, -16704, -14984, -13512, -12280,
    -11192, -10232, -9360, -8576, -7856,  -7192,  -6576,  -6000,  -5456,  -4944,  -4464,
    -4008,  -3576,  -3168, -2776, -2400,  -2032,  -1688,  -1360,  -1040,  -728,   24808,
    21904,  19008,  16704, 14984, 13512,  12280,  11192,  10232,  9360,   8576,   7856,
    7192,   6576,   6000,  5456,  4944,   4464,   4008,   3576,   3168,   2776,   2400,
    2032,   1688,   1360,  1040,  728,    432,    136,    -432,   -136};
constexpr std::int32_t kQm2[] = {-7408, -1616, 7408, 1616};
// WL by RL42: what a code of the lower band does to the logarithm of its step.
constexpr std::int32_t kLowChange[] = {-60,  3042, 1198, 538, 334, 172, 58,  -30,
                                       3042, 1198, 538,  334, 172, 58,  -30, -60};
constexpr std::int32_t kHighChange[] = {798, -214, 798, -214};  // WH by RH2
constexpr std::int32_t kIlb[] = {2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543,
                                 2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025, 3091, 3158, 3228,
                                 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008};
constexpr std::int32_t kQmf[] = {3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11};

constexpr std::int32_t kMostLowLog = 18432;
constexpr std::int32_t kMostHighLog = 22528;
constexpr std::int32_t kHighThreshold = 564;

std::int32_t Clamp(std::int32_t value, std::int32_t least, std::int32_t most) noexcept {
  return std::min(most, std::max(least, value));
}

std::int32_t Saturate16(std::int32_t value) noexcept { return Clamp(value, -32768, 32767); }

std::int32_t Saturate15(std::int32_t value) noexcept { return Clamp(value, -16384, 16383); }

bool SameSign(std::int32_t a, std::int32_t b) noexcept { return (a < 0) == (b < 0); }

template <std::size_t kSize>
void Shift(std::array<std::int32_t, kSize>* delayed, std::int32_t newest) noexcept {
  std::copy_backward(delayed->begin(), delayed->end() - 1, delayed->end());
  delayed->front() = newest;
}

/** Both halves of the quadrature mirror filter over 24 samples, the oldest first. */
void Filter(const std::array<std::int32_t, 24>& history, std::int32_t* even,
            std::int32_t* odd) noexcept {
  *even = 0;
  *odd = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    *odd += history[2 * i] * kQmf[i];
    *even += history[2 * i + 1] * kQmf[11 - i];
  }
}

void Push(std::array<std::int32_t, 24>* history, std::int32_t first, std::int32_t second) noexcept {
  std::copy(history->begin() + 2, history->end(), history->begin());
  (*history)[22] = first;
  (*history)[23] = second;
}

// How far a difference lies from zero, the same for both signs.
std::int32_t Magnitude(std::int32_t difference) noexcept {
  return difference >= 0 ? difference : -(difference + 1);
}

}  // namespace

// Prediction ------------------------------------------------------------------------------------

void G722Band::Adapt(std::int32_t difference, std::int32_t log_change, std::int32_t most) noexcept {
  // LOGSCL, LOGSCH, SCALEL and SCALEH.
  log_step_ = Clamp((log_step_ * 127 >> 7) + log_change, 0, most);
  const std::int32_t shift = least_shift_ - (log_step_ >> 11);
  const std::int32_t mantissa = kIlb[log_step_ >> 6 & 31];
  step_ = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;

  const std::int32_t reconstructed = Saturate16(predicted_ + difference);  // RECONS
  const std::int32_t partly = Saturate16(by_zeros_ + difference);          // PARREC
  AdaptPoles(partly);
  AdaptZeros(difference);
  Shift(&partly_, partly);
  Shift(&differences_, difference);
  Predict(reconstructed);
}

// UPPOL2 and UPPOL1.
void G722Band::AdaptPoles(std::int32_t partly) noexcept {
  const bool first_same = SameSign(partly, partly_[0]);
  const std::int32_t first = Saturate16(poles_[0] * 4);
  const std::int32_t turned = first_same ? Saturate16(-first) : first;
  const std::int32_t second = SameSign(partly, partly_[1]) ? 128 : -128;
  poles_[1] = Clamp(second + (turned >> 7) + (poles_[1] * 32512 >> 15), -12288, 12288);
  const std::int32_t most = Saturate16(15360 - poles_[1]);
  poles_[0] = Clamp((first_same ? 192 : -192) + (poles_[0] * 32640 >> 15), -most, most);
}

// UPZERO.
void G722Band::AdaptZeros(std::int32_t difference) noexcept {
  const std::int32_t gain = difference == 0 ? 0 : 128;
  for (std::size_t i = 0; i < zeros_.size(); ++i) {
    const std::int32_t change = SameSign(difference, differences_[i]) ? gain : -gain;
    zeros_[i] = Saturate16(change + (zeros_[i] * 32640 >> 15));
  }
}

// FILTEP, FILTEZ and PREDIC.
void G722Band::Predict(std::int32_t reconstructed) noexcept {
  Shift(&reconstructed_, reconstructed);
  std::int32_t by_poles = 0;
  for (std::size_t i = 0; i < poles_.size(); ++i) {
    by_poles += poles_[i] * Saturate16(2 * reconstructed_[i]) >> 15;
  }
  by_zeros_ = 0;
  for (std::size_t i = 0; i < zeros_.size(); ++i) {
    by_zeros_ += zeros_[i] * Saturate16(2 * differences_[i]) >> 15;
  }
  by_zeros_ = Saturate16(by_zeros_);
  predicted_ = Saturate16(Saturate16(by_poles) + by_zeros_);
}

// Encoder ---------------------------------------------------------------------------------------

// QUANTL and INVQAL.
std::uint32_t G722Encoder::EncodeLow(std::int32_t sample) noexcept {
  const std::int32_t difference = Saturate16(sample - low_.predicted());
  const std::int32_t magnitude = Magnitude(difference);
  std::uint32_t interval = 1;
  while (interval < 30 && magnitude >= kQ6[interval] * low_.step() >> 12) ++interval;
  const std::uint32_t negative = interval <= 2 ? 64 - interval : 34 - interval;
  const std::uint32_t code = difference < 0 ? negative : 62 - interval;
  low_.Adapt(low_.step() * kQm4[code >> 2] >> 15, kLowChange[code >> 2], kMostLowLog);
  return code;
}

// QUANTH and INVQAH.
std::uint32_t G722Encoder::EncodeHigh(std::int32_t sample) noexcept {
  const std::int32_t difference = Saturate16(sample - high_.predicted());
  const bool outer = Magnitude(difference) >= kHighThreshold * high_.step() >> 12;
  const std::uint32_t code = (difference < 0 ? 0u : 2u) + (outer ? 0u : 1u);
  high_.Adapt(high_.step() * kQm2[code] >> 15, kHighChange[code], kMostHighLog);
  return code;
}

void G722Encoder::Encode(const std::int16_t* in, std::size_t count, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i + 1 < count; i += 2) {
    Push(&history_, in[i], in[i + 1]);
    std::int32_t even = 0;
    std::int32_t odd = 0;
    Filter(history_, &even, &odd);
    const std::uint32_t low = EncodeLow(Saturate15((even + odd) >> 14));
    const std::uint32_t high = EncodeHigh(Saturate15((even - odd) >> 14));
    *out++ = static_cast<std::uint8_t>(high << 6 | low);
  }
}

// Decoder ---------------------------------------------------------------------------------------

std::int32_t G722Decoder::DecodeLow(std::uint32_t code) noexcept {
  const std::int32_t sample = low_.predicted() + (low_.step() * kQm6[code] >> 15);
  low_.Adapt(low_.step() * kQm4[code >> 2] >> 15, kLowChange[code >> 2], kMostLowLog);
  return Saturate15(sample);  // LIMIT
}

std::int32_t G722Decoder::DecodeHigh(std::uint32_t code) noexcept {
  const std::int32_t difference = high_.step() * kQm2[code] >> 15;
  const std::int32_t sample = high_.predicted() + difference;
  high_.Adapt(difference, kHighChange[code], kMostHighLog);
  return Saturate15(sample);
}

void G722Decoder::Decode(const std::uint8_t* in, std::size_t size, std::int16_t* out) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const std::int32_t low = DecodeLow(in[i] & 0x3fu);
    const std::int32_t high = DecodeHigh(in[i] >> 6u);
    Push(&history_, low + high, low - high);
    std::int32_t first = 0;
    std::int32_t second = 0;
    Filter(history_, &first, &second);
    *out++ = static_cast<std::int16_t>(Saturate16(first >> 11));
    *out++ = static_cast<std::int16_t>(Saturate16(second >> 11));
  }
}

}  // namespace dashvoip
