#ifndef DASHVOIP_TALKER_ECHO_CANCELLER_H_
#define DASHVOIP_TALKER_ECHO_CANCELLER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

struct SpeexEchoState_;
struct SpeexPreprocessState_;

namespace dashvoip {

/**
 * speexdsp's adaptive filter (MDF), which takes the speaker out of the microphone, and its spectral
 * suppressor, which takes out what is left of it, and noise. Allocates at construction only.
 */
class EchoCanceller {
 public:
  struct Options {
    std::uint32_t rate_hz = 8000;
    std::size_t block = 80;       ///< samples at a time; the suppressor's delay, too
    std::uint32_t tail_ms = 128;  ///< how long the room answers
    bool cancel = true;           ///< otherwise it suppresses noise alone
    bool suppress_noise = true;
  };

  /** @throws std::bad_alloc */
  explicit EchoCanceller(const Options& options);
  ~EchoCanceller();
  EchoCanceller(const EchoCanceller&) = delete;
  EchoCanceller& operator=(const EchoCanceller&) = delete;

  /** One block. @param reference what the speaker played of what is heard, as it was given. */
  void Cancel(const std::int16_t* microphone, const std::int16_t* reference,
              std::int16_t* out) noexcept;
  /** The same block, in place; it comes out a block later. */
  void Suppress(std::int16_t* block) noexcept;
  /** Knows nothing of the room again. */
  void Forget() noexcept;

 private:
  struct Destroy {
    void operator()(SpeexEchoState_* state) const noexcept;
    void operator()(SpeexPreprocessState_* state) const noexcept;
  };

  std::unique_ptr<SpeexEchoState_, Destroy> echo_;  // null: nothing is cancelled
  std::unique_ptr<SpeexPreprocessState_, Destroy> suppressor_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_ECHO_CANCELLER_H_
