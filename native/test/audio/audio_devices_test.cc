#include "dashvoip/audio/audio_devices.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "audio/devices.h"
#include "dashvoip/audio/wav_file.h"
#include "sim/netfifo_client.h"
#include "sim/simulator_process.h"
#include "sim/synthetic_media.h"

namespace dashvoip {
namespace {

using test::Card;
using test::Eventually;
using test::File;
using test::TempFolder;

constexpr std::uint32_t kRate = 8000;
constexpr std::size_t kBlock = 160;

TEST_CASE("audio device: null is silence and swallows") {
  const auto source = CreateAudioSource(DeviceSettings(), kRate);
  const auto sink = CreateAudioSink(DeviceSettings(), kRate);
  std::int16_t out[kBlock] = {5};
  CHECK(source->Pull(out, kBlock));
  CHECK(out[0] == 0);
  sink->Push(out, kBlock);
  CHECK(source->Status().open);
  CHECK(sink->Status().open);
}

TEST_CASE("audio device: the camera makes its own") {
  DeviceSettings camera;
  camera.kind = DeviceKind::kCamera;
  CHECK_THROWS_AS(CreateAudioSource(camera, kRate), std::invalid_argument);
  CHECK_THROWS_AS(CreateAudioSink(camera, kRate), std::invalid_argument);
}

TEST_CASE("file source: repeats its sound for ever, from the beginning at each activation") {
  const TempFolder folder;
  WavWriter writer;
  REQUIRE(writer.Open(folder.Path("in.wav"), kRate, WavWriter::Mode::kCreate).empty());
  std::vector<std::int16_t> samples(250);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::int16_t>(i + 1);
  REQUIRE((writer.Write(samples.data(), samples.size()) && writer.Flush()));
  const auto source = CreateAudioSource(File(folder.Path("in.wav")), kRate);
  std::int16_t out[kBlock];
  CHECK_FALSE(source->Pull(out, kBlock));  // not active yet
  for (int activation = 0; activation < 2; ++activation) {
    source->SetActive(true);
    for (std::size_t at = 0; at < 5 * kBlock; at += kBlock) {
      REQUIRE(source->Pull(out, kBlock));
      for (std::size_t i = 0; i < kBlock; ++i) REQUIRE(out[i] == samples[(at + i) % 250]);
    }
    source->SetActive(false);
  }
}

TEST_CASE("file source: any rate becomes the bus rate") {
  const TempFolder folder;
  test::WriteWavRamp(folder.Path("in.wav"), 480, 2);  // 10 ms at 48 kHz
  const auto source = CreateAudioSource(File(folder.Path("in.wav")), kRate);
  REQUIRE(source->Status().open);
  source->SetActive(true);
  std::int16_t out[80];
  REQUIRE(source->Pull(out, 80));
  CHECK(out[40] == doctest::Approx(240).epsilon(0.1));
}

TEST_CASE("file source: a missing file is an error in the status, tried again when activated") {
  const TempFolder folder;
  const auto source = CreateAudioSource(File(folder.Path("in.wav")), kRate);
  CHECK_FALSE(source->Status().open);
  CHECK(source->Status().error.find("in.wav") != std::string::npos);
  std::int16_t out[kBlock];
  CHECK_FALSE(source->Pull(out, kBlock));
  test::WriteWavRamp(folder.Path("in.wav"), 48000, 1);
  source->SetActive(true);
  CHECK(source->Status().open);
  CHECK(source->Status().error.empty());
  CHECK(source->Pull(out, kBlock));
}

TEST_CASE("file sink: what is pushed is in the file, call after call") {
  const TempFolder folder;
  const std::string path = folder.Path("out.wav");
  std::vector<std::int16_t> pushed;
  const auto sink = CreateAudioSink(File(path), kRate);
  for (int call = 0; call < 2; ++call) {
    sink->SetActive(true);
    for (int i = 0; i < 20; ++i) {
      const std::vector<std::int16_t> block(kBlock, static_cast<std::int16_t>(100 * call + i));
      sink->Push(block.data(), block.size());
      pushed.insert(pushed.end(), block.begin(), block.end());
    }
    sink->SetActive(false);
    REQUIRE(Eventually([&] {
      WavSound sound;
      return ReadWav(path, 1U << 20, &sound).empty() && sound.samples == pushed;
    }));
  }
  CHECK(sink->Status().overruns == 0);
}

TEST_CASE("file sink: a card that stalls costs sound, counted, and never the media thread") {
  const TempFolder folder;
  const auto sink = CreateAudioSink(File(folder.Path("missing/out.wav")), kRate);
  CHECK_FALSE(sink->Status().open);
  CHECK_FALSE(sink->Status().error.empty());
  const std::vector<std::int16_t> block(kBlock);
  sink->SetActive(true);
  for (int i = 0; i < 400; ++i) sink->Push(block.data(), block.size());  // 8 s
  CHECK(sink->Status().overruns > 0);
  CHECK(sink->Status().queued_ms <= 5000);
}

#ifdef DASHVOIP_HAVE_ALSA

/** ALSA's own plugins as cards, for this process. */
class AlsaConfig {
 public:
  explicit AlsaConfig(const TempFolder& folder) {
    const std::string path = folder.Path("asound.conf");
    std::ofstream(path) << "pcm.silent { type null }\n"
                           "pcm.tape { type file slave.pcm silent file \""
                        << folder.Path("tape.raw") << "\" format raw }\n"
                        << "pcm.wide { type plug slave { pcm silent format S32_LE channels 2 "
                           "rate 48000 } }\n"
                        << "pcm.strict { type hooks slave.pcm silent }\n";
    setenv("ALSA_CONFIG_PATH", path.c_str(), 1);
  }
  ~AlsaConfig() { unsetenv("ALSA_CONFIG_PATH"); }
};

TEST_CASE("alsa: a card that does not exist is an error in the status, not a crash") {
  const TempFolder folder;
  const AlsaConfig config(folder);
  const auto source = CreateAudioSource(Card("hw:77,0"), kRate);
  const auto sink = CreateAudioSink(Card("nobody"), kRate);
  source->SetActive(true);
  sink->SetActive(true);
  REQUIRE(
      Eventually([&] { return !source->Status().error.empty() && !sink->Status().error.empty(); }));
  CHECK_FALSE(source->Status().open);
  CHECK(source->Status().error.find("hw:77,0") != std::string::npos);
  std::int16_t block[kBlock] = {};
  CHECK_FALSE(source->Pull(block, kBlock));
  sink->Push(block, kBlock);
}

TEST_CASE("alsa: a capturing card is heard, at the pace of time and not faster") {
  const TempFolder folder;
  const AlsaConfig config(folder);
  for (const char* card : {"silent", "wide"}) {
    const auto source = CreateAudioSource(Card(card), kRate);
    source->SetActive(true);
    std::int16_t block[kBlock];
    int pulled = 0;
    REQUIRE(Eventually([&] {
      pulled += source->Pull(block, kBlock) ? 1 : 0;
      return pulled >= 10;
    }));
    CHECK(source->Status().open);
    CHECK(source->Status().error.empty());
    source->SetActive(false);
    CHECK_FALSE(source->Pull(block, kBlock));
  }
}

TEST_CASE("alsa: what is pushed reaches the card") {
  const TempFolder folder;
  const AlsaConfig config(folder);
  const auto sink = CreateAudioSink(Card("tape"), kRate);
  sink->SetActive(true);
  const std::vector<std::int16_t> block(kBlock, 4321);
  const auto heard = [&folder] {
    std::ifstream tape(folder.Path("tape.raw"), std::ios::binary);
    std::vector<char> bytes((std::istreambuf_iterator<char>(tape)),
                            std::istreambuf_iterator<char>());
    int loud = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
      const int sample = static_cast<std::int16_t>(static_cast<std::uint8_t>(bytes[i]) |
                                                   static_cast<std::uint8_t>(bytes[i + 1]) << 8);
      loud += sample == 4321 ? 1 : 0;
    }
    return loud;
  };
  REQUIRE(Eventually([&] {
    sink->Push(block.data(), block.size());
    usleep(20000);
    return heard() > 1600;
  }));
  CHECK(sink->Status().open);
}

#endif  // DASHVOIP_HAVE_ALSA

}  // namespace
}  // namespace dashvoip
