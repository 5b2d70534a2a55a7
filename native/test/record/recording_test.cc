#include "dashvoip/record/recording.h"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "dashvoip/audio/wav_file.h"
#include "dashvoip/base/time_units.h"
#include "memory_card.h"

namespace dashvoip {
namespace {

using test::MemoryCard;

constexpr std::uint32_t kRate = 8000;
constexpr std::size_t kSlot = kRate / 50;
constexpr std::int64_t kSlotNs = 20 * kNsPerMs;

RecordingSettings Settings() {
  RecordingSettings settings;
  settings.sound = RecordedSound::kCall;
  settings.session = std::uint32_t{1};
  settings.container = RecordingContainer::kWav;
  settings.folder = "/card";
  settings.name = "20261126-091500-call1";
  settings.floor_mb = 1;
  settings.max_file_mb = 1000;
  settings.max_file_s = 3600;
  return settings;
}

/** A call on a clock of its own, whose ends say numbers. */
struct Rig {
  explicit Rig(const RecordingSettings& settings = Settings())
      : recording(settings, kRate, &card, &open_files) {}

  /** @param near_end, far_end what each sample is; 0 is silence. */
  void Talk(std::int64_t ms, std::int16_t near_end, std::int16_t far_end, bool stalled = false) {
    for (std::int64_t until = now + ms * kNsPerMs; now < until; now += kSlotNs) {
      Say(recording.tap()->near_end(), near_end);
      Say(recording.tap()->far_end(), far_end);
      if (!stalled && now % (200 * kNsPerMs) == 0) recording.Step(now);
    }
  }
  void Say(MixerPort* port, std::int16_t sample) {
    std::array<std::int16_t, kSlot> sound;
    sound.fill(sample);
    port->Write(now, sound.data(), kSlot, sample != 0);
  }
  /** Steps on through the post-roll, and a little. */
  void Finish() {
    recording.End(now);
    for (int i = 0; i < 400 && !recording.ended(); ++i) {
      now += 200 * kNsPerMs;
      recording.Step(now);
    }
    CHECK(recording.ended());
  }
  /** Interleaved samples of a WAV file. */
  std::vector<std::int16_t> Sound(const std::string& path) {
    const MemoryCard::Bytes file = card.Read(path);
    std::vector<std::int16_t> samples;
    for (std::size_t at = kWavHeaderBytes; at + 1 < file.size(); at += 2) {
      samples.push_back(static_cast<std::int16_t>(file[at] | file[at + 1] << 8));
    }
    return samples;
  }

  std::int64_t now = 100 * kNsPerSecond;
  MemoryCard card;
  std::set<std::string> open_files;
  Recording recording;
};

const std::string kFile = "/card/dashvoip-20261126-091500-call1.wav";

}  // namespace

TEST_CASE("Recording: the near end left, the far end right, and the header says how much") {
  Rig rig;
  rig.recording.Begin(rig.now);
  rig.Talk(1000, 100, -200);
  // Before the end: the card could be pulled now.
  const MemoryCard::Bytes file = rig.card.Read(kFile);
  REQUIRE(file.size() > kWavHeaderBytes);
  const auto header =
      WavHeader(kRate, 2, static_cast<std::uint32_t>(file.size() - kWavHeaderBytes));
  CHECK(std::equal(header.begin(), header.end(), file.begin()));
  CHECK(rig.recording.Status().state == RecordingState::kRecording);
  CHECK(rig.recording.Status().file == kFile);
  rig.Finish();
  const std::vector<std::int16_t> sound = rig.Sound(kFile);
  REQUIRE(sound.size() >= 2 * 8000);
  CHECK(std::count(sound.begin(), sound.begin() + 2 * kRate, std::int16_t{100}) == kRate);
  CHECK(std::count(sound.begin(), sound.begin() + 2 * kRate, std::int16_t{-200}) == kRate);
  CHECK(sound[1000] == 100);
  CHECK(rig.recording.Status().state == RecordingState::kEnded);
  CHECK(rig.open_files.empty());
}

TEST_CASE("Recording: what nobody says is silence of its length") {
  Rig rig;
  rig.recording.Begin(rig.now);
  rig.Talk(200, 100, 0);
  rig.now += 600 * kNsPerMs;  // on hold: the mixer gives nothing
  rig.recording.Step(rig.now);
  rig.Talk(200, 0, 300);
  rig.Finish();
  const std::vector<std::int16_t> sound = rig.Sound(kFile);
  const auto frame = [](std::size_t ms) { return 2 * (ms * kRate / 1000); };
  REQUIRE(sound.size() >= frame(1000));
  CHECK(sound[frame(100)] == 100);
  CHECK(sound[frame(100) + 1] == 0);
  CHECK(sound[frame(500)] == 0);
  CHECK(sound[frame(900)] == 0);
  CHECK(sound[frame(900) + 1] == 300);
}

TEST_CASE("Recording: silence is written while it lasts, and to the end") {
  Rig rig;
  rig.recording.Begin(rig.now);
  rig.Talk(200, 100, 0);
  const auto pass = [&rig](int steps) {
    for (int i = 0; i < steps; ++i) rig.recording.Step(rig.now += 200 * kNsPerMs);
  };
  const auto ms = [&rig] { return rig.Sound(kFile).size() / 2 * 1000 / kRate; };
  pass(10);
  // The card could be pulled now.
  CHECK(ms() >= 1800);
  CHECK(ms() <= 2200);
  pass(4);
  rig.Finish();
  CHECK(ms() >= 3000);
  CHECK(ms() <= 3400);
}

TEST_CASE("Recording: the pre-roll has what was said before, and no more") {
  RecordingSettings settings = Settings();
  settings.pre_roll_ms = 1000;
  Rig rig(settings);
  rig.Talk(3000, 1, 1);
  rig.Talk(900, 2, 2);
  CHECK(rig.card.Names().empty());
  CHECK(rig.recording.Status().state == RecordingState::kArmed);
  rig.recording.Begin(rig.now);
  rig.Talk(500, 3, 3);
  rig.Finish();
  const std::vector<std::int16_t> sound = rig.Sound(kFile);
  const auto first = std::find(sound.begin(), sound.end(), std::int16_t{3});
  const auto before_ms = (first - sound.begin()) / 2 * 1000 / kRate;
  CHECK(before_ms >= 900);
  CHECK(before_ms <= 1200);
  CHECK(std::count(sound.begin(), sound.end(), std::int16_t{2}) == 2 * 900 * kRate / 1000);
}

TEST_CASE("Recording: the post-roll goes on without a call") {
  RecordingSettings settings = Settings();
  settings.post_roll_ms = 2000;
  Rig rig(settings);
  rig.recording.Begin(rig.now);
  rig.Talk(400, 1, 1);
  rig.recording.End(rig.now);
  for (int i = 0; i < 5; ++i) rig.Talk(200, 5, 0);
  CHECK_FALSE(rig.recording.ended());
  rig.Finish();
  const std::vector<std::int16_t> sound = rig.Sound(kFile);
  CHECK(std::count(sound.begin(), sound.end(), std::int16_t{5}) == 1000 * kRate / 1000);
}

TEST_CASE("Recording: one that never began leaves nothing") {
  Rig rig;
  rig.Talk(400, 1, 1);
  rig.Finish();
  CHECK(rig.card.Names().empty());
}

TEST_CASE("Recording: a card that fails costs what comes meanwhile, and is tried again") {
  for (const int error : {ENOSPC, EROFS, EIO, ENODEV}) {
    CAPTURE(error);
    Rig rig;
    rig.recording.Begin(rig.now);
    rig.Talk(400, 1, 1);
    rig.card.error = error;
    rig.Talk(2600, 2, 2);
    const RecordingSnapshot failed = rig.recording.Status();
    CHECK(failed.state == RecordingState::kFailed);
    CHECK(failed.error.find(kFile.substr(0, 5)) != std::string::npos);
    CHECK(failed.write_errors >= 1);
    CHECK(failed.dropped_ms >= 1000);
    rig.card.error = 0;
    rig.Talk(4000, 3, 3);
    CHECK(rig.recording.Status().state == RecordingState::kRecording);
    CHECK(rig.recording.Status().error.empty());
    rig.Finish();
    const std::string second = "/card/dashvoip-20261126-091500-call1-2.wav";
    CHECK(rig.recording.Status().file == second);
    const std::vector<std::int16_t> sound = rig.Sound(second);
    CHECK(std::count(sound.begin(), sound.end(), std::int16_t{3}) > kRate);
  }
}

TEST_CASE("Recording: retries of a card become rarer") {
  Rig rig;
  rig.recording.Begin(rig.now);
  rig.card.error = EIO;
  rig.Talk(60000, 1, 1);
  const std::uint64_t errors = rig.recording.Status().write_errors;
  CHECK(errors >= 4);
  CHECK(errors <= 8);
  // One that works again and fails once more is asked soon.
  rig.card.error = 0;
  rig.Talk(31000, 1, 1);
  CHECK(rig.recording.Status().state == RecordingState::kRecording);
  rig.card.error = EIO;
  rig.Talk(6000, 1, 1);
  CHECK(rig.recording.Status().write_errors >= errors + 3);
}

TEST_CASE("Recording: what is written reaches the card every two seconds") {
  Rig rig;
  rig.recording.Begin(rig.now);
  rig.Talk(10000, 1, 1);
  CHECK(rig.card.syncs >= 4);
  CHECK(rig.card.syncs <= 6);
}

TEST_CASE("Recording: the oldest of our own files make room, and nobody else's") {
  Rig rig;
  rig.card.Put("/card/AMBA0001.MP4", 400000);
  rig.card.Put("/card/dashvoip-notes.txt", 10);
  rig.card.Put("/card/dashvoip-20200101-000000-call7.wav", 400000);
  rig.card.Put("/card/dashvoip-20200102-000000-call8.mp4", 400000);
  rig.card.capacity = 1200010 + (1U << 20) - 300000;  // 300 KB too little
  rig.recording.Begin(rig.now);
  rig.Talk(400, 1, 1);
  CHECK(rig.recording.Status().removed_files == 1);
  const std::vector<std::string> names = rig.card.Names();
  const auto has = [&names](const std::string& name) {
    return std::count(names.begin(), names.end(), name) == 1;
  };
  CHECK_FALSE(has("/card/dashvoip-20200101-000000-call7.wav"));
  CHECK(has("/card/dashvoip-20200102-000000-call8.mp4"));
  CHECK(has("/card/AMBA0001.MP4"));
  CHECK(has("/card/dashvoip-notes.txt"));
  CHECK(has(kFile));
}

TEST_CASE("Recording: a card without room says so, and its own open file stays") {
  Rig rig;
  rig.card.Put("/card/AMBA0001.MP4", 900000);
  rig.card.capacity = 900000 + (1U << 20) + 30000;
  rig.recording.Begin(rig.now);
  rig.Talk(6000, 1, 1);
  const RecordingSnapshot status = rig.recording.Status();
  CHECK(status.state == RecordingState::kFailed);
  CHECK(status.error.find("MB") != std::string::npos);
  CHECK(status.error.find("/card") != std::string::npos);
}

TEST_CASE("Recording: files follow one another by time and by size without a gap") {
  RecordingSettings settings = Settings();
  settings.max_file_s = 10;
  Rig rig(settings);
  rig.recording.Begin(rig.now);
  for (std::int16_t second = 1; second <= 25; ++second) rig.Talk(1000, second, second);
  rig.Finish();
  std::vector<std::int16_t> whole;
  for (const std::string part : {"", "-2", "-3"}) {
    const auto sound = rig.Sound("/card/dashvoip-20261126-091500-call1" + part + ".wav");
    CHECK(sound.size() > 2 * kRate);
    whole.insert(whole.end(), sound.begin(), sound.end());
  }
  CHECK(rig.recording.Status().files == 3);
  REQUIRE(whole.size() >= std::size_t{50} * kRate);
  for (std::size_t i = 0; i < std::size_t{25} * kRate; ++i) {
    if (whole[2 * i] != static_cast<std::int16_t>(1 + i / kRate)) FAIL("a seam at sample ", i);
  }
}

TEST_CASE("Recording: a name that is taken gets a number") {
  Rig rig;
  rig.card.Put(kFile, 10);
  rig.recording.Begin(rig.now);
  rig.Talk(400, 1, 1);
  CHECK(rig.recording.Status().file == "/card/dashvoip-20261126-091500-call1-2.wav");
}

TEST_CASE("Recording: a stall longer than the queues is a gap, and begins another file") {
  Rig rig;
  rig.recording.Begin(rig.now);
  rig.Talk(400, 1, 1);
  rig.Talk(20000, 2, 2, true);
  rig.Talk(1000, 3, 3);
  rig.Finish();
  CHECK(rig.recording.Status().files == 2);
  CHECK(rig.recording.Status().dropped_ms >= 15000);
  CHECK(rig.recording.Status().dropped_ms <= 17000);
  // The first has what the queue took, the second what came after; nobody has the silence.
  CHECK(rig.Sound(kFile).size() < std::size_t{12} * kRate);
  CHECK(rig.Sound(rig.recording.Status().file).size() < std::size_t{4} * kRate);
}

}  // namespace dashvoip
