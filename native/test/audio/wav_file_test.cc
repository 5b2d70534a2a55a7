#include "dashvoip/audio/wav_file.h"

#include <doctest/doctest.h>

#include <cstdio>

#include "sim/simulator_process.h"
#include "sim/synthetic_media.h"

namespace dashvoip {
namespace {

using test::Bytes;
using test::TempFolder;

constexpr std::size_t kMax = 1U << 20;

TEST_CASE("wav: the header is right after every flush") {
  const TempFolder folder;
  const std::string path = folder.Path("out.wav");
  WavWriter writer;
  REQUIRE(writer.Open(path, 8000, WavWriter::Mode::kCreate).empty());
  std::vector<std::int16_t> all;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::int16_t> samples(3000);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      samples[i] = static_cast<std::int16_t>(static_cast<int>(i) * 11 - 16000 + round);
    }
    REQUIRE(writer.Write(samples.data(), samples.size()));
    REQUIRE(writer.Flush());
    all.insert(all.end(), samples.begin(), samples.end());
    const test::Wav seen = test::ReadWavStrictly(path);  // the writer is still open
    CHECK(seen.rate == 8000);
    CHECK(seen.channels == 1);
    CHECK(seen.samples == all);
  }
}

TEST_CASE("wav: a file is continued where it ended") {
  const TempFolder folder;
  const std::string path = folder.Path("out.wav");
  const std::vector<std::int16_t> samples = {1, 2, 3};
  for (const auto mode : {WavWriter::Mode::kCreate, WavWriter::Mode::kResume}) {
    WavWriter writer;
    REQUIRE(writer.Open(path, 16000, mode).empty());
    REQUIRE(writer.Write(samples.data(), samples.size()));
    REQUIRE(writer.Flush());
  }
  WavSound sound;
  REQUIRE(ReadWav(path, kMax, &sound).empty());
  CHECK(sound.rate_hz == 16000);
  CHECK(sound.samples == std::vector<std::int16_t>{1, 2, 3, 1, 2, 3});
}

TEST_CASE("wav: a full card is told and closes the file") {
  WavWriter writer;
  if (writer.Open("/dev/full", 8000, WavWriter::Mode::kCreate).empty()) {
    const std::vector<std::int16_t> samples(100000);
    CHECK_FALSE((writer.Write(samples.data(), samples.size()) && writer.Flush()));
  }
  CHECK_FALSE(writer.is_open());
  CHECK_FALSE(writer.Open("/nowhere/out.wav", 8000, WavWriter::Mode::kCreate).empty());
}

TEST_CASE("wav: stereo is mixed to one channel") {
  const TempFolder folder;
  const std::string path = folder.Path("in.wav");
  test::WriteWavRamp(path, 100, 2);
  WavSound sound;
  REQUIRE(ReadWav(path, kMax, &sound).empty());
  REQUIRE(sound.samples.size() == 100);
  CHECK(sound.samples[41] == test::RampSample(41));
}

TEST_CASE("wav: what is no sound of ours is refused with a reason") {
  const TempFolder folder;
  WavSound sound;
  CHECK(ReadWav(folder.Path("none.wav"), kMax, &sound).find("No such file") != std::string::npos);
  test::WriteBytes(folder.Path("noise"), Bytes(1000, 0x55));
  CHECK(ReadWav(folder.Path("noise"), kMax, &sound).find("RIFF") != std::string::npos);
  test::WriteWavRamp(folder.Path("in.wav"), 1000, 1);
  CHECK(ReadWav(folder.Path("in.wav"), 1000, &sound).find("larger than 1000") != std::string::npos);
}

TEST_CASE("wav: every header cut short or altered by one byte is survived") {
  const TempFolder folder;
  const std::string path = folder.Path("in.wav");
  test::WriteWavRamp(path, 10, 1);
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  Bytes whole(64);
  REQUIRE(std::fread(whole.data(), 1, whole.size(), file) == whole.size());
  std::fclose(file);
  int refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    WavSound sound;
    test::WriteBytes(path, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(i)));
    refused += ReadWav(path, kMax, &sound).empty() ? 0 : 1;
    Bytes altered = whole;
    altered[i] = 0xFF;
    test::WriteBytes(path, altered);
    ReadWav(path, kMax, &sound);
  }
  CHECK(refused >= 44);
}

}  // namespace
}  // namespace dashvoip
