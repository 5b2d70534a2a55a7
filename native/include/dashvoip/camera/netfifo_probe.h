#ifndef DASHVOIP_CAMERA_NETFIFO_PROBE_H_
#define DASHVOIP_CAMERA_NETFIFO_PROBE_H_

#include <cstdint>
#include <vector>

#include "dashvoip/camera/line_fit.h"
#include "dashvoip/camera/netfifo_session.h"
#include "dashvoip/camera/netfifo_vendor.h"
#include "dashvoip/camera/probe_desk.h"

namespace dashvoip {

/** Round-trip times of one kind of call. */
class LatencyLog {
 public:
  void Add(std::uint32_t us);
  RpcLatency Summary() const;

 private:
  std::vector<std::uint32_t> us_;
};

/** A clock by its line: our time over the camera's, seconds. Absent where nothing was watched. */
Optional<CameraClock> ClockOf(const LineFit& fit, double seconds);

TrackFormat FormatOf(const cl_track& track);

/** The examination of a camera behind libnetfifo, step by step; see CameraProbe. */
class NetfifoProbe {
 public:
  NetfifoProbe(const CameraProbeSettings& settings, std::uint32_t wait_ms, ProbeDesk& desk);
  /** Returns when all is found out, time is up or the desk says quit. */
  void Run();

 private:
  /** One track and the reader that follows it. */
  struct Watched {
    netfifo::Track track;
    ProbedTrack found;
    std::uint64_t nal_types = 0;  // a bit for each type seen
    netfifo::Fifo fifo{};
    LineFit fit;  // arrival over PTS, seconds
    bool began = false;
    std::uint32_t last_number = 0;
    std::uint64_t first_pts = 0;
    std::uint64_t last_pts = 0;
  };
  /** The reader that does not read. */
  struct Stalled {
    netfifo::Fifo fifo{};
    std::int64_t began_ns = 0;
    std::int64_t look_ns = 0;
    std::int64_t grew_ns = 0;  // when it last held more than before, and
    std::uint64_t oldest_pts = 0;
    std::uint32_t frames_beside = 0;  // of all tracks
    ProbedOverflow found;
  };

  /** @param log where its time goes, or null. */
  template <typename Call>
  bool Rpc(LatencyLog* log, Call call) {
    const bool done = session_.Rpc(call);
    if (log != nullptr) log->Add(session_.last_rpc_us());
    return done;
  }
  void FindTracks();
  void WatchStream();
  bool OpenReaders();
  void CloseReaders();
  void ReadAll(Watched* watched);
  static void Note(const netfifo::Entry& entry, std::int64_t now_ns, Watched* watched);
  void Copy(const netfifo::Entry& entry, Watched* watched);
  static void Conclude(Watched* watched);
  void Stall();
  bool LookAtStalled(std::int64_t now_ns);
  bool StreamEnded();
  void Publish();
  void TrySpeaker();
  bool Playable(netfifo::Fifo fifo, const cl_track& format, ProbedSpeaker* found);
  void PlayBesideMicrophone(netfifo::Fifo fifo, const netfifo::Track& track, ProbedSpeaker* found);
  void Play(netfifo::Fifo fifo, const netfifo::Track& track, ProbedSpeaker* found);

  const CameraProbeSettings settings_;
  const std::uint32_t wait_ms_;
  ProbeDesk& desk_;
  NetfifoSession& session_;
  std::vector<netfifo::Track> table_;
  std::vector<Watched> watched_;
  Stalled stalled_;
  std::vector<std::uint8_t> frame_;  // the one being looked at
  LatencyLog table_latency_;
  LatencyLog peek_latency_;
  LatencyLog remove_latency_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_NETFIFO_PROBE_H_
