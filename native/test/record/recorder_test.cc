#include "dashvoip/record/recorder.h"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "codec/aac_tone.h"
#include "dashvoip/record/adts.h"
#include "memory_card.h"
#include "small_film.h"

namespace dashvoip {
namespace {

using test::MemoryCard;

bool Eventually(const std::function<bool()>& is_so) {
  for (int i = 0; i < 2000; ++i) {
    if (is_so()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

RecordingSettings Settings(RecordedSound sound, RecordingContainer container) {
  RecordingSettings settings;
  settings.sound = sound;
  if (sound == RecordedSound::kCall) settings.session = std::uint32_t{1};
  settings.container = container;
  settings.picture = container == RecordingContainer::kMp4;
  settings.folder = "/card";
  settings.name = "x";
  settings.max_file_mb = 1000;
  settings.max_file_s = 3600;
  return settings;
}

struct Rig {
  Rig() : card(std::make_shared<MemoryCard>()), camera(std::make_shared<CameraTap>(true)) {
    Recorder::Parts parts;
    parts.camera = camera;
    parts.card = card;
    parts.notify = [this] { ++notified; };
    parts.patience_ns = 50 * kNsPerMs;
    recorder = std::make_unique<Recorder>(std::move(parts));
  }
  ~Rig() { card->Hang(false); }

  std::uint32_t Open(const RecordingSettings& settings) {
    std::uint32_t id = 0;
    REQUIRE(recorder->Open(settings, &id, &tap));
    recorder->Begin(id);
    return id;
  }
  void Speak() {
    std::array<std::int16_t, 160> sound;
    sound.fill(7);
    tap->near_end()->Write(MonotonicNs(), sound.data(), sound.size(), true);
  }
  /** Whether it was told, sooner or later. */
  bool WasTold(RecordingState state) {
    return Eventually([this, state] {
      EngineEvent event;
      while (recorder->TakeEvent(&event)) {
        last = event;
        if (event.progress == state) return true;
      }
      return false;
    });
  }
  RecordingState State() { return recorder->Status().at(0).state; }

  std::shared_ptr<MemoryCard> card;
  std::shared_ptr<CameraTap> camera;
  std::atomic<int> notified{0};
  CallTap* tap = nullptr;
  EngineEvent last;
  std::unique_ptr<Recorder> recorder;
};

cl_track Track(std::uint32_t kind, std::uint32_t codec, std::uint32_t timescale) {
  cl_track track{};
  track.kind = kind;
  track.codec = codec;
  track.timescale = timescale;
  track.sample_rate = 48000;
  track.channels = 1;
  return track;
}

}  // namespace

TEST_CASE("Recorder: a card that hangs is told of, keeps nobody, and goes on where it can") {
  Rig rig;
  rig.Open(Settings(RecordedSound::kCall, RecordingContainer::kWav));
  rig.Speak();
  CHECK(rig.WasTold(RecordingState::kRecording));
  CHECK(rig.last.file == "/card/dashvoip-x.wav");
  rig.card->Hang(true);
  CHECK(rig.WasTold(RecordingState::kStalled));
  CHECK(rig.last.error.find("has not answered") != std::string::npos);
  // The media thread writes on, and what finds the queue full is counted.
  for (int i = 0; i < 500; ++i) rig.Speak();
  CHECK(rig.tap->dropped() > 0);
  rig.card->Hang(false);
  CHECK(rig.WasTold(RecordingState::kRecording));
  CHECK(rig.notified > 0);
}

TEST_CASE("Recorder: an engine that stops does not wait for a card that hangs") {
  Rig rig;
  rig.Open(Settings(RecordedSound::kCall, RecordingContainer::kWav));
  CHECK(rig.WasTold(RecordingState::kRecording));
  rig.card->Hang(true);
  CHECK(Eventually([&] { return rig.State() == RecordingState::kStalled; }));
  const auto began = std::chrono::steady_clock::now();
  rig.recorder->Stop();
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
}

TEST_CASE("Recorder: a file that is being written is whole when the engine stops") {
  Rig rig;
  rig.Open(Settings(RecordedSound::kCall, RecordingContainer::kWav));
  CHECK(rig.WasTold(RecordingState::kRecording));
  rig.Speak();
  rig.recorder->Stop();
  const MemoryCard::Bytes file = rig.card->Read("/card/dashvoip-x.wav");
  CHECK(std::count(file.begin(), file.end(), 7) >= 160);
}

TEST_CASE("Recorder: the camera's AAC becomes an ADTS file, with no call") {
  Rig rig;
  rig.Open(Settings(RecordedSound::kCamera, RecordingContainer::kAdts));
  CHECK(rig.tap == nullptr);
  CHECK(rig.recorder->needs().sound);
  CHECK_FALSE(rig.recorder->needs().picture);
  rig.camera->Want(true, false);
  const cl_track track = Track(CL_AUDIO, CL_AAC_RAW, 48000);
  std::size_t expected = 0;
  cl_frame frame{};
  for (const std::vector<std::uint8_t>& unit : test::AacTone()) {
    frame.pts += 1024;
    frame.size = static_cast<std::uint32_t>(unit.size());
    rig.camera->Feed(track, frame, unit.data(), MonotonicNs());
    expected += unit.size() + kAdtsHeader;
  }
  CHECK(Eventually([&] { return rig.card->Read("/card/dashvoip-x.aac").size() == expected; }));
  const MemoryCard::Bytes file = rig.card->Read("/card/dashvoip-x.aac");
  CHECK(file[0] == 0xFF);
  CHECK(file[1] == 0xF1);
}

TEST_CASE("Recorder: pictures that are read again for a call are kept once") {
  Rig rig;
  rig.Open(Settings(RecordedSound::kCall, RecordingContainer::kMp4));
  CHECK(rig.recorder->needs().picture);
  rig.camera->Want(false, true);
  const cl_track track = Track(CL_VIDEO, CL_H264, 90000);
  const auto film = test::SmallFilm();
  const auto show = [&](std::size_t begin) {
    rig.camera->BeginPictures();
    for (std::size_t i = begin; i < film.size(); ++i) {
      cl_frame frame{};
      frame.pts = 9000 * i;
      frame.type = i % 4 == 0 ? CL_F_IDR : CL_F_P;
      frame.size = static_cast<std::uint32_t>(film[i].size());
      rig.camera->Feed(track, frame, film[i].data(), MonotonicNs());
    }
  };
  show(0);
  show(4);  // a call begins at the newest key frame
  show(2);  // and one that begins amid a group waits for the next
  CHECK(rig.WasTold(RecordingState::kOpening));
  rig.recorder->End(1);
  CHECK(rig.WasTold(RecordingState::kEnded));
  const MemoryCard::Bytes file = rig.card->Read("/card/dashvoip-x.mp4");
  std::size_t slices = 0;
  for (std::size_t i = 0; i + 4 < file.size(); ++i) {
    for (const auto& picture : film) {
      // The slice is the last NAL unit: its last bytes are of it alone.
      if (i + 8 <= file.size() &&
          std::equal(picture.end() - 8, picture.end(), file.begin() + static_cast<long>(i))) {
        ++slices;
      }
    }
  }
  CHECK(slices == film.size());
}

TEST_CASE("Recorder: no more than four at a time, and room again when the mixer lets go") {
  Rig rig;
  for (std::size_t i = 0; i < Recorder::kMaxRecordings; ++i) {
    rig.Open(Settings(RecordedSound::kMicrophone, RecordingContainer::kWav));
  }
  std::uint32_t id = 0;
  CallTap* none = nullptr;
  CHECK_FALSE(rig.recorder->Open(Settings(RecordedSound::kMicrophone, RecordingContainer::kWav),
                                 &id, &none));
  rig.recorder->End(2);
  CHECK(rig.WasTold(RecordingState::kEnded));
  CallTap* finished = nullptr;
  REQUIRE(rig.recorder->TakeFinished(&finished));
  CHECK_FALSE(rig.recorder->TakeFinished(&finished));
  CHECK(rig.recorder->Status().size() == 4);
  finished->Release();
  CHECK(Eventually([&] { return rig.recorder->Status().size() == 3; }));
}

}  // namespace dashvoip
