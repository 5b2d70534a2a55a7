#ifndef DASHVOIP_TEST_TALKER_DRIFT_H_
#define DASHVOIP_TEST_TALKER_DRIFT_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/audio/pull_buffer.h"
#include "dashvoip/audio/resampler.h"
#include "dashvoip/audio/saturate.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace test {

/**
 * A microphone whose clock is off, behind the buffer and the resampler that every device has here:
 * hears sound of the bus's clock and gives it at the bus's clock again.
 */
class DriftingMicrophone {
 public:
  DriftingMicrophone(std::uint32_t rate_hz, double ppm)
      : rate_hz_(rate_hz),
        step_(1 / (1 + ppm * 1e-6)),
        resampler_(rate_hz, rate_hz, Resampler::Ratio::kAdjustable),
        buffer_(rate_hz),
        chunk_(rate_hz / 100),
        resampled_(resampler_.MaxOutput(chunk_.size())) {}

  /** What is in the air goes on by one sample. */
  void Hear(double sample) {
    air_[static_cast<std::size_t>(heard_) % kAir] = sample;
    silent_for_ = sample == 0 ? silent_for_ + 1 : 0;
    ++heard_;
    while (next_ < static_cast<double>(heard_) - kTaps) Sample();
  }
  /** @param now the bus's time, ns. */
  bool Pull(std::int64_t now, std::int16_t* out, std::size_t count) {
    return buffer_.Pull(out, count, now);
  }
  double delay_ms() const { return buffer_.delay_ms() + 1000.0 * kTaps / rate_hz_; }
  int ppm() const { return buffer_.drift_ppm(); }

 private:
  static constexpr std::size_t kAir = 1024;
  static constexpr int kTaps = 24;

  /** The converter's next sample, at its own time: a windowed sinc between those of the air. */
  void Sample() {
    const auto whole = static_cast<std::int64_t>(next_);
    const double part = next_ - static_cast<double>(whole);
    double sum = 0;
    for (int i = -kTaps + 1; i < kTaps && silent_for_ < kAir; ++i) {
      if (whole + i < 0) continue;
      const double x = 3.14159265358979323846 * (i - part);
      const double window = 0.5 + 0.5 * std::cos(x / kTaps);
      const double sinc = std::fabs(x) < 1e-9 ? 1 : std::sin(x) / x;
      sum += window * sinc * air_[static_cast<std::size_t>(whole + i) % kAir];
    }
    chunk_[filled_++] = RoundToSample(sum);
    next_ += step_;
    if (filled_ < chunk_.size()) return;
    filled_ = 0;
    resampler_.Adjust(buffer_.drift_ppm());
    const std::size_t count = resampler_.Process(chunk_.data(), chunk_.size(), resampled_.data());
    const auto now = static_cast<std::int64_t>((next_ + kTaps) / rate_hz_ * 1e9) + kNsPerSecond;
    buffer_.Write(resampled_.data(), count, now);
  }

  const std::uint32_t rate_hz_;
  const double step_;
  Resampler resampler_;
  PullBuffer buffer_;
  std::vector<double> air_ = std::vector<double>(kAir);
  std::size_t silent_for_ = kAir;
  std::int64_t heard_ = 0;
  double next_ = 0;
  std::vector<std::int16_t> chunk_;
  std::size_t filled_ = 0;
  std::vector<std::int16_t> resampled_;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_TALKER_DRIFT_H_
