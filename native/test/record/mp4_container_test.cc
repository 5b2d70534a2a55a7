#include "dashvoip/record/mp4_container.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "codec/aac_tone.h"
#include "dashvoip/base/time_units.h"
#include "mp4_reader.h"
#include "sim/simulator_process.h"
#include "small_film.h"

namespace dashvoip {
namespace {

using Bytes = std::vector<std::uint8_t>;
using test::Mp4Reader;
using test::Mp4Sample;

constexpr std::uint32_t kRate = 8000;
constexpr std::int64_t kStart = 50 * kNsPerSecond;
constexpr std::int64_t kPictureNs = 100 * kNsPerMs;

RecordingSettings Settings(RecordedSound sound, bool picture = true) {
  RecordingSettings settings;
  settings.sound = sound;
  settings.container = RecordingContainer::kMp4;
  settings.picture = picture;
  return settings;
}

/** Picks up what a container makes, step by step. */
struct File {
  explicit File(const RecordingSettings& settings) : mp4(settings, {kRate, 2}) {}

  void Take(bool last = false) {
    Bytes head;
    mp4.Take(&material, last, &bytes, &head);
    CHECK(head.empty());
  }
  /** Both ends of a call: a tone left, silence right. */
  void Speak(std::int64_t ms) {
    if (material.pcm.empty()) {
      material.pcm_at_ns = kStart + NsOfTicks(static_cast<std::int64_t>(spoken), kRate);
    }
    for (std::int64_t i = 0; i < ms * kRate / 1000; ++i, ++spoken) {
      material.pcm.push_back(static_cast<std::int16_t>(8000 * std::sin(0.3454 * spoken)));
      material.pcm.push_back(0);
    }
  }
  void Show(const Bytes& picture, bool key, std::int64_t late_ns = 0, std::uint32_t epoch = 1) {
    RecordedUnit unit;
    unit.pts_ns = shown * kPictureNs;
    unit.read_ns = kStart + unit.pts_ns + late_ns;
    unit.generation = epoch;
    unit.key_frame = key;
    unit.data = picture;
    material.pictures.push_back(unit);
    ++shown;
  }
  /** The film, from its beginning again. */
  void ShowFilm(std::int64_t late_ns = 0) {
    const auto film = test::SmallFilm();
    for (std::size_t i = 0; i < film.size(); ++i) Show(film[i], i % 4 == 0, late_ns);
  }

  Mp4Container mp4;
  Material material;
  Bytes bytes;
  std::int64_t shown = 0;
  double spoken = 0;
};

/** A call of 1.6 s with its picture. */
File SmallCall() {
  File file(Settings(RecordedSound::kCall));
  for (int i = 0; i < 2; ++i) {
    file.Speak(800);
    file.ShowFilm();
    file.Take();
  }
  file.Take(true);
  return file;
}

std::string Ask(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      popen((command + " 2>&1").c_str(), "re"), pclose);
  std::string answer;
  char block[512];
  while (std::size_t got = std::fread(block, 1, sizeof(block), pipe.get())) {
    answer.append(block, got);
  }
  return answer;
}

void Write(const std::string& path, const Bytes& bytes, std::size_t size) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(size));
}

/** How many packets of a track FFmpeg finds, as "16". */
std::string PacketsOf(const std::string& path, const std::string& track) {
  return Ask("ffprobe -v quiet -count_packets -select_streams " + track +
             " -show_entries stream=nb_read_packets -of csv=p=0 " + path);
}

}  // namespace

TEST_CASE("Mp4Container: FFmpeg plays picture and sound, and finds nothing wrong") {
  const File file = SmallCall();
  const test::TempFolder folder;
  const std::string path = folder.Path("call.mp4");
  Write(path, file.bytes, file.bytes.size());
  CHECK(Ask("ffmpeg -v error -xerror -i " + path + " -f null -") == "");
  const std::string streams =
      Ask("ffprobe -v error -show_entries stream=codec_name,width,height,channels,sample_rate,"
          "nb_read_packets -count_packets -of csv=p=0 " +
          path);
  CHECK(streams == "h264,64,48,16\npcm_s16le,8000,2,80\n");
}

TEST_CASE("Mp4Container: a file that is cut off at any byte has all of its whole fragments") {
  const File file = SmallCall();
  const Mp4Reader whole(file.bytes, file.bytes.size());
  CHECK(whole.fragments == 4);
  CHECK(whole.samples.size() == 16 + 80);
  std::size_t fragments = 0;
  for (std::size_t size = 0; size <= file.bytes.size(); ++size) {
    const Mp4Reader cut(file.bytes, size);
    // It can only grow, and once there is a fragment there are the tracks that it is of.
    bool whole_samples = cut.fragments == 0 || cut.has_moov;
    for (const Mp4Sample& sample : cut.samples) whole_samples &= sample.at + sample.size <= size;
    if (cut.fragments < fragments || !whole_samples) FAIL("cut off at ", size);
    fragments = cut.fragments;
  }
  CHECK(fragments == 4);
}

TEST_CASE("Mp4Container: FFmpeg plays what a pulled card leaves") {
  const File file = SmallCall();
  const test::TempFolder folder;
  const std::string path = folder.Path("cut.mp4");
  const std::size_t size = file.bytes.size();
  // Within boxes, between them, and a byte before the end.
  for (const std::size_t cut : {size * 3 / 10, size / 2, size * 7 / 10, size - 1}) {
    CAPTURE(cut);
    const Mp4Reader left(file.bytes, cut);
    std::size_t pictures = 0;
    for (const Mp4Sample& sample : left.samples) pictures += sample.track == 1 ? 1 : 0;
    REQUIRE(pictures >= 4);
    Write(path, file.bytes, cut);
    const std::string packets = PacketsOf(path, "v");
    CAPTURE(packets);
    CHECK(std::stoul("0" + packets) >= pictures);
  }
}

TEST_CASE("Mp4Container: a fragment begins with a key frame, and times go on without a seam") {
  const File file = SmallCall();
  const Mp4Reader whole(file.bytes, file.bytes.size());
  std::uint64_t next[3] = {0, 0, 0};
  std::size_t pictures = 0;
  for (const Mp4Sample& sample : whole.samples) {
    REQUIRE(sample.track <= 2);
    CHECK(sample.decode_time == next[sample.track]);
    next[sample.track] = sample.decode_time + sample.duration;
    if (sample.track == 2) continue;
    CHECK(sample.is_key == (pictures % 4 == 0));
    CHECK(sample.duration == 9000);
    ++pictures;
  }
  CHECK(next[1] == 16 * 9000);
  CHECK(next[2] == 1600 * kRate / 1000);
}

TEST_CASE("Mp4Container: a camera whose first pictures come late keeps the lips") {
  // The newest group was queued in the camera: all of it is read at once, half a second late.
  File file(Settings(RecordedSound::kCall));
  const auto film = test::SmallFilm();
  for (std::int64_t i = 0; i < 4; ++i) {
    file.Show(film[static_cast<std::size_t>(i)], i == 0, 500 * kNsPerMs - i * kPictureNs);
  }
  for (std::size_t i = 4; i < 8; ++i) file.Show(film[i], i == 4, 40 * kNsPerMs);
  file.ShowFilm(40 * kNsPerMs);
  file.Speak(1600);
  file.Take(true);
  const Mp4Reader whole(file.bytes, file.bytes.size());
  // Pictures stand 40 ms after their instants, not 500 ms.
  for (const Mp4Sample& sample : whole.samples) {
    if (sample.track != 1) continue;
    CHECK(sample.decode_time == 40 * 90);
    break;
  }
}

TEST_CASE("Mp4Container: a camera's clock that leaps against ours is followed by 5 ms at a time") {
  File file(Settings(RecordedSound::kCall));
  for (int i = 0; i < 6; ++i) {
    file.Speak(800);
    file.ShowFilm(i < 3 ? 0 : 300 * kNsPerMs);
    file.Take();
  }
  file.Take(true);
  const Mp4Reader whole(file.bytes, file.bytes.size());
  std::int64_t pictures = 0;
  std::int64_t behind = 0;  // the instants of the camera's clock, ticks
  for (const Mp4Sample& sample : whole.samples) {
    if (sample.track != 1) continue;
    const std::int64_t now = static_cast<std::int64_t>(sample.decode_time) - 9000 * pictures++;
    CHECK(now >= behind);
    CHECK(now - behind <= 450);
    behind = now;
  }
  CHECK(pictures == 48);
  CHECK(behind >= 4 * 450);
}

TEST_CASE("Mp4Container: without a picture it waits for a while, and then keeps the sound") {
  File file(Settings(RecordedSound::kCall));
  file.Speak(2000);
  file.Take();
  CHECK(file.bytes.empty());
  file.Speak(2000);
  file.Take();
  CHECK_FALSE(file.bytes.empty());
  CHECK_FALSE(file.mp4.is_over());
  // One that comes after all is for the next file.
  file.ShowFilm();
  file.Speak(800);
  file.Take();
  CHECK(file.mp4.is_over());
  CHECK(file.material.pictures.size() == 8);
  const Mp4Reader whole(file.bytes, file.bytes.size());
  for (const Mp4Sample& sample : whole.samples) CHECK(sample.track == 1);
}

TEST_CASE("Mp4Container: another encoder wants another file") {
  File file(Settings(RecordedSound::kCall));
  file.Speak(1600);
  file.ShowFilm();
  const auto film = test::SmallFilm();
  file.Show(film[0], true, 0, 2);
  file.Show(film[1], false, 0, 2);
  file.Take();
  CHECK(file.mp4.is_over());
  CHECK(file.material.pictures.size() == 2);
  CHECK(Mp4Reader(file.bytes, file.bytes.size()).fragments == 2);
}

TEST_CASE("Mp4Container: another codec wants another file, which says what it has") {
  File file(Settings(RecordedSound::kCall));
  file.Speak(1600);
  file.ShowFilm();
  const Bytes key = {0,    0,    0,    1,    0x40, 0x01, 0x0c, 0x01, 0xff, 0,    0,    0,    1,
                     0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03,
                     0x00, 0x00, 0x03, 0x00, 0x3c, 0xa0, 0x0a, 0x88, 0x04, 0x07, 0x11, 0x11, 0x96,
                     0x56, 0x54, 0xa4, 0xc2, 0xf0, 0x16, 0x80, 0x80, 0,    0,    0,    1,    0x44,
                     0x01, 0xc0, 0x73, 0xc1, 0x89, 0,    0,    0,    1,    0x26, 0x01, 0x77};
  for (int i = 0; i < 2; ++i) {
    file.Show(key, true);
    file.material.pictures.back().codec = PictureCodec::kH265;
  }
  file.Take();
  CHECK(file.mp4.is_over());
  REQUIRE(file.material.pictures.size() == 2);
  File next(Settings(RecordedSound::kCall));
  next.Speak(1600);
  next.material.pictures = file.material.pictures;
  next.Take(true);
  const std::string text(next.bytes.begin(), next.bytes.end());
  CHECK(text.find("avc1") == std::string::npos);
  REQUIRE(text.find("hvc1") != std::string::npos);
  // ISO/IEC 14496-15 §8.3.3.1, as far as its arrays.
  const std::string expected(
      "hvcC"
      "\x01\x01\x60\x00\x00\x00\x90\x00\x00\x00\x00\x00\x3c\xf0\x00\xfc\xfd\xf8\xf8\x00\x00\x0f\x03"
      "\xa0\x00\x01\x00\x05\x40\x01\x0c\x01\xff\xa1\x00\x01",
      4 + 23 + 10 + 3);
  CHECK(text.find(expected) != std::string::npos);
}

TEST_CASE("Mp4Container: the camera's AAC goes in as it comes") {
  File file(Settings(RecordedSound::kCamera));
  const auto tone = test::AacTone();
  for (std::size_t i = 0; i < 4 * tone.size(); ++i) {
    RecordedUnit unit;
    unit.pts_ns = static_cast<std::int64_t>(i) * 1024 * kNsPerSecond / 48000;
    unit.read_ns = kStart + unit.pts_ns;
    unit.generation = 1;
    unit.aac = {48000, 1};
    unit.data = tone[i % tone.size()];
    file.material.aac.push_back(unit);
  }
  file.ShowFilm();
  file.Take();
  file.Take(true);
  const test::TempFolder folder;
  const std::string path = folder.Path("camera.mp4");
  Write(path, file.bytes, file.bytes.size());
  CHECK(Ask("ffprobe -v error -show_entries stream=codec_name,channels,sample_rate -of csv=p=0 " +
            path) == "h264\naac,48000,1\n");
  CHECK(PacketsOf(path, "a") == std::to_string(4 * tone.size()) + "\n");
}

TEST_CASE("Mp4Container: pictures that end do not take the sound along") {
  File file(Settings(RecordedSound::kCall));
  file.Speak(800);
  file.ShowFilm();
  file.Take();
  const std::size_t before = file.bytes.size();
  for (int i = 0; i < 6; ++i) {
    file.Speak(1000);
    file.Take();
  }
  CHECK(file.bytes.size() > before + 4000 * kRate / 1000 * 4);
}

}  // namespace dashvoip
