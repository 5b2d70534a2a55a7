#include "dashvoip/codec/aac_decoder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "codec/aac_tone.h"
#include "places.h"

namespace dashvoip {
namespace {

#ifdef DASHVOIP_HAVE_AAC

constexpr double kPi = 3.14159265358979;

std::shared_ptr<const AacModule> Module() {
  std::string error;
  const auto module = AacModule::Load(DASHVOIP_BUILD_DIR "/lib", &error);
  INFO(error);
  REQUIRE((module != nullptr));
  return module;
}

/** Part of the energy that lies at one frequency, 0..1. */
double Share(const std::vector<std::int16_t>& sound, double hz, double rate_hz) {
  double re = 0;
  double im = 0;
  double energy = 0;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double phase = 2 * kPi * hz * static_cast<double>(i) / rate_hz;
    re += sound[i] * std::cos(phase);
    im += sound[i] * std::sin(phase);
    energy += static_cast<double>(sound[i]) * sound[i];
  }
  return energy > 0 ? 2 * (re * re + im * im) / (energy * static_cast<double>(sound.size())) : 0;
}

TEST_CASE("aac: raw access units give their sound") {
  const auto module = Module();
  CHECK_FALSE(module->version().empty());
  const auto decoder = AacDecoder::Create(module, 48000, 1);
  REQUIRE((decoder != nullptr));
  std::vector<std::int16_t> out(AacDecoder::kMaxSamples);
  std::vector<std::int16_t> sound;
  int units = 0;
  for (const auto& unit : test::AacTone()) {
    std::uint32_t channels = 0;
    const int samples = decoder->Decode(unit.data(), unit.size(), out.data(), &channels);
    REQUIRE(samples == 1024);
    CHECK(channels == 1);
    // The first units are the codec warming up.
    if (units++ >= 3) sound.insert(sound.end(), out.begin(), out.begin() + samples);
  }
  CHECK(Share(sound, 440, 48000) > 0.95);
}

TEST_CASE("aac: damaged units are refused and the next ones decoded") {
  const auto decoder = AacDecoder::Create(Module(), 48000, 1);
  REQUIRE((decoder != nullptr));
  std::vector<std::int16_t> out(AacDecoder::kMaxSamples);
  std::uint32_t channels = 0;
  std::uint32_t noise = 12345;
  int refused = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint8_t> unit = test::AacTone()[5];
    for (int i = 0; i < 8; ++i) {
      noise = noise * 1664525 + 1013904223;
      unit[noise % unit.size()] ^= static_cast<std::uint8_t>(noise >> 16);
    }
    unit.resize(1 + noise % unit.size());
    if (decoder->Decode(unit.data(), unit.size(), out.data(), &channels) < 0) ++refused;
  }
  CHECK(refused > 0);
  const auto unit = test::AacTone()[6];
  CHECK(decoder->Decode(unit.data(), unit.size(), out.data(), &channels) == 1024);
}

TEST_CASE("aac: rates and channel counts that AAC does not know are refused") {
  const auto module = Module();
  CHECK((AacDecoder::Create(module, 48001, 2) == nullptr));
  CHECK((AacDecoder::Create(module, 48000, 0) == nullptr));
  CHECK((AacDecoder::Create(module, 48000, 9) == nullptr));
  CHECK((AacDecoder::Create(module, 8000, 2) != nullptr));
}

#endif  // DASHVOIP_HAVE_AAC

TEST_CASE("aac: a module that is not there is named") {
  std::string error;
  CHECK((AacModule::Load("/nowhere", &error) == nullptr));
  CHECK(error.find("/nowhere/dashvoip-aac.so") != std::string::npos);
}

}  // namespace
}  // namespace dashvoip
