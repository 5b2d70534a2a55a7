#include "dashvoip/talker/echo_canceller.h"

#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>

#include <new>

namespace dashvoip {
namespace {

// Deep enough for a road, and still no hole in the voice.
constexpr int kNoiseDb = -18;

void Set(SpeexPreprocessState_* state, int what, int value) {
  speex_preprocess_ctl(state, what, &value);
}

}  // namespace

void EchoCanceller::Destroy::operator()(SpeexEchoState_* state) const noexcept {
  speex_echo_state_destroy(state);
}
void EchoCanceller::Destroy::operator()(SpeexPreprocessState_* state) const noexcept {
  speex_preprocess_state_destroy(state);
}

EchoCanceller::EchoCanceller(const Options& options) {
  const auto block = static_cast<int>(options.block);
  auto rate = static_cast<int>(options.rate_hz);
  suppressor_.reset(speex_preprocess_state_init(block, rate));
  if (!suppressor_) throw std::bad_alloc();
  Set(suppressor_.get(), SPEEX_PREPROCESS_SET_DENOISE, options.suppress_noise ? 1 : 0);
  Set(suppressor_.get(), SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, kNoiseDb);
  if (!options.cancel) return;
  const auto tail = static_cast<int>(options.tail_ms * options.rate_hz / 1000);
  echo_.reset(speex_echo_state_init(block, tail));
  if (!echo_) throw std::bad_alloc();
  speex_echo_ctl(echo_.get(), SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
  speex_preprocess_ctl(suppressor_.get(), SPEEX_PREPROCESS_SET_ECHO_STATE, echo_.get());
}

EchoCanceller::~EchoCanceller() = default;

void EchoCanceller::Cancel(const std::int16_t* microphone, const std::int16_t* reference,
                           std::int16_t* out) noexcept {
  speex_echo_cancellation(echo_.get(), microphone, reference, out);
}

void EchoCanceller::Suppress(std::int16_t* block) noexcept {
  speex_preprocess_run(suppressor_.get(), block);
}

void EchoCanceller::Forget() noexcept {
  if (echo_) speex_echo_state_reset(echo_.get());
}

}  // namespace dashvoip
