#ifndef DASHVOIP_TALKER_FLOOR_TONE_H_
#define DASHVOIP_TALKER_FLOOR_TONE_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** What tells who presses the key of push-to-talk that the floor is theirs, or no longer. */
class FloorTone {
 public:
  explicit FloorTone(std::uint32_t rate_hz) noexcept : rate_hz_(rate_hz) {}

  void Taken() noexcept { Begin(kTakenHz); }
  void Lost() noexcept { Begin(kLostHz); }
  bool sounds() const noexcept { return left_ > 0; }
  /** Puts the tone in place of what is there, as long as it lasts. */
  void Write(std::int16_t* samples, std::size_t count) noexcept;

 private:
  static constexpr double kTakenHz = 1200;
  static constexpr double kLostHz = 400;

  void Begin(double hz) noexcept;

  const std::uint32_t rate_hz_;
  double step_ = 0;  // phase of a sample
  double phase_ = 0;
  std::size_t length_ = 0;
  std::size_t left_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_FLOOR_TONE_H_
