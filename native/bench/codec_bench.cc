#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "dashvoip/codec/coder_maker.h"
#include "voice/speech_like.h"

// What each codec costs for 20 ms of a voice, both ways, beside G.722 in the same run: processor
// time of the thread, the median of rounds in which all of them take turns.

namespace {

using namespace dashvoip;

constexpr int kRounds = 41;
constexpr std::size_t kRoundMs = 600;  // whole packets of any length

double ThreadUs() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/** One codec, and what its rounds took. */
class Contestant {
 public:
  explicit Contestant(std::unique_ptr<AudioCoder> coder)
      : coder_(std::move(coder)),
        packet_ms_(PacketMs(coder_->info())),
        count_(packet_ms_ * coder_->sample_rate() / 1000),
        voice_(test::SpeechLike(coder_->sample_rate() * kRoundMs / 1000, coder_->sample_rate())),
        payload_(coder_->MaxPayload(count_)),
        heard_(count_) {}

  void Round() {
    double encoding = 0;
    double decoding = 0;
    for (std::size_t at = 0; at < voice_.size(); at += count_) {
      const double begin = ThreadUs();
      const std::size_t size = coder_->Encode(&voice_[at], count_, payload_.data());
      const double between = ThreadUs();
      coder_->Decode(payload_.data(), size, heard_.data());
      encoding += between - begin;
      decoding += ThreadUs() - between;
    }
    encoding_.push_back(encoding / (kRoundMs / 20));
    decoding_.push_back(decoding / (kRoundMs / 20));
  }

  const char* name() const { return coder_->info().name; }
  double encoding() const { return Median(encoding_); }
  double decoding() const { return Median(decoding_); }
  double both() const { return encoding() + decoding(); }

 private:
  static std::size_t PacketMs(const AudioCodecInfo& info) {
    std::uint32_t ms = 20;
    while ((info.lengths & Tens(ms)) == 0) ms += 10;
    return ms;
  }

  const std::unique_ptr<AudioCoder> coder_;
  const std::size_t packet_ms_;
  const std::size_t count_;
  const std::vector<std::int16_t> voice_;
  std::vector<std::uint8_t> payload_;
  std::vector<std::int16_t> heard_;
  std::vector<double> encoding_;
  std::vector<double> decoding_;
};

}  // namespace

int main() {
  CoderMaker maker(DASHVOIP_MODULES);
  std::vector<std::unique_ptr<Contestant>> all;
  const Contestant* yardstick = nullptr;
  for (const AudioCodecInfo& info : kAudioCodecs) {
    if (!maker.Has(info.id)) {
      std::printf("%-14s not in this build\n", info.name);
      continue;
    }
    std::string error;
    std::unique_ptr<AudioCoder> coder = maker.Make(info.id, info.sample_rate, &error);
    if (coder == nullptr) {
      std::fprintf(stderr, "codec_bench: %s\n", error.c_str());
      return 1;
    }
    all.push_back(std::make_unique<Contestant>(std::move(coder)));
    if (info.id == AudioCodec::kG722) yardstick = all.back().get();
  }
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& one : all) one->Round();
  }
  std::printf("%-14s %10s %10s %10s\n", "of 20 ms", "encode us", "decode us", "of G722");
  for (const auto& one : all) {
    std::printf("%-14s %10.1f %10.1f %10.2f\n", one->name(), one->encoding(), one->decoding(),
                one->both() / yardstick->both());
  }
  return 0;
}
