#include "dashvoip/voice/tone_digits.h"

#include <algorithm>
#include <cmath>

namespace dashvoip {
namespace {

constexpr double kPi = 3.14159265358979323846;
// ITU-T Q.23.
constexpr std::array<double, 8> kHz = {{697, 770, 852, 941, 1209, 1336, 1477, 1633}};
constexpr char kDigits[] = "123A456B789C*0#D";
constexpr double kBlockSeconds = 0.01275;

// A tone of -25 dBm0 is heard (Q.24), which is -31 dBov; 5 dB are left for what is worse.
constexpr double kLeastPower = 2.5e-4;  // of a full-scale square wave: -36 dBov
// The high tone may be 6 dB above the low one and 10 dB below it (Q.24, with all its variants).
constexpr double kMostHigh = 4.5;
constexpr double kLeastHigh = 0.07;
// Of all that is heard, the two tones are so much. What is 1.5 % off shows less of itself.
constexpr double kLeastPart = 0.72;
// The same once that is reckoned in: what fills less of the block is no whole one.
constexpr double kLeastWhole = 0.84;
// The others of their group are so far below.
constexpr double kMostOther = 0.16;
// So much of a tone is seen at all frequencies of the other group, since a block is short.
constexpr double kSpill = 0.01;
// A voice has what is twice as high, too.
constexpr double kMostSecond = 0.1;
// From block to block a tone keeps its level, but for where it begins or ends in one.
constexpr double kMostStep = 2.5;
// 1.8 % off are a key (Q.24: 1.5 % and 2 Hz), 3.5 % are none. Of 1633 Hz it is less than half a
// turn; where 3.5 % are more than that, they show too little of themselves.
constexpr double kMostOff = 0.022;
constexpr unsigned kMissingEnds = 3;

/** Part of its power that a tone shows which is off by so many turns in a block. */
double Shown(double turns) noexcept {
  const double half = kPi * turns;
  const double amplitude = std::fabs(half) < 1e-3 ? 1 : std::sin(half) / half;
  return amplitude * amplitude;
}

}  // namespace

constexpr std::size_t ToneDigits::kTones;
constexpr char ToneDigits::kNone;

ToneDigits::ToneDigits(std::uint32_t rate_hz) noexcept
    : block_(static_cast<std::size_t>(std::lround(kBlockSeconds * rate_hz))),
      block_ms_(1000.0 * static_cast<double>(block_) / rate_hz),
      waiting_() {
  for (std::size_t i = 0; i < kTones; ++i) Set(&tones_[i], kHz[i], rate_hz, block_);
  for (std::size_t i = 0; i < kSecond; ++i) Set(&second_[i], 2 * kHz[4 + i], rate_hz, block_);
}

void ToneDigits::Set(Bin* bin, double hz, double rate_hz, std::size_t block) noexcept {
  const double step = 2 * kPi * hz / rate_hz;
  bin->sine = std::sin(step);
  bin->cosine = std::cos(step);
  bin->coefficient = 2 * bin->cosine;
  bin->turn = step * static_cast<double>(block);
}

void ToneDigits::Reset() noexcept {
  for (Bin& bin : tones_) bin.s1 = bin.s2 = 0;
  for (Bin& bin : second_) bin.s1 = bin.s2 = 0;
  filled_ = 0;
  energy_ = 0;
  last_ = Hit();
  held_ = kNone;
  waiting_count_ = 0;
}

void ToneDigits::Take(const std::int16_t* samples, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const double sample = samples[i] / 32768.0;
    energy_ += sample * sample;
    for (Bin& bin : tones_) bin.Next(sample);
    for (Bin& bin : second_) bin.Next(sample);
    if (++filled_ == block_) EndBlock();
  }
}

bool ToneDigits::Next(Key* key) noexcept {
  if (waiting_count_ == 0) return false;
  *key = waiting_[0];
  std::move(waiting_.begin() + 1, waiting_.end(), waiting_.begin());
  --waiting_count_;
  return true;
}

double ToneDigits::Power(const Bin& bin) noexcept {
  return bin.s1 * bin.s1 + bin.s2 * bin.s2 - bin.coefficient * bin.s1 * bin.s2;
}

double ToneDigits::Phase(const Bin& bin) noexcept {
  return std::atan2(bin.s2 * bin.sine, bin.s1 - bin.s2 * bin.cosine);
}

/** Of a sine, its mean power. */
double ToneDigits::Scaled(double power) const noexcept {
  return 2 * power / (static_cast<double>(block_) * static_cast<double>(block_));
}

void ToneDigits::EndBlock() noexcept {
  const Hit hit = Look();
  Follow(hit);
  last_ = hit;
  for (Bin& bin : tones_) bin.s1 = bin.s2 = 0;
  for (Bin& bin : second_) bin.s1 = bin.s2 = 0;
  filled_ = 0;
  energy_ = 0;
}

ToneDigits::Hit ToneDigits::Look() const noexcept {
  const double all = energy_ / static_cast<double>(block_);
  if (all < kLeastPower) return Hit();
  std::array<double, kTones> power;
  for (std::size_t i = 0; i < kTones; ++i) power[i] = Scaled(Power(tones_[i]));
  const auto middle = power.begin() + kTones / 2;
  const auto low =
      static_cast<std::size_t>(std::max_element(power.begin(), middle) - power.begin());
  const auto high = static_cast<std::size_t>(std::max_element(middle, power.end()) - power.begin());
  if (std::min(power[low], power[high]) < kLeastPower) return Hit();
  if (power[high] > kMostHigh * power[low] || power[high] < kLeastHigh * power[low]) return Hit();
  if (power[low] + power[high] < kLeastPart * all) return Hit();
  for (std::size_t i = 0; i < kTones; ++i) {
    const bool is_low = i < kTones / 2;
    const double most =
        kMostOther * power[is_low ? low : high] + kSpill * power[is_low ? high : low];
    if (i != low && i != high && power[i] > most) return Hit();
  }
  if (HasSecondHarmonic(high, power[high])) return Hit();
  Hit hit;
  hit.digit = kDigits[4 * low + (high - 4)];
  hit.all = all;
  hit.low_power = power[low];
  hit.high_power = power[high];
  hit.low_phase = Phase(tones_[low]);
  hit.high_phase = Phase(tones_[high]);
  hit.low = low;
  hit.high = high;
  return hit;
}

bool ToneDigits::HasSecondHarmonic(std::size_t high, double power) const noexcept {
  return Scaled(Power(second_[high - kTones / 2])) > kMostSecond * power;
}

/** Whether a block goes on with what the one before showed. */
bool ToneDigits::Continues(const Hit& hit) const noexcept {
  if (hit.digit == kNone || hit.digit != last_.digit) return false;
  const double low = hit.low_power / last_.low_power;
  const double high = hit.high_power / last_.high_power;
  if (std::max(low, high) > kMostStep || std::min(low, high) < 1 / kMostStep) return false;
  double low_off = 0;
  double high_off = 0;
  if (!IsOnFrequency(hit.low, hit.low_phase - last_.low_phase, &low_off)) return false;
  if (!IsOnFrequency(hit.high, hit.high_phase - last_.high_phase, &high_off)) return false;
  return IsWhole(last_, low_off, high_off) && IsWhole(hit, low_off, high_off);
}

/** @param gained phase from block to block; @param off how much more than expected, in turns. */
bool ToneDigits::IsOnFrequency(std::size_t tone, double gained, double* off) const noexcept {
  const double turn = tones_[tone].turn;
  const double more = std::remainder(gained - turn, 2 * kPi);
  *off = more / (2 * kPi);
  return std::fabs(more) < kMostOff * turn;
}

/** The two tones fill the whole block and are nearly all there is. */
bool ToneDigits::IsWhole(const Hit& hit, double low_off, double high_off) const noexcept {
  const double low = hit.low_power / Shown(low_off);
  const double high = hit.high_power / Shown(high_off);
  return low + high > kLeastWhole * hit.all;
}

void ToneDigits::Follow(const Hit& hit) noexcept {
  if (held_ != kNone) ++blocks_;
  if (hit.digit != held_ && Continues(hit)) {
    Finish();
    Begin(hit.digit);
    return;
  }
  if (held_ == kNone) return;
  if (hit.digit == held_) {
    missing_ = 0;
  } else if (++missing_ == kMissingEnds) {
    Finish();
  }
}

void ToneDigits::Begin(char digit) noexcept {
  held_ = digit;
  blocks_ = 2;
  missing_ = 0;
}

void ToneDigits::Finish() noexcept {
  if (held_ == kNone) return;
  const double heard = block_ms_ * (blocks_ - missing_);
  if (waiting_count_ < kWaiting) {
    waiting_[waiting_count_++] = {held_, static_cast<std::uint32_t>(std::lround(heard))};
  }
  held_ = kNone;
}

}  // namespace dashvoip
