#include "dashvoip/voice/timeline.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace dashvoip {
namespace {

/** A timeline of letters: each packet is one, noise is ~, a key is #, and nothing is a dot. */
class Letters {
 public:
  std::int64_t Add(char letter, std::int64_t begin, std::int64_t end) {
    const std::vector<std::uint8_t> payload(1, static_cast<std::uint8_t>(letter));
    EncodedPacket packet;
    packet.payload = payload.data();
    packet.size = payload.size();
    packet.begin = packet.from = begin;
    packet.end = packet.to = end;
    std::int64_t heard = 0;
    REQUIRE(timeline.AddSound(packet, &heard));
    return heard;
  }
  std::string Read(std::int64_t begin, std::int64_t end) const {
    std::string text;
    for (std::int64_t at = begin; at < end;) {
      const Timeline::Stretch stretch = timeline.At(at, end);
      REQUIRE(stretch.end > at);
      text.append(static_cast<std::size_t>(stretch.end - at), LetterOf(stretch));
      at = stretch.end;
    }
    return text;
  }

  Timeline timeline{8, 64};

 private:
  static char LetterOf(const Timeline::Stretch& stretch) {
    switch (stretch.kind) {
      case SoundKind::kSound:
        return static_cast<char>(stretch.packet->payload[0]);
      case SoundKind::kNoise:
        return '~';
      case SoundKind::kEvent:
        return '#';
      case SoundKind::kPause:
        return '_';
      case SoundKind::kAbsent:
        break;
    }
    return '.';
  }
};

TEST_CASE("timeline: packets in any order, and what came first stays") {
  Letters letters;
  CHECK(letters.Add('c', 8, 12) == 4);
  CHECK(letters.Add('a', 0, 4) == 4);
  CHECK(letters.Add('b', 2, 10) == 4);
  CHECK(letters.Add('d', 1, 11) == 0);
  CHECK(letters.Add('e', 14, 16) == 2);
  CHECK(letters.Read(0, 18) == "aaaabbbbcccc..ee..");
  CHECK(letters.timeline.SoundBetween(2, 15) == 11);
  CHECK(letters.timeline.Oldest() == 4);
}

TEST_CASE("timeline: sound goes before noise and keys, whichever came first") {
  Letters letters;
  letters.timeline.AddMark(SoundKind::kNoise, 0, 8, 40);
  letters.timeline.AddMark(SoundKind::kEvent, 4, 12, 0);
  letters.timeline.AddMark(SoundKind::kEvent, 6, 16, 0);  // the key, told again
  CHECK(letters.Read(0, 18) == "~~~~~~~~########..");
  CHECK(letters.timeline.At(2, 9).level == 40);
  letters.Add('a', 3, 6);
  letters.Add('b', 10, 11);
  CHECK(letters.Read(0, 18) == "~~~aaa~~##b#####..");
  CHECK(letters.timeline.SoundBetween(0, 18) == 4);
}

TEST_CASE("timeline: what has ended is forgotten, and what is cut is not heard") {
  Letters letters;
  letters.Add('a', 0, 4);
  letters.Add('b', 4, 8);
  letters.timeline.AddMark(SoundKind::kEvent, 0, 3, 0);
  letters.timeline.AddMark(SoundKind::kEvent, 8, 10, 0);
  letters.timeline.Release(4);
  CHECK(letters.Read(0, 11) == "....bbbb##.");
  letters.timeline.Release(6);
  CHECK(letters.Read(0, 11) == "....bbbb##.");
  letters.timeline.Cut(6);
  CHECK(letters.Read(0, 11) == "......bb##.");
  letters.timeline.Clear();
  CHECK(letters.timeline.empty());
  CHECK(letters.Read(0, 11) == "...........");
}

TEST_CASE("timeline: bounded; of many marks the oldest goes") {
  Letters letters;
  for (int i = 0; i < 8; ++i) letters.Add('x', i, i + 1);
  EncodedPacket more;
  const std::uint8_t payload = 'y';
  more.payload = &payload;
  more.size = 1;
  more.begin = more.from = 20;
  more.end = more.to = 21;
  std::int64_t heard = 0;
  CHECK_FALSE(letters.timeline.AddSound(more, &heard));
  letters.timeline.Cut(1);
  CHECK(letters.timeline.AddSound(more, &heard));
  for (int i = 0; i < 17; ++i)
    letters.timeline.AddMark(SoundKind::kNoise, 30 + 2 * i, 31 + 2 * i, 0);
  CHECK(letters.Read(30, 34) == "..~.");
  CHECK(letters.Read(62, 64) == "~.");
}

}  // namespace
}  // namespace dashvoip
