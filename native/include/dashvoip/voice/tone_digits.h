#ifndef DASHVOIP_VOICE_TONE_DIGITS_H_
#define DASHVOIP_VOICE_TONE_DIGITS_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * The keys of a telephone in its sound: pairs of tones, ITU-T Q.23, with the limits of Q.24. Sound
 * is looked at in blocks of 12.75 ms: two of one key in a row begin it, so that 40 ms always do and
 * 20 ms never; three without it end it, so that a hole of 10 ms makes no second one and a pause of
 * 40 ms does. Speech is told from keys by what is beside the two tones, by their levels against
 * each other and over time, and by their frequencies, which the phase from block to block shows far
 * more closely than a block's own length.
 */
class ToneDigits {
 public:
  struct Key {
    char digit;
    std::uint32_t duration_ms;
  };

  explicit ToneDigits(std::uint32_t rate_hz) noexcept;

  /** Takes sound of any length. */
  void Take(const std::int16_t* samples, std::size_t count) noexcept;
  /** @return true with the next key that was let go. */
  bool Next(Key* key) noexcept;
  void Reset() noexcept;

 private:
  static constexpr std::size_t kTones = 8;   // four low ones, four high ones
  static constexpr std::size_t kSecond = 4;  // twice the high ones
  static constexpr std::size_t kWaiting = 8;
  static constexpr char kNone = 0;

  /** Goertzel's: the part of one frequency in a block. */
  struct Bin {
    double coefficient = 0;
    double sine = 0;
    double cosine = 0;
    double turn = 0;  // phase that the exact frequency gains in a block
    double s1 = 0, s2 = 0;

    void Next(double sample) noexcept {
      const double s0 = sample + coefficient * s1 - s2;
      s2 = s1;
      s1 = s0;
    }
  };
  /** What a block showed, or nothing. */
  struct Hit {
    char digit = kNone;
    double all = 0;  // power of the block
    double low_power = 0, high_power = 0;
    double low_phase = 0, high_phase = 0;
    std::size_t low = 0, high = 0;
  };

  static void Set(Bin* bin, double hz, double rate_hz, std::size_t block) noexcept;
  static double Power(const Bin& bin) noexcept;
  static double Phase(const Bin& bin) noexcept;
  double Scaled(double power) const noexcept;
  void EndBlock() noexcept;
  Hit Look() const noexcept;
  bool HasSecondHarmonic(std::size_t high, double power) const noexcept;
  bool Continues(const Hit& hit) const noexcept;
  bool IsOnFrequency(std::size_t tone, double gained, double* off) const noexcept;
  bool IsWhole(const Hit& hit, double low_off, double high_off) const noexcept;
  void Follow(const Hit& hit) noexcept;
  void Begin(char digit) noexcept;
  void Finish() noexcept;

  const std::size_t block_;
  const double block_ms_;
  std::array<Bin, kTones> tones_;
  std::array<Bin, kSecond> second_;
  std::size_t filled_ = 0;
  double energy_ = 0;

  Hit last_;                           // of the block before
  char held_ = kNone;                  // the key that is pressed
  unsigned blocks_ = 0;                // since it was
  unsigned missing_ = 0;               // of them, at the end
  std::array<Key, kWaiting> waiting_;  // let go and not yet taken; the newest is dropped
  std::size_t waiting_count_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_TONE_DIGITS_H_
