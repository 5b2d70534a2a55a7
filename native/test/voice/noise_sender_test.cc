// Shows RFC 3389.

#include "dashvoip/voice/noise_sender.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "dashvoip/base/random_source.h"
#include "voice/speech_like.h"

namespace dashvoip {
namespace {

using Action = NoiseSender::Action;

constexpr std::size_t kPacket = 160;
constexpr std::size_t kSecond = 8000;

std::vector<std::int16_t> Noise(std::size_t samples, double rms) {
  SeededRandom random(3);
  std::vector<std::int16_t> out(samples);
  for (std::int16_t& sample : out) {
    sample = static_cast<std::int16_t>(std::lround((random.NextUnit() - 0.5) * rms * 3.4641));
  }
  return out;
}

/** What becomes of each packet: S sound, N noise, a dot for nothing. */
std::string Sent(NoiseSender* sender, const std::vector<std::int16_t>& sound) {
  std::string sent;
  for (std::size_t at = 0; at + kPacket <= sound.size(); at += kPacket) {
    sender->Take(&sound[at], kPacket);
    const Action action = sender->Next();
    sent += action == Action::kSound ? 'S' : action == Action::kNoise ? 'N' : '.';
  }
  return sent;
}

const std::string kHalfASecond = "N" + std::string(24, '.');

}  // namespace

TEST_CASE("Noise sender: two seconds of sound, then the level twice a second") {
  NoiseSender sender(8000);
  // 33 of 32768: 60 dB below full scale.
  const std::string sent = Sent(&sender, Noise(4 * kSecond, 33));
  CHECK(sent ==
        std::string(99, 'S') + kHalfASecond + kHalfASecond + kHalfASecond + kHalfASecond + "N");
  CHECK(sender.level() >= 59);
  CHECK(sender.level() <= 61);
}

TEST_CASE("Noise sender: of a voice nothing is left out, from its first packet on") {
  NoiseSender sender(8000);
  std::vector<std::int16_t> sound = Noise(5 * kSecond, 33);
  const auto voice = test::SpeechLike(kSecond);
  for (std::size_t i = 0; i < voice.size(); ++i) {
    sound[3 * kSecond + i] = static_cast<std::int16_t>(sound[3 * kSecond + i] + voice[i]);
  }
  const std::string sent = Sent(&sender, sound);
  const std::size_t begins = sent.find('S', 110);
  CHECK(begins >= 150);
  CHECK(begins <= 152);
  const std::size_t ends = sent.find_first_not_of('S', begins);
  CHECK(ends >= 200);  // no word loses its end
  CHECK(ends <= 220);
  CHECK(sent[ends] == 'N');
}

TEST_CASE("Noise sender: music, tones and a loud place are sound, however steady they are") {
  for (const double rms : {600.0, 3000.0}) {
    NoiseSender sender(8000);
    CHECK(Sent(&sender, Noise(6 * kSecond, rms)).find_first_not_of('S') == std::string::npos);
  }
  NoiseSender sender(8000);
  std::vector<std::int16_t> tone(6 * kSecond);
  for (std::size_t i = 0; i < tone.size(); ++i) {
    tone[i] = static_cast<std::int16_t>(4000 * std::sin(0.334 * static_cast<double>(i)));
  }
  CHECK(Sent(&sender, tone).find_first_not_of('S') == std::string::npos);
}

TEST_CASE("Noise sender: another level is told soon, and after keys the level again") {
  NoiseSender sender(8000);
  Sent(&sender, Noise(3 * kSecond, 10));
  const std::uint8_t before = sender.level();
  std::string sent = Sent(&sender, Noise(kSecond, 16));
  CHECK(sent.find('N') < 25);
  CHECK(sender.level() <= before - 3);
  sender.Restart();
  CHECK(Sent(&sender, Noise(kPacket, 16)) == "N");
  sender.Reset();
  CHECK(Sent(&sender, Noise(kSecond, 16)) == std::string(50, 'S'));
}

}  // namespace dashvoip
