#include "dashvoip/audio/resampler.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace dashvoip {
namespace {

constexpr double kPi = 3.14159265358979;

std::vector<std::int16_t> Tone(double hz, std::uint32_t rate_hz, std::size_t samples) {
  std::vector<std::int16_t> tone(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    tone[i] = static_cast<std::int16_t>(10000 *
                                        std::sin(2 * kPi * hz * static_cast<double>(i) / rate_hz));
  }
  return tone;
}

double Rms(const std::vector<std::int16_t>& sound) {
  double sum = 0;
  for (const std::int16_t sample : sound) sum += static_cast<double>(sample) * sample;
  return std::sqrt(sum / static_cast<double>(sound.size()));
}

std::vector<std::int16_t> InChunks(Resampler* resampler, const std::vector<std::int16_t>& in,
                                   std::size_t chunk) {
  std::vector<std::int16_t> out;
  std::vector<std::int16_t> part(resampler->MaxOutput(chunk));
  for (std::size_t at = 0; at + chunk <= in.size(); at += chunk) {
    const std::size_t n = resampler->Process(in.data() + at, chunk, part.data());
    REQUIRE(n <= part.size());
    out.insert(out.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return out;
}

TEST_CASE("resampler: all input becomes output, chunk by chunk, at any pair of rates") {
  const std::uint32_t rates[] = {8000, 11025, 16000, 44100, 48000};
  for (const std::uint32_t from : rates) {
    for (const std::uint32_t to : rates) {
      Resampler resampler(from, to);
      const auto in = Tone(400, from, from);
      const auto out = InChunks(&resampler, in, 1024);
      const double expected = static_cast<double>(from / 1024 * 1024) * to / from;
      CHECK(std::fabs(static_cast<double>(out.size()) - expected) < 0.01 * to);
      CHECK(Rms(out) == doctest::Approx(10000 / std::sqrt(2)).epsilon(0.05));
    }
  }
}

TEST_CASE("resampler: an adjustment changes how much comes out, and leaves the tone clean") {
  const std::uint32_t pairs[][2] = {{48000, 8000}, {8000, 48000}, {8000, 8000}, {44100, 8000}};
  for (const auto& pair : pairs) {
    Resampler resampler(pair[0], pair[1], Resampler::Ratio::kAdjustable);
    const auto in = Tone(400, pair[0], 20 * pair[0]);
    InChunks(&resampler, in, 1000);
    for (const int ppm : {300, 0, -300, -310}) {
      resampler.Adjust(ppm);
      auto out = InChunks(&resampler, in, 1000);
      const double nominal = 20.0 * pair[1];
      const double measured = (nominal / static_cast<double>(out.size()) - 1) * 1e6;
      CHECK(std::fabs(measured - ppm) < 25);
      // The largest step of a 400 Hz tone is bounded: a click would exceed it.
      const double steepest = 10000 * 2 * kPi * 400 / pair[1];
      for (std::size_t i = 1; i < out.size(); ++i) {
        if (std::abs(out[i] - out[i - 1]) > steepest * 1.1 + 20)
          FAIL_CHECK(pair[0] << " to " << pair[1] << ", " << ppm << " ppm: a click at " << i);
      }
    }
  }
}

TEST_CASE("resampler: what the lower rate cannot carry is filtered out") {
  Resampler resampler(48000, 8000);
  const auto out = InChunks(&resampler, Tone(6000, 48000, 48000), 1024);
  CHECK(Rms(out) < 100);
}

TEST_CASE("resampler: after a reset nothing of the past is heard") {
  Resampler resampler(48000, 8000);
  InChunks(&resampler, Tone(400, 48000, 4096), 1024);
  resampler.Reset();
  const auto out = InChunks(&resampler, std::vector<std::int16_t>(4096), 1024);
  CHECK(Rms(out) == 0);
}

TEST_CASE("resampler: a rate of zero is refused") {
  CHECK_THROWS_AS(Resampler(0, 8000), std::invalid_argument);
  CHECK_THROWS_AS(Resampler(8000, 0), std::invalid_argument);
}

}  // namespace
}  // namespace dashvoip
