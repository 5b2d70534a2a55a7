#ifndef DASHVOIP_AUDIO_ALSA_PCM_H_
#define DASHVOIP_AUDIO_ALSA_PCM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct _snd_pcm;

namespace dashvoip {

/**
 * One PCM of alsa-lib, never waited for: mono S16 on our side, whatever the card can do nearest to
 * that on its own. Calls come from one thread.
 */
class AlsaPcm {
 public:
  enum class Direction { kCapture, kPlayback };

  /** Opens a card by name, not blocking. @return 0, or what alsa-lib says: a negative errno. */
  using Opener = int (*)(_snd_pcm** out, const char* device, Direction direction);

  /** @param opener snd_pcm_open() unless a test brings a card of its own. */
  explicit AlsaPcm(Direction direction, Opener opener = OpenByName)
      : direction_(direction), opener_(opener) {}

  /**
   * Opens and negotiates S16 or S32, and channels, rate, a period of 10 ms and eight periods as
   * near as the card comes. Capture starts at once, playback with its first frames.
   * @return empty, or what failed and why.
   */
  std::string Open(const std::string& device, std::uint32_t wanted_rate_hz);
  void Close() { pcm_.reset(); }
  bool is_open() const noexcept { return pcm_ != nullptr; }
  std::uint32_t rate_hz() const noexcept { return rate_hz_; }
  std::size_t period() const noexcept { return period_; }
  std::size_t buffer() const noexcept { return buffer_; }
  /** Times the card ran over or dry, or was suspended, and went on. */
  std::uint64_t recoveries() const noexcept { return recoveries_; }

  /** Frames that can be read or written now; below 0: the card is lost. */
  long Available();
  /** Playback: frames queued in the card. */
  long Queued();
  /** @return samples read, at most `count`; below 0: the card is lost. */
  long Read(std::int16_t* out, std::size_t count);
  /** @return samples taken, at most `count`; below 0: the card is lost. */
  long Write(const std::int16_t* samples, std::size_t count);
  /** snd_pcm_open(). */
  static int OpenByName(_snd_pcm** out, const char* device, Direction direction);
  /** Words for a result below 0. */
  static std::string Describe(long result);

 private:
  struct ClosePcm {
    void operator()(_snd_pcm* pcm) const noexcept;
  };
  int Negotiate(std::uint32_t wanted_rate_hz);
  long Recover(long result);

  const Direction direction_;
  const Opener opener_;
  std::unique_ptr<_snd_pcm, ClosePcm> pcm_;
  std::uint32_t rate_hz_ = 0;
  unsigned channels_ = 0;
  bool wide_ = false;  // S32
  std::size_t period_ = 0;
  std::size_t buffer_ = 0;
  std::uint64_t recoveries_ = 0;
  std::vector<std::uint8_t> raw_;  // one buffer in the card's own format
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_ALSA_PCM_H_
