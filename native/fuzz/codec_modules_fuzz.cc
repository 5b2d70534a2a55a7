#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "dashvoip/codec/coder_maker.h"
#include "script.h"

// Every codec of the table, built in or in its module, as a call uses it: payloads of any bytes are
// asked about, decoded, recovered from and concealed; what comes of it is encoded again. The
// libraries are as the system has them, so that what they write is watched from outside.
namespace {

using namespace dashvoip;

constexpr std::size_t kMostMs = 300;  // of a packet: VoiceCodec::kLongestPacketMs
constexpr std::size_t kGuard = 64;

/** Room for so many elements, behind which nothing may be written. */
template <typename Element>
class Guarded {
 public:
  explicit Guarded(std::size_t count) : elements_(count + kGuard, kMark), count_(count) {}
  Element* data() { return elements_.data(); }
  std::size_t size() const { return count_; }
  void Check() const {
    const auto whole = [](Element element) { return element == kMark; };
    if (!std::all_of(elements_.begin() + static_cast<std::ptrdiff_t>(count_), elements_.end(),
                     whole)) {
      std::abort();
    }
  }

 private:
  static constexpr Element kMark = 0x5a;
  std::vector<Element> elements_;
  const std::size_t count_;
};
template <typename Element>
constexpr Element Guarded<Element>::kMark;

CoderMaker& Maker() {
  static CoderMaker maker(DASHVOIP_MODULES);
  return maker;
}

/** nullptr where the build has no library for it. */
std::unique_ptr<AudioCoder> CoderOf(std::size_t index) {
  const AudioCodecInfo& info = kAudioCodecs[index % kAudioCodecCount];
  if (!Maker().Has(info.id)) return nullptr;
  std::string error;
  std::unique_ptr<AudioCoder> coder = Maker().Make(info.id, info.sample_rate, &error);
  if (coder == nullptr) {
    std::fprintf(stderr, "%s\n", error.c_str());
    std::abort();
  }
  return coder;
}

class Call {
 public:
  explicit Call(AudioCoder* coder) : coder_(*coder), sound_(Samples(20)) {}

  /** One operation. */
  void Step(fuzz::Script* script) {
    const std::uint8_t operation = script->Byte();
    switch (operation % 8) {
      case 0:
        coder_.ResetDecoder();
        coder_.ResetEncoder();
        break;
      case 1:
        Conceal();
        break;
      case 2:
        Encode(script->Byte());
        break;
      case 3:
        Configure(script);
        break;
      default:
        Hear(script, operation % 8 == 4);
        break;
    }
  }

 private:
  std::size_t Samples(std::size_t ms) const { return ms * coder_.sample_rate() / 1000; }

  void Hear(fuzz::Script* script, bool behind_a_loss) {
    const std::size_t wanted = script->Byte();
    // Its own memory, so that AddressSanitizer sees what is read behind it.
    const std::uint8_t* const begin = script->at();
    const std::vector<std::uint8_t> payload(begin, begin + script->Skip(wanted));
    const std::size_t samples = coder_.SamplesIn(payload.data(), payload.size());
    coder_.EndsInNoise(payload.data(), payload.size());
    if (samples == 0 || samples > Samples(kMostMs)) return;
    Guarded<std::int16_t> out(samples);
    if (behind_a_loss) coder_.Recover(payload.data(), payload.size(), out.data(), samples);
    coder_.Decode(payload.data(), payload.size(), out.data());
    out.Check();
    sound_.assign(out.data(), out.data() + samples);
  }

  void Conceal() {
    Guarded<std::int16_t> out(sound_.size());
    coder_.Conceal(out.data(), out.size());
    out.Check();
    sound_.assign(out.data(), out.data() + out.size());
  }

  void Encode(std::uint8_t tens) {
    const std::uint32_t ms = 10 * (1 + tens % 6u);
    if ((coder_.info().lengths & Tens(ms)) == 0) return;
    const std::size_t count = Samples(ms);
    std::vector<std::int16_t> in(count);
    for (std::size_t n = 0; n < count; ++n) in[n] = sound_[n % sound_.size()];
    Guarded<std::uint8_t> payload(coder_.MaxPayload(count));
    const std::size_t size = coder_.Encode(in.data(), count, payload.data());
    payload.Check();
    if (size > payload.size()) std::abort();
    if (size > 0 && coder_.SamplesIn(payload.data(), size) != count) std::abort();
  }

  /** Within what api/settings.h lets through. */
  void Configure(fuzz::Script* script) {
    EncoderSettings settings;
    const std::uint8_t which = script->Byte();
    if ((which & 1) != 0) settings.bitrate = 500 + script->Word() % 511501;
    if ((which & 2) != 0) settings.playback_rate = 8000 + script->Word() % 40001;
    if ((which & 4) != 0) settings.modes = static_cast<std::uint8_t>(1 + script->Byte() % 255);
    settings.constant_bitrate = (which & 8) != 0;
    settings.forward_error_correction = (which & 16) != 0;
    settings.discontinuous = (which & 32) != 0;
    coder_.Configure(settings);
    coder_.ExpectLoss(script->Byte() / 255.0);
  }

  AudioCoder& coder_;
  std::vector<std::int16_t> sound_;  // what was heard last; never empty
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Script script(data, size);
  const std::unique_ptr<AudioCoder> coder = CoderOf(script.Byte());
  if (coder == nullptr) return 0;
  Call call(coder.get());
  while (!script.done()) call.Step(&script);
  return 0;
}
