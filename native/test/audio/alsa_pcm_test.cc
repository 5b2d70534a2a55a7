#include "dashvoip/audio/alsa_pcm.h"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>

#include "audio/fake_card.h"

namespace dashvoip {
namespace {

using test::FakeCard;
using Direction = AlsaPcm::Direction;

FakeCard::Abilities Stereo(unsigned format) {
  FakeCard::Abilities abilities;
  abilities.formats = {format};
  abilities.least_channels = abilities.most_channels = 2;
  abilities.least_rate = abilities.most_rate = 48000;
  return abilities;
}

std::array<std::int16_t, 80> Captured(FakeCard* card, AlsaPcm* pcm) {
  std::array<std::int16_t, 80> out{};
  card->Advance(80);
  REQUIRE(pcm->Available() >= 80);
  REQUIRE(pcm->Read(out.data(), out.size()) == 80);
  return out;
}

TEST_CASE("ALSA: a card of S16 mono is used as it is") {
  FakeCard card({});
  AlsaPcm pcm(Direction::kCapture, FakeCard::Open);
  REQUIRE(pcm.Open("fake", 8000) == "");
  CHECK(pcm.rate_hz() == 8000);
  CHECK(pcm.period() == 80);
  CHECK(pcm.buffer() == 640);
  CHECK(card.starts() == 1);
  card.Hear({-1234});
  CHECK(Captured(&card, &pcm)[79] == -1234);
}

TEST_CASE("ALSA: two channels are averaged, not summed") {
  FakeCard card(Stereo(SND_PCM_FORMAT_S16));
  AlsaPcm pcm(Direction::kCapture, FakeCard::Open);
  REQUIRE(pcm.Open("fake", 8000) == "");
  CHECK(pcm.rate_hz() == 48000);
  card.Hear({30000, 20000});
  CHECK(Captured(&card, &pcm)[0] == 25000);
  card.Hear({-32768, -32768});
  CHECK(Captured(&card, &pcm)[0] == -32768);
}

TEST_CASE("ALSA: of 32 bits the upper half is heard, and played") {
  FakeCard card(Stereo(SND_PCM_FORMAT_S32));
  AlsaPcm capture(Direction::kCapture, FakeCard::Open);
  REQUIRE(capture.Open("fake", 8000) == "");
  card.Hear({0x12340000, 0x12340000});
  CHECK(Captured(&card, &capture)[0] == 0x1234);
  capture.Close();
  AlsaPcm playback(Direction::kPlayback, FakeCard::Open);
  REQUIRE(playback.Open("fake", 8000) == "");
  const std::array<std::int16_t, 3> samples = {0x1234, -32768, 32767};
  REQUIRE(playback.Write(samples.data(), samples.size()) == 3);
  REQUIRE(card.played().size() == 6);
  CHECK(card.played()[0] == 0x12340000);
  CHECK(card.played()[1] == 0x12340000);
  CHECK(card.played()[3] == -2147483647 - 1);
  CHECK(card.played()[5] == 0x7fff0000);
}

TEST_CASE("ALSA: a card without a format of ours is refused in words") {
  FakeCard::Abilities floats;
  floats.formats = {SND_PCM_FORMAT_FLOAT};
  FakeCard card(floats);
  AlsaPcm pcm(Direction::kCapture, FakeCard::Open);
  CHECK(pcm.Open("fake", 8000) == "cannot use 'fake': Invalid argument");
  CHECK_FALSE(pcm.is_open());
  card.RefuseToOpen(EBUSY);
  CHECK(pcm.Open("fake", 8000) == "cannot open 'fake': Device or resource busy");
}

TEST_CASE("ALSA: capture that ran over is prepared and started again") {
  FakeCard card({});
  AlsaPcm pcm(Direction::kCapture, FakeCard::Open);
  REQUIRE(pcm.Open("fake", 8000) == "");
  const int prepares = card.prepares();
  card.XRun();
  CHECK(pcm.Available() == 0);
  CHECK(pcm.recoveries() == 1);
  CHECK(card.prepares() == prepares + 1);
  CHECK(card.starts() == 2);
  card.Hear({77});
  CHECK(Captured(&card, &pcm)[0] == 77);
}

TEST_CASE("ALSA: playback that ran dry takes sound again") {
  FakeCard card({});
  AlsaPcm pcm(Direction::kPlayback, FakeCard::Open);
  REQUIRE(pcm.Open("fake", 8000) == "");
  const std::array<std::int16_t, 80> samples{};
  REQUIRE(pcm.Write(samples.data(), samples.size()) == 80);
  card.XRun();
  CHECK(pcm.Available() >= 0);
  CHECK(pcm.recoveries() == 1);
  CHECK(pcm.Write(samples.data(), samples.size()) == 80);
}

TEST_CASE("ALSA: a card that was suspended goes on") {
  FakeCard card({});
  AlsaPcm pcm(Direction::kCapture, FakeCard::Open);
  REQUIRE(pcm.Open("fake", 8000) == "");
  card.Enter(SND_PCM_STATE_SUSPENDED);
  CHECK(pcm.Available() == 0);
  CHECK(pcm.recoveries() == 1);
  CHECK(card.starts() == 2);
}

TEST_CASE("ALSA: a card that was pulled out is lost although it told of no error") {
  FakeCard card({});
  AlsaPcm pcm(Direction::kCapture, FakeCard::Open);
  REQUIRE(pcm.Open("fake", 8000) == "");
  card.Enter(SND_PCM_STATE_DISCONNECTED);
  CHECK(pcm.Available() == -ENODEV);
  CHECK(AlsaPcm::Describe(pcm.Available()) == "No such device");
  CHECK(pcm.recoveries() == 0);
}

}  // namespace
}  // namespace dashvoip
