#include <algorithm>

#include "dashvoip/base/time_units.h"
#include "dashvoip/camera/netfifo_probe.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kFrameSamples = 1024;
// Silence kept queued, and what is played before its pace is measured.
constexpr std::uint32_t kQueuedFrames = 8;
constexpr std::uint32_t kFirstFrames = 4;
// Finer than the steps in which frames are taken, which are averaged out.
constexpr std::int64_t kLookNs = 3 * kNsPerMs;

std::uint32_t FrameBytes(const cl_track& format) { return kFrameSamples * format.channels * 2; }

/** How fast a speaker takes frames, by the times at which they are found gone. */
class PlayPace {
 public:
  explicit PlayPace(std::uint32_t sample_rate) : sample_rate_(sample_rate) {}

  void Note(std::uint64_t frames_gone, std::int64_t now_ns) {
    if (frames_gone <= played_) return;
    played_ = frames_gone;
    if (played_ < kFirstFrames) return;
    const double at_s = static_cast<double>(played_) * kFrameSamples / sample_rate_;
    if (fit_.count() == 0) first_s_ = at_s;
    last_s_ = at_s;
    fit_.Add(at_s, static_cast<double>(now_ns) / kNsPerSecond);
  }
  std::uint64_t played() const { return played_; }
  Optional<CameraClock> Clock() const { return ClockOf(fit_, last_s_ - first_s_); }

 private:
  const std::uint32_t sample_rate_;
  std::uint64_t played_ = 0;
  double first_s_ = 0;
  double last_s_ = 0;
  LineFit fit_;  // our time over that of the samples played, seconds
};

}  // namespace

void NetfifoProbe::TrySpeaker() {
  if (desk_.quitting()) return;
  desk_.Stage("asking for the speaker");
  std::vector<netfifo::Track> tracks;
  Rpc(&table_latency_, [&tracks] { return netfifo::StreamInTracks(&tracks); });
  const auto audio = std::find_if(tracks.begin(), tracks.end(), [](const netfifo::Track& track) {
    return track.info.kind == CL_AUDIO;
  });
  if (audio == tracks.end()) return;
  ProbedSpeaker found;
  found.present = true;
  found.format = FormatOf(audio->info);
  netfifo::Fifo fifo{};
  if (!Rpc(nullptr,
           [&] { return netfifo::CreateWriter(*audio, session_.event_handle(), &fifo); })) {
    found.error = "the camera gives no FIFO for it";
  } else {
    if (Playable(fifo, audio->info, &found)) {
      session_.BeginUse();
      PlayBesideMicrophone(fifo, *audio, &found);
      session_.EndUse(AMBA_NETFIFO_STATUS_END);
    }
    Rpc(nullptr, [fifo] { return netfifo::EraseAll(fifo) && netfifo::Delete(fifo); });
  }
  desk_.Edit([&found](CameraReport* report) { report->speaker = found; });
}

// Whether silence can be played as frames of PCM; says why not.
bool NetfifoProbe::Playable(netfifo::Fifo fifo, const cl_track& format, ProbedSpeaker* found) {
  std::uint8_t* at = nullptr;
  if (!Rpc(nullptr, [&] {
        return netfifo::EraseAll(fifo) && netfifo::PrepareWrite(fifo, &at, &found->buffer_bytes);
      })) {
    found->error = "the camera tells no room for sound";
    return false;
  }
  if (format.codec != CL_PCM_S16LE || format.bits != 16 || format.sample_rate == 0 ||
      found->buffer_bytes < 2 * FrameBytes(format)) {
    found->error = "silence was not played: expected 16-bit PCM and room for it";
    return false;
  }
  return true;
}

// Some cameras give no sound while they play: a reader of the microphone's track waits meanwhile.
void NetfifoProbe::PlayBesideMicrophone(netfifo::Fifo fifo, const netfifo::Track& track,
                                        ProbedSpeaker* found) {
  desk_.Stage("playing silence");
  netfifo::Fifo microphone{};
  bool listening = false;
  for (const Watched& watched : watched_) {
    if (watched.found.kind != TrackKind::kAudio || listening) continue;
    listening = Rpc(nullptr, [&] {
      return netfifo::CreateReader(watched.track, session_.event_handle(),
                                   netfifo::Begin::kNextFrame, &microphone);
    });
  }
  Play(fifo, track, found);
  if (!listening) return;
  netfifo::FillLevel fill;
  const bool counted = Rpc(
      nullptr, [&] { return netfifo::FillOf(microphone, &fill) && netfifo::Delete(microphone); });
  // Void, if the stream ended meanwhile.
  if (counted) found->microphone_frames = fill.waiting;
}

void NetfifoProbe::Play(netfifo::Fifo fifo, const netfifo::Track& track, ProbedSpeaker* found) {
  const std::uint32_t frame_bytes = FrameBytes(track.info);
  const std::vector<std::uint8_t> silence(frame_bytes);
  std::uint8_t* at = nullptr;
  std::uint32_t free_bytes = 0;
  const auto room = [&] { return netfifo::PrepareWrite(fifo, &at, &free_bytes); };
  const auto write = [&] {
    netfifo::CopyIn(track.ring, at, silence.data(), frame_bytes);
    return netfifo::Write(fifo, at, frame_bytes, 0);
  };
  PlayPace pace(track.info.sample_rate);
  std::uint64_t written = 0;
  bool started = false;
  const std::int64_t until_ns = MonotonicNs() + settings_.play_ms * kNsPerMs;
  for (std::int64_t now_ns = MonotonicNs(); now_ns < until_ns && !desk_.quitting();
       now_ns = MonotonicNs()) {
    if (!Rpc(nullptr, room)) break;
    const std::uint64_t queued =
        (found->buffer_bytes - std::min(found->buffer_bytes, free_bytes)) / frame_bytes;
    pace.Note(written - std::min(written, queued), now_ns);
    if (queued < kQueuedFrames) {
      if (!netfifo::Holds(track.ring, at, frame_bytes) || !Rpc(nullptr, write)) break;
      ++written;
    } else if (!started) {
      started = Rpc(nullptr, [] { return netfifo::StreamInStart(); });
      if (!started) break;
    } else {
      session_.Wait(now_ns + kLookNs);
      session_.Take();
    }
  }
  if (started) Rpc(nullptr, [] { return netfifo::StreamInStop(); });
  found->clock = pace.Clock();
  if (pace.played() == 0) found->error = "it took silence, but played none of it";
}

}  // namespace dashvoip
